"""Saved designs: each has versions, which are never changed; one version of all may be the shop's default, once it is proven.

A design may be saved while its codes cannot be read; the default it cannot be, and so it is never printed. Who has no default
has the look of its brand: `looks`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from core import events
from core.text import read_text
from loyalty.models import Programme
from merchants.models import Merchant
from merchants.onboarding import NameMissing
from studio.drawing import designs as drawn
from studio.drawing import preflight
from studio.drawing.checking import is_refused, problems_of
from studio.drawing.keeping import as_json
from studio.looks import longest_link
from studio.models import Design, DesignVersion
from studio.proving import ask_if_changed, ask_proof
from studio.refusals import (
    DesignFails,
    DesignNotProven,
    DesignProofBroken,
    DesignRefused,
    DesignUndrawable,
    DesignUnknown,
    TooManyDesigns,
    TooManyVersions,
)

LONGEST_NAME = 60
MOST_DESIGNS = 50  # one for every season and feast of some years
MOST_VERSIONS = 200  # more are clicks, and nobody finds the one from before


@dataclass(frozen=True)
class SavedDesign:
    """A design as a list shows it. `default`: the number of its version that is the shop's default, or None."""

    newest: DesignVersion
    default: int | None

    @property
    def design(self) -> Design:
        """With its name."""
        return self.newest.design


def save_design(
    *,
    merchant: Merchant,
    name: str,
    design: drawn.Design,
    actor_id: UUID | None,
    design_id: UUID | None = None,
    key: UUID | None = None,
) -> DesignVersion:
    """Keep a new design, or a new version of the one that is named; its proof is asked for. In the merchant's scope.

    The same design again makes no version. Repeating `key`, the id of a new one, makes no second design. Raises NameMissing,
    TextTooLong, TextForbidden, DesignUndrawable, DesignUnknown, TooManyDesigns, TooManyVersions.
    """
    named = _named(name)
    _check_drawable(design, merchant)
    with transaction.atomic():
        _alone()
        wanted = design_id or key
        kept = Design.objects.filter(id=wanted).first() if wanted else None
        if (design_id and kept is None) or (kept is not None and kept.removed_at):
            raise DesignUnknown
        if kept is None:
            if Design.objects.filter(removed_at=None).count() >= MOST_DESIGNS:
                raise TooManyDesigns(most=MOST_DESIGNS)
            kept = Design(**({"id": key} if key else {}), name=named, made_by=actor_id)
            kept.save(force_insert=True)
        _call(kept, named, actor_id)
        return _add_version(merchant, kept, as_json(design), actor_id)


def rename(*, design_id: UUID, name: str, actor_id: UUID | None) -> Design:
    """Call it something else. Raises DesignUnknown, NameMissing, TextTooLong, TextForbidden."""
    named = _named(name)
    with transaction.atomic():
        _alone()
        kept = _design(design_id)
        _call(kept, named, actor_id)
    return kept


def remove(*, design_id: UUID, actor_id: UUID | None) -> Design:
    """Out of the list; if it was the default, the shop has its brand's look. Repeating changes nothing. Raises DesignUnknown."""
    return _set_removed(design_id, actor_id, is_removed=True)


def bring_back(*, design_id: UUID, actor_id: UUID | None) -> Design:
    """Undo that: it is the default again if it was, and no other has become so. Raises DesignUnknown, TooManyDesigns."""
    return _set_removed(design_id, actor_id, is_removed=False)


def restore_version(*, merchant: Merchant, version_id: UUID, actor_id: UUID | None) -> DesignVersion:
    """Make an older version the newest, as one more version. Of the newest itself, nothing changes. Raises as `save_design`."""
    with transaction.atomic():
        _alone()
        version = find_version(version_id)
        return _add_version(merchant, version.design, version.drawn, actor_id)


def make_default(*, merchant: Merchant, version_id: UUID, actor_id: UUID | None) -> DesignVersion | None:
    """From now on the shop's codes look so. Gives what was the default before, for an undo: that, or `drop_default`.

    Repeating changes nothing. Raises DesignUnknown, and DesignNotProven, DesignProofBroken, DesignFails, DesignRefused where it
    has not passed its proof; that is asked for where the shop's mark is another one since, and stays so for who catches this.
    """
    with transaction.atomic():
        _alone()
        ask_if_changed(find_version(version_id, lock=True), merchant)
    with transaction.atomic():  # what is refused here leaves that asked for
        version = find_version(version_id, lock=True)
        _check_proven(version, merchant)
        before = default_version()
        if before != version:
            DesignVersion.objects.filter(is_default=True).update(is_default=False)  # of a removed one, too
            version.is_default = True
            version.save(update_fields=["is_default"])
            _record("design.made_default", version.design, actor_id, version=version.number)
    return before


def drop_default(*, actor_id: UUID | None) -> DesignVersion | None:
    """The shop's codes have its brand's look again. Gives what was the default, for an undo. Repeating changes nothing."""
    with transaction.atomic():
        _alone()
        before = default_version()
        if before is not None:
            DesignVersion.objects.filter(id=before.id).update(is_default=False)
            _record("design.default_dropped", before.design, actor_id, version=before.number)
    return before


def default_version() -> DesignVersion | None:
    """The one that the shop chose, with its design; None where its codes have the brand's look. In the merchant's scope."""
    return (
        DesignVersion.objects.select_related("design")
        .filter(is_default=True, design__removed_at=None)
        .first()
    )


def designs() -> list[SavedDesign]:
    """Those that were not removed, each with its newest version, the last one saved first. In the merchant's scope."""
    kept = DesignVersion.objects.select_related("design").filter(design__removed_at=None)
    newest = kept.order_by("design_id", "-number").distinct("design_id")
    default = dict(kept.filter(is_default=True).values_list("design_id", "number"))
    found = [SavedDesign(version, default.get(version.design_id)) for version in newest]
    return sorted(found, key=lambda saved: saved.newest.made_at, reverse=True)


def versions_of(design_id: UUID) -> QuerySet[DesignVersion]:
    """Newest first, each with its design; none of a design that was removed. In the merchant's scope."""
    found = DesignVersion.objects.select_related("design").filter(
        design_id=design_id, design__removed_at=None
    )
    return found.order_by("-number")


def find_version(version_id: UUID, *, lock: bool = False) -> DesignVersion:
    """One version, with its design. Raises DesignUnknown, also where the design was removed."""
    found = DesignVersion.objects.select_related("design").filter(id=version_id, design__removed_at=None)
    version = (found.select_for_update(of=("self",)) if lock else found).first()
    if version is None:
        raise DesignUnknown
    return version


def _check_drawable(design: drawn.Design, merchant: Merchant) -> None:
    problems = tuple(problems_of(design, longest_link(merchant)))
    if not preflight.is_drawable(problems):
        raise DesignUndrawable(field=problems[0].at)


def _check_proven(version: DesignVersion, merchant: Merchant) -> None:
    problems = problems_of(version.look, longest_link(merchant))
    if is_refused(problems):
        raise DesignRefused(field=problems[0].at)
    if version.finished_at is None:
        raise DesignNotProven
    if version.score is None:
        raise DesignProofBroken
    if not version.passed:
        raise DesignFails(failed=len(version.failures), total=version.total)


def _named(name: str) -> str:
    named = " ".join(read_text(name, limit=LONGEST_NAME, field="name").split())
    if not named:
        raise NameMissing
    return named


def _alone() -> None:
    """Whoever changes this shop's designs at the same moment waits until this transaction is over."""
    Programme.objects.select_for_update(no_key=True).get()


def _design(design_id: UUID) -> Design:
    kept = Design.objects.filter(id=design_id, removed_at=None).first()
    if kept is None:
        raise DesignUnknown
    return kept


def _call(kept: Design, named: str, actor_id: UUID | None) -> None:
    if kept.name != named:
        kept.name = named
        kept.save(update_fields=["name"])
        _record("design.renamed", kept, actor_id)


def _add_version(
    merchant: Merchant, kept: Design, as_drawn: Mapping[str, Any], actor_id: UUID | None
) -> DesignVersion:
    """One more version, its proof asked for; the newest one where that is drawn so."""
    newest = versions_of(kept.id).first()
    if newest is not None and newest.drawn == as_drawn:
        return newest
    number = newest.number + 1 if newest else 1
    if number > MOST_VERSIONS:
        raise TooManyVersions(most=MOST_VERSIONS)
    version = DesignVersion(design=kept, number=number, drawn=as_drawn, made_by=actor_id)
    ask_proof(version, merchant)
    version.save(force_insert=True)
    _record("design.saved", kept, actor_id, version=number)
    return version


def _set_removed(design_id: UUID, actor_id: UUID | None, *, is_removed: bool) -> Design:
    with transaction.atomic():
        _alone()
        kept = Design.objects.filter(id=design_id).first()
        if kept is None:
            raise DesignUnknown
        if (kept.removed_at is not None) == is_removed:
            return kept
        if not is_removed and Design.objects.filter(removed_at=None).count() >= MOST_DESIGNS:
            raise TooManyDesigns(most=MOST_DESIGNS)
        kept.removed_at = timezone.now() if is_removed else None
        kept.save(update_fields=["removed_at"])
        if is_removed:
            _record("design.removed", kept, actor_id)
        else:
            _record("design.returned", kept, actor_id)
    return kept


def _record(event: str, design: Design, actor_id: UUID | None, **more: int) -> None:
    told = {"design": str(design.id), "name": design.name, "actor": str(actor_id) if actor_id else None}
    events.record(event, told | more)

"""A whole programme from outside, a file or the gallery, becomes the draft. What members have already stays theirs: a unit of
the same code is the same unit, and what brings an id of this programme keeps it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from core.ids import new_id
from loyalty.gallery.templates import Kit, Offer, Template
from loyalty.models import Programme, Unit
from loyalty.models import Tier as TierRow
from loyalty.programme.drafting import Drafted, change_draft
from loyalty.rules.editing import with_ids
from loyalty.rules.tiers import Tier
from loyalty.rules.types import Version
from merchants.models import Merchant, StaffMember


@dataclass(frozen=True)
class Taken:
    """A template as a shop's own: its version, what its units (by their ids) buy, and the draft's revision."""

    version: Version
    offers: tuple[Offer, ...]
    revision: int


def adopt_version(
    *, merchant: Merchant, version: Version, actor: StaffMember | None, revision: int | None = None
) -> Drafted | None:
    """Make this version the draft, with ids of its own where it brings none (an id is a UUID, as text).

    Its currency must be the merchant's. Raises DraftChanged, ProgrammeWrong.
    """
    own = replace(own_ids(version), currency=merchant.currency)
    return change_draft(merchant=merchant, change=lambda _before: own, actor=actor, revision=revision)


def adopt_template(
    *, merchant: Merchant, template: Template, kit: Kit, actor: StaffMember | None, revision: int
) -> Taken:
    """Make a programme of the gallery the draft. `revision` as in `change_draft`. Raises DraftMissing, DraftChanged,
    ProgrammeWrong."""
    made = template.made_with(kit)
    own = own_ids(made.version, seed=lambda _known: str(new_id()))
    drafted = change_draft(merchant=merchant, change=lambda _before: own, actor=actor, revision=revision)
    ids = {before.id: after.id for before, after in zip(made.version.units, own.units, strict=True)}
    offers = tuple(replace(offer, unit=ids[offer.unit]) for offer in made.offers)
    return Taken(own, offers, drafted.revision if drafted else 0)


def own_ids(version: Version, *, seed: Callable[[str], str] = lambda kept: kept) -> Version:
    """The same with ids that can be kept here; `seed` makes that of each chance. Three queries."""
    known = {code: str(unit_id) for unit_id, code in Unit.objects.values_list("id", "code")}
    ids = {unit.id: known[unit.code] for unit in version.units if unit.code in known} | _same_tiers(version)

    def given(old: str) -> str:
        if old not in ids:
            ids[old] = old if _is_id(old) else str(new_id())
        return ids[old]

    return with_ids(version, given, seed=seed)


def _same_tiers(version: Version) -> dict[str, str]:
    """Its tiers that are tiers here, by their ids there: from the same amount of the same measure, or of the same name and
    asking for no more: whoever has the one here would have that for nothing. By another measure only nothing is less.
    """
    rows = TierRow.objects.values_list("id", "name", "threshold_minor")
    here = {str(tier_id): (name.casefold(), threshold) for tier_id, name, threshold in rows}
    climbing = Programme.objects.values_list("ladder_climbing", flat=True).get()
    is_measured_alike = climbing == version.ladder.climbing != "units"
    found = {tier.id: tier.id for tier in version.tiers if tier.id in here}

    def from_the_same_amount(tier: Tier, _name: str, threshold: int) -> bool:
        return is_measured_alike and tier.threshold_minor == threshold

    def of_the_same_name(tier: Tier, name: str, threshold: int) -> bool:
        asks_more = tier.threshold_minor > threshold and (is_measured_alike or not threshold)
        return tier.name.casefold() == name and not asks_more

    for is_same in (from_the_same_amount, of_the_same_name):
        for tier in version.tiers:
            free = (one for one, said in here.items() if one not in found.values() and is_same(tier, *said))
            if tier.id not in found and (own := next(free, None)):
                found[tier.id] = own
    return found


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False

"""Publishing: a version comes into force at once, or at a moment to come. Older versions stay for ever.

Whatever finds a version whose moment has come puts it in force first: whoever changes the programme (`changing`), the
purchase that reads of it, the sweep for shops where nothing happens. Reading needs none of them: `versions.in_force`.
"""

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from core import events, tenancy
from core.errors import DomainError
from core.jobs import jobs_connection
from loyalty.following import follow
from loyalty.models import Programme, ProgrammeVersion
from loyalty.problems import refuse_problems
from loyalty.revisions import keep_revision, newest_revision
from loyalty.rules.comparing import are_alike
from loyalty.rules.definition import read_definition, write_definition
from loyalty.rules.editing import NotThere
from loyalty.rules.types import Version
from loyalty.versions import remember_not_yet, version_in_force
from merchants.models import Merchant, StaffMember

logger = logging.getLogger(__name__)

Change = Callable[[Version], Version]


@contextmanager
def changing(*, withdrawing: int | None = None) -> Iterator[Programme]:
    """One transaction in which nobody else changes this programme: two taps on one button come one after the other.

    A version whose moment has come is in force when it begins; the one of the number `withdrawing` is not if the tables cannot
    follow it, so that it can be taken back.
    """
    with transaction.atomic():
        programme = Programme.objects.select_for_update().get()
        is_due = programme.next_at is not None and programme.next_at <= timezone.now()
        if is_due and (programme.next_version != withdrawing or _can_be_put_in_force(programme)):
            _put_next_in_force(programme)
            programme.refresh_from_db()
        yield programme


def change_programme(*, merchant: Merchant, change: Change, actor: StaffMember | None) -> ProgrammeVersion:
    """Publish what is in force with one change, at once. The version to come and the draft are changed likewise, where
    the change makes sense there. Where nothing changes, nothing is published. Raises ProgrammeWrong, and what `change` raises.
    """
    with changing() as programme:
        before = version_in_force(programme.version)
        after = change(before)
        if are_alike(before, after):
            return ProgrammeVersion.objects.get(number=before.number)
        refuse_problems(before, after)
        published = publish(merchant=merchant, version=after, actor=actor)
        _change_next(programme, merchant, change, actor)
        _change_draft(change, before.number, published.number, actor)
    return published


def publish(
    *,
    merchant: Merchant,
    version: Version,
    actor: StaffMember | None,
    note: str = "",
    at: dt.datetime | None = None,
) -> ProgrammeVersion:
    """Keep this version under the next number: in force at once, or from the moment `at`. Within `changing` only."""
    newest = ProgrammeVersion.objects.aggregate(newest=Max("number"))["newest"] or 0
    version = replace(version, number=newest + 1, currency=merchant.currency)
    now = timezone.now()
    kept = ProgrammeVersion.objects.create(
        number=version.number,
        definition=write_definition(version),
        published_at=now,
        published_by=actor,
        effective_at=at or now,
        note=note,
    )
    remember_not_yet(version.number)
    if at is None:
        _put_in_force(version, kept.published_by_id)
    else:
        Programme.objects.update(next_version=version.number, next_at=at)
        said = _said(version.number, kept.published_by_id)
        events.record("programme.planned", said | {"effective_at": at.isoformat()})
    return kept


def withdraw_next(programme: Programme, actor: StaffMember | None) -> ProgrammeVersion:
    """Take back the version to come. Within `changing`, and only where there is one."""
    number = programme.next_version or 0
    ProgrammeVersion.objects.filter(number=number).update(withdrawn_at=timezone.now())
    Programme.objects.update(next_version=None, next_at=None)
    withdrawn = ProgrammeVersion.objects.get(number=number)
    events.record("programme.withdrawn", _said(withdrawn.number, actor.id if actor else None))
    return withdrawn


def put_due_in_force(merchant_id: UUID) -> None:
    """Put the version in force whose moment has come, in a transaction of its own. Repeating it does nothing more."""
    with tenancy.scope(merchant_id), changing():
        pass


def catch_up() -> None:
    """Put the version in force whose moment has come, within the scope that is open: for who opens accounts and writes by it.

    One query where there is none. Before anything of a member's is locked: standings are lifted.
    """
    if Programme.objects.filter(next_at__lte=timezone.now()).exists():
        with changing():
            pass


def put_all_due_in_force() -> int:
    """As `put_due_in_force`, for every merchant: for shops where nobody buys. Returns how many there were."""
    with jobs_connection() as jobs:
        due = [
            row[0] for row in jobs.execute("SELECT merchant_id FROM loyalty_programme WHERE next_at <= now()")
        ]
    for merchant_id in due:
        try:
            put_due_in_force(merchant_id)
        except Exception:  # the edge: the shops behind this one must not wait for it
            logger.exception("the next version of merchant %s did not come into force", merchant_id)
    return len(due)


def _put_next_in_force(programme: Programme) -> None:
    kept = ProgrammeVersion.objects.get(number=programme.next_version or 0)
    Programme.objects.update(next_version=None, next_at=None)
    _put_in_force(read_definition(kept.number, kept.definition), kept.published_by_id)


def _can_be_put_in_force(programme: Programme) -> bool:
    try:
        with transaction.atomic():
            _put_next_in_force(programme)
            connection.check_constraints()  # those that wait for the end of the transaction
            transaction.set_rollback(True)
    except Exception:  # the edge: whatever it is that blocks this shop, its owner gets out of it
        logger.exception("version %s cannot come into force, and is taken back", programme.next_version)
        return False
    return True


def _put_in_force(version: Version, actor_id: UUID | None) -> None:
    follow(version)
    events.record("programme.published", _said(version.number, actor_id))


def _said(number: int, actor_id: UUID | None) -> dict[str, str | int | None]:
    return {"version": number, "actor": str(actor_id) if actor_id else None}


def _change_next(programme: Programme, merchant: Merchant, change: Change, actor: StaffMember | None) -> None:
    if programme.next_version is None:
        return
    changed = _changed(version_in_force(programme.next_version), change)
    if changed is not None:
        withdrawn = withdraw_next(programme, actor)
        publish(merchant=merchant, version=changed, actor=actor, note=withdrawn.note, at=programme.next_at)


def _change_draft(change: Change, before: int, after: int, actor: StaffMember | None) -> None:
    draft = newest_revision()
    if draft is None:
        return
    changed = _changed(read_definition(0, draft.definition), change)
    if changed is not None:
        keep_revision(changed, based_on=after if draft.based_on == before else draft.based_on, actor=actor)


def _changed(version: Version, change: Change) -> Version | None:
    """What a change makes of another version than the one it was meant for; None where it makes no sense or no difference."""
    try:
        changed = change(version)
        refuse_problems(version, changed)
    except (DomainError, NotThere):
        return None
    return None if are_alike(version, changed) else changed

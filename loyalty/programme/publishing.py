"""Publishing: a version comes into force at once, or at a moment to come. Older versions stay for ever.

Whatever finds a version whose moment has come puts it in force first: whoever changes the programme (`changing`), the
purchase that reads of it, the sweep for shops where nothing happens. Reading needs none of them: `versions.in_force`.

Putting in force locks the programme's row and every standing it lifts, which a purchase locks after its accounts and
budgets. So it is a transaction of its own before the one that does the work (`put_due_in_force`: whoever opens a scope to
change something, a page, the API, a task). The verbs `catch_up` once more before they lock anything: it finds something only
where the moment came in between, or the caller did not look.

No version stops a till. One that the tables cannot follow is refused when it is planned; if it comes to that later, whoever
finds it takes it back, and everything goes on by the version before it.
"""

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import events, tenancy
from core.errors import DomainError
from core.jobs import jobs_connection
from loyalty.models import Draft, Programme, ProgrammeVersion
from loyalty.programme.following import follow
from loyalty.programme.problems import refuse_problems
from loyalty.programme.revisions import keep_revision, newest_revision
from loyalty.programme.versions import remember_not_yet, version_in_force
from loyalty.rules.comparing import are_alike
from loyalty.rules.definition import read_definition, write_definition
from loyalty.rules.editing import NotThere
from loyalty.rules.types import Version
from merchants.models import Merchant, StaffMember

logger = logging.getLogger(__name__)

Change = Callable[[Version], Version]


class CannotComeIntoForce(DomainError):
    """A version that the tables could not follow on its day."""

    code = "version_cannot_come"
    message = _("This cannot come into force as it is. Undo the last changes, then try again.")


@contextmanager
def changing(*, withdrawing: int | None = None) -> Iterator[Programme]:
    """One transaction in which nobody else changes this programme: two taps on one button come one after the other.

    A version whose moment has come is in force when it begins, or taken back where the tables cannot follow it; the one of the
    number `withdrawing` is left to the caller then.
    """
    with transaction.atomic():
        programme = Programme.objects.select_for_update().get()
        if programme.next_at is not None and programme.next_at <= timezone.now():
            _put_next_in_force(programme, withdrawing)
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
    """Keep this version under the next number: in force at once, or from the moment `at`. Within `changing` only.

    Raises CannotComeIntoForce for a moment to come.
    """
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
        _try_out(version)
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


def take_back(programme: Programme, actor: StaffMember | None) -> Draft:
    """As `withdraw_next`; and it is the draft again."""
    withdrawn = withdraw_next(programme, actor)
    version = read_definition(0, withdrawn.definition)
    return keep_revision(version, based_on=programme.version, actor=actor)


def put_due_in_force(merchant_id: UUID) -> None:
    """Put the version in force whose moment has come, in a transaction of its own. Repeating it does nothing more."""
    with tenancy.scope(merchant_id):
        catch_up()


def try_due_in_force(merchant_id: UUID) -> None:
    """The same, for who goes on without it: by the version before, until somebody can."""
    try:
        put_due_in_force(merchant_id)
    except Exception:  # the edge: no version to come keeps anybody from their work
        logger.exception("the next version of merchant %s did not come into force", merchant_id)


def catch_up() -> None:
    """Put the version in force whose moment has come, within the scope that is open: first of all in every verb that judges
    by it, before anything of a member's is locked. One query where there is none.
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


def _put_next_in_force(programme: Programme, withdrawing: int | None) -> None:
    """Or take it back. Only what passes, a lock or a lost connection, leaves it as it is."""
    number = programme.next_version or 0
    try:
        with transaction.atomic():
            kept = ProgrammeVersion.objects.get(number=number)
            Programme.objects.update(next_version=None, next_at=None)
            _put_in_force(read_definition(number, kept.definition), kept.published_by_id)
            connection.check_constraints()  # those that wait for the end of the transaction
    except Exception as fault:  # the edge: whatever it is that blocks this shop, it goes on
        if number == withdrawing:
            return
        if isinstance(fault, OperationalError):
            raise
        logger.exception("version %s cannot come into force, and is taken back", number)
        take_back(programme, None)


def _try_out(version: Version) -> None:
    try:
        with transaction.atomic():
            follow(version)
            connection.check_constraints()
            transaction.set_rollback(True)
    except OperationalError:
        raise
    except Exception as fault:  # the edge: refused today, rather than found on its day
        logger.exception("version %s could not come into force", version.number)
        raise CannotComeIntoForce from fault


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

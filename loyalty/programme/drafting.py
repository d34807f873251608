"""The draft: the programme as it is being changed, one for all who change it. Publishing is one act.

    change_draft(merchant=…, change=lambda version: editing.with_rule(version, rule), actor=…)
    undo_draft(…) · discard_draft(…) · publish_draft(merchant=…, at=None, note="", …) · withdraw_version(…)

A draft begins with the first change, at what is in force then. It never holds what could not be published: a change that
brings in a problem is refused. Nothing of it counts for any purchase before it is published.
"""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from core.dates import say_date
from core.errors import DomainError
from core.languages import reader_language
from core.text import read_text
from loyalty.models import Draft, Programme, ProgrammeVersion
from loyalty.programme.problems import refuse_problems
from loyalty.programme.publishing import Change, changing, publish, take_back
from loyalty.programme.revisions import keep_revision, newest_revision
from loyalty.programme.versions import version_in_force
from loyalty.rules.calendar import end_of_day, local, local_day
from loyalty.rules.comparing import are_alike
from loyalty.rules.definition import read_definition
from loyalty.rules.editing import NotThere
from loyalty.rules.types import Version
from merchants.models import Merchant, StaffMember

FARTHEST = dt.timedelta(days=366)  # what is planned for longer is forgotten until it surprises
LONGEST_NOTE = 300


class DraftMissing(DomainError):
    """There is no draft: it was published or discarded meanwhile, or never begun."""

    code = "draft_missing"
    message = _("There is no draft. What you see is in force.")


class DraftChanged(DomainError):
    """Somebody changed the draft since this page was read."""

    code = "draft_changed"
    message = _("%(who)s has changed the draft meanwhile. Look at it as it is now, then try again.")


class PublishedMeanwhile(DomainError):
    """Another version came into force after the draft was begun: it would be lost without a word."""

    code = "published_meanwhile"
    message = _(
        "%(who)s published version %(number)d on %(on)s, after this draft was begun. "
        "Compare the two: then publish yours in its place, or discard it."
    )


class VersionPlanned(DomainError):
    """A version is to come, and would undo on its day what is published before."""

    code = "version_planned"
    message = _(
        "Version %(number)d comes into force on %(on)s. Take it back first: it becomes the draft again."
    )


class NothingToPublish(DomainError):
    """The draft says what is in force."""

    code = "nothing_to_publish"
    message = _("The draft changes nothing.")


class NotPlanned(DomainError):
    """The version is not to come: its day came, or somebody took it back."""

    code = "version_not_planned"
    message = _("This version is in force already, or was taken back.")


class PartGone(DomainError):
    """What is to be changed was taken out of the draft."""

    code = "part_gone"
    message = _("This is not in the draft any more.")


class DayOutOfRange(DomainError):
    """A day that is over, or too far."""

    code = "effective_day_out_of_range"
    message = _("Choose a day from today on, within a year.")
    field = "at"


@dataclass(frozen=True)
class Drafted:
    """The draft as it is now. `version.number` is 0: it has none yet."""

    version: Version
    revision: int
    based_on: int  # the number of the version that was in force when it was begun
    changed_at: dt.datetime
    changed_by: str  # a name; empty for the system


def draft_of() -> Drafted | None:
    """The current merchant's draft, if there is one. One query."""
    row = newest_revision()
    return _drafted(row) if row else None


def edited_version() -> Version:
    """What a page of the programme shows: the draft, or what is in force where there is none."""
    draft = draft_of()
    return draft.version if draft else version_in_force()


def change_draft(
    *, merchant: Merchant, change: Change, actor: StaffMember | None, revision: int | None = None
) -> Drafted | None:
    """Change the draft, or begin one; a change that changes nothing leaves everything as it is.

    `revision`: what the page had read (0 where there was no draft), to be refused if it is not the newest any more. Without
    it the change is made to whatever the draft says now. Raises DraftChanged, PartGone, ProgrammeWrong, and what `change` raises.
    """
    with changing() as programme:
        row = newest_revision()
        _refuse_another_revision(row, revision)
        before = read_definition(0, row.definition) if row else version_in_force(programme.version)
        try:
            after = change(before)
        except NotThere:
            raise PartGone from None
        if not are_alike(before, after):
            refuse_problems(before, after)
            row = keep_revision(after, based_on=row.based_on if row else programme.version, actor=actor)
        return _drafted(row) if row else None


def undo_draft(*, revision: int | None = None) -> Drafted | None:
    """Go back by one change; before the first there is no draft. Raises DraftMissing, DraftChanged."""
    with changing():
        row = _newest()
        _refuse_another_revision(row, revision)
        row.delete()
        return draft_of()


def discard_draft(*, revision: int | None = None) -> None:
    """Throw the draft away, with all its revisions. Where there is none, nothing happens. Raises DraftChanged."""
    with changing():
        _refuse_another_revision(newest_revision(), revision, or_none=True)
        Draft.objects.all().delete()


def publish_draft(
    *,
    merchant: Merchant,
    actor: StaffMember | None,
    at: dt.date | None = None,
    note: str = "",
    revision: int | None = None,
    over: int | None = None,
) -> ProgrammeVersion:
    """Publish the draft: at once, or from the first moment of the day `at` where the shop is. The draft is gone then.

    `note` is for members to read. `over`: the number of a version that came into force after the draft was begun, and whose
    changes whoever publishes knows to be replaced. Raises DraftMissing, DraftChanged, PublishedMeanwhile, VersionPlanned,
    NothingToPublish, ProgrammeWrong, DayOutOfRange, TextTooLong, publishing.CannotComeIntoForce.
    """
    note = read_text(note, limit=LONGEST_NOTE, field="note")
    moment = _first_moment(at, merchant) if at else None
    with changing() as programme:
        row = _newest()
        _refuse_another_revision(row, revision)
        if programme.next_version is not None:
            raise VersionPlanned(number=programme.next_version, on=_day(programme.next_at, merchant))
        if programme.version not in (row.based_on, over):
            raise _published_meanwhile(programme, merchant)
        draft, in_force = read_definition(0, row.definition), version_in_force(programme.version)
        if are_alike(draft, in_force):
            raise NothingToPublish
        refuse_problems(in_force, draft)
        published = publish(merchant=merchant, version=draft, actor=actor, note=note, at=moment)
        Draft.objects.all().delete()
    return published


def withdraw_version(*, merchant: Merchant, number: int, actor: StaffMember | None) -> Drafted:
    """Take back the version to come. It becomes the draft; what was one before is a step of undoing away.

    Raises NotPlanned: where it is in force already, too. One whose day came and which cannot be put in force is taken back.
    """
    with changing(withdrawing=number) as programme:
        if programme.next_version != number:
            raise NotPlanned
        return _drafted(take_back(programme, actor))


def _newest() -> Draft:
    row = newest_revision()
    if row is None:
        raise DraftMissing
    return row


def _drafted(row: Draft) -> Drafted:
    return Drafted(
        version=read_definition(0, row.definition),
        revision=row.revision,
        based_on=row.based_on,
        changed_at=row.changed_at,
        changed_by=_name(row.changed_by),
    )


def _refuse_another_revision(row: Draft | None, revision: int | None, *, or_none: bool = False) -> None:
    if revision is None or revision == (row.revision if row else 0) or (row is None and or_none):
        return
    if row is None:
        raise DraftMissing
    raise DraftChanged(who=_name(row.changed_by) or _somebody())


def _published_meanwhile(programme: Programme, merchant: Merchant) -> PublishedMeanwhile:
    kept = ProgrammeVersion.objects.select_related("published_by__user").get(number=programme.version)
    who = _name(kept.published_by) or _somebody()
    return PublishedMeanwhile(who=who, number=kept.number, on=_day(kept.effective_at, merchant))


def _first_moment(day: dt.date, merchant: Merchant) -> dt.datetime | None:
    """None for today, which has begun: at once."""
    today = local_day(timezone.now(), merchant.time_zone)
    if not today <= day <= today + FARTHEST:
        raise DayOutOfRange
    return None if day == today else end_of_day(day - dt.timedelta(days=1), merchant.time_zone)


def _day(moment: dt.datetime | None, merchant: Merchant) -> str:
    here = local(moment or timezone.now(), merchant.time_zone)
    return say_date(here.date(), "d MMMM y", reader_language())


def _name(staff: StaffMember | None) -> str:
    return staff.user.name if staff else ""


def _somebody() -> str:
    return pgettext("who changed the programme", "Somebody")

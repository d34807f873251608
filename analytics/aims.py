"""What a shop wants to reach by a day, and how far it is. Counted from the daily figures, each kind defined once, here.

members      who has joined by then, as on the home page
visits       of members, in the thirty days up to then
came_back    of those who came in the four weeks up to then, in a hundred, as on the home page
units        of the programme's first unit, given since the day on which this was set: at most so many

"Then" is today, and the day itself once it is over. What is to be reached is done as soon as it is; what is not to be
exceeded is missed as soon as it is, and done when its day is over.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from analytics.kpis import Figures
from analytics.models import Aim, DailyFigure
from core import events
from core.errors import DomainError
from loyalty.models import Programme
from loyalty.rules.calendar import local_day
from merchants.models import Merchant, StaffMember

LARGEST = 10**9
FARTHEST = dt.timedelta(days=366)  # what is farther away moves nobody today
VISIT_DAYS, RETURN_DAYS = 30, 28

State = Literal["open", "done", "missed"]


class TargetOutOfRange(DomainError):
    """Nothing, or more than there is."""

    code = "target_out_of_range"
    message = _("Write a number from 1 to %(most)s.")
    field = "target"


class AimDayOutOfRange(DomainError):
    """A day that is over, or too far."""

    code = "aim_day_out_of_range"
    message = _("Choose a day from tomorrow on, within a year.")
    field = "by"


@dataclass(frozen=True)
class Progress:
    """How far it is. `value` is None while too few came for a share to mean anything."""

    aim: Aim
    value: int | None
    state: State
    days_left: int  # 0 from the day itself on

    @property
    def is_limit(self) -> bool:
        """Whether it is not to be exceeded, rather than to be reached."""
        return self.aim.kind == Aim.Kind.UNITS

    @property
    def missing(self) -> int:
        """How much is still to come, or may still be given."""
        return max(0, self.aim.target - (self.value or 0))

    @property
    def percent(self) -> int:
        """0 to 100."""
        return min(100, 100 * (self.value or 0) // self.aim.target)


def set_aim(*, merchant: Merchant, kind: str, target: int, by: dt.date, actor: StaffMember | None) -> Aim:
    """From today on this is what counts; what was set before is closed. Raises TargetOutOfRange, AimDayOutOfRange."""
    today = local_day(timezone.now(), merchant.time_zone)
    most = 100 if kind == Aim.Kind.CAME_BACK else LARGEST
    if not 1 <= target <= most:
        raise TargetOutOfRange(most=most)
    if not today < by <= today + FARTHEST:
        raise AimDayOutOfRange
    with transaction.atomic():
        _hold()
        Aim.objects.filter(closed_on=None).update(closed_on=today)
        aim = Aim.objects.create(kind=Aim.Kind(kind), target=target, since=today, by=by)
        events.record("aim.set", _said(aim, actor))
    return aim


def drop_aim(*, merchant: Merchant, actor: StaffMember | None) -> None:
    """It counts no more. Where there is none, nothing happens."""
    with transaction.atomic():
        _hold()
        aim = open_aim()
        if aim is not None:
            Aim.objects.filter(id=aim.id).update(closed_on=local_day(timezone.now(), merchant.time_zone))
            events.record("aim.dropped", _said(aim, actor))


def _hold() -> None:
    """Who sets or drops one at the same moment waits, and finds this one."""
    Programme.objects.select_for_update().get()


def open_aim() -> Aim | None:
    """What the current merchant wants to reach. One query."""
    return Aim.objects.filter(closed_on=None).first()


def progress_of(
    aim: Aim, merchant: Merchant, *, members: int, rows: Iterable[DailyFigure], now: dt.datetime | None = None
) -> Progress:
    """How far it is; `members` are those of today, `rows` the figures of each day from `first_day` on. No query."""
    today = local_day(now or timezone.now(), merchant.time_zone)
    end = min(today, aim.by)
    value = _value(aim, end, members, list(rows))
    return Progress(aim, value, _state(aim, value, is_over=today > aim.by), max(0, (aim.by - today).days))


def first_day(aim: Aim, merchant: Merchant, *, now: dt.datetime | None = None) -> dt.date:
    """From which day on figures are needed to tell how far it is."""
    end = min(local_day(now or timezone.now(), merchant.time_zone), aim.by)
    return min(aim.since, end - dt.timedelta(days=VISIT_DAYS - 1))


def _value(aim: Aim, end: dt.date, members: int, rows: list[DailyFigure]) -> int | None:
    counted = [row for row in rows if row.day <= end]
    if aim.kind == Aim.Kind.MEMBERS:
        return members - sum(row.joined for row in rows if row.day > end)
    if aim.kind == Aim.Kind.UNITS:
        return max(0, sum(row.units_given for row in counted if row.day >= aim.since))
    if aim.kind == Aim.Kind.VISITS:
        return max(0, sum(row.purchases for row in counted if row.day > end - dt.timedelta(days=VISIT_DAYS)))
    weeks = [row for row in counted if row.day > end - dt.timedelta(days=RETURN_DAYS)]
    came = Figures(
        visitors=max(0, sum(row.visitors for row in weeks)),
        returned=max(0, sum(row.returned for row in weeks)),
    )
    return came.came_back_percent


def _state(aim: Aim, value: int | None, *, is_over: bool) -> State:
    if aim.kind == Aim.Kind.UNITS:
        if (value or 0) > aim.target:
            return "missed"
        return "done" if is_over else "open"
    if value is not None and value >= aim.target:
        return "done"
    return "missed" if is_over else "open"


def _said(aim: Aim, actor: StaffMember | None) -> dict[str, str | int | None]:
    return {
        "kind": aim.kind,
        "target": aim.target,
        "by": aim.by.isoformat(),
        "actor": str(actor.id) if actor else None,
    }

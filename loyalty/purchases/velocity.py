"""How often a member may buy: the limits of a programme, kept while a purchase is judged, changed on the programme's page.

What is counted stands in the standing, which a purchase writes under its account's lock and only if it is as it was read.
So two tills at once cannot both be the last purchase of a day.
"""

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.errors import Decline, DomainError
from loyalty.models import Happening, ProgrammeVersion, Standing
from loyalty.programme.publishing import Change, change_programme
from loyalty.purchases.telling import Occasion
from loyalty.rules.calendar import end_of_day, local_day
from loyalty.rules.editing import with_limits
from loyalty.rules.limits import Habit, Limit, Limits, limit_reached
from loyalty.rules.types import Version
from members.queries import ids_of
from merchants.models import Merchant, StaffMember

if TYPE_CHECKING:
    from loyalty.purchases.earning import NewPurchase
    from loyalty.purchases.reading import State

LONGEST_PAUSE = 24 * 60  # minutes: what is longer is a limit a day
MOST_A_DAY = 1000


class TooSoon(Decline):
    """The member bought a moment ago, and the programme asks for a pause."""

    code = "too_soon"
    message = _("This member bought a moment ago. The next purchase counts %(minutes)d min after the last.")


class DayLimitReached(Decline):
    """As many purchases today as the programme counts."""

    code = "day_limit_reached"
    message = _("Today’s purchases have been counted: %(most)d a day at most.")


class StaticLimitReached(Decline):
    """As many purchases today by a printed code as the programme counts."""

    code = "static_limit_reached"
    message = _(
        "This printed card has been scanned %(most)d times today. The live card on the phone still works."
    )


class LimitOutOfRange(DomainError):
    """A limit that nobody means."""

    code = "limit_out_of_range"
    message = _("Write a number from 0 to %(largest)d. 0 is no limit.")


def check_limits(
    state: "State", bought: "NewPurchase", version: Version, occurred_at: dt.datetime, zone: str
) -> None:
    """Raises TooSoon, DayLimitReached, StaticLimitReached.

    A purchase brought in later counts on its own day, and only the newest day is counted.
    """
    limits = version.limits
    is_today = state.counted_on == local_day(occurred_at, zone)
    habit = Habit(
        apart=occurred_at - state.last_purchase_at if state.last_purchase_at else None,
        today=state.counted if is_today else 0,
        static_today=state.counted_static if is_today else 0,
    )
    _decline(limit_reached(limits, habit, is_static=bought.who.is_static), limits, state.member_id)


def check_happening(standing: Standing, occasion: Occasion, version: Version, zone: str) -> None:
    """The same of what is no purchase, in the member's lock: a visit is limited as a purchase is, and whatever a printed
    code tells of counts among what such a code may do on a day, as purchases do. Raises as `check_limits`.
    """
    is_visit, limits = occasion.trigger == "visit", version.limits
    if not is_visit and not occasion.is_static:
        return
    told = told_of(ids_of(standing.member_id))
    day = local_day(occasion.occurred_at, zone)
    today, is_newest = on_day(told, day, zone), standing.counted_on == day
    habit = Habit(
        apart=_apart(standing, told, occasion.occurred_at, limits) if is_visit else None,
        today=(standing.counted if is_newest else 0) + today.filter(trigger="visit").count()
        if is_visit
        else -1,
        static_today=standing.counted_static if is_newest else today.filter(is_static=True).count(),
    )
    reached = limit_reached(limits, habit, is_static=occasion.is_static)
    _decline(reached, limits, standing.member_id)


def counted_with(standing: Standing, occasion: Occasion, day: dt.date) -> dict[str, Any]:
    """What to write of the newest day once this happened: what a printed code tells of counts, whatever it is."""
    if not occasion.is_static or (standing.counted_on and day < standing.counted_on):
        return {}
    if standing.counted_on == day:
        return {"counted_static": standing.counted_static + 1}
    return {"counted_on": day, "counted": 0, "counted_static": 1}


def counted_without(standing: Standing, happening: Happening, zone: str) -> dict[str, int]:
    """The same once it is taken back."""
    day = local_day(happening.occurred_at, zone)
    if not happening.is_static or day != standing.counted_on:
        return {}
    return {"counted_static": max(0, standing.counted_static - 1)}


def told_of(member_ids: Collection[UUID]) -> QuerySet[Happening]:
    """What happened to these members, and was not taken back."""
    return Happening.objects.filter(member_id__in=member_ids, cancelled_at=None)


def on_day(told: QuerySet[Happening], day: dt.date, zone: str) -> QuerySet[Happening]:
    """Of that, what happened on a day of the shop's calendar."""
    begins, ends = end_of_day(day - dt.timedelta(days=1), zone), end_of_day(day, zone)
    return told.filter(occurred_at__gte=begins, occurred_at__lt=ends)


def _apart(
    standing: Standing, told: QuerySet[Happening], moment: dt.datetime, limits: Limits
) -> dt.timedelta | None:
    """The time between this visit and the nearest one or purchase within the pause; None where there is none."""
    pause = dt.timedelta(minutes=limits.cool_down_minutes)
    near = told.filter(trigger="visit", occurred_at__gt=moment - pause, occurred_at__lt=moment + pause)
    moments = [*near.values_list("occurred_at", flat=True), *filter(None, [standing.last_purchase_at])]
    return min((abs(moment - other) for other in moments), default=None)


def _decline(reached: Limit | None, limits: Limits, member_id: UUID | None) -> None:
    if reached == "cool_down":
        raise TooSoon(member_id=member_id, minutes=limits.cool_down_minutes)
    if reached == "day":
        raise DayLimitReached(member_id=member_id, most=limits.purchases_a_day)
    if reached == "static_day":
        raise StaticLimitReached(member_id=member_id, most=limits.static_a_day)


def change_limits(*, merchant: Merchant, limits: Limits, actor: StaffMember | None) -> ProgrammeVersion:
    """Set how often a member may buy, for purchases from now on. Raises LimitOutOfRange."""
    return change_programme(merchant=merchant, change=limiting(limits), actor=actor)


def limiting(limits: Limits) -> Change:
    """The same as a change, for `drafting.change_draft`. Raises LimitOutOfRange at once."""
    largest = {
        "cool_down_minutes": LONGEST_PAUSE,
        "purchases_a_day": MOST_A_DAY,
        "static_a_day": MOST_A_DAY,
    }
    for name, most in largest.items():
        if not 0 <= getattr(limits, name) <= most:
            raise LimitOutOfRange(largest=most, field=name)
    return lambda version: with_limits(version, limits)

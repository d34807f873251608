"""How often a member may buy: the limits of a programme, kept while a purchase is judged, changed on the programme's page.

What is counted stands in the standing, which a purchase writes under its account's lock and only if it is as it was read.
So two tills at once cannot both be the last purchase of a day.
"""

import datetime as dt
import zoneinfo
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from core.errors import Decline, DomainError
from loyalty.models import ProgrammeVersion
from loyalty.publishing import Change, change_programme
from loyalty.rules.editing import with_limits
from loyalty.rules.limits import Habit, Limits, limit_reached
from loyalty.rules.types import Version
from merchants.models import Merchant, StaffMember

if TYPE_CHECKING:
    from loyalty.earning import NewPurchase
    from loyalty.reading import State

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
    is_today = state.counted_on == occurred_at.astimezone(zoneinfo.ZoneInfo(zone)).date()
    habit = Habit(
        apart=occurred_at - state.last_purchase_at if state.last_purchase_at else None,
        today=state.counted if is_today else 0,
        static_today=state.counted_static if is_today else 0,
    )
    reached = limit_reached(limits, habit, is_static=bought.who.is_static)
    if reached == "cool_down":
        raise TooSoon(member_id=state.member_id, minutes=limits.cool_down_minutes)
    if reached == "day":
        raise DayLimitReached(member_id=state.member_id, most=limits.purchases_a_day)
    if reached == "static_day":
        raise StaticLimitReached(member_id=state.member_id, most=limits.static_a_day)


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

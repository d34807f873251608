"""How often a member may buy. Pure: what was counted comes in, a refusal or None comes out."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

Limit = Literal["cool_down", "day", "static_day"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one member: a pause between purchases, purchases a day, and those of them by a printed code. 0: no limit."""

    cool_down_minutes: int = 0
    purchases_a_day: int = 0
    static_a_day: int = 0


@dataclass(frozen=True, slots=True)
class Habit:
    """What a member did before this purchase. `apart` is the time between it and the nearest one known, or None."""

    apart: dt.timedelta | None
    today: int
    static_today: int


def limit_reached(limits: Limits, habit: Habit, *, is_static: bool) -> Limit | None:
    """The first limit that this purchase would break, or None."""
    if habit.apart is not None and abs(habit.apart) < dt.timedelta(minutes=limits.cool_down_minutes):
        return "cool_down"
    if limits.purchases_a_day and habit.today >= limits.purchases_a_day:
        return "day"
    if is_static and limits.static_a_day and habit.static_today >= limits.static_a_day:
        return "static_day"
    return None

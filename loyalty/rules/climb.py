"""How far a member has climbed: what was added by day, over which days it counts, and which tier was reached by it. Pure."""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from loyalty.rules.conditions import day_in_year
from loyalty.rules.seasons import season_begun
from loyalty.rules.tiers import Ladder, Tier, Window
from loyalty.rules.types import Version

DAY = dt.timedelta(days=1)


@dataclass(slots=True)
class Climb:
    """What was added to a member's progress, by day. Days may come in any order."""

    _days: list[dt.date] = field(default_factory=list)
    _sums: list[int] = field(default_factory=list)  # up to and with the day at the same place

    @property
    def days(self) -> Sequence[dt.date]:
        """Those on which anything was added, oldest first."""
        return self._days

    def add(self, day: dt.date, amount: int) -> None:
        """So much more on that day; less, where it is below zero."""
        place = bisect_left(self._days, day)
        if place == len(self._days) or self._days[place] != day:
            self._days.insert(place, day)
            self._sums.insert(place, self._sums[place - 1] if place else 0)
        for later in range(place, len(self._sums)):
            self._sums[later] += amount

    def plus(self, day: dt.date, amount: int) -> "Climb":
        """Another one, with so much more on that day."""
        other = Climb(list(self._days), list(self._sums))
        other.add(day, amount)
        return other

    def between(self, first: dt.date | None, last: dt.date) -> int:
        """All that was added from one day to another, both within; from the beginning where there is no first."""
        return self._until(last) - (self._until(first - DAY) if first else 0)

    def _until(self, day: dt.date) -> int:
        place = bisect_right(self._days, day)
        return self._sums[place - 1] if place else 0


def first_day(window: Window, day: dt.date, joined_on: dt.date | None) -> dt.date | None:
    """The first day of the window in which `day` lies, and None where everything counts.

    Twelve rolling months are the year that ends with `day`. Who joined on 29 February has anniversaries on the 28th.
    """
    if window == "calendar_year":
        return day.replace(month=1, day=1)
    if window == "rolling_12_months":
        return day_in_year(day, day.year - 1) + DAY
    if window == "from_joining" and joined_on is not None:
        begun = day_in_year(joined_on, day.year)
        return begun if begun <= day else day_in_year(joined_on, day.year - 1)
    return None


def safe_since(ladder: Ladder, day: dt.date, joined_on: dt.date | None) -> dt.date | None:
    """The first day on which a tier that was reached is not lost yet on this one; None where none ever is."""
    if not ladder.can_lose:
        return None
    begins = first_day(ladder.window, day - dt.timedelta(days=ladder.grace_days), joined_on)
    if begins and ladder.window != "rolling_12_months":
        begins = first_day(ladder.window, begins - DAY, joined_on)
    return begins


def counts_until(window: Window, day: dt.date, today: dt.date, joined_on: dt.date) -> dt.date:
    """What happened on a day, and is brought late, counts with all that happened up to this day: today, where both lie in
    one window, or else the last day of the window that it belongs to.
    """
    if today <= day or window == "lifetime":
        return max(day, today)
    if window == "rolling_12_months":
        first = first_day(window, today, None)
        return today if first and first <= day else day
    first = first_day(window, day, joined_on) or day
    begun = joined_on if window == "from_joining" else first
    return min(today, day_in_year(begun, first.year + 1) - DAY)


def lifting_days(window: Window, day: dt.date, today: dt.date, joined_on: dt.date) -> tuple[dt.date, ...]:
    """On which days a tier must be there to be held today by what happened on `day`: today, the last of them.

    Of a window that is over, on all days since: by what was bought in it no season begins in the one that follows.
    """
    if counts_until(window, day, today, joined_on) == today:
        return (today,)
    return tuple(day + dt.timedelta(days=many) for many in range((today - day).days + 1))


def best_reached(
    climb: Climb, begins: dt.date | None, version: Version, joined_on: dt.date | None, *days: dt.date
) -> Tier | None:
    """The highest tier that was reached on a day since `begins`, or on one of these days, and is there on the last of them.

    A season of before reaches none of this one: its days are those since it began.
    """
    window, today = version.ladder.window, days[-1]
    there = [(tier, season_begun(tier, today)) for tier in version.tiers if tier.is_there(today)]
    begun = [since for _tier, since in there if since]
    reached = [version.tier_reached(0, today)]
    for day in (*climb.days, *begun, *days):
        if begins is None or day >= begins:
            progress = climb.between(first_day(window, day, joined_on), day)
            near = (each for each in there if each[0].threshold_minor <= progress)
            reached += [tier for tier, since in near if since is None or since <= day]
    return max(filter(None, reached), key=lambda tier: tier.threshold_minor, default=None)

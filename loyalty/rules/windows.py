"""Over which days progress counts, and what becomes of a tier that was not earned again. Pure: days and sums in."""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from loyalty.rules.conditions import day_in_year
from loyalty.rules.types import Ladder, Tier, Version, Window

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

    def between(self, first: dt.date | None, last: dt.date) -> int:
        """All that was added from one day to another, both within; from the beginning where there is no first."""
        return self._until(last) - (self._until(first - DAY) if first else 0)

    def _until(self, day: dt.date) -> int:
        place = bisect_right(self._days, day)
        return self._sums[place - 1] if place else 0


@dataclass(frozen=True, slots=True)
class Held:
    """A tier and since when it is held; under a ladder that is younger than that, since the ladder is in force."""

    tier: Tier
    since: dt.date
    joined_on: dt.date


@dataclass(frozen=True, slots=True)
class Review:
    """What becomes of a tier on a day.

    `warn`: on the day `on` it will be `tier`, unless `short` more is added to the progress before. `lower`: from now on it
    is `tier`, held since the day `on` (what counts for the next review). None is no tier at all.
    """

    kind: Literal["keep", "warn", "lower"]
    tier: Tier | None
    on: dt.date | None = None
    short: int = 0


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


def review(held: Held, climb: Climb, version: Version, day: dt.date) -> Review:
    """What becomes of a tier on this day. Asked late, it answers the same; what was made good meanwhile counts."""
    ladder = version.ladder
    keep = Review("keep", held.tier)
    if ladder.downgrade == "never" or ladder.window == "lifetime" or held.tier.season is not None:
        return keep
    if ladder.window == "rolling_12_months":
        return _review_rolling(held, climb, version, day) or keep
    return _review_years(held, climb, version, day) or keep


def _review_years(held: Held, climb: Climb, version: Version, day: dt.date) -> Review | None:
    """Years that begin on one day for all, or on the day of joining."""
    ladder = version.ladder
    first = _first(ladder, day, held)
    earned, needed = climb.between(first, day), held.tier.threshold_minor
    if earned >= needed:
        return None
    before = _first(ladder, first - DAY, held)
    if before >= held.since:  # a whole window that counts has ended
        last_year = climb.between(before, first - DAY)
        lost_on = first + dt.timedelta(days=ladder.grace_days)
        if last_year < needed:
            lower = _lower(version, held.tier, max(last_year, earned), day)
            if day >= lost_on:
                return Review("lower", lower, first)
            return Review("warn", lower, lost_on, needed - earned)
    following = _following(ladder, first, held)
    if first >= held.since and (following - day).days <= ladder.warn_days:
        lost_on = following + dt.timedelta(days=ladder.grace_days)
        return Review("warn", _lower(version, held.tier, earned, day), lost_on, needed - earned)
    return None


def _review_rolling(held: Held, climb: Climb, version: Version, day: dt.date) -> Review | None:
    """Every day has a year of its own. The tier is lost when that was too little for one day more than the grace."""
    ladder, needed = version.ladder, held.tier.threshold_minor
    safe_until = day_in_year(held.since, held.since.year + 1)
    on, days_short = max(day - dt.timedelta(days=ladder.grace_days), safe_until), 0
    while on <= day + dt.timedelta(days=ladder.warn_days):
        # Of the days to come, what is known now: as if nothing more were bought.
        left = climb.between(first_day("rolling_12_months", on, None), min(on, day))
        days_short = days_short + 1 if left < needed else 0
        if on >= day and days_short > ladder.grace_days:
            lower = _lower(version, held.tier, left, day)
            return Review("lower", lower, day) if on == day else Review("warn", lower, on, needed - left)
        on += DAY
    return None


def _lower(version: Version, tier: Tier, earned: int, day: dt.date) -> Tier | None:
    below = [
        other
        for other in version.tiers
        if other.threshold_minor < tier.threshold_minor and other.is_there(day)
    ]
    if version.ladder.downgrade == "one_step":
        return below[-1] if below else None
    return next((other for other in reversed(below) if other.threshold_minor <= earned), None)


def _first(ladder: Ladder, day: dt.date, held: Held) -> dt.date:
    found = first_day(ladder.window, day, held.joined_on)
    assert found is not None  # only a lifetime has no first day, and is not reviewed
    return found


def _following(ladder: Ladder, first: dt.date, held: Held) -> dt.date:
    begun = held.joined_on if ladder.window == "from_joining" else first
    return day_in_year(begun, first.year + 1)

"""What becomes of a tier that was not earned again, or whose season is over. Pure: days and sums in."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from loyalty.rules.climb import DAY, Climb, best_reached, first_day, safe_since
from loyalty.rules.conditions import day_in_year
from loyalty.rules.seasons import season_over
from loyalty.rules.tiers import Ladder, Tier
from loyalty.rules.types import Version


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


@dataclass(frozen=True, slots=True)
class Looked:
    """What became of a tier: what is held now (None: no tier), what threatens it, and when to look again."""

    held: Held | None
    warning: Review | None = None
    next_on: dt.date | None = None


def look(held: Held, climb: Climb, version: Version, *, due: dt.date, day: dt.date) -> Looked:
    """What becomes of a tier by this day, looked at on each day since `due` on which there was something to find."""
    on: dt.date | None = due
    while on is not None and on <= day:
        after = _once(held, climb, version, on)
        if after is None:
            return Looked(None)
        held, on = after, next_look(after, climb, version, on)
    found = review(held, climb, version, day)
    return Looked(held, found if found.kind == "warn" else None, next_look(held, climb, version, day))


def _once(held: Held, climb: Climb, version: Version, day: dt.date) -> Held | None:
    """What is held after looking once: something else where a season is over, or where it was not earned again."""
    tier = held_on(held.tier, climb, version, held.joined_on, day)
    since = held.since  # a season gives no day more of the tier below
    if tier == held.tier:
        found = review(held, climb, version, day)
        if found.kind != "lower":
            return held
        tier, since = found.tier, found.on or day
    return Held(tier, since, held.joined_on) if tier else None


def held_on(
    tier: Tier | None, climb: Climb, version: Version, joined_on: dt.date, day: dt.date
) -> Tier | None:
    """What becomes of a tier by seasons alone: that of a higher one may have begun by this day, or its own be over. Then it is the
    highest that was reached so lately that it would not be lost yet.
    """
    if tier is None or tier.is_there(day):
        first = first_day(version.ladder.window, day, joined_on)
        progress = climb.between(first, day if first else dt.date.max)
        return version.tier_held(tier.id if tier else None, progress, day)
    return best_reached(climb, safe_since(version.ladder, day, joined_on), version, joined_on, day)


def keep_by(ladder: Ladder, warned_for: dt.date, day: dt.date, joined_on: dt.date) -> dt.date:
    """The last day on which what is bought keeps a tier that is lost on the day `warned_for`."""
    if ladder.window == "rolling_12_months":
        return warned_for - DAY
    first = first_day(ladder.window, day, joined_on) or day
    begun = joined_on if ladder.window == "from_joining" else first
    return min(warned_for, day_in_year(begun, first.year + 1)) - DAY


def first_look(
    version: Version, tier: Tier | None, since: dt.date, joined_on: dt.date, today: dt.date | None = None
) -> dt.date | None:
    """The first day on which something may become of a tier reached on the day `since`, whatever is bought by then.

    None where nothing ever does. `today`: where it is told later.
    """
    if tier is None:
        return None
    if tier.season is not None:
        return season_over(tier, max(since, today or since))
    ladder = version.ladder
    if not ladder.can_lose:
        return None
    warned = dt.timedelta(days=ladder.warn_days)
    if ladder.window == "rolling_12_months":
        return max(day_in_year(since, since.year + 1) - warned, since + DAY)
    held = Held(tier, since, joined_on)
    first = _first(ladder, since, held)
    whole = first if first >= since else _following(ladder, first, held)
    return max(_following(ladder, whole, held) - warned, since + DAY)


def next_look(held: Held, climb: Climb, version: Version, day: dt.date) -> dt.date | None:
    """After a review on this day, the next on which it may find something else, whatever is bought by then.

    None where nothing ever does.
    """
    ladder = version.ladder
    if held.tier.season is not None:  # it may have been put on the tier since then
        return season_over(held.tier, max(held.since, day))
    earliest = first_look(version, held.tier, held.since, held.joined_on)
    if earliest is None or earliest > day:
        return earliest
    if ladder.window == "rolling_12_months":
        lost_on = _lost_on(held, climb, ladder, day)
        return lost_on and max(lost_on - dt.timedelta(days=ladder.warn_days), day + DAY)
    first = _first(ladder, day, held)
    following = _following(ladder, first, held)
    grace, warned = dt.timedelta(days=ladder.grace_days), dt.timedelta(days=ladder.warn_days)
    return min(
        look for look in (first + grace, following - warned, following, following + grace) if look > day
    )


def _lost_on(held: Held, climb: Climb, ladder: Ladder, day: dt.date) -> dt.date | None:
    """Of twelve rolling months, the day after this one on which the tier is lost, if nothing more is bought."""
    on = max(day + DAY - dt.timedelta(days=ladder.grace_days), day_in_year(held.since, held.since.year + 1))
    days_short = 0
    while on <= day_in_year(day, day.year + 1) + dt.timedelta(days=ladder.grace_days + 2):
        left = climb.between(first_day("rolling_12_months", on, None), min(on, day))
        days_short = days_short + 1 if left < held.tier.threshold_minor else 0
        if on > day and days_short > ladder.grace_days:
            return on
        on += DAY
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

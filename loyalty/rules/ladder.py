"""How far something brings a member up the ladder, and which tier is left when it is taken back. Pure."""

import datetime as dt
from collections.abc import Iterable, Sequence

from loyalty.rules.climb import Climb, best_reached, safe_since
from loyalty.rules.facts import Facts
from loyalty.rules.tiers import Tier
from loyalty.rules.types import Version
from loyalty.rules.verdicts import Reason


def climbed(version: Version, facts: Facts, reasons: Sequence[Reason]) -> int:
    """What it adds to the progress: its money, one visit, or the units of the programme's first unit that it gave."""
    climbing = version.ladder.climbing
    if climbing == "spend":
        return facts.amount_minor
    if climbing == "visits":
        return int("visit" in facts.triggers)
    return sum(reason.units for reason in reasons if reason.unit == version.units[0].id)


def step_back(
    held: Tier | None,
    progress_minor: int,
    amount_minor: int,
    version: Version,
    climbed: Iterable[tuple[int, Version, dt.date]],
    *,
    today: dt.date,
) -> Tier | None:
    """The tier to hold today when a purchase of `amount_minor` is taken out of `progress_minor`, by the rule that lifts.

    `climbed`: of each of the other purchases the progress, without this one, the ladder of its time, and its day. What one
    of them reached is kept, as is a tier that the progress does not explain: its threshold rose since.
    """
    explained = version.tier_reached(progress_minor, today)
    reached = version.tier_reached(progress_minor - amount_minor, today)
    held = explained if held and not held.is_there(today) else held
    if held is None or explained is None or held.threshold_minor > explained.threshold_minor:
        return held
    if reached is not None and reached.threshold_minor >= held.threshold_minor:
        return held
    once = (ladder.tier_reached(progress, day) for progress, ladder, day in climbed)
    kept = [version.tier(tier_id) for tier_id in {tier.id for tier in once if tier is not None}]
    there = (tier for tier in (reached, *kept) if tier is not None and tier.is_there(today))
    best = max(there, key=_threshold, default=None)
    return held if best is not None and best.threshold_minor > held.threshold_minor else best


def step_back_within(
    held: Tier | None,
    since: dt.date,
    version: Version,
    joined_on: dt.date | None,
    climbs: tuple[Climb, Climb],
    *,
    today: dt.date,
) -> Tier | None:
    """The tier to hold today when what was climbed became less, under a ladder that counts by windows, visits or units.

    `climbs`: as it was, and as it is. A tier held since a day is explained by what counted then or later, and by whatever
    was not lost yet on that day. What is explained still is kept, and so is what was not before: its threshold rose since.
    """
    begins = safe_since(version.ladder, since, joined_on)
    once, still = (best_reached(climb, begins, version, joined_on, since, today) for climb in climbs)
    held = once if held and not held.is_there(today) else held
    if held is None or once is None or held.threshold_minor > once.threshold_minor:
        return held
    return held if still is not None and still.threshold_minor >= held.threshold_minor else still


def tier_in(version: Version, tier_id: str, before: Version) -> Tier | None:
    """The tier of that id; where it is in the version no more, the highest that asks for no more takes its place.

    None where there is none, or where the ladder counts something else than that of the version `before`.
    """
    tier, gone = version.tier(tier_id), before.tier(tier_id)
    if tier is not None or gone is None or not counts_the_same(version, before):
        return tier
    below = (other for other in reversed(version.tiers) if other.threshold_minor <= gone.threshold_minor)
    return next((other for other in below if other.season is None), None)


def counts_the_same(version: Version, before: Version) -> bool:
    """Whether amounts of the two ladders can be compared: both are spend, or visits, or units of the same one."""
    climbing = version.ladder.climbing
    if climbing != before.ladder.climbing:
        return False
    return climbing != "units" or version.units[0].id == before.units[0].id


def rose(tier: Tier, before: Version) -> bool:
    """Whether it asks for more than in the version before."""
    was = before.tier(tier.id)
    return was is not None and tier.threshold_minor > was.threshold_minor


def _threshold(tier: Tier) -> int:
    return tier.threshold_minor

"""How far something brings a member up the ladder, and which tier is left when it is taken back. Pure."""

from collections.abc import Iterable, Sequence

from loyalty.rules.facts import Facts
from loyalty.rules.types import Tier, Version
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
    climbed: Iterable[tuple[int, Version]],
) -> Tier | None:
    """The tier to hold when a purchase of `amount_minor` is taken out of `progress_minor`, by the rule that lifts.

    `climbed`: the progress at each of the other purchases, without this one, and the ladder of its time. What one of them
    reached is kept, as is a tier that the progress does not explain: its threshold rose since.
    """
    explained = version.tier_reached(progress_minor)
    reached = version.tier_reached(progress_minor - amount_minor)
    if held is None or explained is None or held.threshold_minor > explained.threshold_minor:
        return held
    if reached is not None and reached.threshold_minor >= held.threshold_minor:
        return held
    once = (ladder.tier_reached(progress) for progress, ladder in climbed)
    kept = [version.tier(tier_id) for tier_id in {tier.id for tier in once if tier is not None}]
    best = max((tier for tier in (reached, *kept) if tier is not None), key=_threshold, default=None)
    return held if best is not None and best.threshold_minor > held.threshold_minor else best


def _threshold(tier: Tier) -> int:
    return tier.threshold_minor

"""Which tier a member holds when a purchase is taken back. Pure: progress in, a tier out."""

from collections.abc import Iterable

from loyalty.rules.types import Tier, Version


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
    kept = {version.tier(tier.id) for tier in once if tier is not None}
    best = max((tier for tier in (reached, *kept) if tier is not None), key=_threshold, default=None)
    return held if best is not None and best.threshold_minor > held.threshold_minor else best


def _threshold(tier: Tier) -> int:
    return tier.threshold_minor

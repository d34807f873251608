"""Judges facts by a published version. No query, no clock, no randomness: same facts, same verdict."""

from collections.abc import Iterable

from loyalty.rules.types import Award, Facts, Reason, Rule, Tier, Verdict, Version


def judge(facts: Facts, version: Version) -> Verdict:
    """Awards, reasons and the standing that follows. A purchase is judged by the tier held *before* it."""
    held = version.tier(facts.tier_id)
    reasons = [_apply(rule, facts, held) for rule in version.rules if rule.trigger == facts.trigger]
    progress = facts.progress_minor + facts.amount_minor
    reached = version.tier_reached(progress)
    moved_up = reached is not None and (held is None or reached.threshold_minor > held.threshold_minor)
    return Verdict(
        awards=[Award(reason.unit, reason.units, reason) for reason in reasons if reason.units > 0],
        reasons=reasons,
        tier=reached if moved_up else held,
        moved_up=moved_up,
        progress_minor=progress,
    )


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


def _apply(rule: Rule, facts: Facts, tier: Tier | None) -> Reason:
    if rule.trigger == "joining":
        return Reason("welcome", rule.id, rule.unit, rule.amount, {})
    times = facts.amount_minor // rule.per_minor
    figures: dict[str, object] = {
        "spent_minor": facts.amount_minor,
        "per_minor": rule.per_minor,
        "per_units": rule.amount,
    }
    if times == 0:
        return Reason(
            "short_of", rule.id, rule.unit, 0, {**figures, "short_minor": rule.per_minor - facts.amount_minor}
        )
    base = times * rule.amount
    percent = tier.multiplier_percent if tier else 100
    # Rounded down once, on the product: 9 at × 1.25 is 11, never 12.
    figures |= {"base": base, "multiplier_percent": percent, "tier": tier.name if tier else None}
    return Reason("per_amount", rule.id, rule.unit, base * percent // 100, figures)

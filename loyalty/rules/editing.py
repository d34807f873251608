"""Changes to a programme, as functions from version to version. Pure: what is wrong with the outcome, `checking.py` says.

Each leaves alone what it is not about, and raises NotThere where there is nothing of that id.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from loyalty.rules.limits import Limits
from loyalty.rules.tiers import Tier
from loyalty.rules.types import Condition, Returns, Rule, Stacking, Unit, Version

T = TypeVar("T")


class NotThere(LookupError):
    """No rule, tier or unit of this id: somebody took it out meanwhile."""


def with_rule(version: Version, rule: Rule) -> Version:
    """With this rule in the place of the one of its id, or after all others."""
    if version.rule(rule.id) is None:
        return replace(version, rules=(*version.rules, rule))
    return replace(version, rules=tuple(rule if one.id == rule.id else one for one in version.rules))


def changed_rule(version: Version, rule_id: str, **fields: Any) -> Version:
    """With these fields of one rule set, and its others as they are."""
    return with_rule(version, replace(_found(version.rule(rule_id)), **fields))


def without_rule(version: Version, rule_id: str) -> Version:
    """Without the rule of this id."""
    _found(version.rule(rule_id))
    return replace(version, rules=tuple(rule for rule in version.rules if rule.id != rule_id))


def with_tier(version: Version, tier: Tier) -> Version:
    """With this tier in the place of the one of its id, or added; the ladder stands lowest first."""
    others = (other for other in version.tiers if other.id != tier.id)
    return replace(version, tiers=tuple(sorted((*others, tier), key=_threshold)))


def changed_tier(version: Version, tier_id: str, **fields: Any) -> Version:
    """With these fields of one tier set, and its others as they are."""
    return with_tier(version, replace(_found(version.tier(tier_id)), **fields))


def without_tier(version: Version, tier_id: str) -> Version:
    """Without the tier of this id. A rule that was for its members stays, and is for nobody until it is changed."""
    _found(version.tier(tier_id))
    return replace(version, tiers=tuple(tier for tier in version.tiers if tier.id != tier_id))


def moved_tier(version: Version, tier_id: str, *, up: bool) -> Version:
    """With one tier in its neighbour's place: amounts stay where they are, names and perks move.

    At the end of the ladder nothing changes.
    """
    tier = _found(version.tier(tier_id))
    here = version.tiers.index(tier)
    there = here + (1 if up else -1)
    if not 0 <= there < len(version.tiers):
        return version
    other = version.tiers[there]
    version = with_tier(version, replace(tier, threshold_minor=other.threshold_minor))
    return with_tier(version, replace(other, threshold_minor=tier.threshold_minor))


def with_unit(version: Version, unit: Unit) -> Version:
    """With this unit in the place of the one of its id, or after all others. The first is the one on the card."""
    if all(one.id != unit.id for one in version.units):
        return replace(version, units=(*version.units, unit))
    return replace(version, units=tuple(unit if one.id == unit.id else one for one in version.units))


def changed_unit(version: Version, unit_id: str, **fields: Any) -> Version:
    """With these fields of one unit set, and its others as they are."""
    return with_unit(version, replace(_found(version.unit(unit_id)), **fields))


def moved_unit(version: Version, unit_id: str, *, up: bool) -> Version:
    """With one unit in its neighbour's place; the first is the one on the card. At the end of the row nothing changes."""
    unit = _found(version.unit(unit_id))
    here = version.units.index(unit)
    there = here + (-1 if up else 1)
    if not 0 <= there < len(version.units):
        return version
    units = list(version.units)
    units[here], units[there] = units[there], unit
    return replace(version, units=tuple(units))


def without_unit(version: Version, unit_id: str) -> Version:
    """Without the unit of this id, and without the rules that give it. What members have of it stays theirs."""
    _found(next((unit for unit in version.units if unit.id == unit_id), None))
    return replace(
        version,
        units=tuple(unit for unit in version.units if unit.id != unit_id),
        rules=tuple(rule for rule in version.rules if rule.gives == "badge" or rule.unit != unit_id),
    )


def renamed(version: Version, name: str) -> Version:
    """With another name."""
    return replace(version, name=name)


def with_limits(version: Version, limits: Limits) -> Version:
    """With other limits of how often a member may buy."""
    return replace(version, limits=limits)


def with_ladder(version: Version, **said: Any) -> Version:
    """With these fields of how tiers are climbed and lost set, and the others as they are."""
    return replace(version, ladder=replace(version.ladder, **said))


def with_stacking(version: Version, stacking: Stacking) -> Version:
    """With another way to count several multipliers."""
    return replace(version, stacking=stacking)


def with_returns(version: Version, returns: Returns) -> Version:
    """With another way for refunds to take units back."""
    return replace(version, returns=returns)


def with_least_in_money(version: Version, minor: int) -> Version:
    """With another least that is paid in money of each bill."""
    return replace(version, least_in_money_minor=minor)


def with_ids(
    version: Version, given: Callable[[str], str], *, seed: Callable[[str], str] = lambda kept: kept
) -> Version:
    """With other ids for units, tiers and rules, everywhere: for a version that comes from outside. `seed` makes that of each chance."""
    tier_of = {tier.id: given(tier.id) for tier in version.tiers}

    def its_own(condition: Condition) -> Condition:
        if condition.kind == "tier":
            return replace(
                condition, given={"any": [tier_of.get(one, one) for one in condition.given["any"]]}
            )
        if condition.kind == "chance":
            return replace(condition, given={**condition.given, "seed": seed(condition.given["seed"])})
        return condition

    return replace(
        version,
        units=tuple(replace(unit, id=given(unit.id)) for unit in version.units),
        tiers=tuple(replace(tier, id=tier_of[tier.id]) for tier in version.tiers),
        rules=tuple(
            replace(
                rule,
                id=given(rule.id),
                unit=given(rule.unit),
                conditions=tuple(its_own(condition) for condition in rule.conditions),
            )
            for rule in version.rules
        ),
    )


def is_welcome(rule: Rule) -> bool:
    """Whether the rule gives every member the same for joining."""
    return rule.trigger == "joining" and rule.gives == "flat" and not rule.conditions


def _found(thing: T | None) -> T:
    if thing is None:
        raise NotThere
    return thing


def _threshold(tier: Tier) -> int:
    return tier.threshold_minor

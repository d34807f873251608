"""What one measure is in another: a ladder that counts something else from now on, and how many units mean something here."""

from collections.abc import Callable
from dataclasses import replace

from loyalty.gallery.templates import round_sum
from loyalty.rules.editing import with_ladder
from loyalty.rules.tiers import Climbing
from loyalty.rules.types import Rule, Version

VISIT = 10  # what one visit brings, in euros or their like: to begin with, where nobody said


def climbing_by(version: Version, climbing: Climbing) -> Version:
    """The same ladder by spend, visits or units. Whoever changes it looks at each amount: they are a place to begin."""
    if climbing == version.ladder.climbing:
        return version
    version, before = with_ladder(version, climbing=climbing), version
    tiers, least = [], 0
    for tier in version.tiers:
        money = _MONEY_OF[before.ladder.climbing](tier.threshold_minor, before)
        threshold = _OF_MONEY[climbing](money, before) if tier.threshold_minor else 0
        tiers.append(replace(tier, threshold_minor=max(threshold, least)))
        least = tiers[-1].threshold_minor + 1
    return replace(version, tiers=tuple(tiers))


def units_for(euros: int, version: Version) -> int:
    """Units of the first unit that the programme gives for so many euros, or what means as much there; one at least."""
    unit, money = version.units[0], round_sum(euros, version.currency)
    if unit.kind == "credit" and not any(_is_earning(rule, version) for rule in version.rules):
        return max(1, money // 20)  # a twentieth, as shops give back
    return max(1, _units_for(money, version))


def _visit(version: Version) -> int:
    return round_sum(VISIT, version.currency)


def _earning(version: Version) -> tuple[int, int]:
    """So many units for so much money, by the first rule that says so; one for a euro or its like where none does."""
    rule = next((rule for rule in version.rules if _is_earning(rule, version)), None)
    return (rule.amount, rule.per_minor) if rule else (1, round_sum(1, version.currency))


def _is_earning(rule: Rule, version: Version) -> bool:
    is_plain = rule.trigger == "purchase" and rule.gives == "per_amount" and not rule.conditions
    return is_plain and rule.unit == version.units[0].id


def _units_for(money: int, version: Version) -> int:
    amount, per_minor = _earning(version)
    return money * amount // per_minor


def _money_for(units: int, version: Version) -> int:
    amount, per_minor = _earning(version)
    return units * per_minor // amount


Measuring = Callable[[int, Version], int]
_MONEY_OF: dict[str, Measuring] = {
    "spend": lambda minor, _version: minor,
    "visits": lambda visits, version: visits * _visit(version),
    "units": _money_for,
}
_OF_MONEY: dict[str, Measuring] = {
    "spend": lambda minor, _version: minor,
    "visits": lambda minor, version: max(1, minor // _visit(version)),
    "units": lambda minor, version: max(1, _units_for(minor, version)),
}

"""What multipliers add to what the other rules give. The order of rules changes nothing.

With `best`, the highest multiplier counts, the tier's among them, and the other ones give nothing. With `sum`, what each
adds to the single amount is added up: × 1.5 and × 2 are × 2.5. A rounded-off rest goes on from one to the next, so that
together they are what one multiplier of that size would be.
"""

from collections.abc import Sequence

from loyalty.rules.asking import Line
from loyalty.rules.awards import divide
from loyalty.rules.basis import counted_minor
from loyalty.rules.facts import Facts
from loyalty.rules.types import WHOLE_BILL, Rule, Stacking, Tier


def multiply(lines: Sequence[Line], facts: Facts, held: Tier | None, stacking: Stacking) -> None:
    """Give the multipliers among these lines their units, and the others' rests what is left of theirs."""
    waiting = [line for line in lines if line.code == "multiplier"]
    for unit in dict.fromkeys(line.rule.unit for line in waiting):
        asked = sorted((line for line in waiting if line.rule.unit == unit), key=_by_size)
        bases = [line for line in lines if line.base > 0 and line.rule.multiplied and line.rule.unit == unit]
        tier_percent = held.multiplier_percent if held else 100
        floor = tier_percent if stacking == "best" else 100
        extras = {line.rule.id: [_extra(line.rule, base, facts, floor) for base in bases] for line in asked}
        if stacking == "best":
            asked = _best_first(asked, extras)
        for place, line in enumerate(asked):
            if not any(extras[line.rule.id]) or (place > 0 and stacking == "best"):
                line.code = "beaten" if bases else "nothing_to_multiply"
                line.figures = {"percent": line.rule.percent, "tier_percent": tier_percent}
                continue
            _give(line, bases, extras[line.rule.id], tier_percent)


def _give(line: Line, bases: Sequence[Line], extras: Sequence[int], tier_percent: int) -> None:
    line.code = "multiplied"
    line.figures = {
        "base": sum(base.base for base in bases) // 100,
        "percent": line.rule.percent,
        "tier_percent": tier_percent,
    }
    for base, extra in zip(bases, extras, strict=True):
        exact = base.rest + extra
        units = divide(exact, 100, "down" if base.rule.keeps_change else base.rule.rounding)
        line.units, base.rest = line.units + units, exact - units * 100
    line.cap()


def _extra(rule: Rule, base: Line, facts: Facts, floor: int) -> int:
    """Hundredths that the multiplier adds to what one rule gives."""
    more = max(0, rule.percent - floor)
    return base.base * _part_minor(rule, base, facts) * more // (_whole_minor(base, facts) * 100)


def _part_minor(rule: Rule, base: Line, facts: Facts) -> int:
    """What of the money that a rule counts this multiplier counts too."""
    whole = _whole_minor(base, facts)
    if rule.basis == WHOLE_BILL or not (rule.basis.only or rule.basis.without):
        return whole
    return min(whole, counted_minor(rule.basis, facts))


def _whole_minor(base: Line, facts: Facts) -> int:
    return counted_minor(base.rule.basis, facts) or 1


def _by_size(line: Line) -> tuple[int, str]:
    return -line.rule.percent, line.rule.id


def _best_first(asked: Sequence[Line], extras: dict[str, list[int]]) -> list[Line]:
    return sorted(asked, key=lambda line: (-sum(extras[line.rule.id]), *_by_size(line)))

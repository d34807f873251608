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
from loyalty.rules.tiers import Tier
from loyalty.rules.types import Rule, Stacking


def multiply(lines: Sequence[Line], facts: Facts, held: Tier | None, stacking: Stacking) -> None:
    """Give the multipliers among these lines their units, and the others' rests what is left of theirs."""
    waiting = [line for line in lines if line.code == "multiplier"]
    tier_percent = held.multiplier_percent if held else 100
    floor = tier_percent if stacking == "best" else 100
    for unit in dict.fromkeys(line.rule.unit for line in waiting):
        asked = [line for line in waiting if line.rule.unit == unit]
        bases = [line for line in lines if line.base > 0 and line.rule.multiplied and line.rule.unit == unit]
        extras = {line.rule.id: [_extra(line.rule, base, facts, floor) for base in bases] for line in asked}
        for place, line in enumerate(sorted(asked, key=lambda line: _best_first(line, extras))):
            if not any(extras[line.rule.id]) or (place > 0 and stacking == "best"):
                line.code = "beaten" if bases else "nothing_to_multiply"
                line.figures = {"percent": line.rule.percent, "tier_percent": tier_percent}
            else:
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
        units = max(0, divide(exact, 100, "down" if base.rule.keeps_change else base.rule.rounding))
        line.units, base.rest = line.units + units, exact - units * 100
    line.cap()


def _extra(rule: Rule, base: Line, facts: Facts, floor: int) -> int:
    """Hundredths that the multiplier adds to what one rule gives."""
    more = rule.percent - floor
    if more <= 0:
        return 0
    if not (rule.basis.only or rule.basis.without):
        return base.base * more // 100
    # Of the money that the rule counts, the multiplier counts a part.
    part = counted_minor(base.rule.basis, facts, within=rule.basis)
    return base.base * more * part // ((base.counted or 1) * 100)


def _best_first(line: Line, extras: dict[str, list[int]]) -> tuple[int, int, str]:
    """What it may give most of comes first; of alike ones the higher, then any one that is always the same."""
    most, extra = line.left.units, sum(extras[line.rule.id])
    return -(extra if most is None else min(extra, most * 100)), -line.rule.percent, line.rule.id

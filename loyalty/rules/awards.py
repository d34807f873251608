"""What a rule gives before multipliers and quotas: one function and one line of `AWARDS` each.

A function is given the rule, the facts, what counts of the bill and the change kept aside; it answers in hundredths of a
unit, so that nothing is rounded before it must be.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from loyalty.rules.basis import counts
from loyalty.rules.facts import Facts
from loyalty.rules.types import Rounding, Rule


class Given(NamedTuple):
    """What a rule gives: a reason's code and figures, hundredths of a unit, and what of the money is kept or used up.

    `is_near`: nothing was given, and a little more would have done.
    """

    code: str
    hundredths: int
    figures: Mapping[str, Any] = MappingProxyType({})
    change_minor: int = 0
    is_near: bool = False


def _per_amount(rule: Rule, _facts: Facts, counted: int, kept_minor: int) -> Given:
    """For each whole step of the basis. With change, what earlier purchases left is on top of this one."""
    whole = counted + kept_minor if rule.keeps_change else counted
    times = max(0, divide(whole, rule.per_minor, "down" if rule.keeps_change else rule.rounding))
    change = counted - times * rule.per_minor if rule.keeps_change else 0
    figures: dict[str, Any] = {
        "spent_minor": counted,
        "per_minor": rule.per_minor,
        "per_units": rule.amount,
    }
    if rule.keeps_change:
        figures["kept_minor"] = kept_minor + change
    if times == 0:
        return Given(
            "short_of", 0, figures | {"short_minor": rule.per_minor - whole}, change, is_near=counted > 0
        )
    return Given("per_amount", times * rule.amount * 100, figures, change)


def _per_item(rule: Rule, facts: Facts, _counted: int, _kept_minor: int) -> Given:
    """For each item that counts, from the n-th: the third night, each coffee."""
    items = sum(item.quantity for item in facts.bill.items if counts(rule.basis, item))
    paying = max(0, items - rule.from_item + 1)
    figures = {"items": items, "from_item": rule.from_item, "per_units": rule.amount}
    if paying == 0:
        return Given("too_few_items", 0, figures, is_near=items > 0)
    return Given("per_item", paying * rule.amount * 100, figures)


def _flat(rule: Rule, _facts: Facts, _counted: int, _kept_minor: int) -> Given:
    """Once, however much it is."""
    return Given("welcome" if rule.trigger == "joining" else "flat", rule.amount * 100)


def _share(rule: Rule, _facts: Facts, counted: int, _kept_minor: int) -> Given:
    """A share of what counts. 10 % of €12.34 in a unit of cents is 123.40 of it."""
    figures = {"spent_minor": counted, "basis_points": rule.basis_points}
    return Given("share", divide(counted * rule.basis_points, 100, "down"), figures)


def _badge(_rule: Rule, _facts: Facts, _counted: int, _kept_minor: int) -> Given:
    """No units."""
    return Given("badge", 0)


AWARDS: dict[str, Callable[[Rule, Facts, int, int], Given]] = {
    "badge": _badge,
    "flat": _flat,
    "per_amount": _per_amount,
    "per_item": _per_item,
    "share": _share,
}


def divide(amount: int, by: int, rounding: Rounding) -> int:
    """Whole times that `by` goes into `amount`; a half is rounded up."""
    if rounding == "down":
        return amount // by
    return -(-amount // by) if rounding == "up" else (2 * amount + by) // (2 * by)

"""How much of a rule is left to give: to this member, to all members together, at once."""

from typing import NamedTuple

from loyalty.rules.facts import Facts
from loyalty.rules.memory import had_of
from loyalty.rules.periods import period_key
from loyalty.rules.types import Quota, Rule
from loyalty.rules.verdicts import Drawn


class Left(NamedTuple):
    """Units that a rule may still give now, None for any number, and which quota says so: None for `most_at_once`."""

    units: int | None = None
    quota: Quota | None = None


ANY_NUMBER = Left()


def left_of(rule: Rule, facts: Facts) -> Left:
    """The tightest of a rule's limits; 0 units of it where it may not give at all."""
    tightest = Left(rule.most_at_once) if rule.most_at_once else ANY_NUMBER
    for quota in rule.quotas:
        units, times = _had(quota, rule, facts)
        if quota.counted == "times":
            if times < quota.most:
                continue
            left = 0
        else:
            left = max(0, quota.most - units)
        if tightest.units is None or left < tightest.units:
            tightest = Left(left, quota)
    return tightest


def drawn_from(rule: Rule, facts: Facts, units: int) -> list[Drawn]:
    """What an award takes of what all members together may have, or of what one of the staff may give, by period."""
    day = facts.moment.date()
    found: dict[tuple[str, str], dict[str, int]] = {}
    for quota in rule.quotas:
        budget = budget_name(rule, quota, facts.staff)
        if budget:
            most = found.setdefault((budget, period_key(quota.period, day)), {})
            most[quota.counted] = min(quota.most, most.get(quota.counted, quota.most))
    return [
        Drawn(budget, key, units, 1, most.get("units"), most.get("times"))
        for (budget, key), most in sorted(found.items())
    ]


def budget_name(rule: Rule, quota: Quota, staff: str) -> str:
    """Under which name a quota is a budget: the rule's, or that with who gives; empty where it is none."""
    if quota.whose == "programme":
        return rule.id
    return f"{rule.id} {staff}" if quota.whose == "staff" and staff else ""


def _had(quota: Quota, rule: Rule, facts: Facts) -> tuple[int, int]:
    key = period_key(quota.period, facts.moment.date())
    if quota.whose != "member":
        return facts.budgets.get((budget_name(rule, quota, facts.staff), key), (0, 0))
    return had_of(facts.memory, rule.id, key)

"""How far a member is toward what takes several times, and which badges they have. Pure: what is remembered in, figures out."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from loyalty.rules.conditions import why_not
from loyalty.rules.facts import Facts, Who
from loyalty.rules.memory import Memory, done_of, had_of, row_of
from loyalty.rules.periods import period_key
from loyalty.rules.types import Goal, Rule, Version

# What a rule may ask that does not change with the next visit: who fails that is not challenged.
_LASTING = {"tier", "dates", "among_first"}
_UNKNOWN = {"segment"}


@dataclass(frozen=True, slots=True)
class Challenge:
    """A rule with a goal: `done` of `goal.times`, none of which an award has used up yet. `is_over`: no more of it now."""

    rule: Rule
    goal: Goal
    done: int
    is_over: bool

    @property
    def left(self) -> int:
        """How many more it takes."""
        return max(0, self.goal.times - self.done)

    def as_reason(self) -> dict[str, Any]:
        """As the engine would say it: see `loyalty.wording.say_reason`."""
        goal = self.goal
        said = {"done": self.done, "of": goal.times, "period": goal.period, "in_a_row": goal.in_a_row}
        return {"code": "goal", "rule": self.rule.id, "unit": self.rule.unit, "units": 0, **said}


def challenges_of(
    version: Version, memory: Memory, moment: dt.datetime, *, tier_id: str | None, ordinal: int = 0
) -> Iterator[Challenge]:
    """The challenges that are on for this member at a moment by the shop's clocks; those of others are left out."""
    for rule in version.rules:
        if rule.active and rule.goal and _is_for(rule, moment, tier_id, ordinal):
            done = _done(rule, rule.goal, memory, moment.date())
            yield Challenge(rule, rule.goal, done, _is_over(rule, memory, moment.date()))


def badges_of(version: Version, memory: Memory) -> list[Rule]:
    """The rules whose badge the member has. One that was taken out of the programme has no name any more."""
    return [
        rule
        for rule in version.rules
        if rule.gives == "badge"
        and any(times for _units, times in memory.get(rule.id, {}).get("had", {}).values())
    ]


def _is_for(rule: Rule, moment: dt.datetime, tier_id: str | None, ordinal: int) -> bool:
    facts = Facts(rule.trigger, tier_id=tier_id, moment=moment, who=Who(ordinal=ordinal))
    return not any(
        one.kind in _UNKNOWN or (one.kind in _LASTING and why_not(one, rule, facts, 0))
        for one in rule.conditions
    )


def _done(rule: Rule, goal: Goal, memory: Memory, day: dt.date) -> int:
    key = period_key(goal.period, day)
    if not goal.in_a_row:
        return max(0, done_of(memory, rule.id, key))
    if had_of(memory, rule.id, key)[1]:
        return 0  # this period's award began a new row, with the next one
    return row_of(memory, rule.id, goal, key) + int(done_of(memory, rule.id, key) > 0)


def _is_over(rule: Rule, memory: Memory, day: dt.date) -> bool:
    return any(
        had_of(memory, rule.id, period_key(quota.period, day))[quota.counted == "times"] >= quota.most
        for quota in rule.quotas
        if quota.whose == "member"
    )

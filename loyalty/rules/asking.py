"""One rule, asked by itself: does it hold, is any of it left, what does it give, what of that is remembered."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from loyalty.rules.awards import AWARDS, divide
from loyalty.rules.basis import counted_minor
from loyalty.rules.conditions import CONDITIONS, Unmet
from loyalty.rules.facts import Facts
from loyalty.rules.memory import Trace, change_of, done_of, last_at, row_of
from loyalty.rules.periods import period_key
from loyalty.rules.quotas import ANY_NUMBER, Left, left_of
from loyalty.rules.types import Goal, Rule, Tier
from loyalty.rules.verdicts import Reason


@dataclass(slots=True)
class Line:
    """What one rule gives, while it is being judged. Hundredths are of a unit."""

    rule: Rule
    code: str
    figures: dict[str, Any] = field(default_factory=dict)
    is_near: bool = False
    base: int = 0  # hundredths, before multipliers
    units: int = 0
    rest: int = 0  # hundredths that are no whole unit; below zero where it was rounded up
    kept_before: int = 0  # hundredths kept aside from earlier
    change_minor: int = 0
    matches: int = 0
    left: Left = ANY_NUMBER

    @property
    def trace(self) -> Trace:
        """What it leaves in the member's memory."""
        return Trace(
            change_minor=self.change_minor,
            change_hundredths=self.rest - self.kept_before if self.rule.keeps_change else 0,
            units=self.units,
            times=int(self.units > 0 or self.code == "badge"),
            matches=self.matches,
        )

    def cap(self) -> None:
        """Give no more than is left; what is above is gone, and no change."""
        if self.left.units is not None and self.units > self.left.units:
            self.figures |= {"uncapped": self.units, **_limit(self.rule, self.left)}
            self.units, self.rest = self.left.units, self.kept_before

    def reason(self) -> Reason:
        """As it is told and kept."""
        figures = self.figures
        if self.rule.keeps_change or self.rule.quotas or self.rule.goal:
            figures = figures | {"trace": self.trace.as_json()}
        if self.rule.keeps_change and self.rest:
            figures = figures | {"kept_hundredths": self.rest}
        return Reason(self.code, self.rule.id, self.rule.unit, self.units, figures, self.is_near)


def ask(rule: Rule, facts: Facts, held: Tier | None) -> Line:
    """What a rule gives for these facts to a member of this tier; a multiplier waits for what the others give."""
    counted = counted_minor(rule.basis, facts) if facts.amount_minor else 0
    for condition in rule.conditions:
        unmet = CONDITIONS[condition.kind](condition.given, facts, counted)
        if unmet is not None:
            return _refused(rule, unmet)
    unmet = _too_soon(rule, facts)
    if unmet is not None:
        return _refused(rule, unmet)
    left = left_of(rule, facts) if rule.quotas or rule.most_at_once else ANY_NUMBER
    if left.units == 0:
        return _refused(rule, Unmet("quota_reached", _limit(rule, left), is_near=True))
    matches = 0
    if rule.goal is not None:
        matches, done = 1, _done(rule, rule.goal, facts)
        if done is not None:
            return Line(rule, "goal", done, is_near=True, matches=1)
    if rule.gives == "multiplier":
        return Line(rule, "multiplier", matches=matches, left=left)
    line = _give(rule, facts, counted, held)
    line.matches, line.left = matches, left
    line.cap()
    return line


def _give(rule: Rule, facts: Facts, counted: int, held: Tier | None) -> Line:
    kept_minor, kept = change_of(facts.memory, rule.id) if rule.keeps_change else (0, 0)
    given = AWARDS[rule.gives](rule, facts, counted, kept_minor)
    figures, percent = dict(given.figures), 100
    if rule.multiplied and given.hundredths:
        percent = held.multiplier_percent if held else 100
        # The base is rounded down, and its product once more, so that 9 at × 1.25 is 11 with a quarter over.
        figures |= {
            "base": given.hundredths // 100,
            "multiplier_percent": percent,
            "tier": held.name if held else None,
        }
    exact = given.hundredths * percent // 100 + kept
    units = max(0, divide(exact, 100, "down" if rule.keeps_change else rule.rounding))
    return Line(
        rule,
        given.code,
        figures,
        given.is_near,
        base=given.hundredths,
        units=units,
        rest=exact - units * 100,
        kept_before=kept,
        change_minor=given.change_minor,
    )


def _refused(rule: Rule, unmet: Unmet) -> Line:
    return Line(rule, unmet.code, dict(unmet.figures), unmet.is_near)


def _too_soon(rule: Rule, facts: Facts) -> Unmet | None:
    before = last_at(facts.memory, rule.id) if rule.pause_minutes else None
    if before is None or abs(facts.moment - before) >= dt.timedelta(minutes=rule.pause_minutes):
        return None
    return Unmet("pause", {"minutes": rule.pause_minutes}, is_near=True)


def _done(rule: Rule, goal: Goal, facts: Facts) -> dict[str, Any] | None:
    """How far the goal is with this match, or None if it is reached."""
    key = period_key(goal.period, facts.moment.date())
    if goal.in_a_row:
        done = row_of(facts.memory, rule.id, goal.period, key) + 1
        reached = done % goal.times == 0 and done_of(facts.memory, rule.id, key) == 0
    else:
        done = done_of(facts.memory, rule.id, key) + 1
        reached = done % goal.times == 0
    if reached:
        return None
    left = (done - 1) % goal.times + 1 if not goal.in_a_row or done % goal.times else goal.times
    return {"done": left, "of": goal.times, "period": goal.period, "in_a_row": goal.in_a_row}


def _limit(rule: Rule, left: Left) -> dict[str, Any]:
    if left.quota is None:
        return {"most": rule.most_at_once, "counted": "units", "period": "once", "whose": "member"}
    quota = left.quota
    return {"most": quota.most, "counted": quota.counted, "period": quota.period, "whose": quota.whose}

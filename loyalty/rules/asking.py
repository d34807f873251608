"""One rule, asked by itself: does it hold, is any of it left, what does it give, what of that is remembered."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from loyalty.rules.awards import AWARDS, divide
from loyalty.rules.basis import counted_minor, has_only_gift_cards
from loyalty.rules.conditions import Unmet, why_not
from loyalty.rules.facts import Facts
from loyalty.rules.memory import (
    LOST,
    NO_TRACE,
    WON,
    Trace,
    change_of,
    done_of,
    draw_of,
    given_at,
    had_of,
    row_of,
)
from loyalty.rules.periods import period_key
from loyalty.rules.quotas import ANY_NUMBER, Left, left_of
from loyalty.rules.tiers import Tier
from loyalty.rules.types import Basis, Condition, Goal, Rule
from loyalty.rules.verdicts import Reason


@dataclass(slots=True)
class Line:
    """What one rule gives, while it is being judged. Hundredths are of a unit."""

    rule: Rule
    code: str
    figures: Mapping[str, Any]
    is_near: bool = False
    counted: int = 0  # of the money, in minor units
    base: int = 0  # hundredths, before multipliers
    units: int = 0
    rest: int = 0  # hundredths that are no whole unit; below zero where it was rounded up
    kept_before: int = 0  # hundredths kept aside from earlier
    change_minor: int = 0
    matches: int = 0
    used_up: int = 0  # matches that an award takes
    left: Left = ANY_NUMBER
    drew: int = 0  # what chance said, if it was asked

    @property
    def trace(self) -> Trace:
        """What it leaves in the member's memory; NO_TRACE itself where that is nothing."""
        if not self.rule.remembers:
            return NO_TRACE  # most rules, most of the time
        gave = self.units > 0 or self.code == "badge"
        hundredths = self.rest - self.kept_before if self.rule.keeps_change else 0
        matches = self.matches - (self.used_up if gave else 0)
        trace = Trace(self.change_minor, hundredths, self.units, int(gave), matches, self.drew)
        return trace if any(trace) else NO_TRACE

    def cap(self) -> None:
        """Give no more than is left; what is above is gone: it is no change, and nothing multiplies it."""
        most = self.left.units
        if most is not None and self.units > most:
            self.figures = {**self.figures, "uncapped": self.units, **_limit(self.rule, self.left)}
            self.base = self.base * most // self.units
            self.units, self.rest = most, self.kept_before

    def reason(self, trace: Trace) -> Reason:
        """As it is told and kept."""
        figures = self.figures
        if trace is not NO_TRACE:
            figures = {**figures, "trace": trace.as_json()}
        if self.rule.keeps_change and self.rest:
            figures = {**figures, "kept_hundredths": self.rest}
        return Reason(self.code, self.rule.id, self.rule.unit, self.units, figures, self.is_near)


class Case:
    """Facts that are judged for a member of this tier, and what is worked out once for all rules."""

    __slots__ = ("_counted", "facts", "held", "only_gift_cards")

    def __init__(self, facts: Facts, held: Tier | None) -> None:
        self.facts, self.held = facts, held
        self.only_gift_cards = has_only_gift_cards(facts.bill)
        self._counted: dict[int, int] = {}

    def counted(self, basis: Basis) -> int:
        """What of the money counts by this basis, in minor units. Most rules share the very same one."""
        known = self._counted.get(id(basis))
        if known is None:
            known = counted_minor(basis, self.facts) if self.facts.amount_minor else 0
            self._counted[id(basis)] = known
        return known


def ask(rule: Rule, case: Case) -> Line:
    """What a rule gives in this case; a multiplier waits for what the others give."""
    facts, counted = case.facts, case.counted(rule.basis)
    if case.only_gift_cards and rule.trigger == "purchase":
        return Line(rule, "gift_card", {})
    near: list[Unmet] = []
    unmet = _far(rule, facts, counted, near) if rule.conditions else None
    if unmet is not None:
        return Line(rule, unmet.code, unmet.figures)  # whatever is left of it
    left = left_of(rule, facts) if rule.quotas or rule.most_at_once else ANY_NUMBER
    if near or rule.chance or rule.pause_minutes or left.units == 0:
        unmet = _in_the_way(rule, facts, counted, left, near)
        if unmet is not None:
            lost = LOST if unmet.code == "not_drawn" and facts.draw else 0
            return Line(rule, unmet.code, unmet.figures, unmet.is_near, drew=lost)
    drew = WON if rule.chance and facts.draw else 0
    goal = rule.goal
    if goal is not None:
        short = _short_of_goal(rule, goal, facts)
        if short is not None:
            return Line(rule, "goal", short, short["done"] > 0, matches=1, drew=drew)
    if rule.gives == "multiplier":
        line = Line(rule, "multiplier", {}, counted=counted)
    else:
        line = _give(rule, facts, counted, case.held)
    line.left, line.drew = left, drew
    if goal is not None:
        line.matches, line.used_up = 1, 0 if goal.in_a_row else goal.times
    line.cap()
    return line


def _give(rule: Rule, facts: Facts, counted: int, held: Tier | None) -> Line:
    kept_minor, kept = change_of(facts.memory, rule.id) if rule.keeps_change else (0, 0)
    given = AWARDS[rule.gives](rule, facts, counted, kept_minor)
    figures, percent = given.figures, 100
    if rule.multiplied and given.hundredths:
        percent = held.multiplier_percent if held else 100
        # The base is rounded down, and its product once more, so that 9 at × 1.25 is 11 with a quarter over.
        figures = {
            **figures,
            "base": given.hundredths // 100,
            "multiplier_percent": percent,
            "tier": held.name if held else None,
        }
    exact = given.hundredths * percent // 100 + kept
    units = max(0, divide(exact, 100, "down" if rule.keeps_change else rule.rounding))
    return Line(
        rule,
        # After refunds there may be a whole unit in the bank, though this time brought nothing.
        given.code if given.hundredths or not units else "kept_change",
        figures,
        given.is_near or (rule.keeps_change and given.hundredths > 0 and not units),
        counted=counted,
        base=given.hundredths,
        units=units,
        rest=exact - units * 100,
        kept_before=kept,
        change_minor=given.change_minor,
    )


def _far(rule: Rule, facts: Facts, counted: int, near: list[Unmet]) -> Unmet | None:
    """A condition that keeps a rule from giving and is not near; `near` gets those that are."""
    for condition in rule.conditions:
        if condition.kind == "chance":
            continue  # last: nothing is drawn in vain
        unmet = why_not(condition, rule, facts, counted)
        if unmet is not None:
            if not unmet.is_near:
                return unmet
            near.append(unmet)
    return None


def _in_the_way(rule: Rule, facts: Facts, counted: int, left: Left, near: list[Unmet]) -> Unmet | None:
    """What else keeps a rule from giving, chance at the end. It is near only if it is the only thing."""
    if rule.pause_minutes and _is_too_soon(rule, facts):
        near.append(Unmet("pause", {"minutes": rule.pause_minutes}, is_near=True))
    if left.units == 0:
        limit = _limit(rule, left)
        # What is over for ever need not be said at each visit.
        near.append(Unmet("quota_reached", limit, is_near=limit["period"] != "ever"))
    if not near:
        return _not_drawn(rule.chance, rule, facts, counted) if rule.chance else None
    if len(near) < 2:
        return near[0]
    return Unmet(near[0].code, near[0].figures)


def _not_drawn(chance: Condition, rule: Rule, facts: Facts, counted: int) -> Unmet | None:
    """What chance says; where it said so before to what was undone since, that again."""
    before = draw_of(facts.memory, rule.id) if facts.draw else 0
    if not before:
        return why_not(chance, rule, facts, counted)
    return Unmet("not_drawn", {}) if before == LOST else None


def _is_too_soon(rule: Rule, facts: Facts) -> bool:
    pause = dt.timedelta(minutes=rule.pause_minutes)
    return any(abs(facts.moment - before) < pause for before in given_at(facts.memory, rule.id))


def _short_of_goal(rule: Rule, goal: Goal, facts: Facts) -> dict[str, Any] | None:
    """How far the goal is with this match, or None if it is reached."""
    key = period_key(goal.period, facts.moment.date())
    if not goal.in_a_row:
        done = done_of(facts.memory, rule.id, key) + 1
    elif had_of(facts.memory, rule.id, key)[1]:
        done = 0  # the award of this period began a new row, with the next one
    else:
        done = row_of(facts.memory, rule.id, goal, key) + 1
    if done >= goal.times:
        return None
    return {"done": max(0, done), "of": goal.times, "period": goal.period, "in_a_row": goal.in_a_row}


def _limit(rule: Rule, left: Left) -> dict[str, Any]:
    if left.quota is None:
        return {"most": rule.most_at_once, "counted": "units", "period": "once", "whose": "member"}
    quota = left.quota
    return {"most": quota.most, "counted": quota.counted, "period": quota.period, "whose": quota.whose}

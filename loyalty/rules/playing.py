"""Plays what happens to a member through a version, event by event, as the programme in force would.

It keeps what the tables keep otherwise: memory, progress, tier, visits, units by kind. Templates are tried with it, a
draft is rehearsed with it. Units that vest or expire are the books' affair: here a unit is usable at once, and for ever.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from loyalty.rules.engine import judge
from loyalty.rules.facts import NOBODY_KNOWN, Facts, Who
from loyalty.rules.ladder import step_back
from loyalty.rules.memory import Trace, forget
from loyalty.rules.types import Tier, Version
from loyalty.rules.verdicts import Verdict
from loyalty.rules.windows import DAY, Climb, Held, Review, first_day, review

Budgets = dict[tuple[str, str], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Refund:
    """Money that goes back, of the purchase whose `draw` is this."""

    of: str
    amount_minor: int
    moment: dt.datetime


@dataclass(frozen=True, slots=True)
class Use:
    """Units used: for a reward, or on a bill."""

    unit: str
    amount: int
    moment: dt.datetime


Event = Facts | Refund | Use


class NothingToUndo(ValueError):
    """No such purchase, or less is left of it."""


class NotEnough(ValueError):
    """More units than the member has."""


@dataclass(slots=True)
class Bought:
    """A purchase, how far it brought its member up the ladder, and what of it went back since."""

    facts: Facts
    verdict: Verdict
    climbed: int
    refunded_minor: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """An event, what followed, and how the member stood after it. Units below zero are a debt."""

    event: Event
    verdict: Verdict | None
    units: dict[str, int]
    tier: Tier | None


@dataclass(slots=True)
class Life:
    """One member under one version, up to now. Give `budgets` to several who live side by side: they share them.

    `reviews` has the days on which a tier was lost, and on which its member began to be warned of that.
    """

    version: Version
    who: Who = NOBODY_KNOWN
    budgets: Budgets = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)
    tier: Tier | None = None
    tier_since: dt.date = dt.date.min
    climb: Climb = field(default_factory=Climb)
    memory: dict[str, Any] = field(default_factory=dict)
    bought: dict[str, Bought] = field(default_factory=dict)
    badges: list[str] = field(default_factory=list)
    reviews: list[tuple[dt.date, Review]] = field(default_factory=list)
    today: dt.date | None = None

    def meet(self, event: Event) -> Step:
        """Whatever happens next, a moment of the shop's own clocks. Raises NothingToUndo, NotEnough."""
        verdict = None
        if isinstance(event, Refund):
            self.refund(event)
        elif isinstance(event, Use):
            self.use(event)
        else:
            verdict = self.judge(event)
        return Step(event, verdict, dict(self.units), self.tier)

    def judge(self, happened: Facts) -> Verdict:
        """What follows from this. Who it is, and what is remembered, is filled in here."""
        self.live_until(day := happened.moment.date())
        if happened.trigger == "joining" and self.who.joined_on is None:
            self.who = replace(self.who, joined_on=day)
        facts = replace(
            happened,
            tier_id=self.tier.id if self.tier else None,
            progress_minor=self.progress_on(day),
            who=self.who,
            memory=self.memory,
            budgets=self.budgets,
        )
        verdict = judge(facts, self.version)
        self._give(verdict)
        if "visit" in facts.triggers:
            self.who = replace(self.who, visits=self.who.visits + 1)
        climbed = verdict.progress_minor - facts.progress_minor
        if climbed:
            self.climb.add(day, climbed)
        if facts.amount_minor:
            self.bought[facts.draw or str(len(self.bought))] = Bought(facts, verdict, climbed)
        if verdict.tier != self.tier:
            self.tier, self.tier_since = verdict.tier, day
        return verdict

    def use(self, used: Use) -> None:
        """Raises NotEnough."""
        if self.units.get(used.unit, 0) < used.amount:
            raise NotEnough(used)
        self.units[used.unit] -= used.amount

    def refund(self, refund: Refund) -> None:
        """Units and memory give back their share, and the tier steps back if nothing else reached it.

        Raises NothingToUndo.
        """
        bought = self.bought.get(refund.of)
        if bought is None or bought.refunded_minor + refund.amount_minor > bought.facts.amount_minor:
            raise NothingToUndo(refund)
        self.live_until(day := refund.moment.date())
        earlier, whole = bought.refunded_minor, bought.facts.amount_minor
        now = bought.refunded_minor = earlier + refund.amount_minor
        progress = self.progress_on(day)
        for unit, units in _by_unit(bought.verdict).items():
            self.units[unit] -= _part(units, earlier, now, whole)
        self._forget(bought, earlier, now)
        if now == whole:
            self.who = replace(self.who, visits=self.who.visits - 1)
        self.climb.add(bought.facts.moment.date(), -_part(bought.climbed, earlier, now, whole))
        gone = progress - self.progress_on(day)
        self.tier = step_back(self.tier, progress, gone, self.version, self._climbed())

    def live_until(self, day: dt.date) -> None:
        """Let the days go by up to this one: tiers that are not earned again are lost on theirs."""
        never = self.version.ladder.downgrade == "never" or self.version.ladder.window == "lifetime"
        on = day if self.today is None or never else self.today + DAY
        while on <= day:
            self._review(on)
            on += DAY
        self.today = max(day, self.today or day)

    def progress_on(self, day: dt.date) -> int:
        """What counts toward a tier on this day: money, visits or units."""
        return self.climb.between(first_day(self.version.ladder.window, day, self.who.joined_on), day)

    def _review(self, day: dt.date) -> None:
        if self.tier is None:
            return
        held = self.version.tier_held(self.tier.id, self.progress_on(day), day)
        if held is None or held != self.tier:  # its season is over
            self.tier, self.tier_since = held, day
            return
        found = review(Held(held, self.tier_since, self.who.joined_on or day), self.climb, self.version, day)
        before = self.reviews[-1][1] if self.reviews else None
        if found.kind == "lower":
            self.tier, self.tier_since = found.tier, found.on or day
        if found.kind == "lower" or (found.kind == "warn" and (before is None or before.on != found.on)):
            self.reviews.append((day, found))

    def _give(self, verdict: Verdict) -> None:
        for unit, units in _by_unit(verdict).items():
            self.units[unit] = self.units.get(unit, 0) + units
        for drawn in verdict.budgets:
            self._draw(drawn.rule, drawn.key, drawn.units, drawn.times)
        self.memory.update(verdict.memory)
        self.badges.extend(verdict.badges)

    def _forget(self, bought: Bought, earlier: int, now: int) -> None:
        whole, moment = bought.facts.amount_minor, bought.facts.moment
        for reason in bought.verdict.reasons:
            rule = self.version.rule(reason.rule)
            if rule is None or "trace" not in reason.figures:
                continue
            trace = Trace(*reason.figures["trace"])
            gone = trace.share(now, whole).less(trace.share(earlier, whole))
            self.memory[rule.id] = forget(self.memory, rule, gone, moment)
        for drawn in bought.verdict.budgets:
            units = _part(drawn.units, earlier, now, whole)
            self._draw(drawn.rule, drawn.key, -units, -drawn.times if now == whole else 0)

    def _draw(self, rule: str, key: str, units: int, times: int) -> None:
        had_units, had_times = self.budgets.get((rule, key), (0, 0))
        self.budgets[rule, key] = (had_units + units, had_times + times)

    def _climbed(self) -> Iterator[tuple[int, Version]]:
        for day in self.climb.days:
            yield self.progress_on(day), self.version


def play(events: Iterable[Event], version: Version, who: Who = NOBODY_KNOWN) -> list[Step]:
    """What these events, in their order, make of a member who has nothing yet. Raises NothingToUndo, NotEnough."""
    life = Life(version, who)
    return [life.meet(event) for event in events]


def _part(units: int, earlier: int, now: int, whole: int) -> int:
    """What belongs to the money between two sums of refunds; all parts together are all of it."""
    return units * now // whole - units * earlier // whole


def _by_unit(verdict: Verdict) -> dict[str, int]:
    units: dict[str, int] = {}
    for award in verdict.awards:
        units[award.unit] = units.get(award.unit, 0) + award.amount
    return units

"""Plays what happens to a member through a version, event by event, as the programme in force would.

It keeps what the tables keep otherwise: memory, progress, tier, visits, units by kind. Templates are tried with it, a
draft is rehearsed with it. Units that vest or expire are the books' affair: here a unit is usable at once, and for ever. Only a
refund asks whether what its purchase gave is still to vest.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from loyalty.rules.climb import DAY, Climb, counts_until, first_day
from loyalty.rules.engine import judge
from loyalty.rules.facts import NOBODY_KNOWN, Facts, Who
from loyalty.rules.ladder import step_back, step_back_within
from loyalty.rules.memory import Kept, Trace, forget
from loyalty.rules.seasons import season_begins
from loyalty.rules.shares import share_between
from loyalty.rules.tiers import Tier
from loyalty.rules.types import Version
from loyalty.rules.verdicts import Award, Verdict, by_unit
from loyalty.rules.windows import Held, Review, first_look, held_on, review

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
    taken: dict[str, int] = field(default_factory=dict)  # units that went back, by rule


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
        day = happened.moment.date()
        self.live_until(today := max(day, self.today or day))
        if happened.trigger == "joining" and self.who.joined_on is None:
            self.who = replace(self.who, joined_on=day)
        facts = replace(
            happened,
            tier_id=self.tier.id if self.tier else None,
            progress_minor=self.progress_on(self._counts_until(day)),
            today=today,
            who=self.who,
            memory=self.memory,
            budgets=self.budgets,
        )
        verdict = judge(facts, self.version)
        self._give(verdict)
        if "visit" in facts.triggers:
            came_on = day if happened.trigger == "purchase" else self.who.last_on
            self.who = replace(self.who, visits=self.who.visits + 1, last_on=came_on)
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

    def refund(self, refund: Refund, usable: Mapping[str, int] | None = None) -> dict[str, int]:
        """Units and memory give back their share, as the version lets them, and the tier steps back if nothing else reached it.

        `usable`: what the member has of each unit, where that is known better than from this life. Returns the units that
        went back, by unit. Raises NothingToUndo.
        """
        bought = self.bought.get(refund.of)
        if bought is None or bought.refunded_minor + refund.amount_minor > bought.facts.amount_minor:
            raise NothingToUndo(refund)
        self.live_until(day := refund.moment.date())
        earlier, whole = bought.refunded_minor, bought.facts.amount_minor
        now = bought.refunded_minor = earlier + refund.amount_minor
        progress = self.progress_on(day)
        taken = self._take_back(bought, earlier, day, self.units if usable is None else usable)
        self._forget(bought, earlier, taken)
        if now == whole:
            self.who = replace(self.who, visits=self.who.visits - 1)
        climbed = share_between(bought.climbed, earlier, now, whole)
        self.climb.add(bought.facts.moment.date(), -climbed)
        self.tier = self._stepped_back(bought, climbed, progress, day)
        went = by_unit((award.unit, taken[award.reason.rule]) for award in bought.verdict.awards)
        for unit, units in went.items():
            self.units[unit] -= units
        return went

    def _stepped_back(self, bought: Bought, gone: int, progress: int, day: dt.date) -> Tier | None:
        """The tier to hold now that so much of a purchase is gone from the climb; `progress` is that of before."""
        if self.version.ladder.counts_all_spend:
            gone = progress - self.progress_on(day)
            return step_back(self.tier, progress, gone, self.version, self._climbed(), today=day)
        climbs = (self.climb.plus(bought.facts.moment.date(), gone), self.climb)
        return step_back_within(
            self.tier, self.tier_since, self.version, self.who.joined_on, climbs, today=day
        )

    def live_until(self, day: dt.date) -> None:
        """Let the days go by up to this one: tiers that are not earned again are lost on theirs, and seasons begin."""
        on = self._next_look(self.today) if self.today else day
        while on is not None and on <= day:
            self._review(on)
            on = self._next_look(on)
        self.today = max(day, self.today or day)

    def _next_look(self, day: dt.date) -> dt.date | None:
        """The next day after this one on which the tier may be lost, a warning be due, or a season begin."""
        first = first_look(self.version, self.tier, self.tier_since, self.who.joined_on or day, day)
        begins = season_begins(self.version, day)
        if first is None or begins is None:
            return begins if first is None else max(first, day + DAY)
        return min(begins, max(first, day + DAY))

    def _counts_until(self, day: dt.date) -> dt.date:
        return counts_until(self.version.ladder.window, day, self.today or day, self.who.joined_on or day)

    def progress_on(self, day: dt.date) -> int:
        """What counts toward a tier on this day: money, visits or units."""
        return self.climb.between(first_day(self.version.ladder.window, day, self.who.joined_on), day)

    def _review(self, day: dt.date) -> None:
        held = held_on(self.tier, self.climb, self.version, self.who.joined_on or day, day)
        if held is None or held != self.tier:  # its season is over, or another has begun
            self.tier, self.tier_since = held, self.tier_since if self.tier else day
            return
        found = review(Held(held, self.tier_since, self.who.joined_on or day), self.climb, self.version, day)
        before = self.reviews[-1][1] if self.reviews else None
        if found.kind == "lower":
            self.tier, self.tier_since = found.tier, found.on or day
        if found.kind == "lower" or (found.kind == "warn" and (before is None or before.on != found.on)):
            self.reviews.append((day, found))

    def _give(self, verdict: Verdict) -> None:
        for unit, units in verdict.given.items():
            self.units[unit] = self.units.get(unit, 0) + units
        for drawn in verdict.budgets:
            self._draw(drawn.rule, drawn.key, drawn.units, drawn.times)
        self.memory.update(verdict.memory)
        self.badges.extend(verdict.badges)

    def _take_back(
        self, bought: Bought, earlier: int, day: dt.date, usable: Mapping[str, int]
    ) -> dict[str, int]:
        """The units that go back with a refund, by rule. A rule gives one award for a purchase."""
        taken: dict[str, int] = {}
        awards, now, whole = bought.verdict.awards, bought.refunded_minor, bought.facts.amount_minor
        for unit, units in bought.verdict.given.items():
            has, left = max(0, usable.get(unit, 0)), share_between(units, earlier, now, whole)
            for award in (award for award in awards if award.unit == unit):
                rule = award.reason.rule
                asked = min(left, award.amount - bought.taken.get(rule, 0))
                left -= asked
                taken[rule] = went = self._takeable(award, bought, asked, day, has)
                bought.taken[rule] = bought.taken.get(rule, 0) + went
                has -= went
        return taken

    def _takeable(self, award: Award, bought: Bought, asked: int, day: dt.date, has: int) -> int:
        if self.version.returns == "debt":
            return asked
        unit = self.version.unit(award.unit)
        assert unit is not None  # it was given
        vests_on = bought.facts.moment.date() + dt.timedelta(days=unit.vesting_days)
        if unit.vesting == "on_confirmation" or (unit.vesting == "days" and day < vests_on):
            return asked
        return min(asked, has) if self.version.returns == "within_balance" else 0

    def _forget(self, bought: Bought, earlier: int, taken: Mapping[str, int]) -> None:
        now, whole, moment = bought.refunded_minor, bought.facts.amount_minor, bought.facts.moment
        gave = {award.reason.rule: award.amount for award in bought.verdict.awards}
        for reason in bought.verdict.reasons:
            rule = self.version.rule(reason.rule)
            if rule is None or "trace" not in reason.figures:
                continue
            something_left = bought.taken.get(rule.id, 0) < gave.get(rule.id, 0)
            kept = Kept(taken.get(rule.id, 0), something_left) if self.version.returns != "debt" else None
            gone = Trace(*reason.figures["trace"]).going_back(earlier, now, whole, kept)
            self.memory[rule.id] = forget(self.memory, rule, gone, moment)
            for drawn in bought.verdict.budgets:
                if drawn.rule == rule.id:
                    self._draw(drawn.rule, drawn.key, -gone.units, -gone.times)

    def _draw(self, rule: str, key: str, units: int, times: int) -> None:
        had_units, had_times = self.budgets.get((rule, key), (0, 0))
        self.budgets[rule, key] = (had_units + units, had_times + times)

    def _climbed(self) -> Iterator[tuple[int, Version, dt.date]]:
        for day in self.climb.days:
            yield self.progress_on(day), self.version, day


def play(events: Iterable[Event], version: Version, who: Who = NOBODY_KNOWN) -> list[Step]:
    """What these events, in their order, make of a member who has nothing yet. Raises NothingToUndo, NotEnough."""
    life = Life(version, who)
    return [life.meet(event) for event in events]

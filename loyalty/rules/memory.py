"""What is remembered of a member between two purchases: the small-change bank, what a rule gave in a period, how far a
goal is. Plain JSON, by rule; whatever an event left in it can be taken out again: a refund of all returns to the start.

    {rule: {"change": [minor, hundredths],        what was too little: of money, and of a unit; below zero after a refund
            "had": {"2026-11": [units, times]},   by period, where the rule has a quota for one
            "done": {"2026-11": 3},               by period, where it has a goal: matches that no award has used up yet
            "given_at": ["2026-11-22T09:30:00+01:00"],   where it asks for a pause
            "drawn": "12"}}                       what chance said (LOST, WON) and an undo put back: it is said again

What is nothing is left out. Old periods are dropped, so that it does not grow: the newest of `KEPT` stay.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from loyalty.rules.periods import key_before, period_key
from loyalty.rules.shares import share_of
from loyalty.rules.types import Goal, Period, Rule

# Of each kind: a till that was offline brings last week's purchases, and a refund last month's.
KEPT: Mapping[Period, int] = {"day": 7, "week": 3, "month": 3, "ever": 1}
KEPT_MOMENTS = 3
EVER = "ever"  # the name of the period that has no end

Memory = Mapping[str, Any]


class Trace(NamedTuple):
    """What one event left in the memory of one rule. It is kept with the reason, and a refund takes it out."""

    change_minor: int = 0
    change_hundredths: int = 0
    units: int = 0
    times: int = 0
    matches: int = 0  # toward a goal; below zero where the award used up those of before
    draws: int = 0  # where chance was asked: LOST or WON

    def as_json(self) -> list[int]:
        """In the order of the fields; the last is left out where chance was not asked."""
        return list(self) if self.draws else list(self[:-1])

    def share(self, part_minor: int, whole_minor: int) -> "Trace":
        """What belongs to a part of the money, rounded toward nothing; what counts once goes with the last of it."""
        if part_minor == whole_minor:
            return self
        money = (share_of(figure, part_minor, whole_minor) for figure in self[:3])
        return Trace(*money)

    def going_back(
        self, before_minor: int, up_to_minor: int, whole_minor: int, kept: "Kept | None" = None
    ) -> "Trace":
        """What goes with the money between two sums. What a member is let keep still counts for quotas and goals."""
        part = self.share(up_to_minor, whole_minor).less(self.share(before_minor, whole_minor))
        if kept is None:
            return part
        if kept.something_left:
            part = part._replace(times=0, matches=0, draws=0)
        return part._replace(units=kept.taken) if self.units else part

    def less(self, other: "Trace") -> "Trace":
        """What is in this one and not in `other`."""
        return Trace(*(mine - theirs for mine, theirs in zip(self, other, strict=True)))

    def plus(self, other: "Trace") -> "Trace":
        """Both together."""
        return Trace(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


NO_TRACE = Trace()
LOST, WON = 1, 2
KEPT_DRAWS = 20  # put back by undoing: more at once is no slip of a hand


class Kept(NamedTuple):
    """Of what a rule gave for a purchase, where not all that a refund asks for is taken: the units taken just now, and whether
    any of them are left to the member.
    """

    taken: int
    something_left: bool


def change_of(memory: Memory, rule_id: str) -> tuple[int, int]:
    """What of money, and of a unit in hundredths, is kept aside for the next time."""
    minor, hundredths = memory.get(rule_id, {}).get("change", (0, 0))
    return minor, hundredths


def had_of(memory: Memory, rule_id: str, key: str) -> tuple[int, int]:
    """Units and times that a rule gave in the period of this name."""
    units, times = memory.get(rule_id, {}).get("had", {}).get(key, (0, 0))
    return units, times


def done_of(memory: Memory, rule_id: str, key: str) -> int:
    """Matches toward a rule's goal in the period of this name. Below zero where some were refunded that an award used."""
    return int(memory.get(rule_id, {}).get("done", {}).get(key, 0))


def row_of(memory: Memory, rule_id: str, goal: Goal, key: str) -> int:
    """How many periods in a row have a match, the last of them the one before `key`; what an award used is over."""
    count, before = 0, key_before(goal.period, key)
    while (
        before is not None
        and count < goal.times
        and done_of(memory, rule_id, before) > 0
        and had_of(memory, rule_id, before)[1] == 0
    ):
        count, before = count + 1, key_before(goal.period, before)
    return count


def given_at(memory: Memory, rule_id: str) -> list[dt.datetime]:
    """When a rule gave something lately, where that is remembered; oldest first."""
    return [dt.datetime.fromisoformat(text) for text in memory.get(rule_id, {}).get("given_at", ())]


def draw_of(memory: Memory, rule_id: str) -> int:
    """What chance has to say next time, LOST or WON, for it said so before to what was undone; 0 where it is to be drawn."""
    return int(memory.get(rule_id, {}).get("drawn", "")[:1] or 0)


def remember(memory: Memory, rule: Rule, trace: Trace, moment: dt.datetime) -> dict[str, Any]:
    """The memory of one rule after an event of that moment, by the shop's clocks; `memory` itself stays as it was."""
    found = _added(memory.get(rule.id, {}), rule, trace, moment.date())
    if rule.pause_minutes and (trace.times or trace.matches):
        moments = sorted([*given_at(memory, rule.id), moment])[-KEPT_MOMENTS:]
        found["given_at"] = [one.isoformat() for one in moments]
    return found


def forget(
    memory: Memory, rule: Rule, trace: Trace, moment: dt.datetime, brought: Memory | None = None
) -> dict[str, Any]:
    """The memory of one rule when what an event of that moment left is taken out again.

    `brought`: what the one whose event it was brought along when they were merged; draws of theirs stand last.
    """
    out = Trace(*(-figure for figure in trace))
    known = memory.get(rule.id, {})
    drawn = known.get("drawn", "")
    theirs = drawn if brought is None else _along(drawn, brought.get(rule.id, {}).get("drawn", ""))
    found = _added({**known, "drawn": theirs}, rule, out, moment.date())
    found["drawn"] = drawn.removesuffix(theirs) + found.get("drawn", "")
    if "given_at" in found and (trace.times or trace.matches):
        # By timestamps: moments of the hour that comes twice are equal to none in another zone.
        others = [one for one in given_at(memory, rule.id) if one.timestamp() != moment.timestamp()]
        found["given_at"] = [one.isoformat() for one in others]
    return _without_nothing(found)


def as_of(now: Memory, dated: Memory, rule: Rule, since: Trace) -> dict[str, Any]:
    """The memory of one rule on a day gone by: what belongs to no period is that of `now` less what was left `since`; what
    belongs to one is as in `dated`, added up from the days before.
    """
    lasting = _added(now.get(rule.id, {}), rule, NO_TRACE.less(since), dt.date.max)
    found = dict(dated.get(rule.id, {}))
    if "change" in lasting or "change" in found:
        found["change"] = lasting.get("change", [0, 0])
    for name in ("had", "done"):
        periods = {key: value for key, value in found.get(name, {}).items() if key != EVER}
        ever = lasting.get(name, {}).get(EVER)
        found[name] = periods | ({EVER: ever} if ever else {})
    return _without_nothing(found)


def joined(memory: Memory, other: Memory) -> dict[str, Any]:
    """The memory of a member who is two: everything of both, added up."""
    return {rule: _sum(memory.get(rule, {}), other.get(rule, {}), 1) for rule in {**memory, **other}}


def parted(memory: Memory, other: Memory) -> dict[str, Any]:
    """The other way round: what is left of `memory` without what came from `other`. Rules of which nothing is, are `{}`."""
    return {rule: _sum(row, other.get(rule, {}), -1) for rule, row in memory.items()}


def _added(known: Mapping[str, Any], rule: Rule, trace: Trace, day: dt.date) -> dict[str, Any]:
    found = dict(known)
    if trace.change_minor or trace.change_hundredths:
        minor, hundredths = known.get("change", (0, 0))
        found["change"] = [minor + trace.change_minor, hundredths + trace.change_hundredths]
    if trace.units or trace.times:
        had = known.get("had", {})
        for period in rule.periods_had:
            key = period_key(period, day)
            units, times = had.get(key, (0, 0))
            now = [max(0, units + trace.units), max(0, times + trace.times)]
            found["had"] = had = _newest({**had, key: now}, key, rule, period)
    if rule.goal and trace.matches:
        key, done = period_key(rule.goal.period, day), known.get("done", {})
        now = done.get(key, 0) + trace.matches
        found["done"] = _newest({**done, key: now}, key, rule, rule.goal.period)
    if trace.draws > 0 and "drawn" in known:
        found["drawn"] = known["drawn"][1:]
    elif trace.draws < 0 and len(known.get("drawn", "")) < KEPT_DRAWS:
        found["drawn"] = str(-trace.draws) + known.get("drawn", "")
    return _without_nothing(found)


def _newest(by_key: dict[str, Any], like: str, rule: Rule, period: Period) -> dict[str, Any]:
    """Of the keys of one kind (they are as long as each other), the newest."""
    most = KEPT[period]
    if len(by_key) <= most:
        return by_key
    goal = rule.goal
    if goal and goal.in_a_row and goal.period == period:
        most = max(most, goal.times + 1)
    old = sorted(key for key in by_key if len(key) == len(like))[:-most]
    return {key: value for key, value in by_key.items() if key not in old}


def _without_nothing(row: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    for name, value in row.items():
        kept = value
        if isinstance(value, dict) and (0 in value.values() or [0, 0] in value.values()):
            kept = {key: one for key, one in value.items() if one not in (0, [0, 0])}
        if kept and kept != [0, 0]:
            found[name] = kept
    return found


def _sum(mine: Mapping[str, Any], theirs: Mapping[str, Any], sign: int) -> dict[str, Any]:
    return _without_nothing(
        {
            "change": _pair(mine.get("change"), theirs.get("change"), sign),
            "had": _by_key(mine.get("had", {}), theirs.get("had", {}), sign),
            "done": _by_key(mine.get("done", {}), theirs.get("done", {}), sign),
            "drawn": _draws(mine.get("drawn", ""), theirs.get("drawn", ""), sign),
            "given_at": _moments(mine.get("given_at", ()), theirs.get("given_at", ()), sign),
        }
    )


def _draws(mine: str, theirs: str, sign: int) -> str:
    """Those that came along stand last, and are said last: of them, what was not said meanwhile goes again."""
    if sign > 0:
        return mine + theirs
    return mine.removesuffix(_along(mine, theirs))


def _along(mine: str, theirs: str) -> str:
    """What is left of theirs at the end of mine."""
    ends = (theirs[start:] for start in range(len(theirs) + 1))
    return next(end for end in ends if mine.endswith(end))


def _moments(mine: Sequence[str], theirs: Sequence[str], sign: int) -> list[str]:
    if sign > 0:
        return sorted([*mine, *theirs], key=dt.datetime.fromisoformat)
    found = list(mine)
    for moment in theirs:
        if moment in found:
            found.remove(moment)
    return found


def _by_key(mine: Mapping[str, Any], theirs: Mapping[str, Any], sign: int) -> dict[str, Any]:
    found: dict[str, Any] = dict(mine)
    for key, value in theirs.items():
        found[key] = (
            [max(0, figure) for figure in _pair(mine.get(key), value, sign)]
            if isinstance(value, list)
            else mine.get(key, 0) + sign * value
        )
    return found


def _pair(mine: list[int] | None, theirs: list[int] | None, sign: int) -> list[int]:
    return [one + sign * other for one, other in zip(mine or [0, 0], theirs or [0, 0], strict=True)]

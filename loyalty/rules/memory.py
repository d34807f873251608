"""What is remembered of a member between two purchases: the small-change bank, what a rule gave in a period, how far a
goal is. Plain JSON, by rule; whatever an event left in it can be taken out again: a refund of all returns to the start.

    {rule: {"change": [minor, hundredths],            what was too little: of money, and of a unit; below zero after a refund
            "had": {"2026-11": [units, times]},       by period, where the rule has a quota for one
            "done": {"2026-11": 3},                   matches by period, where it has a goal
            "last_at": "2026-11-22T09:30:00+01:00"}}  where it asks for a pause
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from typing import Any

from loyalty.rules.periods import key_before, period_key
from loyalty.rules.types import Period, Rule

KEPT_PERIODS = 3  # of one kind: a till that was offline brings yesterday's, and a refund last month's

Memory = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Trace:
    """What one event left in the memory of one rule. It is kept with the reason, and a refund takes it out."""

    change_minor: int = 0
    change_hundredths: int = 0
    units: int = 0
    times: int = 0
    matches: int = 0

    def as_json(self) -> list[int]:
        """In the order of the fields."""
        return list(astuple(self))

    def share(self, part_minor: int, whole_minor: int) -> "Trace":
        """What belongs to a part of the money, rounded toward nothing; what counts once goes with the last of it."""
        once = int(part_minor == whole_minor)
        return Trace(
            _share(self.change_minor, part_minor, whole_minor),
            _share(self.change_hundredths, part_minor, whole_minor),
            _share(self.units, part_minor, whole_minor),
            self.times * once,
            self.matches * once,
        )

    def less(self, other: "Trace") -> "Trace":
        """What is in this one and not in `other`."""
        return Trace(*(mine - theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))


def change_of(memory: Memory, rule_id: str) -> tuple[int, int]:
    """What of money, and of a unit in hundredths, is kept aside for the next time."""
    minor, hundredths = memory.get(rule_id, {}).get("change", (0, 0))
    return minor, hundredths


def had_of(memory: Memory, rule_id: str, key: str) -> tuple[int, int]:
    """Units and times that a rule gave in the period of this name."""
    units, times = memory.get(rule_id, {}).get("had", {}).get(key, (0, 0))
    return units, times


def done_of(memory: Memory, rule_id: str, key: str) -> int:
    """Matches toward a rule's goal in the period of this name."""
    return int(memory.get(rule_id, {}).get("done", {}).get(key, 0))


def row_of(memory: Memory, rule_id: str, period: Period, key: str) -> int:
    """How many periods in a row have a match, the last of them the one before `key`."""
    count, key = 0, key_before(period, key)
    while count < KEPT_IN_A_ROW and done_of(memory, rule_id, key) > 0:
        count, key = count + 1, key_before(period, key)
    return count


KEPT_IN_A_ROW = 60  # a year of weeks, five years of months


def last_at(memory: Memory, rule_id: str) -> dt.datetime | None:
    """When a rule last gave something, where that is remembered."""
    text = memory.get(rule_id, {}).get("last_at")
    return dt.datetime.fromisoformat(text) if text else None


def remember(memory: Memory, rule: Rule, trace: Trace, moment: dt.datetime) -> dict[str, Any]:
    """The memory of one rule after an event of that moment, by the shop's clocks; `memory` itself stays as it was."""
    found = _added(memory.get(rule.id, {}), rule, trace, moment.date())
    if rule.pause_minutes and trace.times:
        before = last_at(memory, rule.id)
        found["last_at"] = max(moment, before or moment).isoformat()
    return found


def forget(memory: Memory, rule: Rule, trace: Trace, day: dt.date) -> dict[str, Any]:
    """The memory of one rule when what an event of that day left is taken out again. A pause stays: it is about time."""
    out = Trace(*(-figure for figure in astuple(trace)))
    return _added(memory.get(rule.id, {}), rule, out, day)


def _added(known: Mapping[str, Any], rule: Rule, trace: Trace, day: dt.date) -> dict[str, Any]:
    found = dict(known)
    if trace.change_minor or trace.change_hundredths:
        minor, hundredths = known.get("change", (0, 0))
        found["change"] = [minor + trace.change_minor, hundredths + trace.change_hundredths]
    periods = {quota.period for quota in rule.quotas if quota.whose == "member"}
    if periods and (trace.units or trace.times):
        had = dict(known.get("had", {}))
        for period in periods:
            key = period_key(period, day)
            units, times = had.get(key, (0, 0))
            had[key] = [max(0, units + trace.units), max(0, times + trace.times)]
            _drop_old(had, key, KEPT_PERIODS)
        found["had"] = had
    if rule.goal and trace.matches:
        done, key = dict(known.get("done", {})), period_key(rule.goal.period, day)
        done[key] = max(0, done.get(key, 0) + trace.matches)
        _drop_old(done, key, KEPT_IN_A_ROW if rule.goal.in_a_row else KEPT_PERIODS)
        found["done"] = done
    return found


def _drop_old(by_key: dict[str, Any], like: str, most: int) -> None:
    """Of the keys of one kind (they are as long as each other), the newest stay."""
    same = sorted(key for key in by_key if len(key) == len(like))
    for key in same[:-most]:
        del by_key[key]


def _share(figure: int, part: int, whole: int) -> int:
    return figure * part // whole if figure >= 0 else -(-figure * part // whole)

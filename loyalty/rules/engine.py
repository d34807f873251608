"""Judges facts by a published version. No query, no clock, no randomness: same facts, same verdict.

Each rule is asked by itself, so their order changes nothing; then multipliers look at what the others gave.
"""

from typing import Any

from loyalty.rules.asking import Line, ask
from loyalty.rules.facts import Facts
from loyalty.rules.memory import remember
from loyalty.rules.multiplying import multiply
from loyalty.rules.quotas import drawn_from
from loyalty.rules.types import Version
from loyalty.rules.verdicts import Award, Verdict


def judge(facts: Facts, version: Version) -> Verdict:
    """Awards, reasons, the standing that follows, and what to remember. It is judged by the tier held *before* it."""
    held = version.tier(facts.tier_id)
    lines = [ask(rule, facts, held) for rule in version.rules if rule.trigger in facts.triggers]
    multiply(lines, facts, held, version.stacking)
    progress = facts.progress_minor + facts.amount_minor
    reached = version.tier_reached(progress)
    moved_up = reached is not None and (held is None or reached.threshold_minor > held.threshold_minor)
    reasons = [line.reason() for line in lines]
    return Verdict(
        awards=[Award(reason.unit, reason.units, reason) for reason in reasons if reason.units > 0],
        reasons=reasons,
        tier=reached if moved_up else held,
        moved_up=moved_up,
        progress_minor=progress,
        memory=_memory(lines, facts),
        budgets=[drawn for line in lines if line.units for drawn in drawn_from(line.rule, facts, line.units)],
        badges=[line.rule.id for line in lines if line.code == "badge"],
    )


def _memory(lines: list[Line], facts: Facts) -> dict[str, Any]:
    found = {}
    for line in lines:
        after = remember(facts.memory, line.rule, line.trace, facts.moment)
        if after != facts.memory.get(line.rule.id, {}):
            found[line.rule.id] = after
    return found

"""Judges facts by a published version. No query, no clock, no randomness: same facts, same verdict.

Each rule is asked by itself, so their order changes nothing; then multipliers look at what the others gave.

Whoever splits a purchase into k parts, at the same tier, gets of a rule that gives by money, with its multipliers

- no more than for the whole, where it is rounded down or keeps change;
- at most k × (the units of one step, multiplied, + 1) more, where it is rounded up or to the half;
- at most k × what it gives at once, where that is limited; and a rule that gives once gives once for each part.

That is what quotas and pauses are for: they hold however a purchase is split.
"""

from typing import Any

from loyalty.rules.asking import Case, ask
from loyalty.rules.climb import lifting_days
from loyalty.rules.facts import Facts
from loyalty.rules.ladder import climbed
from loyalty.rules.memory import NO_TRACE, remember
from loyalty.rules.multiplying import multiply
from loyalty.rules.quotas import drawn_from
from loyalty.rules.types import Version
from loyalty.rules.verdicts import Award, Drawn, Reason, Verdict


def judge(facts: Facts, version: Version) -> Verdict:
    """Awards, reasons, the standing that follows, and what to remember. It is judged by the tier held *before* it.

    What is brought late is judged by the season of its own day. It may lift, to a tier that is there today; it takes none away.
    """
    day, triggers = facts.moment.date(), facts.triggers
    held = version.tier_held(facts.tier_id, facts.progress_minor, day)
    case = Case(facts, held)
    lines = [ask(rule, case) for rule in version.rules if rule.active and rule.trigger in triggers]
    multiply(lines, facts, held, version.stacking)
    reasons: list[Reason] = []
    budgets: list[Drawn] = []
    memory: dict[str, Any] = {}
    for line in lines:
        rule, trace = line.rule, line.trace
        reasons.append(line.reason(trace))
        if trace is not NO_TRACE:
            after = remember(facts.memory, rule, trace, facts.moment)
            if after != facts.memory.get(rule.id, {}):
                memory[rule.id] = after
            if trace.times:
                budgets += drawn_from(rule, facts, trace.units)
    progress = facts.progress_minor + climbed(version, facts, reasons)
    days = lifting_days(version.ladder.window, day, max(day, facts.today or day), facts.who.joined_on or day)
    if days != (day,):
        held = version.tier_held(facts.tier_id, facts.progress_minor, *days)
    reached = version.tier_reached(progress, *days)
    moved_up = reached is not None and (held is None or reached.threshold_minor > held.threshold_minor)
    tier = reached if moved_up else held
    before = version.tier(facts.tier_id)
    begun = tier is not None and (before is None or tier.threshold_minor > before.threshold_minor)
    return Verdict(
        awards=[Award(reason.unit, reason.units, reason) for reason in reasons if reason.units > 0],
        reasons=reasons,
        tier=tier,
        moved_up=moved_up or begun,  # a season may have begun since it was last looked at
        progress_minor=progress,
        memory=memory,
        budgets=budgets,
        badges=[line.rule.id for line in lines if line.code == "badge"],
    )

"""What a purchase or a happening left behind, taken out again: of the member's memory, and of the budgets of all members.

Shares are cumulative, as those of units are: of a refund of all, in any parts, nothing stays behind.
"""

from collections.abc import Mapping
from typing import Any

from loyalty.ledger import statements
from loyalty.models import Happening, Purchase, Standing
from loyalty.programme.versions import version_in_force
from loyalty.purchases import budgets
from loyalty.rules.calendar import local
from loyalty.rules.memory import Kept, Memory, Trace, forget
from loyalty.rules.types import Rule
from loyalty.rules.verdicts import Drawn
from merchants.models import Merchant


class Leftover:
    """What belongs to a part of a purchase's money: from what was undone before, up to what is undone from now on.

    Where the purchase's version lets members keep units, of units only `taken`, those taken back just now, by rule: what
    a member keeps still counts for quotas and budgets. After the books. A happening is taken back whole: `by_minor` is 1.
    """

    def __init__(
        self, purchase: Purchase | Happening, merchant: Merchant, *, by_minor: int, taken: Mapping[str, int]
    ) -> None:
        self.earner_id = purchase.member_id
        self.moment = local(purchase.occurred_at, merchant.time_zone)
        before, whole = 0, by_minor
        if isinstance(purchase, Purchase):
            before, whole = purchase.refunded_minor, purchase.amount_minor
        self.staff = str(purchase.actor_id or "")
        self.traces: list[tuple[Rule, Trace]] = []
        kept = [reason for reason in purchase.reasons if "trace" in reason]
        version = version_in_force(purchase.programme_version) if kept else None
        lets_keep = version is not None and version.returns != "debt"
        theirs = with_something_left(purchase) if lets_keep else set()
        for reason in kept:
            rule, trace = version.rule(reason["rule"]) if version else None, Trace(*reason["trace"])
            if rule is not None:
                left = Kept(taken.get(rule.id, 0), rule.id in theirs) if lets_keep else None
                self.traces.append((rule, trace.going_back(before, before + by_minor, whole, left)))

    def out_of(self, standing: Standing) -> dict[str, Any]:
        """The memory of the member for whom it counts, without it. Where that one is another, it is taken out of what the
        earner brought along, too: nobody is to have it back when they are parted.
        """
        if standing.member_id == self.earner_id or not self.traces:
            return self._out_of(standing.memory)
        theirs = Standing.objects.get(member_id=self.earner_id)
        found = self._out_of(standing.memory, theirs.memory)
        theirs.memory = self._out_of(theirs.memory)
        theirs.save(update_fields=["memory"])
        return found

    def _out_of(self, memory: Memory, brought: Memory | None = None) -> dict[str, Any]:
        found = dict(memory)
        for rule, trace in self.traces:
            found[rule.id] = forget(found, rule, trace, self.moment, brought)
        return {rule_id: row for rule_id, row in found.items() if row}

    def give_back_budgets(self) -> None:
        """After standings."""
        drawn: list[Drawn] = []
        for rule, trace in self.traces:
            drawn += budgets.given_back(rule, self.moment.date(), trace.units, trace.times, self.staff)
        budgets.give_back(drawn)


def with_something_left(purchase: Purchase | Happening) -> set[str]:
    """The rules of whose units of it not all were taken back."""
    awards = list(statements.entries_of(purchase.member_id, purchase.id, ("award",)))
    gone = statements.undone([award.id for award in awards], "take_back")
    return {award.reasons.get("rule", "") for award in awards if gone.get(award.id, 0) < award.amount}

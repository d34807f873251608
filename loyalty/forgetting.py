"""What a purchase left behind, taken out again with its money: of the member's memory, and of the budgets of all members.

Shares are cumulative, as those of units are: of a refund of all, in any parts, nothing stays behind.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from loyalty import budgets
from loyalty.ledger import statements
from loyalty.models import Purchase, Standing
from loyalty.programme import version_in_force
from loyalty.rules.memory import Memory, Trace, forget
from loyalty.rules.types import Rule
from loyalty.rules.verdicts import Drawn
from loyalty.telling import local
from merchants.models import Merchant


class Leftover:
    """What belongs to a part of a purchase's money: from what was undone before, up to what is undone from now on.

    Where the purchase's version lets members keep units, of units only `taken`, those taken back just now, by rule: what
    a member keeps still counts for quotas and budgets. After the books.
    """

    def __init__(
        self, purchase: Purchase, merchant: Merchant, *, by_minor: int, taken: Mapping[str, int]
    ) -> None:
        self.moment = local(purchase.occurred_at, merchant.time_zone)
        before, whole = purchase.refunded_minor, purchase.amount_minor
        self.traces: list[tuple[Rule, Trace]] = []
        kept = [reason for reason in purchase.reasons if "trace" in reason]
        version = version_in_force(purchase.programme_version) if kept else None
        lets_keep = version is not None and version.returns != "debt"
        theirs = _with_something_left(purchase) if lets_keep else set()
        for reason in kept:
            rule, trace = version.rule(reason["rule"]) if version else None, Trace(*reason["trace"])
            if rule is not None:
                part = trace.share(before + by_minor, whole).less(trace.share(before, whole))
                if lets_keep and trace.units:
                    part = part._replace(units=taken.get(rule.id, 0))
                if rule.id in theirs:
                    part = part._replace(times=0, matches=0)
                self.traces.append((rule, part))

    def out_of(self, memory: Memory) -> dict[str, Any]:
        """The memory without it."""
        found = dict(memory)
        for rule, trace in self.traces:
            found[rule.id] = forget(found, rule, trace, self.moment)
        return {rule_id: row for rule_id, row in found.items() if row}

    def out_of_one_who_went(self, member_id: UUID) -> None:
        """Take it out of what a merged member brought along, too: it is not to have it back when they are parted."""
        if self.traces:
            theirs = Standing.objects.get(member_id=member_id)
            theirs.memory = self.out_of(theirs.memory)
            theirs.save(update_fields=["memory"])

    def give_back_budgets(self) -> None:
        """After standings."""
        drawn: list[Drawn] = []
        for rule, trace in self.traces:
            drawn += budgets.given_back(rule, self.moment.date(), trace.units, trace.times)
        budgets.give_back(drawn)


def _with_something_left(purchase: Purchase) -> set[str]:
    """The rules of whose units of this purchase not all were taken back."""
    awards = list(statements.entries_of(purchase.member_id, purchase.id, ("award",)))
    gone = statements.undone([award.id for award in awards], "take_back")
    return {award.reasons.get("rule", "") for award in awards if gone.get(award.id, 0) < award.amount}

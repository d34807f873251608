"""What the engine is told of a member, of a bill and of a purchase: facts, out of what was read, asked for or kept."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.languages import reader_language
from core.money import exponent, say_money
from loyalty.models import Standing
from loyalty.purchases.budgets import Budgets
from loyalty.rules.calendar import local, local_day
from loyalty.rules.facts import NO_BILL, Bill, Facts, Item, Who
from loyalty.rules.types import Trigger
from members.models import Member

if TYPE_CHECKING:
    from loyalty.purchases.earning import NewPurchase
    from loyalty.purchases.reading import State

WITHIN = ("tax_minor", "tip_minor", "paid_in_units_minor")  # the amount; a discount is off it already


class BillExceedsAmount(DomainError):
    """What is within the amount is more than the amount."""

    code = "bill_exceeds_amount"
    message = _(
        "Tax, tip and what was paid with units are %(parts)s together, which is more than the amount."
    )
    field = "amount"


@dataclass(frozen=True, slots=True)
class Occasion:
    """What happened but a purchase. `name` is that of a custom event, or of what was attended; in small letters."""

    trigger: Trigger
    occurred_at: dt.datetime
    name: str = ""
    actor_id: UUID | None = None
    location_id: UUID | None = None
    channel: str = ""
    is_static: bool = False


def _day(moment: dt.datetime | None, zone: str) -> dt.date | None:
    return local_day(moment, zone) if moment else None


def purchase_facts(
    state: "State",
    bought: "NewPurchase",
    *,
    moment: dt.datetime,
    today: dt.date | None = None,
    zone: str,
    currency: str,
    draw: UUID | None,
    budgets: Budgets | None = None,
) -> Facts:
    """A purchase, and the member as it was read. `moment` and `today` are by the shop's clocks; `budgets`
    are those that were read."""
    return Facts(
        "purchase",
        amount_minor=bought.amount_minor,
        tier_id=str(state.tier_id) if state.tier_id else None,
        progress_minor=state.climbed,
        moment=moment,
        today=today,
        bill=bill_of(bought.bill, bought.items, currency),
        who=Who(
            visits=state.purchases + state.visits,
            ordinal=state.ordinal,
            joined_on=local_day(state.joined_at, zone),
            birthday=state.birthday,
            last_on=_day(state.last_purchase_at, zone),
            segments=state.tags,
        ),
        location=str(bought.location_id) if bought.location_id else "",
        channel=bought.channel,
        payment=bought.bill.get("payment", ""),
        staff=str(bought.actor_id or state.key_id or ""),
        draw=str(draw) if draw else "",
        memory=state.memory,
        budgets=state.budgets if budgets is None else budgets,
    )


def happening_facts(
    member: Member,
    standing: Standing,
    occasion: Occasion,
    *,
    zone: str,
    draw: UUID,
    budgets: Budgets,
    progress: int = 0,
) -> Facts:
    """Something else that happened, to a member who stands there. `draw` is its id; `progress` what the ladder counts."""
    return Facts(
        occasion.trigger,
        tier_id=str(standing.tier_id) if standing.tier_id else None,
        progress_minor=progress,
        moment=local(occasion.occurred_at, zone),
        today=local_day(timezone.now(), zone),
        who=Who(
            visits=standing.purchases + standing.visits,
            ordinal=standing.ordinal,
            joined_on=local_day(member.joined_at, zone),
            birthday=member.birthday,
            last_on=_day(standing.last_purchase_at, zone),
            segments=frozenset(member.tags),
        ),
        name=occasion.name,
        location=str(occasion.location_id) if occasion.location_id else "",
        channel=occasion.channel,
        staff=str(occasion.actor_id or ""),
        draw=str(draw),
        memory=standing.memory,
        budgets=budgets,
    )


def refuse_exceeding(kept: Mapping[str, Any], amount_minor: int, currency: str) -> None:
    """Whether the parts of a bill fit into its amount. Raises BillExceedsAmount."""
    parts = sum(kept.get(name, 0) for name in WITHIN)
    if parts > amount_minor:
        raise BillExceedsAmount(parts=say_money(parts, currency, reader_language()))


def bill_of(kept: Mapping[str, Any], items: Sequence[Mapping[str, Any]], currency: str) -> Bill:
    """What of an amount is what, out of `Purchase.bill` and `Purchase.items` as they are kept."""
    if not kept and not items:
        return NO_BILL
    return Bill(
        tax_minor=kept.get("tax_minor", 0),
        tip_minor=kept.get("tip_minor", 0),
        discount_minor=kept.get("discount_minor", 0),
        paid_in_units_minor=kept.get("paid_in_units_minor", 0),
        items=tuple(_item(item, currency) for item in items),
    )


def _item(item: Mapping[str, Any], currency: str) -> Item:
    """A line as it is kept: its amount, read once already, may be missing, zero (a gift) or negative (a discount)."""
    amount = item.get("amount")
    return Item(
        amount_minor=int(Decimal(amount).scaleb(exponent(currency))) if amount else 0,
        quantity=item.get("quantity", 1),
        sku=item.get("sku", "").lower(),
        category=item.get("category", "").lower(),
    )

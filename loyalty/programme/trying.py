"""What a programme would say to a purchase, in force or not: judged as in life, recorded nowhere."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from core import tenancy
from loyalty.purchases.earning import NewPurchase
from loyalty.purchases.reading import read_state
from loyalty.purchases.telling import bill_of, purchase_facts
from loyalty.rules.engine import judge
from loyalty.rules.facts import Facts
from loyalty.rules.types import Version
from loyalty.rules.verdicts import Verdict
from loyalty.standings.climbing import progress_on
from members.cards import MemberUnknown, Scanned
from merchants.models import Merchant


@dataclass(frozen=True)
class Basket:
    """A purchase that somebody imagines. `moment` is by the shop's clocks; items as `Purchase.items` keeps them."""

    amount_minor: int
    moment: dt.datetime
    location_id: UUID | None = None
    items: Sequence[Mapping[str, Any]] = ()
    bill: Mapping[str, Any] = field(default_factory=dict)
    channel: str = "scanner"


def try_for_tier(*, version: Version, basket: Basket, tier_id: str | None) -> Verdict:
    """What it would give to somebody of this tier, of whom nothing is remembered. No query; no surprise is drawn."""
    tier = version.tier(tier_id)
    facts = Facts(
        "purchase",
        amount_minor=basket.amount_minor,
        tier_id=tier.id if tier else None,
        progress_minor=tier.threshold_minor if tier else 0,
        moment=basket.moment,
        bill=bill_of(basket.bill, basket.items, version.currency),
        location=str(basket.location_id) if basket.location_id else "",
        channel=basket.channel,
        payment=basket.bill.get("payment", ""),
    )
    return judge(facts, version)


def try_for_member(
    *, merchant: Merchant, version: Version, basket: Basket, who: Scanned
) -> tuple[str, Verdict]:
    """A member's name, and what it would give to them as they stand, by this ladder. Two statements at most, and a scope's. Raises
    MemberUnknown."""
    state = read_state(
        merchant=merchant,
        who=who,
        moment=basket.moment,
        location_id=basket.location_id,
        key=None,
        credential=None,
    )
    if state.member_id is None:
        raise MemberUnknown
    state = replace(state, climbed=_climbed(merchant, version, state.member_id, state.progress_minor, basket))
    bought = NewPurchase(
        who=who,
        amount_minor=basket.amount_minor,
        channel=basket.channel,
        asked=None,
        location_id=basket.location_id,
        items=[dict(item) for item in basket.items],
        bill=basket.bill,
    )
    facts = purchase_facts(
        state,
        bought,
        moment=basket.moment,
        zone=merchant.time_zone,
        currency=version.currency,
        draw=None,
    )
    return state.member_name, judge(facts, version)


def _climbed(merchant: Merchant, version: Version, member_id: UUID, spent_minor: int, basket: Basket) -> int:
    """What the ladder of this version counts, which need not be the one in force."""
    if version.ladder.counts_all_spend:
        return spent_minor
    with tenancy.scope(merchant.id):
        return progress_on({member_id: basket.moment.date()}, version, merchant.time_zone)[member_id]

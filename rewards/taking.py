"""Taking a reward: who may is asked under the member's lock, then its units are set aside for a while and it is taken out of
stock. What becomes of it then: `redemption`.
"""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core import events, idempotency
from core.idempotency import Answered, fingerprint_of
from core.ids import new_id
from core.languages import reader_language
from loyalty.locking import lock_member
from loyalty.purchases.earning import LocationUnknown
from loyalty.rules.calendar import end_of_day, local_day
from loyalty.standings.reviewing import review_tier
from loyalty.units import holding
from members import queries
from members.models import Member
from merchants.models import Merchant
from merchants.queries import locations
from rewards import saying
from rewards.asking import guest
from rewards.catalogue import RewardUnknown, find_reward, offer_of
from rewards.declines import (
    RewardElsewhere,
    RewardLimitReached,
    RewardNotForMember,
    RewardNotNow,
    RewardRefused,
    RewardSoldOut,
    RewardWithdrawn,
)
from rewards.models import Redemption, Reward
from rewards.offers import say_in
from rewards.redemption import fact_of, reason_of, take_from_stock
from rewards.terms import possible_on, refusals
from rewards.voucher_codes import new_serial
from rewards.wording import say_refusals

HELD_FOR = dt.timedelta(minutes=10)  # the way from the phone in one's hand to the counter, with a queue
KEPT = (
    "names",
    "terms",
    "kind",
    "value",
    "conditions",
    "cost_minor",
)  # of a reward, as it was when it was taken


# What no count of the books or of the stock says better: those two have the last word, at the end.
_DECLINES: dict[str, type[RewardRefused]] = {
    "elsewhere": RewardElsewhere,
    "given_on_tier": RewardNotForMember,
    "had_enough": RewardLimitReached,
    "had_lately": RewardLimitReached,
    "no_birthday": RewardNotForMember,
    "not_among_first": RewardNotForMember,
    "not_birthday": RewardNotNow,
    "not_yet": RewardNotNow,
    "other_segment": RewardNotForMember,
    "other_tier": RewardNotForMember,
    "over": RewardNotNow,
    "wrong_day": RewardNotNow,
    "wrong_hours": RewardNotNow,
}


def take_reward(
    *,
    merchant: Merchant,
    reward_id: UUID,
    member_id: UUID,
    key: UUID,
    actor_id: UUID | None,
    location_id: UUID | None = None,
) -> Answered:
    """Set a reward aside for a member, for HELD_FOR. Repeating `key` gives the first answer for ever.

    `location_id`: where, if that is known; one that asks for a place is otherwise asked again as it is handed over.
    Raises RewardUnknown, MemberUnknown, LocationUnknown, RewardWithdrawn, RewardRefused, RewardSoldOut, InsufficientUnits,
    idempotency.KeyReused.
    """

    def work() -> tuple[int, dict[str, Any], UUID | None]:
        taken, member = take(merchant, reward_id, member_id, actor_id, location_id)
        return 201, saying.say_redemption(taken, member, merchant), member.id

    where = [location_id] if location_id else []
    asked = fingerprint_of("take", reward_id, member_id, *where)
    return idempotency.answer_once(key, asked, work, member_id=member_id)


def preview_taking(
    *, merchant: Merchant, reward_id: UUID, member_id: UUID, location_id: UUID | None = None
) -> dict[str, Any]:
    """What `take_reward` would answer now. It does the same, and undoes it. Raises as that does, and keeps no answer."""
    with transaction.atomic():
        taken, member = take(merchant, reward_id, member_id, None, location_id)
        said = saying.say_redemption(taken, member, merchant)
        transaction.set_rollback(True)
    return {"dry_run": True} | {name: value for name, value in said.items() if name != "id"}


def take(
    merchant: Merchant, reward_id: UUID, member_id: UUID, actor_id: UUID | None, location_id: UUID | None
) -> tuple[Redemption, Member]:
    """As `take_reward`, in the transaction of whoever keeps the answer: what is set aside, and for whom."""
    if location_id and not locations().filter(id=location_id).exists():
        raise LocationUnknown
    member = queries.member(lock_member(member_id))
    reward = find_reward(reward_id)  # under the lock: it may have changed as we waited
    if reward.status == Reward.Status.DRAFT:
        raise RewardUnknown
    if reward.status == Reward.Status.ARCHIVED:
        raise RewardWithdrawn(name=say_in(reward.names, reader_language()), member_id=member.id)
    cost = _agreed_cost(reward, member, merchant, location_id)
    taken = hold(reward, member, merchant, cost=cost, actor_id=actor_id)
    events.record("reward.held", fact_of(taken, actor_id))
    return taken, member


def _agreed_cost(reward: Reward, member: Member, merchant: Merchant, location_id: UUID | None) -> int:
    """What it costs this member, who may take it. Raises RewardRefused."""
    offer = offer_of(reward)
    if offer.costs or offer.tiers():
        review_tier(member.id)  # nobody takes by a tier that is lost
    asks = guest(member, merchant, location_id=location_id)
    asking = asks.asking(reward)
    against = [one for one in refusals(offer, asking) if one.code in _DECLINES]
    if against:
        reader = saying.reader_of(merchant, asks.standing.version)
        day, today = possible_on(offer, asking), asks.facts.moment.date()
        raise _DECLINES[against[0].code](
            name=say_in(offer.names, reader.language),
            why=say_refusals(against, day, today, reader),
            member_id=member.id,
        )
    return offer.cost_for(asks.facts.tier_id)


def hold(
    reward: Reward,
    member: Member,
    merchant: Merchant,
    *,
    cost: int,
    actor_id: UUID | None,
    valid_days: int | None = None,
) -> Redemption:
    """Set it aside, its units too where it costs any: for HELD_FOR, or as a voucher to the end of a day of the shop's.

    `valid_days`: of the voucher, where that is not the reward's own to say. Its member is locked. Raises InsufficientUnits,
    RewardSoldOut.
    """
    days = reward.valid_days if valid_days is None else valid_days
    now = timezone.now()
    last_day = local_day(now, merchant.time_zone) + dt.timedelta(days=days)
    taken = Redemption(
        id=new_id(),
        reward=reward,
        member=member,
        unit_id=reward.unit_id,
        cost=cost,
        what={name: getattr(reward, name) for name in KEPT},
        serial=new_serial() if days else None,
        held_until=end_of_day(last_day, merchant.time_zone) if days else now + HELD_FOR,
        held_at=now,
        actor_id=actor_id,
    )
    if cost:
        holding.set_aside(
            member_id=member.id,
            unit_id=reward.unit_id,
            amount=cost,
            hold_id=taken.id,
            reasons=reason_of(taken),
            actor_id=actor_id,
            until=taken.held_until,
        )
    if not take_from_stock(reward.id):
        raise RewardSoldOut(name=say_in(reward.names, reader_language()), member_id=member.id)
    taken.save(force_insert=True)
    return taken

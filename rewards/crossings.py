"""Rewards that come by themselves, as vouchers: as soon as there are units enough, or on reaching one of their tiers.

Each crossing gives one, and is a row. Of a balance, a crossing is each multiple of the cost that it passes on its way up: the
first voucher's units are set aside, so the balance begins anew. Of a tier, it is the first time within a window of the ladder:
who falls and climbs again within one has had it.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from core.models import Event
from core.tenancy import current_merchant_id
from loyalty.locking import lock_member
from loyalty.programme.versions import version_in_force
from loyalty.rules.calendar import local_day
from loyalty.rules.climb import first_day
from loyalty.standings.reviewing import review_tier
from loyalty.standings.telling import UP
from loyalty.units import holding
from loyalty.units.passing import actor_of, before_and_after
from members.cards import MemberUnknown
from members.models import Member
from members.queries import ids_of, member
from merchants.models import Merchant
from rewards.asking import guest
from rewards.catalogue import live_rewards, offer_of
from rewards.declines import RewardSoldOut
from rewards.models import Crossing, Redemption, Reward, VoidReason
from rewards.redemption import lock_stock, take_back
from rewards.terms import refusals
from rewards.voiding import give_back_with
from rewards.vouchers import give_voucher

MOST_AT_ONCE = (
    50  # of one reward, by one gift of units: who gives a million by mistake gives no million vouchers
)


@dataclass(frozen=True)
class Passed:
    """A balance before and after: `moved` of it from another card by a merge or a parting, where they were counted before."""

    before: int
    after: int
    moved: int

    def times(self, cost: int) -> int:
        """How many multiples of the cost were reached that were not reached before, on either card."""
        after, before, moved = (max(0, units) // cost for units in (self.after, self.before, self.moved))
        return after - before - moved


def follow_units(event: Event) -> None:
    """`points.…`, whatever brings units: a voucher for each crossing of what a reward costs that comes at a balance.

    Events come in any order: where units came back because nothing is left of a purchase, what was used on it is given back
    before anything is counted.
    """
    rewards = live_rewards().filter(auto="at_balance", unit_id=event.payload["unit"])
    if event.name == "points.returned" and event.payload["cause"]:
        actor_id = actor_of(UUID(event.payload["entry"]))
        beside = rewards.values_list("id", flat=True)
        for_whom = [
            UUID(event.payload["member"])
        ]  # who may be another since: nobody is locked after the stock
        give_back_with(UUID(event.payload["cause"]), actor_id=actor_id, beside=beside, for_whom=for_whom)
    owner = _locked(event) if rewards.exists() else None
    if owner is not None:
        before, after = before_and_after(UUID(event.payload["entry"]))
        passed = Passed(before, after, moved=after - before if event.name == "points.moved" else 0)
        # Asked under the lock: they may have changed as we waited.
        due = [(reward, cost) for reward, cost in _priced(rewards, owner) if passed.times(cost) > 0]
        lock_stock(reward.id for reward, _cost in due)
        for reward, cost in due:  # in the shop's order: the units may not be enough for all
            _at_balance(reward, owner, cost, passed.times(cost))


def follow_tier(event: Event) -> None:
    """`tier.reached`, and `tier.changed` where it is a higher one: what comes with that tier, for no units.

    Events come in any order: a tier that what followed has taken away again brings nothing.
    """
    if event.name == "tier.changed" and event.payload.get("why") not in UP:
        return
    rewards = live_rewards().filter(auto="on_tier").order_by("id")  # the order of locks on their stock
    owner = _locked(event) if rewards.exists() else None
    if owner is not None and _holds(owner, [event.payload["tier"]]):
        for reward in rewards:  # asked under the lock: they may have changed as we waited
            if event.payload["tier"] in offer_of(reward).tiers():
                _on_tier(reward, owner)


def follow_undoing(event: Event) -> None:
    """`purchase.refunded`, `purchase.cancelled`, `happening.cancelled`: where a tier is lost by it, what came with a tier that
    is held no more, since the day of what was undone, and waits still is taken back. What was used stays; and what is taken back
    may come again.
    """
    since = event.payload.get("tier_lost_since")
    owner = _locked(event) if since else None
    if owner is None:
        return
    first = dt.date.fromisoformat(since).toordinal()  # of those that came with a tier, an ordinal is a day
    came = Crossing.objects.filter(member_id__in=ids_of(owner.id), ordinal__gte=first)
    rows = Redemption.objects.select_related("reward", "member", "unit").filter(id__in=came.values("id"))
    waiting = rows.filter(status=Redemption.Status.HELD, cost=0, held_until__gt=timezone.now())
    for voucher in waiting.order_by("reward_id", "id"):  # the order of locks on their stock
        tiers = [tier for one in voucher.what["conditions"] if one["kind"] == "tier" for tier in one["any"]]
        if not _holds(owner, tiers) and take_back(voucher, VoidReason.TIER_LOST):
            Crossing.objects.filter(id=voucher.id).delete()


def _holds(owner: Member, tiers: Sequence[str]) -> bool:
    """Whether a member holds one of these, or a higher one. What the ladder does not know any more nobody loses."""
    asks = guest(owner, _merchant())
    version = asks.standing.version
    held = version.tier(asks.facts.tier_id) if asks.facts.tier_id else None
    least = [tier.threshold_minor for tier in version.tiers if tier.id in tiers]
    return not least or (held is not None and held.threshold_minor >= min(least))


def _priced(rewards: Iterable[Reward], owner: Member) -> Iterator[tuple[Reward, int]]:
    """Each with what it costs its owner, who is locked."""
    offers = [(reward, offer_of(reward)) for reward in rewards]
    if any(offer.costs or offer.tiers() for _reward, offer in offers):
        review_tier(owner.id)  # nobody is given by a tier that is lost
    tier_id = guest(owner, _merchant()).facts.tier_id
    return ((reward, offer.cost_for(tier_id)) for reward, offer in offers)


def _at_balance(reward: Reward, owner: Member, cost: int, times: int) -> None:
    merchant, offer = _merchant(), offer_of(reward)
    for _again in range(min(times, MOST_AT_ONCE)):
        if refusals(offer, guest(owner, merchant).asking(Reward.objects.get(id=reward.id))):
            return
        had = Crossing.objects.filter(member_id__in=ids_of(owner.id), reward=reward)
        last = had.aggregate(last=Max("ordinal"))["last"]  # not how many: some went with a parted card
        if not _give(reward, owner, merchant, cost, 0 if last is None else last + 1):
            return


def _on_tier(reward: Reward, owner: Member) -> None:
    merchant, version = _merchant(), version_in_force()
    today = local_day(timezone.now(), merchant.time_zone)
    begins = (
        first_day(version.ladder.window, today, local_day(owner.joined_at, merchant.time_zone)) or dt.date.min
    )
    had = Crossing.objects.filter(member_id__in=ids_of(owner.id), reward=reward)
    if not had.filter(ordinal__gte=begins.toordinal()).exists():
        _give(reward, owner, merchant, 0, today.toordinal())


def _give(reward: Reward, owner: Member, merchant: Merchant, cost: int, ordinal: int) -> bool:
    """Whether there was one to give: who is late gets none, and nobody waits for it."""
    try:
        with transaction.atomic():
            given = give_voucher(reward, owner, merchant, cost=cost)
            Crossing.objects.create(id=given.id, member=owner, reward=reward, ordinal=ordinal)
    except (RewardSoldOut, holding.InsufficientUnits):
        return False
    return True


def _locked(event: Event) -> Member | None:
    """Whose it is today, locked; None for who has gone."""
    try:
        return member(lock_member(UUID(event.payload["member"])))
    except MemberUnknown:
        return None


def _merchant() -> Merchant:
    return Merchant.objects.get(id=current_merchant_id())

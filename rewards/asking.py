"""Who would like a reward: what `terms` must know of a member, read from where it is kept."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from loyalty.queries import MemberStanding, standing_of
from loyalty.rules.calendar import local, local_day
from loyalty.rules.facts import Facts, Who
from members.models import Member
from members.queries import ids_of
from merchants.models import Merchant
from rewards.catalogue import live_rewards, offer_of
from rewards.models import Redemption, Reward
from rewards.offers import Offer
from rewards.terms import Asking, Refusal, is_seen, possible_on, refusals

_KEPT = (Redemption.Status.HELD, Redemption.Status.CAPTURED)


@dataclass(frozen=True)
class Guest:
    """A member who looks at rewards, now and at a place, or at none in particular.

    `had_on` are the days on which each reward was taken that is still held or was handed over: by the reward's id. `held` are
    those that wait to be handed over, the newest first.
    """

    facts: Facts
    standing: MemberStanding
    had_on: dict[UUID, tuple[dt.date, ...]]
    held: tuple[Redemption, ...] = ()

    def asking(self, reward: Reward) -> Asking:
        """What there is to know beside an offer."""
        return Asking(
            facts=self.facts,
            usable=self.usable(reward.unit_id),
            had_on=self.had_on.get(reward.id, ()),
            left=left_of(reward),
        )

    def usable(self, unit_id: UUID) -> int:
        """What the member has of a unit and can use now."""
        unit = self.standing.version.unit(str(unit_id))
        balance = self.standing.balances.get(unit.code) if unit else None
        return int(balance["available"]) if balance else 0


@dataclass(frozen=True)
class Shown:
    """A reward as one member sees it: for how much, what stands against taking it, and from which day on that is possible."""

    reward: Reward
    offer: Offer
    cost: int
    usable: int
    against: list[Refusal]
    possible_on: dt.date | None

    @property
    def told_on(self) -> dt.date | None:
        """`possible_on`, as others than the member may hear it: where one waits for a birthday, the day would tell it."""
        has_birthday = any(one.kind == "birthday" for one in self.offer.conditions)
        return None if has_birthday and self.against else self.possible_on

    @property
    def missing(self) -> int:
        """Units that the member has not."""
        return max(0, self.cost - self.usable)


def shown_to(asks: Guest) -> list[Shown]:
    """What this member sees, in the shop's order. One query."""
    found = []
    for reward in live_rewards():
        offer, asking = offer_of(reward), asks.asking(reward)
        if is_seen(offer, asking):
            against, day = refusals(offer, asking), possible_on(offer, asking)
            cost = offer.cost_for(asking.facts.tier_id)
            found.append(Shown(reward, offer, cost, asking.usable, against, day))
    return found


def guest(
    member: Member,
    merchant: Merchant,
    *,
    location_id: UUID | None = None,
    standing: MemberStanding | None = None,
) -> Guest:
    """Of a member that is there, in the merchant's scope. Four queries, one more where a ladder counts by windows; two
    where the standing was read already.
    """
    now = timezone.now()
    here = local(now, merchant.time_zone)
    standing = standing or standing_of(member.id)
    version = standing.version
    tier = version.tier_held(standing.tier.id if standing.tier else None, standing.progress, here.date())
    facts = Facts(
        "visit",
        tier_id=tier.id if tier else None,
        progress_minor=standing.progress,
        moment=here,
        who=_who(member, standing, merchant.time_zone),
        location=str(location_id) if location_id else "",
    )
    kept = _kept(ids_of(member.id), now)
    held = tuple(row for row in reversed(kept) if row.status == Redemption.Status.HELD)
    return Guest(facts, standing, _had(kept, merchant.time_zone), held)


def left_of(reward: Reward) -> int | None:
    """How many there still are; None where there is no limit."""
    return None if reward.stock is None else reward.stock - reward.taken


def _who(member: Member, standing: MemberStanding, zone: str) -> Who:
    last = standing.last_purchase_at
    return Who(
        visits=standing.purchases + standing.visits,
        ordinal=standing.ordinal,
        joined_on=local_day(member.joined_at, zone),
        birthday=member.birthday,
        last_on=local_day(last, zone) if last else None,
        segments=frozenset(member.tags),
    )


def _kept(member_ids: list[UUID], now: dt.datetime) -> list[Redemption]:
    """What they took and have, or had: the oldest first. One query."""
    rows = Redemption.objects.filter(status__in=_KEPT, member_id__in=member_ids)
    # One whose time is out is given back, though no sweep has been by.
    return list(rows.exclude(status=Redemption.Status.HELD, held_until__lte=now).order_by("id"))


def _had(kept: list[Redemption], zone: str) -> dict[UUID, tuple[dt.date, ...]]:
    found: dict[UUID, tuple[dt.date, ...]] = {}
    for row in kept:
        found[row.reward_id] = (*found.get(row.reward_id, ()), local_day(row.held_at, zone))
    return found

"""Taking a reward: its units are set aside for a while, then used, let go, or given back after all.

Locks: the member's accounts and standing first, the stock last, so that nobody waits in a circle. What the books say of a
hold is what counts; a redemption's status follows it.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import events, idempotency
from core.errors import Decline, DomainError
from core.idempotency import Answered, fingerprint_of
from core.ids import new_id
from core.models import Event
from loyalty import holding
from loyalty.locking import lock_member
from members import queries
from members.models import Member
from merchants.models import Merchant
from rewards import saying
from rewards.catalogue import find_reward
from rewards.models import Redemption, Reward

HELD_FOR = dt.timedelta(minutes=10)  # the way from the phone in one's hand to the counter, with a queue
Status = Redemption.Status


class RewardSoldOut(Decline):
    """The last one is held by or was handed to somebody else."""

    code = "reward_sold_out"
    message = _("%(name)s is sold out.")


class RewardWithdrawn(Decline):
    """It is not offered any more."""

    code = "reward_withdrawn"
    message = _("%(name)s is not offered any more.")


class RedemptionUnknown(DomainError):
    """No such redemption of this merchant's."""

    code = "redemption_not_found"
    message = _("There is no such redemption.")


class RedemptionClosed(Decline):
    """It has ended already, otherwise than asked."""

    code = "redemption_closed"
    message = _("This cannot be done: the reward is marked “%(status)s”.")


@dataclass(frozen=True)
class Ending:
    """How a redemption ends: from which status, to which, and whether the reward is in stock again.

    `in_the_books` is what becomes of its units, `event` what is told.
    """

    begins: str
    ends: str
    restocks: bool
    event: str
    in_the_books: Callable[..., None]


def _already(**_what: object) -> None:
    """The books let go of a hold themselves when its time is out."""


CAPTURE = Ending(
    Status.HELD, Status.CAPTURED, restocks=False, event="reward.captured", in_the_books=holding.use
)
RELEASE = Ending(
    Status.HELD, Status.RELEASED, restocks=True, event="reward.released", in_the_books=holding.let_go
)
VOID = Ending(
    Status.CAPTURED, Status.VOIDED, restocks=True, event="reward.voided", in_the_books=holding.give_back
)
TIME_OUT = Ending(Status.HELD, Status.EXPIRED, restocks=True, event="reward.expired", in_the_books=_already)


def take_reward(
    *, merchant: Merchant, reward_id: UUID, member_id: UUID, key: UUID, actor_id: UUID | None
) -> Answered:
    """Set a reward aside for a member, for HELD_FOR. Repeating `key` gives the first answer for ever.

    Raises RewardUnknown, MemberUnknown, RewardWithdrawn, RewardSoldOut, InsufficientUnits, idempotency.KeyReused.
    """

    def work() -> tuple[int, dict[str, Any], UUID | None]:
        reward = find_reward(reward_id)
        member = queries.member(lock_member(member_id))
        if not reward.live:
            raise RewardWithdrawn(name=reward.name, member_id=member.id)
        taken = _hold(reward, member, actor_id)
        events.record("reward.held", _fact(taken, actor_id))
        return 201, saying.say_redemption(taken, member, merchant), member.id

    return idempotency.answer_once(
        key, fingerprint_of("take", reward_id, member_id), work, member_id=member_id
    )


def end_redemption(
    ending: Ending, *, merchant: Merchant, redemption_id: UUID, key: UUID, actor_id: UUID | None
) -> Answered:
    """Capture, release or void one redemption. Repeating `key` gives the first answer for ever.

    Raises RedemptionUnknown, RedemptionClosed, idempotency.KeyReused.
    """

    def work() -> tuple[int, dict[str, Any], UUID | None]:
        owner_id = lock_member(_find(redemption_id).member_id)
        found = _find(redemption_id)
        if found.status != ending.begins:
            raise _closed(found.id)
        try:
            ending.in_the_books(
                member_id=found.member_id,
                unit_id=found.unit_id,
                hold_id=found.id,
                reasons=_reason(found),
                actor_id=actor_id,
            )
        except holding.HoldClosed:
            raise _closed(found.id) from None
        if not _move(found.id, ending):
            raise _closed(found.id)
        found.refresh_from_db()
        events.record(ending.event, _fact(found, actor_id))
        owner = Member.objects.get(id=owner_id)
        return 201, saying.say_redemption(found, owner, merchant), owner.id

    return idempotency.answer_once(key, fingerprint_of(ending.event, redemption_id), work)


def follow_release(event: Event) -> None:
    """`points.released`: where the books let go of a hold because its time was out, the reward is in stock again."""
    hold_id = event.payload.get("refers_to")
    if hold_id:
        _expire(UUID(hold_id))


def _hold(reward: Reward, member: Member, actor_id: UUID | None) -> Redemption:
    taken = Redemption(
        id=new_id(),
        reward=reward,
        member=member,
        unit_id=reward.unit_id,
        cost=reward.cost,
        held_until=timezone.now() + HELD_FOR,
        actor_id=actor_id,
    )
    holding.set_aside(
        member_id=member.id,
        unit_id=reward.unit_id,
        amount=reward.cost,
        hold_id=taken.id,
        reasons=_reason(taken),
        actor_id=actor_id,
        until=taken.held_until,
    )
    if not (_take_one(reward.id) or (_free_timed_out(reward.id) and _take_one(reward.id))):
        raise RewardSoldOut(name=reward.name, member_id=member.id)
    taken.save(force_insert=True)
    return taken


def _take_one(reward_id: UUID) -> bool:
    in_stock = Reward.objects.filter(Q(stock=None) | Q(taken__lt=F("stock")), id=reward_id)
    return bool(in_stock.update(taken=F("taken") + 1))


def _free_timed_out(reward_id: UUID) -> int:
    """End what nobody may capture any more, though no sweep has been by: the books follow in their own time."""
    over = Redemption.objects.filter(reward_id=reward_id, status=Status.HELD, held_until__lte=timezone.now())
    ids = list(over.select_for_update(skip_locked=True).order_by("id").values_list("id", flat=True))
    return sum(_expire(redemption_id) for redemption_id in ids)


def _expire(redemption_id: UUID) -> bool:
    ended = _move(redemption_id, TIME_OUT)
    if ended:
        events.record(TIME_OUT.event, _fact(_find(redemption_id), None))
    return ended


def _move(redemption_id: UUID, ending: Ending) -> bool:
    """Whether this call ended it. The stock comes last."""
    moved = Redemption.objects.filter(id=redemption_id, status=ending.begins).update(
        status=ending.ends, closed_at=timezone.now()
    )
    if moved and ending.restocks:
        reward = Redemption.objects.filter(id=redemption_id).values("reward_id")
        Reward.objects.filter(id__in=reward).update(taken=F("taken") - 1)
    return bool(moved)


def _find(redemption_id: UUID) -> Redemption:
    found = Redemption.objects.select_related("reward", "member", "unit").filter(id=redemption_id).first()
    if found is None:
        raise RedemptionUnknown
    return found


def _closed(redemption_id: UUID) -> RedemptionClosed:
    """Time that ran out a moment ago has not reached the redemption yet: the books knew first."""
    found = _find(redemption_id)
    is_over = found.status == Status.HELD and found.held_until <= timezone.now()
    status = Status.EXPIRED if is_over else Status(found.status)
    return RedemptionClosed(status=status.label, member_id=found.member_id)


def _reason(redemption: Redemption) -> dict[str, Any]:
    return {"code": "reward", "reward": str(redemption.reward_id), "name": redemption.reward.name}


def _fact(redemption: Redemption, actor_id: UUID | None) -> dict[str, Any]:
    return {
        "redemption": str(redemption.id),
        "reward": str(redemption.reward_id),
        "member": str(redemption.member_id),
        "cost": redemption.cost,
        "actor": str(actor_id) if actor_id else None,
    }

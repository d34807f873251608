"""What becomes of a reward that was taken: it is let go, or its time runs out. Handed over: `handing`; given back: `voiding`.

Locks: the member's accounts and standing first, the stock last, so that nobody waits in a circle. What the books say of a
hold is what counts; a redemption's status follows it.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import events, idempotency, tenancy
from core.errors import DomainError
from core.idempotency import Answered, fingerprint_of
from core.jobs import jobs_connection
from core.models import Event
from loyalty.locking import TooBusy, lock_member, lock_together
from loyalty.models import Purchase
from loyalty.units import holding
from members.models import Member
from members.queries import survivor_id
from merchants.models import Merchant
from rewards import saying
from rewards.declines import RedemptionClosed, VoucherClosed
from rewards.models import Redemption, Reward, VoidReason

logger = logging.getLogger(__name__)
Status = Redemption.Status
MOST_AT_ONCE = 500  # of one shop in one go, some seconds: the next sweep has the others
DUE = "SELECT DISTINCT merchant_id FROM rewards_redemption WHERE status = 'held' AND cost = 0 AND held_until <= %(now)s"


class RedemptionUnknown(DomainError):
    """No such redemption of this merchant's."""

    code = "redemption_not_found"
    message = _("There is no such redemption.")


class LocationNeeded(DomainError):
    """It is given at certain locations, and nobody said at which one this is."""

    code = "location_needed"
    message = _("Say at which location: this reward is not given at every one.")
    field = "location"


@dataclass(frozen=True)
class Ending:
    """How a redemption ends: from which status, to which; whether the reward is in stock again; and what is told."""

    begins: str
    ends: str
    event: str


RELEASE = Ending(Status.HELD, Status.RELEASED, "reward.released")
VOID = Ending(Status.CAPTURED, Status.VOIDED, "reward.voided")
TIME_OUT = Ending(Status.HELD, Status.EXPIRED, "reward.expired")


def release_redemption(
    *, merchant: Merchant, redemption_id: UUID, key: UUID, actor_id: UUID | None
) -> Answered:
    """Let go of what was set aside: its units and the reward are there again. Repeating `key` gives the first answer for ever.

    Raises RedemptionUnknown, RedemptionClosed, TooBusy, idempotency.KeyReused.
    """

    def work() -> tuple[int, dict[str, Any], UUID | None]:
        found, owner = lock_redemption(redemption_id)
        _let_go(found, actor_id)
        found.refresh_from_db()
        return 201, saying.say_redemption(found, owner, merchant), owner.id

    return idempotency.answer_once(key, fingerprint_of(RELEASE.event, redemption_id), work)


def _let_go(found: Redemption, actor_id: UUID | None) -> None:
    """Its member is locked. Raises RedemptionClosed."""
    if found.status_at(timezone.now()) != RELEASE.begins:
        raise closed(found)
    try:
        if found.cost:
            holding.let_go(hold_id=found.id, reasons=reason_of(found), actor_id=actor_id)
    except holding.HoldClosed:
        raise ran_out(found) from None
    if not move(found.id, RELEASE, closed_by=actor_id):
        raise closed(found)
    events.record(RELEASE.event, fact_of(found, actor_id))


def take_back(found: Redemption, why: VoidReason) -> bool:
    """Take back a voucher that costs nothing and waits still. Its member is locked. Returns whether there was anything to."""
    taken = move(found.id, RELEASE, void_reason=str(why))
    if taken:
        said = {"reason": str(why), "names": found.what["names"]}
        events.record(RELEASE.event, fact_of(found, None) | said)
    return taken


def lock_redemption(redemption_id: UUID) -> tuple[Redemption, Member]:
    """It, and for whom it counts today, whose accounts and standing are ours then. Raises RedemptionUnknown, TooBusy.

    Where it was used while that member was one with another, the other's accounts are ours too: its units are there, or the
    purchase with which it may be given back at the same moment.
    """
    found = find_redemption(redemption_id)
    member_id, other_id = found.member_id, _used_elsewhere(found)
    if other_id is not None:
        lock_together(member_id, other_id)
    owner_id = lock_member(member_id)
    found = find_redemption(redemption_id)
    if _used_elsewhere(found) not in (None, other_id):
        raise TooBusy  # used or parted as we waited: the other's accounts come first in the order of locks, perhaps
    return found, Member.objects.get(id=owner_id)


def _used_elsewhere(found: Redemption) -> UUID | None:
    """In whose accounts its units were used, or, where it cost none, on whose purchase, if that is somebody else today."""
    used_by = holding.used_by(found.id)
    if used_by is None and found.purchase_id is not None:
        used_by = Purchase.objects.values_list("member_id", flat=True).get(id=found.purchase_id)
    return used_by if used_by and survivor_id(used_by) != survivor_id(found.member_id) else None


def follow_erased(event: Event) -> None:
    """`member.erased`: what that member had set aside is let go; nobody could hand it over since."""
    member_id = UUID(event.payload["member"])
    if Redemption.objects.filter(member_id=member_id, status=RELEASE.begins).exists():
        lock_member(member_id)
        held = Redemption.objects.filter(member_id=member_id, status=RELEASE.begins)
        for found in held.filter(held_until__gt=timezone.now()).order_by("reward_id", "id"):
            _let_go(found, None)


def follow_release(event: Event) -> None:
    """`points.released`: where the books let go of a hold because its time was out, the reward is in stock again."""
    hold_id = event.payload.get("refers_to")
    if hold_id:
        _expire(UUID(hold_id))


def expire_free() -> int:
    """End the vouchers that cost nothing and whose time is out: the books know of none. Returns how many there were.

    At every shop, each in a transaction of its own; doing it twice at once does nothing more. Who reads one earlier is told
    that it has run out.
    """
    with jobs_connection() as jobs:
        due = [row[0] for row in jobs.execute(DUE, {"now": timezone.now()})]
    done = 0
    for merchant_id in due:
        with tenancy.scope(merchant_id):
            over = Redemption.objects.filter(status=Status.HELD, cost=0, held_until__lte=timezone.now())
            ids = list(over.order_by("id").values_list("id", flat=True)[:MOST_AT_ONCE])
        for redemption_id in ids:
            try:
                with tenancy.scope(merchant_id):
                    done += _expire(redemption_id)
            except Exception:  # the edge: those behind this one must not wait for it
                logger.exception("voucher %s was not ended", redemption_id)
    return done


def lock_stock(reward_ids: Iterable[UUID]) -> None:
    """Of several rewards, for whoever takes from the stock of one and puts back into that of another in one transaction: by
    their ids, in which order whatever else takes or puts back several does it. The member is locked before."""
    stock = Reward.objects.filter(id__in=list(reward_ids)).order_by("id")
    list(stock.select_for_update(no_key=True).values_list("id"))


def take_from_stock(reward_id: UUID) -> bool:
    """Whether there was one: it comes last in the order of locks. What nobody may capture any more makes room."""
    return _take_one(reward_id) or bool(_free_timed_out(reward_id) and _take_one(reward_id))


def _take_one(reward_id: UUID) -> bool:
    in_stock = Reward.objects.filter(Q(stock=None) | Q(taken__lt=F("stock")), id=reward_id)
    return bool(in_stock.update(taken=F("taken") + 1))


def _free_timed_out(reward_id: UUID) -> int:
    """End what nobody may capture any more, though no sweep has been by: the books follow in their own time."""
    over = Redemption.objects.filter(reward_id=reward_id, status=Status.HELD, held_until__lte=timezone.now())
    ids = list(over.select_for_update(skip_locked=True).order_by("id").values_list("id", flat=True))
    return sum(_expire(redemption_id) for redemption_id in ids)


def _expire(redemption_id: UUID) -> bool:
    ended = move(redemption_id, TIME_OUT)
    if ended:
        events.record(TIME_OUT.event, fact_of(find_redemption(redemption_id), None))
    return ended


def move(redemption_id: UUID, ending: Ending, **noted: Any) -> bool:
    """Whether this call ended it; `noted` with it, by column. The reward is in stock again, which comes last."""
    rows = Redemption.objects.filter(id=redemption_id, status=ending.begins)
    moved = rows.update(status=ending.ends, closed_at=timezone.now(), **noted)
    if moved:
        reward = Redemption.objects.filter(id=redemption_id).values("reward_id")
        Reward.objects.filter(id__in=reward).update(taken=F("taken") - 1)
    return bool(moved)


def find_with_owner(redemption_id: UUID) -> tuple[Redemption, Member]:
    """It, and for whom it counts today. Raises RedemptionUnknown."""
    found = find_redemption(redemption_id)
    return found, Member.objects.get(id=survivor_id(found.member_id))


def find_redemption(redemption_id: UUID) -> Redemption:
    """With its reward, its unit and who took it. Raises RedemptionUnknown."""
    found = Redemption.objects.select_related("reward", "member", "unit").filter(id=redemption_id).first()
    if found is None:
        raise RedemptionUnknown
    return found


def closed(redemption: Redemption) -> RedemptionClosed:
    """Time that ran out a moment ago has not reached the redemption yet: the books knew first. Of who was erased a moment ago
    it says that it is held, and nobody can hand it over.
    """
    status = redemption.status_at(timezone.now())
    if redemption.serial is not None:
        why = saying.why_closed(redemption, redemption.merchant.time_zone)
        why = why or saying.why_left()
        return VoucherClosed(why=why, member_id=redemption.member_id)
    status = Status.RELEASED if status == Status.HELD else status
    return RedemptionClosed(status=status.label, member_id=redemption.member_id)


def ran_out(redemption: Redemption) -> RedemptionClosed:
    """The books let go of it, while its row still says that it is held."""
    redemption.status = Status.EXPIRED
    return closed(redemption)


def reason_of(redemption: Redemption) -> dict[str, Any]:
    """What the books keep of why."""
    return {"code": "reward", "reward": str(redemption.reward_id), "names": redemption.what["names"]}


def fact_of(redemption: Redemption, actor_id: UUID | None) -> dict[str, Any]:
    """What is told of it."""
    return {
        "redemption": str(redemption.id),
        "reward": str(redemption.reward_id),
        "member": str(redemption.member_id),
        "cost": redemption.cost,
        "actor": str(actor_id) if actor_id else None,
    }

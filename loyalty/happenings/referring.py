"""Members who bring friends. Both have something of it once the friend has bought for the first time, and while anything of
what the friend bought is left.

Nobody brings themselves, whichever of their rows they use, nor whoever brought them: that is looked at when the friend buys,
for by then it may be known that two members are one.
"""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

import orjson
from django.db.models import F, Q

from core.idempotency import answers_to
from core.ids import key_within, read_id
from core.models import Event
from core.tenancy import current_merchant_id
from loyalty.happenings.occasions import give_once, is_asked_for, part_of
from loyalty.happenings.taking_back import take_back_happening
from loyalty.locking import lock_member
from loyalty.models import Happening, Purchase, Referral
from loyalty.programme.publishing import catch_up
from loyalty.purchases.forgetting import with_something_left
from loyalty.rules.types import Trigger
from members.models import Member
from members.queries import ids_of, survivor_id
from merchants.models import Merchant


def note_referral(*, friend: Member, referrer: Member) -> None:
    """Remember who brought a member. In the transaction of its joining."""
    Referral.objects.create(friend=friend, referrer=referrer, made_at=friend.joined_at)


def friends_of(member_id: UUID) -> tuple[int, bool]:
    """How many friends this very member brought, and whether a friend brought it. One query."""
    told = Referral.objects.filter(Q(referrer=member_id) | Q(friend=member_id))
    friends = list(told.values_list("friend_id", flat=True))
    return sum(friend != member_id for friend in friends), member_id in friends


def follow_purchase(event: Event) -> None:
    """`purchase.recorded`: the first of somebody who was brought gives to both, where rules ask for it."""
    catch_up()
    member_id = survivor_id(UUID(event.payload["member"]))
    waiting = Referral.objects.filter(friend_id__in=ids_of(member_id), came_at=None)
    occurred_at = dt.datetime.fromisoformat(event.payload["occurred_at"])
    for referral in waiting.order_by("made_at", "id"):
        if _buys(member_id):
            _reward(referral, member_id, occurred_at)


def follow_undoing(event: Event) -> None:
    """`purchase.cancelled`, `purchase.refunded`: where nothing is left of what a friend bought, nobody came. What both had
    of it is taken back, and given anew after the friend's next purchase. Delivered twice is the same.
    """
    catch_up()
    member_id = survivor_id(UUID(event.payload["member"]))
    came = Referral.objects.filter(friend_id__in=ids_of(member_id), came_at__isnull=False)
    for referral in came.order_by("made_at", "id"):
        _take_back(referral, member_id)


def _take_back(referral: Referral, member_id: UUID) -> None:
    referrer_id = survivor_id(referral.referrer_id)
    for each in sorted({member_id, referrer_id}):
        lock_member(each)
    rows = Referral.objects.filter(id=referral.id, undone=referral.undone, came_at__isnull=False)
    if _buys(member_id) or not rows.update(came_at=None, undone=F("undone") + 1):
        return
    merchant = Merchant.objects.get(id=current_merchant_id())
    given: dict[Trigger, UUID] = {"friend": member_id, "referrer": referrer_id}
    for trigger, owner_id in given.items():
        for happening in _given(owner_id, trigger, [_which(referral, trigger, referral.undone)]):
            take_back_happening(merchant=merchant, happening=happening)


def _which(referral: Referral, trigger: Trigger, undone: int) -> str:
    """The reward's own name among those of its receiver, after so many that were taken back."""
    names = [str(referral.friend_id)] if trigger == "referrer" else []
    return " ".join([*names, *([f"again {undone}"] if undone else [])])


def _given(owner_id: UUID, trigger: Trigger, which: Iterable[str]) -> list[Happening]:
    """What a member, or one of those who are it, had under these names."""
    parts = [part_of(trigger, each) for each in which]
    bodies = answers_to(key_within(each, part) for each in ids_of(owner_id) for part in parts)
    return [Happening.objects.get(id=read_id("evt", orjson.loads(body)["id"])) for body in bodies]


def _reward_one(referral: Referral, trigger: Trigger, owner_id: UUID, occurred_at: dt.datetime) -> None:
    """If a rule asks for it, and nothing is left to them of what they had for it before that was taken back."""
    if not is_asked_for(trigger):
        return
    before = [_which(referral, trigger, undone) for undone in range(referral.undone)]
    if not any(with_something_left(happening) for happening in _given(owner_id, trigger, before)):
        which = _which(referral, trigger, referral.undone)
        give_once(member_id=owner_id, trigger=trigger, which=which, occurred_at=occurred_at)


def _buys(member_id: UUID) -> bool:
    """Not where all was taken back before anybody heard of it."""
    return Purchase.objects.filter(member_id__in=ids_of(member_id), ended_at=None).exists()


def _reward(referral: Referral, member_id: UUID, occurred_at: dt.datetime) -> None:
    """Once: whoever delivers the same at the same moment waits for the row, and finds it done."""
    if not Referral.objects.filter(id=referral.id, came_at=None).update(came_at=occurred_at):
        return
    referrer_id = survivor_id(referral.referrer_id)
    if _is_above(member_id, referrer_id) or _was_there_before(member_id, referral.made_at):
        return
    # In the order of a merge: nobody waits for us who holds the other.
    for each in sorted({member_id, referrer_id}):
        lock_member(each)
    _reward_one(referral, "friend", member_id, occurred_at)
    _reward_one(referral, "referrer", referrer_id, occurred_at)


def _is_above(member_id: UUID, referrer_id: UUID) -> bool:
    """Whether the member is the referrer, or brought whoever brought the referrer, however far back."""
    seen: set[UUID] = set()
    above = {referrer_id}
    while above:
        if member_id in above:
            return True
        seen |= above
        brought = Referral.objects.filter(Q(friend__in=above) | Q(friend__merged_into__in=above))
        rows = brought.values_list("referrer_id", "referrer__merged_into_id")
        above = {into or referrer for referrer, into in rows} - seen
    return False


def _was_there_before(member_id: UUID, moment: dt.datetime) -> bool:
    """Whether who came as a friend had bought here before, as a member who turned out to be the same person."""
    mine = Purchase.objects.filter(member_id__in=ids_of(member_id), ended_at=None)
    return mine.filter(occurred_at__lt=moment).exists()

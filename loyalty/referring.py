"""Members who bring friends. Both have something of it once the friend has bought for the first time.

Nobody brings themselves, whichever of their rows they use, nor whoever brought them: that is looked at when the friend buys,
for by then it may be known that two members are one.
"""

import datetime as dt
from uuid import UUID

from django.db.models import Q

from core.models import Event
from loyalty.locking import lock_member
from loyalty.models import Purchase, Referral
from loyalty.occasions import give_once, is_asked_for
from loyalty.publishing import catch_up
from members.models import Member
from members.queries import ids_of, survivor_id


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
    member_id = survivor_id(UUID(event.payload["member"]))
    waiting = Referral.objects.filter(friend_id__in=ids_of(member_id), came_at=None)
    occurred_at = dt.datetime.fromisoformat(event.payload["occurred_at"])
    for referral in waiting.order_by("made_at", "id"):
        if _buys(member_id):
            _reward(referral, member_id, occurred_at)


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
    catch_up()  # before members are locked
    # In the order of a merge: nobody waits for us who holds the other.
    for each in sorted({member_id, referrer_id}):
        lock_member(each)
    if is_asked_for("friend"):
        give_once(member_id=member_id, trigger="friend", occurred_at=occurred_at)
    if is_asked_for("referrer"):
        which = str(referral.friend_id)
        give_once(member_id=referrer_id, trigger="referrer", which=which, occurred_at=occurred_at)


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

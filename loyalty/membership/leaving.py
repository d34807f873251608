"""Leaving a programme: the reverse of joining, in one transaction. The books stay as they are, and name nobody."""

from uuid import UUID

from django.db import transaction
from django.db.models import F

from core import events, idempotency
from core.models import Event
from loyalty.models import Happening, Note, Standing
from members.erasing import forget_member
from members.models import Member
from members.queries import ids_of, survivor_id


def erase_member(*, member: Member, actor: str) -> None:
    """Erase everything that says who a member was. `actor`: who did it, an id or "member". Repeating changes nothing.

    Who was merged into it is the same person and goes too: parting them is over. Its units stay in the books, where nobody
    can use them any more.
    """
    with transaction.atomic():
        for each in Member.objects.filter(id__in=ids_of(_hold(member.id))).order_by("merged_at", "id"):
            _erase_one(each, actor)


def _hold(member_id: UUID) -> UUID:
    """Whom this member is, with its standing in our hands.

    First of all, in the order of a purchase's own locks: a purchase judged before and written after it finds the standing
    moved, reads again, and finds nobody; one that was quicker has left an answer, which is seen afterwards. A merge holds
    both standings: if one came before us, it is seen too.
    """
    while True:
        stays_id = survivor_id(member_id)
        Standing.objects.filter(member_id=stays_id).update(version=F("version") + 1)
        if survivor_id(member_id) == stays_id:
            return stays_id


def _erase_one(member: Member, actor: str) -> None:
    if forget_member(member):
        idempotency.forget_answers(member.id)
        Note.objects.filter(member=member).update(text="")
        Standing.objects.filter(member=member).update(memory={}, review_on=None, warned_for=None)
        happenings = Happening.objects.filter(member=member)
        happenings.update(name="")
        happenings.filter(trigger="birthday").update(occurred_at=F("recorded_at"))
        # A mail server's refusal, noted there, names the address.
        Event.objects.filter(payload__member=str(member.id)).update(last_error="")
        events.record("member.erased", {"member": str(member.id), "actor": actor})

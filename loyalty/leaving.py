"""Leaving a programme: the reverse of joining, in one transaction. The books stay as they are, and name nobody."""

from django.db import transaction
from django.db.models import F

from core import events, idempotency
from core.models import Event
from loyalty.models import Standing
from members.erasing import forget_member
from members.models import Member


def erase_member(*, member: Member, actor: str) -> None:
    """Erase everything that says who a member was. `actor`: who did it, an id or "member". Repeating changes nothing.

    Its units stay in the books, where nobody can use them any more.
    """
    with transaction.atomic():
        # First, in the order of a purchase's own locks: a purchase judged before this and written after it finds the
        # standing moved, reads again, and finds nobody; one that was quicker has left an answer, which is seen below.
        Standing.objects.filter(member=member).update(version=F("version") + 1)
        if forget_member(member):
            idempotency.forget_answers(member.id)
            # A mail server's refusal, noted there, names the address.
            Event.objects.filter(payload__member=str(member.id)).update(last_error="")
            events.record("member.erased", {"member": str(member.id), "actor": actor})

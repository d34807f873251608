"""Forgetting who a member is: what `members` knows. The books are another room's: see `loyalty.membership.leaving`."""

from typing import Any

from django.db.models import F
from django.utils import timezone

from members.cards import dead_spoken_code
from members.models import Card, Member


def forget_member(member: Member) -> bool:
    """Blank every personal datum and kill the card's codes, links and browsers. Says whether there was anything to forget.

    Of this row alone: who was merged into it is forgotten by another call. Consents stay as rows that name nobody. Repeating changes nothing.
    """
    blank: dict[str, Any] = {
        "name": "",
        "phone": "",
        "email": "",
        "search": "",
        "tags": {},
        "birthday": None,
        "email_verified_at": None,
    }
    if not Member.objects.filter(id=member.id, erased_at=None).update(erased_at=timezone.now(), **blank):
        return False
    dead = {"spoken_code": dead_spoken_code(), "pin": ""}
    Card.objects.filter(member=member).update(generation=F("generation") + 1, **dead)
    return True

"""Members who may be one person twice. A guess for people to look at: nothing follows from it by itself.

No two members have the same whole number or address, so of these it finds those that are close.
"""

from enum import StrEnum

from django.db.models import Q

from core.text import fold
from members.models import Member
from members.queries import members

MOST = 5  # more are a common name, and a search finds those
LOOKED_AT = 50
SHORTEST_MAILBOX = 3
NATIONAL_DIGITS = 8  # the same number with and without its country's code, or with another's by mistake


class Likeness(StrEnum):
    """What two members have in common."""

    PHONE = "phone"  # its last digits
    EMAIL = "email"  # what stands before the @
    NAME = "name"


def likely_duplicates(member: Member) -> list[tuple[Member, Likeness]]:
    """Members of the same merchant who look like this one, most alike first. One query, a walk through an index."""
    name, digits, box = fold(member.name).strip(), _digits(member.phone), _mailbox(member.email)
    wanted = Q()
    if name:
        wanted |= Q(search__startswith=f"{name} ")
    if digits:
        wanted |= Q(search__contains=digits)
    if box:
        wanted |= Q(search__contains=f" {box}")
    if not wanted:
        return []
    found = members().filter(wanted).exclude(id=member.id).order_by("-joined_at", "-id")[:LOOKED_AT]
    alike = [(other, likeness) for other in found if (likeness := _likeness(other, name, digits, box))]
    return sorted(alike, key=lambda pair: list(Likeness).index(pair[1]))[:MOST]


def _likeness(other: Member, name: str, digits: str, box: str) -> Likeness | None:
    if digits and _digits(other.phone) == digits:
        return Likeness.PHONE
    if box and _mailbox(other.email) == box:
        return Likeness.EMAIL
    return Likeness.NAME if name and fold(other.name).strip() == name else None


def _digits(phone: str) -> str:
    return phone[-NATIONAL_DIGITS:] if len(phone) > NATIONAL_DIGITS else ""


def _mailbox(email: str) -> str:
    """What stands before the @, without what mail servers ignore after a plus."""
    box = email.partition("@")[0].partition("+")[0]
    return box if len(box) >= SHORTEST_MAILBOX else ""

"""A member's PIN: four digits that show at the counter who it is, where the card is a printed one.

Kept as a slow hash of a keyed digest that is bound to the member, on the member's own card: a copy of the database alone
says none, and a hash that is carried to another row fits nobody. How often somebody may try is counted by whoever asks.
"""

import hmac
import re

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.utils.translation import gettext_lazy as _

from core import events
from core.errors import DomainError
from members.models import Card, Member
from members.queries import card_of

DIGITS = 4
_PIN = re.compile(r"[0-9]{4}")
_RUNS = ("0123456789", "9876543210")


class PinUnreadable(DomainError):
    """Not four digits."""

    code = "pin_unreadable"
    message = _("A PIN is four digits.")
    field = "pin"


class PinTooEasy(DomainError):
    """One of those that a thief tries first."""

    code = "pin_too_easy"
    message = _("Choose another one: this is among the first that somebody would try.")
    field = "pin"


def set_pin(*, member: Member, pin: str) -> None:
    """From now on this is the member's PIN. Raises PinUnreadable, PinTooEasy."""
    if not _PIN.fullmatch(pin):
        raise PinUnreadable
    if _is_easy(pin, member):
        raise PinTooEasy
    Card.objects.filter(member=member).update(pin=make_password(_keyed(member, pin)))
    events.record("pin.set", {"member": str(member.id), "actor": "member"})


def forget_pin(*, member: Member) -> None:
    """There is none any more. Repeating it changes nothing."""
    if Card.objects.filter(member=member).exclude(pin="").update(pin=""):
        events.record("pin.forgotten", {"member": str(member.id), "actor": "member"})


def has_pin(member: Member) -> bool:
    """Whether the member has one. One query."""
    return bool(card_of(member).pin)


def is_pin(member: Member, pin: str) -> bool:
    """Whether it is the member's; in the same time where the member has none. One query."""
    kept = card_of(member).pin
    return check_password(_keyed(member, pin), kept or _nobodys()) and bool(kept)


def _is_easy(pin: str, member: Member) -> bool:
    born = member.birthday
    known = {member.phone[-DIGITS:]}
    if born:
        known |= {f"{born:%Y}", f"{born:%d%m}", f"{born:%m%d}"}
    is_run = any(pin in run for run in _RUNS)
    return is_run or pin in known or len(set(pin)) == 1 or pin[:2] == pin[2:]


def _keyed(member: Member, pin: str) -> str:
    said = f"habitue pin {member.merchant_id} {member.id} {pin}"
    return hmac.digest(settings.CARD_SECRET.encode(), said.encode(), "sha256").hex()


def _nobodys() -> str:
    """The hash of nothing in particular, by today's hasher."""
    if not _kept_for_nobody:
        _kept_for_nobody.append(make_password("nobody"))
    return _kept_for_nobody[0]


_kept_for_nobody: list[str] = []

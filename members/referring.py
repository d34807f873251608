"""Who brings a friend: the link that a member passes on, and whom it names.

It says which card and nothing of its member, opens nothing, and stays when the card is replaced: it may be on a wall.
"""

import base64
import re

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.ids import IdUnreadable, read_id
from members import queries
from members.cards import MemberUnknown
from members.models import Card, Member
from merchants.models import Merchant

_CODE = re.compile(r"[A-Z2-7]{13}")  # eight bytes in Base32


class ReferrerUnknown(DomainError):
    """No member of this merchant goes by that id or code."""

    code = "referrer_not_found"
    message = _("No member was found who could have brought this one.")
    field = "referred_by"


def friend_code(card: Card) -> str:
    """Thirteen letters and digits: the card's serial, which no code of the card can be made from."""
    return base64.b32encode(card.serial.to_bytes(8)).decode().rstrip("=")


def friend_link(card: Card, merchant: Merchant) -> str:
    """Where a friend joins, so that the shop knows who brought them."""
    return f"{settings.BASE_URL}/c/{merchant.slug}/join?by={friend_code(card)}"


def read_referrer(text: str) -> Member:
    """Whom a code or a member's id names today. In the merchant's scope. Raises ReferrerUnknown."""
    text = text.strip()
    try:
        if text.startswith("mem_"):
            return queries.member(read_id("mem", text))
        card = Card.objects.filter(serial=_serial(text)).first()
        if card is not None:
            return queries.member(card.member_id)
    except (IdUnreadable, MemberUnknown):
        pass
    raise ReferrerUnknown


def _serial(text: str) -> int:
    """Below zero, which no card has, for what is no code."""
    code = text.upper()
    if not _CODE.fullmatch(code):
        return -1
    serial = int.from_bytes(base64.b32decode(f"{code}==="))
    return serial if serial < 2**63 else -1

"""What the QR of a reward says that was taken on the card, and how it is read back: without a query.

As a card's own code it is an address of ours, `<base>/q/<body>`, so that a camera app which opens it lands on the shop's join
page and learns nothing. The body is Base32 of: kind 1 · merchant number 4 · id of the redemption 16 · MAC 8 bytes. It
names what was set aside, is good for nothing else, and dies with it: what it shows is handed over once.
"""

import base64
import hashlib
import hmac
import struct
from uuid import UUID

from django.conf import settings

from members.cards import CardForeign, code_base
from merchants.models import Merchant
from rewards.models import Redemption

TAKEN = 3  # after the kinds of `members.cards`
MAC_BYTES = 8
_HEAD = struct.Struct(">BI16s")
LENGTH = -(-(_HEAD.size + MAC_BYTES) * 8 // 5)  # letters of Base32


def write_taken(redemption: Redemption, merchant: Merchant) -> str:
    """The address in the QR of a reward that waits to be handed over."""
    head = _HEAD.pack(TAKEN, merchant.number, redemption.id.bytes)
    return code_base() + base64.b32encode(head + _mac(head)).decode().rstrip("=")


def read_taken(text: str, merchant: Merchant) -> UUID | None:
    """The id of the redemption that a scanned text shows; None where it is no such text, but perhaps a card.

    Raises CardForeign for another shop's.
    """
    address, _slash, body = text.strip().upper().rpartition("/")
    if len(body) != LENGTH or not address.endswith("/Q"):
        return None
    try:
        raw = base64.b32decode(body + "=" * (-len(body) % 8))
    except ValueError:
        return None
    head, mac = raw[: _HEAD.size], raw[_HEAD.size :]
    kind, number, redemption_id = _HEAD.unpack(head)
    if kind != TAKEN or not hmac.compare_digest(mac, _mac(head)):
        return None
    if number != merchant.number:
        raise CardForeign
    return UUID(bytes=redemption_id)


def _mac(head: bytes) -> bytes:
    secret = hashlib.sha256(settings.CARD_SECRET.encode()).digest()
    return hmac.digest(secret, b"habitue taken reward" + head, "sha256")[:MAC_BYTES]

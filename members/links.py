"""Signed claims to a card: the link in an e-mail, and what a member's browser keeps.

A claim says who, at which merchant and of which card generation, so that replacing the card ends it. It is proven by
its signature alone; whoever reads it compares the generation with the card's. It never opens anything by itself.
"""

import base64
import binascii
import datetime as dt
import struct
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from members.models import Consent, Member
from members.queries import card_of
from merchants.models import Merchant

LINK_LIVES = dt.timedelta(days=30)  # as long as one looks for an old e-mail
FRESH_LINK = dt.timedelta(minutes=10)  # as long as a code: opening it shows that one reads the address today
SESSION_LIVES = dt.timedelta(days=365)
PROOF_LIVES = dt.timedelta(minutes=30)  # from opening an e-mail to the last question before an erasure
STOP_SALT = "habitue stop letters"
_CLAIM = struct.Struct(">16s16sH")


class LinkUnreadable(DomainError):
    """Altered, of another merchant, or too old; which of them is not said."""

    code = "link_unreadable"
    message = _("This link does not work any more. Ask for a new one.")


class Purpose(StrEnum):
    """What a claim may be used for: one made for one purpose is noise to the other."""

    LINK = "habitue card link"
    SESSION = "habitue card session"
    PROOF = "habitue card proof"


@dataclass(frozen=True)
class Claim:
    """A member of a merchant, and the generation of the card when this was signed."""

    merchant_id: UUID
    member_id: UUID
    generation: int


def card_link(member: Member, merchant: Merchant) -> str:
    """The address that opens this member's card for 30 days. One query, in the merchant's scope: the generation.

    With `?to=me` behind it, it opens what the member agreed to.
    """
    claim = Claim(merchant.id, member.id, card_of(member).generation)
    return f"{settings.BASE_URL}/c/{merchant.slug}/link/{sign(claim, Purpose.LINK)}"


def card_address(merchant: Merchant, page: str = "") -> str:
    """The address of the card, or of a page of it: it opens whichever card the browser holds, and no other. No query."""
    return f"{settings.BASE_URL}/c/{merchant.slug}/{page}"


def read_link(token: str, merchant: Merchant) -> Claim:
    """Who opens what with this token. Raises LinkUnreadable."""
    return read(token, Purpose.LINK, merchant, lives=LINK_LIVES)


def is_fresh_link(token: str, merchant: Merchant) -> bool:
    """Whether a link was made so lately that who opens it reads the member's e-mail today."""
    try:
        return bool(read(token, Purpose.LINK, merchant, lives=FRESH_LINK))
    except LinkUnreadable:
        return False


def stop_link(member: Member, merchant: Merchant, purpose: Consent.Purpose) -> str:
    """The address that ends letters of one kind, for ever: an old letter's link must work, on a replaced card too."""
    who = base64.urlsafe_b64encode(merchant.id.bytes + member.id.bytes).decode().rstrip("=")
    return f"{settings.BASE_URL}/c/{merchant.slug}/stop/{_stopper().sign(f'{who}.{purpose}')}"


def read_stop(token: str, merchant: Merchant) -> tuple[UUID, Consent.Purpose]:
    """Whose letters of which kind this token ends. Raises LinkUnreadable."""
    try:
        who, _dot, purpose = _stopper().unsign(token).partition(".")
        raw = base64.urlsafe_b64decode(who + "=" * (-len(who) % 4))
        if raw[:16] != merchant.id.bytes:
            raise LinkUnreadable
        return UUID(bytes=raw[16:]), Consent.Purpose(purpose)
    except (signing.BadSignature, binascii.Error, UnicodeError, ValueError):
        raise LinkUnreadable from None


def sign(claim: Claim, purpose: Purpose) -> str:
    """The claim as text for an address or a cookie."""
    body = _CLAIM.pack(claim.merchant_id.bytes, claim.member_id.bytes, claim.generation)
    return _signer(purpose).sign(base64.urlsafe_b64encode(body).decode().rstrip("="))


def read(token: str, purpose: Purpose, merchant: Merchant, *, lives: dt.timedelta) -> Claim:
    """The claim, if it is ours, young enough and of this merchant. Raises LinkUnreadable."""
    try:
        text = _signer(purpose).unsign(token, max_age=lives)
        merchant_id, member_id, generation = _CLAIM.unpack(
            base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        )
    except (signing.BadSignature, binascii.Error, struct.error, UnicodeError, ValueError):
        raise LinkUnreadable from None
    if merchant_id != merchant.id.bytes:
        raise LinkUnreadable
    return Claim(UUID(bytes=merchant_id), UUID(bytes=member_id), generation)


def _signer(purpose: Purpose) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=purpose, sep=".")


def _stopper() -> signing.Signer:
    return signing.Signer(salt=STOP_SALT, sep=":")

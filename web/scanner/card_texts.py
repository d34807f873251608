"""Whom the till means: a card's text as scanned or typed, or our own note of a card that was scanned a moment ago.

A rotating code dies within a minute, which is sooner than a busy cashier types an amount. So a look-up answers with a
note: signed, for this merchant, for ten minutes, and with the code's step in it, so that one code is still one purchase.
"""

from django.core import signing

from members import cards
from members.cards import CardForeign, CardUnreadable, Scanned
from merchants.models import Merchant

NOTE = "scanned."
NOTE_LIVES_SECONDS = 600


def read(text: str, merchant: Merchant) -> Scanned:
    """Raises CardUnreadable, CardForeign."""
    text = text.strip()
    return _read_note(text, merchant) if text.startswith(NOTE) else cards.read(text, merchant)


def note(scanned: Scanned, merchant: Merchant) -> str:
    """What the till sends back for this card; empty when the scanned text itself lasts long enough."""
    if scanned.step is None:
        return ""
    return NOTE + _signer().sign(f"{merchant.number}-{scanned.serial}-{scanned.generation}-{scanned.step}")


def _read_note(text: str, merchant: Merchant) -> Scanned:
    expired = False
    try:
        body = _signer().unsign(text.removeprefix(NOTE), max_age=NOTE_LIVES_SECONDS)
    except signing.SignatureExpired:
        # A mark, not a refusal: who repeats a purchase that was recorded gets its answer, however late.
        body, expired = _signer().unsign(text.removeprefix(NOTE)), True
    except signing.BadSignature:
        raise CardUnreadable from None
    number, serial, generation, step = map(int, body.split("-"))
    if number != merchant.number:
        raise CardForeign
    return Scanned(serial=serial, generation=generation, step=step, expired=expired)


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="habitue scanned card", sep=".")

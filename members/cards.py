"""What a member's QR says, and how it is read back: without a query.

A code is an address of ours, `<base>/q/<body>`, so that a camera app that opens it lands on the merchant's join page.
The body is Base32 (upper case, which QR packs tightly and keyboards of scanners cannot garble) of:

    kind 1 · merchant number 4 · serial 8 · generation 2 · [step 4, rotating only] · MAC 8 bytes

A rotating code holds from the step before its own to the fourth after: six steps, so a screenshot dies within a
minute; a static one is for print. The MAC's key is the card's own, derived from the service's card secret, so nothing
needs to be looked up, and a phone that is given the one key draws its own codes without a network (ADR 0012).
"""

import base64
import hashlib
import hmac
import re
import secrets
import struct
import time
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.errors import Decline, DomainError
from core.ids import IdUnreadable, read_id
from members.contacts import read_phone, region_of
from members.models import Card
from merchants.models import Merchant

# After a purchase the next step's code is good at once, and so a phone's clock may be fast by a step.
STEP_SECONDS, STEPS_EARLY, STEPS_LATE = 10, 1, 4
STATIC, ROTATING = 1, 2
MAC_BYTES = 8
_HEAD = struct.Struct(">BIQH")
_STEP = struct.Struct(">I")
_BASE32 = re.compile(r"[A-Z2-7]{1,80}")
_DIGITS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789abcdefghijklmnopqrstuv")
# No 0/O, 1/I/L, U/V: read aloud over a noisy counter.
SPOKEN_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
SPOKEN_LENGTH = 6


class CardUnreadable(DomainError):
    """Not one of our codes, or cut short, or altered."""

    code = "card_unreadable"
    message = _("This is not a card of this programme. Scan again, or type the phone number.")
    field = "card"


class CardForeign(DomainError):
    """A genuine card, of another merchant."""

    code = "card_other_merchant"
    message = _("This card belongs to another shop.")
    field = "card"


class CardExpired(Decline):
    """A rotating code older than a minute: a screenshot, or a page that slept. One that is too early is declined so too."""

    code = "card_expired"
    message = _("This code is too old. Ask for the live card: it renews itself.")
    field = "card"


class CardRevoked(Decline):
    """A code of an earlier generation, or of a member who was erased."""

    code = "card_revoked"
    message = _("This card does not count any more: it was replaced, or its member has left.")
    field = "card"


class CardAlreadyUsed(Decline):
    """A rotating code serves one purchase."""

    code = "card_already_used"
    message = _("This code was already used. Wait for the next one on the card.")
    field = "card"


class MemberUnknown(DomainError):
    """Nobody of this merchant's goes by that id, code, phone or e-mail."""

    code = "member_not_found"
    message = _("No member was found.")


@dataclass(frozen=True)
class Scanned:
    """Whom a text names: exactly one of the four. `step` is set for a rotating code only.

    `expired` is a mark, not yet a refusal: a till that repeats yesterday's request must get yesterday's answer.
    """

    member_id: UUID | None = None
    serial: int | None = None
    spoken_code: str | None = None
    phone: str | None = None
    generation: int = 0
    step: int | None = None
    expired: bool = False

    @property
    def is_static(self) -> bool:
        """Whether it was a printed code, which anybody can copy."""
        return self.serial is not None and self.step is None


def new_card(member_id: UUID) -> Card:
    """An unsaved card with a random serial and spoken code. A collision is the caller's to retry."""
    spoken = "".join(secrets.choice(SPOKEN_ALPHABET) for _i in range(SPOKEN_LENGTH))
    return Card(member_id=member_id, serial=secrets.randbits(63), spoken_code=spoken)


def dead_spoken_code() -> str:
    """What stands in a dead card's place: no two alike, and nothing that can be typed or said: `read` refuses a 0."""
    return "0" + "".join(secrets.choice(SPOKEN_ALPHABET) for _i in range(SPOKEN_LENGTH - 1))


def static_code(card: Card, merchant: Merchant) -> str:
    """The address in a printed QR: for earning, for years."""
    return _address(_signed(STATIC, merchant.number, card.serial, card.generation, b""))


def rotating_code(card: Card, merchant: Merchant, *, now: float | None = None) -> str:
    """The address in the member page's QR: of this step, or of the next where this one's has served a purchase."""
    step = int(time.time() if now is None else now) // STEP_SECONDS
    step += card.last_step >= step
    return _address(_signed(ROTATING, merchant.number, card.serial, card.generation, _STEP.pack(step)))


def code_base() -> str:
    """What stands before the body of every code."""
    return f"{settings.BASE_URL}/q/"


def phone_key(card: Card, merchant: Merchant) -> tuple[bytes, bytes]:
    """What this card's own phone needs to draw its rotating codes, and it alone: how they begin, and their key."""
    names = (ROTATING, merchant.number, card.serial, card.generation)
    return _HEAD.pack(*names), card_key(settings.CARD_SECRET, *names)


def read(text: str, merchant: Merchant, *, now: float | None = None) -> Scanned:
    """Whom a scanned or typed text names, for this merchant: a QR's address, a spoken code, a phone number, a member id.

    Raises CardUnreadable, CardForeign.
    """
    text = text.strip()
    if text.startswith("mem_"):
        return Scanned(member_id=_member_id(text))
    if "/q/" in text.lower() or len(text) > 30:
        return _read_qr(text, merchant, time.time() if now is None else now)
    plain = text.replace(" ", "").replace("-", "").replace(".", "").upper()
    if len(plain) == SPOKEN_LENGTH and set(plain) <= set(SPOKEN_ALPHABET):
        return Scanned(spoken_code=plain)
    try:
        phone = read_phone(text, region=region_of(merchant.time_zone))
    except DomainError:
        phone = ""
    if phone:
        return Scanned(phone=phone)
    raise CardUnreadable


def merchant_number_of(text: str) -> int | None:
    """The merchant number inside a code, unproven: it only chooses a public join page."""
    try:
        raw = _decode(text)
        return int(_HEAD.unpack_from(raw)[1])
    except (CardUnreadable, struct.error):
        return None


def _member_id(text: str) -> UUID:
    try:
        return read_id("mem", text)
    except IdUnreadable:
        raise MemberUnknown from None


def _read_qr(text: str, merchant: Merchant, now: float) -> Scanned:
    raw = _decode(text)
    try:
        kind, number, serial, generation = _HEAD.unpack_from(raw)
    except struct.error:
        raise CardUnreadable from None
    tail = raw[_HEAD.size :]
    if kind not in (STATIC, ROTATING) or len(tail) != MAC_BYTES + (_STEP.size if kind == ROTATING else 0):
        raise CardUnreadable
    step_bytes, mac = tail[:-MAC_BYTES], tail[-MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(kind, number, serial, generation, step_bytes)):
        raise CardUnreadable
    if number != merchant.number:
        raise CardForeign
    if kind == STATIC:
        return Scanned(serial=serial, generation=generation)
    step = int(_STEP.unpack(step_bytes)[0])
    expired = not -STEPS_EARLY <= int(now) // STEP_SECONDS - step <= STEPS_LATE
    return Scanned(serial=serial, generation=generation, step=step, expired=expired)


def _decode(text: str) -> bytes:
    body = text.rpartition("/")[2].partition("?")[0].upper()
    if not _BASE32.fullmatch(body):
        raise CardUnreadable
    # Python's own decoder loops over the letters; Base32 is a number's digits, which int() reads in one go.
    bits = len(body) * 5
    return (int(body.translate(_DIGITS), 32) >> bits % 8).to_bytes(bits // 8, "big")


def _signed(kind: int, number: int, serial: int, generation: int, step: bytes) -> bytes:
    return _HEAD.pack(kind, number, serial, generation) + step + _mac(kind, number, serial, generation, step)


def _address(raw: bytes) -> str:
    return code_base() + base64.b32encode(raw).decode().rstrip("=")


def _mac(kind: int, number: int, serial: int, generation: int, step: bytes) -> bytes:
    key = card_key(settings.CARD_SECRET, kind, number, serial, generation)
    return hmac.digest(key, step, "sha256")[:MAC_BYTES]


@lru_cache(maxsize=4096)
def card_key(secret: str, kind: int, number: int, serial: int, generation: int) -> bytes:
    """The key of one card and kind, 32 bytes. Knowing the rotating one does not give the static one."""
    context = b"habitue card" + _HEAD.pack(kind, number, serial, generation)
    return hmac.digest(hashlib.sha256(secret.encode()).digest(), context, "sha256")

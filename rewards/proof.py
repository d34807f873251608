"""Whether whoever stands at the counter is the member, before units are spent: one gate, for everybody who takes.

A rotating code proves it: it was on the member's phone a moment ago. A printed code, a number that is typed, a phone
number or the spoken code name a member and prove nothing, for anybody can copy them: then the member's PIN does, or a code
sent to the member's e-mail.

    prove(…)            raises why not, or returns a text that proves it again for PROOF_LIVES, to this actor
    proven(…)           the same around what it is for
    ways_of(member)     how this member can prove it without a phone
    ask_code(…)         sends the code

Guessing: five wrong PINs shut a member's PIN until an e-mailed code was right or the member set another one; thirty wrong
of one till in an hour stop that till. They are counted before anything is compared, in Redis; with Redis away nothing that
must be counted is compared at all. A rotating code needs no Redis: that it is spent by one till alone stands in PostgreSQL.

A code from an e-mail serves the request for which it was right, by its key, and its repetitions: no other one.
"""

import datetime as dt
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from core import events
from core.errors import DomainError
from core.ids import new_id
from core.rate_limits import count_try, forget_tries, give_try_back, tries_of
from core.tenancy import current_merchant_id
from loyalty.locking import lock_member
from loyalty.purchases.queries import purchases
from members import pins
from members.cards import CardAlreadyUsed, CardExpired, CardRevoked, Scanned
from members.models import Card, Member
from members.queries import survivor_id
from merchants.models import Merchant
from rewards.proof_marks import give_back, mark_of, serves

CODE_DIGITS = 6
CODE_SECONDS = 10 * 60
PROOF_LIVES = dt.timedelta(minutes=5)  # one visit: the second reward asks nothing
SERVED_HERE = dt.timedelta(minutes=10)  # as long as a till's note of a scan lasts
MOST_WRONG = 5
# One month: sixty guesses of ten thousand in a year, for who has a card and a till and all that time.
WRONG_SECONDS = 30 * 24 * 3600
# A cashier serves many; behind a key is a chain of tills.
MOST_WRONG_BY, BY_SECONDS = {"scanner": 30, "api": 300}, 3600
MOST_ASKED, MOST_ASKED_A_DAY, MOST_ASKED_BY = 3, 10, {"scanner": 60, "api": 600}
Channel = Literal["scanner", "api"]
_PROVEN = "proven."  # a pass begins with it


class SecondProofNeeded(DomainError):
    """A card that anybody can copy, and nothing beside it."""

    code = "second_proof_needed"
    message = _("This card alone spends nothing. Scan the live card, or ask for the PIN or a code by e-mail.")
    field = "proof"


class ProofWrong(DomainError):
    """Neither the PIN nor the newest code."""

    code = "proof_wrong"
    message = _("This is neither the PIN nor the newest code.")
    field = "proof"


class PinLocked(DomainError):
    """Five wrong ones."""

    code = "pin_locked"
    message = _("The PIN was wrong too often. Scan the live card, or ask for a code by e-mail.")
    field = "proof"


class ProofUnavailable(DomainError):
    """Nobody counts the tries, or nobody can send: refused, never skipped."""

    code = "proof_unavailable"
    message = _("This cannot be checked at the moment. Scan the live card.")
    field = "proof"


@dataclass(frozen=True)
class Ways:
    """How a member can prove it without the live card: by a PIN, by a code to an address that was proven."""

    pin: bool
    code: bool


def proves(scanned: Scanned) -> bool:
    """Whether the scan itself does: a rotating code, or the till's own note of one."""
    return scanned.serial is not None and scanned.step is not None


def ways_of(member: Member) -> Ways:
    """One query."""
    return Ways(pin=pins.has_pin(member), code=_can_write_to(member))


def prove(
    *,
    merchant: Merchant,
    scanned: Scanned,
    member: Member,
    actor_id: UUID,
    key: UUID | None,
    given: str = "",
    channel: Channel = "scanner",
    call: UUID | None = None,
) -> str:
    """That whoever shows `scanned` is `member`. In the scope and transaction in which units are spent, before they are.

    `given`: a PIN, an e-mailed code, or what an earlier call returned to this actor. `key`: of the request; None where it is
    only foretold, and nothing is used up. Repeating it under its key proves it again, as long as what is shown lasts. Under
    another one a live card does so to the same till, where the actor is one, and an e-mailed code never. `call`: whoever may
    `give_code_back`. Raises CardExpired, CardRevoked, CardAlreadyUsed,
    SecondProofNeeded, ProofWrong, PinLocked, ProofUnavailable, TooManyTries.
    """
    if scanned.expired:
        raise CardExpired(member_id=member.id)
    typed = given.strip()
    if typed.startswith(_PROVEN) and _is_pass(typed, merchant, member, actor_id):
        return typed
    if proves(scanned):
        _spend_step(scanned, member, actor_id, (key if channel == "api" else None) or actor_id)
    elif not typed:
        raise SecondProofNeeded
    else:
        digits = "".join(char for char in typed if not char.isspace())
        _check_typed(member, actor_id, channel, digits, mark_of(key, call))
    return _pass(merchant, member, actor_id)


@contextmanager
def proven(*, member: Member, actor_id: UUID, key: UUID | None, **said: Any) -> Iterator[str]:
    """As `prove`, and what is done within is done by whom it proves. Where that is refused, an e-mailed code is not used up."""
    call = new_id()
    proof = prove(member=member, actor_id=actor_id, key=key, call=call, **said)
    try:
        yield proof
    except DomainError:
        give_code_back(member_id=member.id, actor_id=actor_id, key=key, call=call)
        raise


def give_code_back(*, member_id: UUID, actor_id: UUID, key: UUID | None, call: UUID) -> None:
    """What was proven was refused after all: an e-mailed code that this `call` alone used up may serve another key."""
    give_back(mark_of(key, call), _used(member_id, actor_id))


def ask_code(*, member: Member, actor_id: UUID, channel: Channel = "scanner") -> None:
    """Six digits to the member's e-mail, good at this actor's till alone. A program is not told whether there is an address:
    where there is none, nothing is sent. Raises ProofUnavailable, TooManyTries."""
    can_write = _can_write_to(member)
    if not (can_write or (channel == "api" and _can_send())):
        raise ProofUnavailable
    with _counted():
        count_try("proof-asked-by", actor_id, most=MOST_ASKED_BY[channel], seconds=BY_SECONDS)
        count_try("proof-asked", member.id, most=MOST_ASKED, seconds=CODE_SECONDS)
        count_try("proof-a-day", member.id, most=MOST_ASKED_A_DAY, seconds=24 * 3600)
    if can_write:
        events.record("proof_code.asked", {"member": str(member.id), "actor": str(actor_id)})


def make_code(member_id: UUID, actor_id: UUID) -> str:
    """A new one, which takes the place of the one before: for the letter, and kept nowhere but as a digest."""
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    cache.set(_place(member_id, actor_id), _digest(member_id, actor_id, code), CODE_SECONDS)
    cache.delete(_used(member_id, actor_id))
    return code


def forget_wrong(member: Member) -> None:
    """The PIN is good again: the member proved it otherwise, or set another one. Raises ProofUnavailable."""
    with _counted():
        forget_tries("pin-wrong", member.id)


def _spend_step(scanned: Scanned, member: Member, actor_id: UUID, by: UUID) -> None:
    """One rotating code spends at one till. The member's lock comes first, as in a purchase."""
    lock_member(member.id)
    serial, step = scanned.serial or 0, scanned.step or 0
    card = Card.objects.select_for_update().filter(serial=serial, generation=scanned.generation).first()
    if card is None or survivor_id(card.member_id) != member.id:
        raise CardRevoked(member_id=member.id)
    is_mine = card.spent_step == step and card.spent_by == by
    is_late = card.spent_step >= step or card.last_step > step
    if card.last_step == step and not is_late:
        is_late = not _served_here(card.member_id, member.id, actor_id)
    if is_late and not is_mine:
        raise CardAlreadyUsed(member_id=member.id)
    if not is_mine:
        Card.objects.filter(id=card.id).update(spent_step=step, spent_by=by)


def _served_here(card_owner_id: UUID, member_id: UUID, actor_id: UUID) -> bool:
    """Whether it was this till that recorded a purchase by the code: who pays and then takes shows one code."""
    who = [card_owner_id, member_id]
    since = timezone.now() - SERVED_HERE
    return purchases().filter(member_id__in=who, actor_id=actor_id, recorded_at__gte=since).exists()


def _check_typed(member: Member, actor_id: UUID, channel: Channel, typed: str, mark: str) -> None:
    most = MOST_WRONG_BY[channel]
    with _counted():
        count_try("proof-wrong-by", actor_id, most=most, seconds=BY_SECONDS)
        is_code = len(typed) == CODE_DIGITS
        try:
            is_right = _is_code(member, actor_id, typed, mark) if is_code else _is_pin(member, typed)
        except DomainError:  # nothing was compared
            give_try_back("proof-wrong-by", actor_id)
            raise
        if not is_right:
            raise ProofWrong
        give_try_back("proof-wrong-by", actor_id)
        forget_tries("pin-wrong", member.id)


def _is_pin(member: Member, typed: str) -> bool:
    if tries_of("pin-wrong", member.id, seconds=WRONG_SECONDS) > MOST_WRONG:
        raise PinLocked
    return pins.is_pin(member, typed)


def _is_code(member: Member, actor_id: UUID, typed: str, mark: str) -> bool:
    count_try("proof-code", member.id, actor_id, most=MOST_WRONG, seconds=CODE_SECONDS)
    kept = str(cache.get(_place(member.id, actor_id)) or "")
    is_right = constant_time_compare(kept, _digest(member.id, actor_id, typed))
    is_good = is_right and _can_write_to(member) and serves(mark, _used(member.id, actor_id), CODE_SECONDS)
    if is_good:
        forget_tries("proof-code", member.id, actor_id)
    return is_good


def _can_write_to(member: Member) -> bool:
    """An address that nobody proved may be a stranger's."""
    return bool(_can_send() and member.email and member.email_verified_at)


def _can_send() -> bool:
    return bool(settings.EMAIL_HOST) or not settings.PRODUCTION


@contextmanager
def _counted() -> Iterator[None]:
    try:
        yield
    except RedisError:
        raise ProofUnavailable from None


def _place(member_id: UUID, actor_id: UUID) -> str:
    who = f"{current_merchant_id()} {member_id} {actor_id}"
    return f"proof:{salted_hmac('proof code key', who, algorithm='sha256').hexdigest()}"


def _used(member_id: UUID, actor_id: UUID) -> str:
    return f"{_place(member_id, actor_id)}:used"


def _digest(member_id: UUID, actor_id: UUID, code: str) -> str:
    who = f"{current_merchant_id()} {member_id} {actor_id} {code}"
    return salted_hmac("proof code", who, algorithm="sha256").hexdigest()


def _pass(merchant: Merchant, member: Member, actor_id: UUID) -> str:
    return _PROVEN + _signer().sign(f"{merchant.number}-{member.id.hex}-{actor_id.hex}")


def _is_pass(text: str, merchant: Merchant, member: Member, actor_id: UUID) -> bool:
    try:
        said = _signer().unsign(text.removeprefix(_PROVEN), max_age=PROOF_LIVES)
    except signing.BadSignature:
        return False
    return said == f"{merchant.number}-{member.id.hex}-{actor_id.hex}"


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="habitue proven at the till", sep=".")

"""The main job: a purchase, from a scanned text to points on the card.

Two statements: one reads everything the judgement needs, one writes everything that follows, each a transaction of its
own with its own scope (a third when this process meets a programme version for the first time). No network call and
no broker on the way. If something moved in between, the write says so and the purchase is judged again under the lock.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
from django.db import IntegrityError, connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import idempotency, tenancy
from core.errors import Decline, DomainError, NotAllowed
from core.idempotency import Answered, fingerprint_of
from core.ids import new_id
from core.prepared import Kind, Prepared
from loyalty import answers, recording
from loyalty.programme import cached_version, load_version
from loyalty.recording import Judged
from loyalty.rules.engine import judge
from loyalty.rules.facts import Facts
from loyalty.rules.types import Version
from loyalty.rules.verdicts import Verdict
from loyalty.velocity import check_limits
from members.cards import CardAlreadyUsed, CardExpired, CardRevoked, MemberUnknown, Scanned
from merchants.models import Merchant

CLOCK_SKEW = dt.timedelta(minutes=5)  # a till's clock may run ahead by this much
TRIES_UNDER_LOCK = 5  # under the lock only publishing can still come in between
OLDEST = dt.timedelta(days=366)  # a till that was offline for a year is a data import, not a purchase


class CredentialRefused(DomainError):
    """The key does not exist or was revoked; which of the two is not said."""

    code = "key_refused"
    message = _("This API key is not valid.")


class LocationUnknown(DomainError):
    """No open location of this merchant has that id."""

    code = "location_not_found"
    message = _("There is no such location.")
    field = "location"


class TooBusy(DomainError):
    """The programme changed under every try. Nothing was written; the same key may try again."""

    code = "busy"
    message = _("This could not be done just now. Try again in a moment.")


class MomentOutOfRange(DomainError):
    """In the future, or too long ago."""

    code = "occurred_at_out_of_range"
    message = _("The purchase must lie in the past year, not in the future.")
    field = "occurred_at"


@dataclass(frozen=True)
class Credential:
    """An API key's proof and the scope this call needs; checked in the same statement that reads the member."""

    secret_hash: bytes
    scope: str


@dataclass(frozen=True)
class NewPurchase:
    """What was bought, by whom, where. `asked` is what the caller sent: a repetition must be the same."""

    who: Scanned
    amount_minor: int
    channel: str
    asked: Any
    actor_id: UUID | None = None
    location_id: UUID | None = None
    reference: str = ""
    items: Sequence[dict[str, Any]] = field(default_factory=list)
    occurred_at: dt.datetime | None = None


@dataclass(frozen=True)
class State:
    """What `loyalty_read_scan` tells, column by column."""

    key_id: UUID | None
    key_scopes: list[str] | None
    key_revoked: bool | None
    known_fingerprint: bytes | None
    known_status: int
    known_body: str
    member_id: UUID | None
    member_name: str
    card_id: UUID | None
    card_generation: int | None
    card_last_step: int | None
    programme_version: int
    tier_id: UUID | None
    progress_minor: int
    purchases: int
    standing_version: int
    last_purchase_at: dt.datetime | None
    counted_on: dt.date | None
    counted: int
    counted_static: int
    accounts_json: str
    location_known: bool

    @property
    def accounts(self) -> list[dict[str, Any]]:
        """The member's accounts: unit, account, available (usable), pending, held, debt, seq, expiring."""
        found: list[dict[str, Any]] = orjson.loads(self.accounts_json or "[]")
        return found


def record_purchase(
    *, merchant: Merchant, bought: NewPurchase, key: UUID, credential: Credential | None = None
) -> Answered:
    """Record a purchase once. Repeating `key` with the same purchase gives the first answer, for ever.

    Call it outside any scope: it brings its own. Raises CredentialRefused, NotAllowed, MemberUnknown, LocationUnknown,
    MomentOutOfRange, TooBusy, idempotency.KeyReused, idempotency.AnswerErased: then nothing was written. Declines with
    CardExpired, CardRevoked, CardAlreadyUsed, and as `velocity.check_limits`: then that was written, and nothing else.
    """
    fingerprint = fingerprint_of("purchase", bought.asked)
    try:
        answered = _try(merchant, bought, key, fingerprint, credential)
        for _again in range(TRIES_UNDER_LOCK):
            if answered is not None:
                break
            with tenancy.scope(merchant.id):  # somebody else moved this member's account in between
                locked = _lock(merchant, bought, credential)
                answered = _try(merchant, bought, key, fingerprint, credential, locked=locked)
    except IntegrityError:
        # The same key at the same instant for another member: the other one was first.
        known = _known(_read(merchant, bought, key, credential), fingerprint)
        if known is None:
            raise
        return known
    except Decline as decline:
        with tenancy.scope(merchant.id):
            return idempotency.keep_decline(key, fingerprint, decline)
    if answered is None:
        raise TooBusy
    return answered


def preview_purchase(
    *, merchant: Merchant, bought: NewPurchase, credential: Credential | None = None
) -> dict[str, Any]:
    """What `record_purchase` would answer, without an id. Changes nothing; raises the same."""
    state = _read(merchant, bought, None, credential)
    _admit(state, bought)
    occurred_at = _moment(bought)
    version = _version(merchant, state)
    check_limits(state, bought, version, occurred_at, merchant.time_zone)
    return answers.purchase_answer(None, state, _judge(state, bought, version), version, merchant.time_zone)


def _try(
    merchant: Merchant,
    bought: NewPurchase,
    key: UUID,
    fingerprint: bytes,
    credential: Credential | None,
    *,
    locked: UUID | None = None,
) -> Answered | None:
    state = _read(merchant, bought, key, credential)
    known = _known(state, fingerprint)
    if known is not None:
        return known
    if locked is not None and state.member_id != locked:
        return None  # merged or parted while we waited: let go, or a merge and we wait for each other
    _admit(state, bought)
    occurred_at = _moment(bought)
    version = _version(merchant, state)
    check_limits(state, bought, version, occurred_at, merchant.time_zone)
    verdict = _judge(state, bought, version)
    purchase_id = new_id()
    answer = answers.purchase_answer(purchase_id, state, verdict, version, merchant.time_zone)
    body = orjson.dumps(answer).decode()
    judged = Judged(
        merchant=merchant,
        bought=bought,
        key=key,
        fingerprint=fingerprint,
        body=body,
        purchase_id=purchase_id,
        state=state,
        verdict=verdict,
        occurred_at=occurred_at,
    )
    return Answered(status=201, body=body, replayed=False) if recording.write(judged) else None


_READ = Prepared(
    "loyalty_read_scan",
    "SELECT * FROM loyalty_read_scan(%s, %s, %s, %s, %s, %s, %s, %s)",
    [Kind.UUID, Kind.BYTES, Kind.UUID, Kind.UUID, Kind.BIG, Kind.TEXT, Kind.TEXT, Kind.UUID],
)


def _read(merchant: Merchant, bought: NewPurchase, key: UUID | None, credential: Credential | None) -> State:
    tenancy.refuse_another(merchant.id)
    who = bought.who
    secret_hash = credential.secret_hash if credential else None
    asked = (who.member_id, who.serial, who.spoken_code, who.phone)
    state = State(*_READ.row([merchant.id, secret_hash, key, *asked, bought.location_id]))
    if credential is not None:
        if state.key_id is None or state.key_revoked:
            raise CredentialRefused
        if credential.scope not in (state.key_scopes or ()):
            raise NotAllowed
    return state


def _known(state: State, fingerprint: bytes) -> Answered | None:
    if state.known_fingerprint is None:
        return None
    return idempotency.check(state.known_fingerprint, fingerprint, state.known_status, state.known_body)


def _admit(state: State, bought: NewPurchase) -> None:
    who = bought.who
    if who.expired:
        raise CardExpired(member_id=state.member_id)
    # Before who it is: the card of an erased member is one that does not count any more, and leads to nobody.
    if state.card_id is not None and state.card_generation != who.generation:
        raise CardRevoked(member_id=state.member_id)
    if state.member_id is None:
        raise MemberUnknown
    if who.step is not None and (state.card_last_step or 0) >= who.step:
        raise CardAlreadyUsed(member_id=state.member_id)
    if not state.location_known:
        raise LocationUnknown


def _moment(bought: NewPurchase) -> dt.datetime:
    now = timezone.now()
    if bought.occurred_at is None:
        return now
    if not now - OLDEST <= bought.occurred_at <= now + CLOCK_SKEW:
        raise MomentOutOfRange
    return bought.occurred_at


def _version(merchant: Merchant, state: State) -> Version:
    number = state.programme_version
    return cached_version(merchant.id, number) or load_version(merchant.id, number)


def _judge(state: State, bought: NewPurchase, version: Version) -> Verdict:
    tier_id = str(state.tier_id) if state.tier_id else None
    return judge(Facts("purchase", bought.amount_minor, tier_id, state.progress_minor), version)


def _lock(merchant: Merchant, bought: NewPurchase, credential: Credential | None) -> UUID | None:
    """Whose accounts are ours until the transaction ends."""
    state = _read(merchant, bought, None, credential)
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_lock(%s, %s, '{}')", [merchant.id, state.member_id])
    return state.member_id

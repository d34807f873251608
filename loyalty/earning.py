"""The main job: a purchase, from a scanned text to points on the card.

Two statements: one reads everything the judgement needs, one writes everything that follows, each a transaction of its
own with its own scope (a third when this process meets a programme version for the first time). No network call and
no broker on the way. If something moved in between, the write says so and the purchase is judged again under the lock.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import orjson
from django.db import IntegrityError, connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import idempotency, tenancy
from core.errors import Decline, DomainError
from core.idempotency import Answered, fingerprint_of
from core.ids import new_id
from loyalty import answers, recording
from loyalty.budgets import has_budgets, hold_budgets
from loyalty.ledger import postings
from loyalty.locking import TRIES_UNDER_LOCK, TooBusy
from loyalty.programme import cached_version, load_version
from loyalty.publishing import put_due_in_force
from loyalty.reading import Credential, State, read_state
from loyalty.recording import Judged
from loyalty.rules.engine import judge
from loyalty.rules.lives import Life, lives_of
from loyalty.rules.types import Version
from loyalty.rules.verdicts import Verdict
from loyalty.telling import local, purchase_facts
from loyalty.velocity import check_limits
from members.cards import CardAlreadyUsed, CardExpired, CardRevoked, MemberUnknown, Scanned
from merchants.models import Merchant

CLOCK_SKEW = dt.timedelta(minutes=5)  # a till's clock may run ahead by this much
OLDEST = dt.timedelta(days=366)  # a till that was offline for a year is a data import, not a purchase


class LocationUnknown(DomainError):
    """No open location of this merchant has that id."""

    code = "location_not_found"
    message = _("There is no such location.")
    field = "location"


class MomentOutOfRange(DomainError):
    """In the future, or too long ago."""

    code = "occurred_at_out_of_range"
    message = _("The purchase must lie in the past year, not in the future.")
    field = "occurred_at"


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
    bill: Mapping[str, Any] = field(default_factory=dict)  # as `Purchase.bill` keeps it
    occurred_at: dt.datetime | None = None


def record_purchase(
    *, merchant: Merchant, bought: NewPurchase, key: UUID, credential: Credential | None = None
) -> Answered:
    """Record a purchase once. Repeating `key` with the same purchase gives the first answer, for ever.

    Call it outside any scope: it brings its own. Raises CredentialRefused, NotAllowed, MemberUnknown, LocationUnknown,
    MomentOutOfRange, TooBusy, idempotency.KeyReused, idempotency.AnswerErased: then nothing was written. Declines with
    CardExpired, CardRevoked, CardAlreadyUsed, and as `velocity.check_limits`: then that was written, and nothing else.
    """
    fingerprint, bought = fingerprint_of("purchase", bought.asked), _with_moment(bought)
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
    """What `record_purchase` would answer, without an id. Changes nothing; raises the same. No surprise is drawn."""
    bought = _with_moment(bought)
    state = _read(merchant, bought, None, credential)
    _admit(state, bought)
    version = _version(merchant, state)
    check_limits(state, bought, version, _moment(bought), merchant.time_zone)
    verdict = _judge(merchant, state, bought, version, None)
    lives = _lives(merchant, version, bought, state)
    return answers.purchase_answer(
        None, state, verdict, version, merchant.time_zone, occurred_at=_moment(bought), lives=lives
    )


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
    if state.due_version is not None and locked is None:
        put_due_in_force(merchant.id)  # before what was bought from its moment on is judged
        state = _read(merchant, bought, key, credential)
    if locked is not None and state.member_id != locked:
        return None  # merged or parted while we waited: let go, or a merge and we wait for each other
    _admit(state, bought)
    occurred_at = _moment(bought)
    version = _version(merchant, state)
    check_limits(state, bought, version, occurred_at, merchant.time_zone)
    purchase_id = new_id()
    verdict = _judge(merchant, state, bought, version, purchase_id)
    if _opened_accounts(state, verdict, is_locked=locked is not None):
        return None
    lives = _lives(merchant, version, bought, state)
    answer = answers.purchase_answer(
        purchase_id, state, verdict, version, merchant.time_zone, occurred_at=occurred_at, lives=lives
    )
    body = orjson.dumps(answer).decode()
    judged = Judged(
        merchant=merchant,
        bought=bought,
        key=key,
        fingerprint=fingerprint,
        body=body,
        purchase_id=purchase_id,
        state=state,
        version=version,
        verdict=verdict,
        occurred_at=occurred_at,
        lives=lives,
    )
    return Answered(status=201, body=body, replayed=False) if recording.write(judged) else None


def _opened_accounts(state: State, verdict: Verdict, *, is_locked: bool) -> bool:
    """Whether it gives a unit of which the member has no account yet; under the lock it has one now.

    Either way the purchase is judged again.
    """
    missing = {award.unit for award in verdict.awards} - {account["unit"] for account in state.accounts}
    if missing and is_locked:
        assert state.member_id is not None  # admitted
        for unit_id in sorted(missing):
            postings.open_account(member_id=state.member_id, unit_id=UUID(unit_id))
    return bool(missing)


def _read(merchant: Merchant, bought: NewPurchase, key: UUID | None, credential: Credential | None) -> State:
    return read_state(
        merchant=merchant,
        who=bought.who,
        moment=_here(merchant, bought),
        location_id=bought.location_id,
        key=key,
        credential=credential,
    )


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


def _with_moment(bought: NewPurchase) -> NewPurchase:
    """The moment is one, however often it is tried."""
    return bought if bought.occurred_at else replace(bought, occurred_at=timezone.now())


def _moment(bought: NewPurchase) -> dt.datetime:
    now, moment = timezone.now(), bought.occurred_at
    assert moment is not None  # it has one since the beginning
    if not now - OLDEST <= moment <= now + CLOCK_SKEW:
        raise MomentOutOfRange
    return moment


def _here(merchant: Merchant, bought: NewPurchase) -> dt.datetime:
    """When it is, by the shop's clocks."""
    return local(bought.occurred_at or timezone.now(), merchant.time_zone)


def _lives(merchant: Merchant, version: Version, bought: NewPurchase, state: State) -> Mapping[str, Life]:
    now = timezone.now()
    return lives_of(version, _moment(bought), merchant.time_zone, now, state.last_purchase_at)


def _version(merchant: Merchant, state: State) -> Version:
    number = state.programme_version
    return cached_version(merchant.id, number) or load_version(merchant.id, number)


def _judge(
    merchant: Merchant, state: State, bought: NewPurchase, version: Version, purchase_id: UUID | None
) -> Verdict:
    facts = purchase_facts(
        state,
        bought,
        moment=_here(merchant, bought),
        zone=merchant.time_zone,
        currency=merchant.currency,
        draw=purchase_id,  # nobody knows it beforehand, and everybody can draw from it again
    )
    return judge(facts, version)


def _lock(merchant: Merchant, bought: NewPurchase, credential: Credential | None) -> UUID | None:
    """Whose accounts are ours until the transaction ends; and after them the budgets, where the programme has any."""
    state = _read(merchant, bought, None, credential)
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_lock(%s, %s, '{}')", [merchant.id, state.member_id])
    if has_budgets(_version(merchant, state)):
        hold_budgets(_here(merchant, bought).date())
    return state.member_id

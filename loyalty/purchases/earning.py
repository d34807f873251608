"""The main job: a purchase, from a scanned text to points on the card.

Two statements: one reads everything the judgement needs, one writes everything that follows, each a transaction of its
own with its own scope (a third when this process meets a programme version for the first time, and one where a part is
paid with units). No network call and no broker on the way. If something moved in between, the write says so and the purchase is judged again under the lock.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import orjson
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core import idempotency, tenancy
from core.errors import Decline
from core.idempotency import Answered, fingerprint_of
from core.ids import new_id
from loyalty import answers
from loyalty.locking import TRIES_UNDER_LOCK, TooBusy
from loyalty.programme.publishing import try_due_in_force
from loyalty.programme.versions import cached_version, load_version
from loyalty.purchases import recording
from loyalty.purchases.admitting import (
    CLOCK_SKEW,
    OLDEST,
    LocationUnknown,
    MomentOutOfRange,
    admit,
    moment_of,
    opened_accounts,
    review_is_due,
)
from loyalty.purchases.budgets import has_budgets, hold_budgets
from loyalty.purchases.paying import pay_part, with_paid
from loyalty.purchases.reading import Credential, State, read_state
from loyalty.purchases.recording import Judged
from loyalty.purchases.telling import purchase_facts
from loyalty.purchases.velocity import check_limits
from loyalty.rules.calendar import local, local_day
from loyalty.rules.engine import judge
from loyalty.rules.expiring import Lasting, lastings_of
from loyalty.rules.paying import Asked
from loyalty.rules.types import Version
from loyalty.rules.verdicts import Verdict
from loyalty.standings.climbing import late_progress
from members.cards import Scanned
from merchants.models import Merchant

__all__ = [
    "CLOCK_SKEW",
    "OLDEST",
    "LocationUnknown",
    "MomentOutOfRange",
    "NewPurchase",
    "preview_purchase",
    "record_purchase",
]


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
    pay: Asked | None = None  # what of it is paid with units


def record_purchase(
    *, merchant: Merchant, bought: NewPurchase, key: UUID, credential: Credential | None = None
) -> Answered:
    """Record a purchase once. Repeating `key` with the same purchase gives the first answer, for ever.

    Call it outside any scope: it brings its own. Raises CredentialRefused, NotAllowed, MemberUnknown, LocationUnknown,
    MomentOutOfRange, TooBusy, idempotency.KeyReused, idempotency.AnswerErased: then nothing was written. Declines with
    CardExpired, CardRevoked, CardAlreadyUsed, and as `velocity.check_limits` and `paying.pay_part` do: then that was
    written, and nothing else.
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
    if bought.pay is None:
        return _preview(merchant, bought, credential)
    with transaction.atomic():  # paying brings the account to its newest state, which a preview takes back
        answer = _preview(merchant, bought, credential)
        transaction.set_rollback(True)
    return answer


def _preview(merchant: Merchant, bought: NewPurchase, credential: Credential | None) -> dict[str, Any]:
    bought = _with_moment(bought)
    state = _read(merchant, bought, None, credential)
    admit(state, bought)
    version = _version(merchant, state)
    check_limits(state, bought, version, moment_of(bought), merchant.time_zone)
    state, bought, paid = pay_part(merchant.id, state, bought, version, None)
    verdict = _judge(merchant, state, bought, version, None)
    lives = _lives(merchant, version, bought, state)
    answer = answers.purchase_answer(
        None, state, verdict, version, merchant.time_zone, occurred_at=moment_of(bought), lives=lives
    )
    return with_paid(answer, paid, bought.amount_minor, merchant.currency)


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
    if (known := _known(state, fingerprint)) is not None:
        return known
    if state.due_version is not None and locked is None:
        try_due_in_force(merchant.id)  # before what was bought from its moment on is judged
        state = _read(merchant, bought, key, credential)
    if locked is None and review_is_due(merchant, state):
        state = _read(merchant, bought, key, credential)
    if locked is not None and state.member_id != locked:
        return None  # merged or parted while we waited: let go, or a merge and we wait for each other
    admit(state, bought)
    occurred_at = moment_of(bought)
    version = _version(merchant, state)
    check_limits(state, bought, version, occurred_at, merchant.time_zone)
    state, bought, paid = pay_part(merchant.id, state, bought, version, key)
    purchase_id = new_id()
    verdict = _judge(merchant, state, bought, version, purchase_id)
    if opened_accounts(state, verdict, is_locked=locked is not None):
        return None
    lives = _lives(merchant, version, bought, state)
    answer = answers.purchase_answer(
        purchase_id, state, verdict, version, merchant.time_zone, occurred_at=occurred_at, lives=lives
    )
    body = orjson.dumps(with_paid(answer, paid, bought.amount_minor, merchant.currency)).decode()
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
        told_on=local(timezone.now(), merchant.time_zone).date(),
        paid=paid,
    )
    return Answered(status=201, body=body, replayed=False) if recording.write(judged) else None


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


def _with_moment(bought: NewPurchase) -> NewPurchase:
    """The moment is one, however often it is tried."""
    return bought if bought.occurred_at else replace(bought, occurred_at=timezone.now())


def _here(merchant: Merchant, bought: NewPurchase) -> dt.datetime:
    """When it is, by the shop's clocks."""
    return local(bought.occurred_at or timezone.now(), merchant.time_zone)


def _lives(merchant: Merchant, version: Version, bought: NewPurchase, state: State) -> Mapping[str, Lasting]:
    now = timezone.now()
    return lastings_of(version, moment_of(bought), merchant.time_zone, now, state.last_purchase_at)


def _version(merchant: Merchant, state: State) -> Version:
    number = state.programme_version
    return cached_version(merchant.id, number) or load_version(merchant.id, number)


def _judge(
    merchant: Merchant, state: State, bought: NewPurchase, version: Version, purchase_id: UUID | None
) -> Verdict:
    here, today = _here(merchant, bought), local_day(timezone.now(), merchant.time_zone)
    if version.ladder.window != "lifetime" and here.date() < today:
        state = _with_what_came_since(merchant, state, version, here.date())
    facts = purchase_facts(
        state,
        bought,
        moment=here,
        today=today,
        zone=merchant.time_zone,
        currency=merchant.currency,
        draw=purchase_id,  # nobody knows it beforehand, and everybody can draw from it again
    )
    return judge(facts, version)


def _with_what_came_since(merchant: Merchant, state: State, version: Version, day: dt.date) -> State:
    """For a purchase that a till brings late: what was bought since counts beside it. A trip more."""
    assert state.member_id is not None  # admitted
    with tenancy.scope(merchant.id):
        climbed = late_progress(state.member_id, state.joined_at, day, version, merchant.time_zone)
    return state if climbed is None else replace(state, climbed=climbed)


def _lock(merchant: Merchant, bought: NewPurchase, credential: Credential | None) -> UUID | None:
    """Whose accounts are ours until the transaction ends; and after them the budgets, where the programme has any."""
    state = _read(merchant, bought, None, credential)
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_lock(%s, %s, '{}')", [merchant.id, state.member_id])
    if has_budgets(_version(merchant, state)):
        hold_budgets(_here(merchant, bought).date())
    return state.member_id

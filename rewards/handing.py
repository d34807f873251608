"""Handing a reward over: what was taken before, or taken with it in one act. The units are used from then on.

Two statements, as a purchase: one reads what the answer tells, one does it all where nothing has moved in between; each is a
transaction of its own with its own scope. Where something did move, it is done under the lock, and answered then.
"""

import datetime as dt
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.utils import timezone

from core import idempotency, tenancy
from core.errors import Decline, NotAllowed
from core.idempotency import Answered, fingerprint_of
from core.ids import new_id
from core.prepared import Kind, Prepared
from loyalty.locking import TRIES_UNDER_LOCK, TooBusy
from loyalty.programme.versions import version_in_force
from loyalty.purchases.earning import LocationUnknown
from loyalty.purchases.reading import Credential, CredentialRefused
from loyalty.purchases.undoing import PurchaseUnknown
from loyalty.units.holding import capture_key
from merchants.models import Merchant
from rewards import saying
from rewards.basket import Freed
from rewards.declines import PurchaseNotOpen, RedemptionClosed, RewardElsewhere
from rewards.fitting import refuse_short
from rewards.models import Redemption
from rewards.pieces import freed_on
from rewards.redemption import LocationNeeded, RedemptionUnknown, closed, ran_out
from rewards.taking import take
from rewards.terms import Refusal
from rewards.wording import say_refusal

_WHAT = [Kind.UUID, Kind.BYTES, Kind.TEXT, Kind.UUID]
_READ = Prepared(
    "rewards_read_capture",
    "SELECT * FROM rewards_read_capture(%s, %s, %s, %s, %s, %s, %s, %s, 0)",
    [*_WHAT, Kind.UUID, Kind.UUID, Kind.UUID, Kind.MOMENT],
)
_WRITE = Prepared(
    "rewards_capture",
    "SELECT * FROM rewards_capture(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
    [
        *_WHAT,
        *(Kind.BYTES, Kind.UUID, Kind.UUID, Kind.UUID, Kind.UUID, Kind.UUID, Kind.BYTES, Kind.UUID),
        *(Kind.MOMENT, Kind.INTEGER, Kind.TEXT, Kind.JSON),
    ],
)


class _Handing(NamedTuple):
    """Who hands over, where, and on which purchase it is used; None is what was not said."""

    merchant: Merchant
    actor_id: UUID | None
    location_id: UUID | None
    purchase_id: UUID | None

    @property
    def said(self) -> list[UUID | None]:
        """What of that was asked for, to tell one request from another; what says none is told as before there was any."""
        return [self.location_id, self.purchase_id] if self.location_id or self.purchase_id else []


class _Asked(NamedTuple):
    """The key under which the answer is kept, what was asked, and the proof of an API key; None where somebody else has them."""

    key: UUID | None = None
    fingerprint: bytes | None = None
    credential: Credential | None = None

    @property
    def proof(self) -> tuple[bytes | None, str | None]:
        """For the database."""
        return (self.credential.secret_hash, self.credential.scope) if self.credential else (None, None)


class Captured(NamedTuple):
    """What `rewards_capture` tells, column by column."""

    outcome: str | None
    key_id: UUID | None
    known_fingerprint: bytes | None
    known_status: int
    known_body: str
    member_id: UUID | None
    member_name: str
    unit: str
    accounts_json: str | None
    redemption_json: str

    @property
    def redemption(self) -> Redemption:
        """As it is now, from its row."""
        row = orjson.loads(self.redemption_json)
        fields = Redemption._meta.concrete_fields
        return Redemption(**{field.attname: field.to_python(row[field.attname]) for field in fields})


def capture_redemption(
    *,
    merchant: Merchant,
    redemption_id: UUID,
    key: UUID,
    actor_id: UUID | None = None,
    credential: Credential | None = None,
    location_id: UUID | None = None,
    purchase_id: UUID | None = None,
) -> Answered:
    """Hand over what was taken before. Repeating `key` gives the first answer for ever. It brings its own scope.

    `credential`, of an API key, is proven with it; else `actor_id` did it. `location_id`: where, if that is known; one that
    asks for a place is handed over there. `purchase_id`: on which it is used; what undoes the purchase gives it back.
    Raises CredentialRefused, NotAllowed, RedemptionUnknown, LocationUnknown, LocationNeeded, PurchaseUnknown, TooBusy,
    idempotency.KeyReused; declines with RedemptionClosed, RewardElsewhere, PurchaseNotOpen. Then nothing was changed.
    """
    handing = _Handing(merchant, actor_id, location_id, purchase_id)
    asked = fingerprint_of("reward.captured", redemption_id, *handing.said)
    try:
        return _capture(handing, redemption_id, _Asked(key, asked, credential))
    except Decline as decline:
        with tenancy.scope(merchant.id):
            return idempotency.keep_decline(key, asked, decline)


def _capture(handing: _Handing, redemption_id: UUID, asked: _Asked) -> Answered:
    at = timezone.now()
    what = (redemption_id, handing.location_id, handing.purchase_id)
    row = _READ.row([handing.merchant.id, *asked.proof, asked.key, *what, at])
    said = _admitted(Captured(*row), handing.merchant)
    known = _again(said, asked)
    if known is not None:
        return known
    freed = refuse_short(said.redemption, handing.purchase_id, handing.merchant)
    body, expected = _foresee(said, handing, at, freed)
    said = _write(handing, redemption_id, at, asked, (body, expected))
    if said.outcome != "moved":
        return _again(said, asked) or Answered(status=201, body=body, replayed=False)
    # The member got or used something in between, or something was due in the books.
    with tenancy.scope(handing.merchant.id):
        said = _write(handing, redemption_id, at, asked)
        known = _again(said, asked)
        if known is not None:
            return known
        body = orjson.dumps(_answer(said, handing.merchant)).decode()
        assert asked.key is not None
        idempotency.fill(asked.key, body)
    return Answered(status=201, body=body, replayed=False)


def _again(said: Captured, asked: _Asked) -> Answered | None:
    """What was answered under this key before, if it was. Raises what `idempotency.check` raises."""
    if said.known_fingerprint is None or asked.fingerprint is None:
        return None
    return idempotency.check(said.known_fingerprint, asked.fingerprint, said.known_status, said.known_body)


def _foresee(said: Captured, handing: _Handing, at: dt.datetime, freed: Freed | None) -> tuple[str, str]:
    """The answer as it will be, where nothing moves in between; and what must be so then."""
    redemption, accounts = said.redemption, orjson.loads(said.accounts_json or "null")
    redemption.status, redemption.closed_at = Redemption.Status.CAPTURED, at
    redemption.captured_at, redemption.purchase_id = at, handing.purchase_id
    for account in accounts or ():
        if account["code"] == said.unit:
            account["held"] -= redemption.cost
    assert said.member_id is not None  # it was found
    whose = saying.Whose(said.member_id, said.member_name, said.unit)
    answer = saying.say_handed(redemption, whose, accounts, handing.merchant, freed)
    expected = {"member": str(said.member_id), "name": said.member_name, "accounts": accounts}
    return orjson.dumps(answer).decode(), orjson.dumps(expected).decode()


def hand_over(
    *,
    merchant: Merchant,
    reward_id: UUID,
    member_id: UUID,
    key: UUID,
    actor_id: UUID | None,
    location_id: UUID | None = None,
    purchase_id: UUID | None = None,
) -> Answered:
    """Take a reward for a member and hand it over in one act. Repeating `key` gives the first answer for ever.

    Raises as `taking.take_reward` and `capture_redemption` do. Then nothing was changed.
    """

    handing = _Handing(merchant, actor_id, location_id, purchase_id)

    def work() -> tuple[int, dict[str, Any], UUID | None]:
        said = _hand_over(handing, reward_id, member_id)
        return 201, _answer(said, merchant), said.member_id

    asked = fingerprint_of("hand over", reward_id, member_id, *handing.said)
    return idempotency.answer_once(key, asked, work, member_id=member_id)


def _hand_over(handing: _Handing, reward_id: UUID, member_id: UUID) -> Captured:
    taken, _member = take(handing.merchant, reward_id, member_id, handing.actor_id, handing.location_id)
    refuse_short(taken, handing.purchase_id, handing.merchant)
    return _write(handing, taken.id, timezone.now(), _Asked())


def _write(
    handing: _Handing,
    redemption_id: UUID,
    at: dt.datetime,
    asked: _Asked,
    foreseen: tuple[str | None, str | None] = (None, None),
) -> Captured:
    what = (redemption_id, handing.location_id, handing.purchase_id, handing.actor_id)
    books = (capture_key(redemption_id), fingerprint_of("capture", redemption_id))
    when = (new_id(), at, TRIES_UNDER_LOCK)
    kept = (asked.key, asked.fingerprint)
    row = _WRITE.row([handing.merchant.id, *asked.proof, *kept, *what, *books, *when, *foreseen])
    return _admitted(Captured(*row), handing.merchant)


def _admitted(said: Captured, merchant: Merchant) -> Captured:
    """The same. Raises what it says, where it cannot be."""
    if said.outcome in _REFUSED:
        raise _REFUSED[said.outcome]
    if said.outcome in _DECLINED:
        raise _DECLINED[said.outcome](said, merchant)
    return said


def _answer(said: Captured, merchant: Merchant) -> dict[str, Any]:
    assert said.member_id is not None  # it was handed over
    whose = saying.Whose(said.member_id, said.member_name, said.unit)
    accounts = orjson.loads(said.accounts_json or "null")
    freed = freed_on(said.redemption, said.redemption.purchase_id, merchant)
    return saying.say_handed(said.redemption, whose, accounts, merchant, freed)


def _elsewhere(said: Captured, merchant: Merchant) -> RewardElsewhere:
    redemption = said.redemption
    asked = [one for one in redemption.what["conditions"] if one["kind"] == "location"]
    places = [place for one in asked for place in one["any"]]
    with tenancy.scope(merchant.id):
        reader = saying.reader_of(merchant, version_in_force())
    why = say_refusal(Refusal("elsewhere", {"locations": places}), reader)
    return RewardElsewhere(name=saying.name_of(redemption), why=why, member_id=redemption.member_id)


def _closed(said: Captured, _merchant: Merchant) -> RedemptionClosed:
    return closed(said.redemption)


def _ran_out(said: Captured, _merchant: Merchant) -> RedemptionClosed:
    return ran_out(said.redemption)


def _not_open(said: Captured, _merchant: Merchant) -> PurchaseNotOpen:
    return PurchaseNotOpen(member_id=said.redemption.member_id)


_DECLINED = {
    "redemption_closed": _closed,
    "ran_out": _ran_out,
    "reward_elsewhere": _elsewhere,
    "purchase_not_open": _not_open,
}
_REFUSED = {
    "key_refused": CredentialRefused,
    "not_allowed": NotAllowed,
    "redemption_not_found": RedemptionUnknown,
    "location_not_found": LocationUnknown,
    "location_needed": LocationNeeded,
    "purchase_not_found": PurchaseUnknown,
    "busy": TooBusy,
}

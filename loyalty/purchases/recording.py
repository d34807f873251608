"""Writing a judged purchase: one call of `loyalty_record_purchase`, and the values it takes. It judges nothing."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

from core.ids import key_within, new_id
from core.prepared import Kind, Prepared
from loyalty.purchases.budgets import drawn_json
from loyalty.rules.calendar import local_day
from loyalty.rules.expiring import FOR_EVER, Lasting, carried_until
from loyalty.rules.types import Version
from loyalty.rules.verdicts import Verdict
from loyalty.rules.windows import first_look
from merchants.models import Merchant

if TYPE_CHECKING:
    from loyalty.purchases.earning import NewPurchase
    from loyalty.purchases.paying import Paid
    from loyalty.purchases.reading import State

WRITE = """SELECT loyalty_record_purchase(
    %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,
    %s, %s, %s, %s, %s)"""
_KINDS = [
    *(Kind.UUID, Kind.UUID, Kind.BYTES, Kind.SMALL, Kind.TEXT),
    *(Kind.UUID, Kind.UUID, Kind.UUID, Kind.TEXT, Kind.UUID),
    *(Kind.BIG, Kind.TEXT, Kind.TEXT, Kind.JSON, Kind.MOMENT),
    *(Kind.INTEGER, Kind.BIG, Kind.JSON),
    *(Kind.UUID, Kind.BIG, Kind.INTEGER),
    *(Kind.JSON, Kind.JSON, Kind.UUID, Kind.BIG, Kind.UUID, Kind.UUID),
    *(Kind.DAY, Kind.TRUTH, Kind.JSON, Kind.JSON, Kind.JSON, Kind.DAY, Kind.JSON),
]
_WRITE = Prepared("loyalty_record_purchase", WRITE, _KINDS)
_WRITE_PAID = Prepared(
    "loyalty_record_paid_purchase",
    WRITE.replace("loyalty_record_purchase(", "loyalty_record_paid_purchase(%s, "),
    [Kind.JSON, *_KINDS],
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A purchase that may be written: what was asked, what was known, what follows, and the answer to keep.

    `make_id` gives the ids of lots and events: those of another time, for history.
    """

    merchant: Merchant
    bought: NewPurchase
    key: UUID
    fingerprint: bytes
    body: str
    purchase_id: UUID
    state: State
    version: Version
    verdict: Verdict
    occurred_at: dt.datetime
    lives: Mapping[str, Lasting]  # of what is given, by unit
    make_id: Callable[[], UUID] = new_id
    told_on: dt.date | None = None  # the shop's day, where that is a later one
    paid: Paid | None = None  # a part of it, with units: `state` is as it is once they are used

    @property
    def awarded(self) -> int:
        """Units of the programme's first unit, given by all rules together."""
        first = self.version.units[0].id
        return sum(award.amount for award in self.verdict.awards if award.unit == first)


def write(judged: Judged) -> bool:
    """Whether it was written. If not, something moved since it was judged, and nothing was written."""
    if judged.paid is None:
        return bool(_WRITE.row(values(judged))[0])
    paid = judged.paid.as_json(judged.key, judged.state.programme_version)
    return bool(_WRITE_PAID.row([paid, *values(judged)])[0])


def values(judged: Judged) -> list[Any]:
    """What WRITE takes, in its order."""
    bought, state, verdict = judged.bought, judged.state, judged.verdict
    day = local_day(judged.occurred_at, judged.merchant.time_zone)
    return [
        judged.merchant.id,
        judged.key,
        judged.fingerprint,
        201,
        judged.body,
        judged.purchase_id,
        state.member_id,
        bought.location_id,
        bought.channel,
        bought.actor_id or state.key_id,
        bought.amount_minor,
        judged.merchant.currency,
        bought.reference,
        orjson.dumps(bought.items).decode(),
        judged.occurred_at,
        state.programme_version,
        judged.awarded,
        orjson.dumps(kept_reasons(verdict)).decode(),
        UUID(verdict.tier.id) if verdict.tier else None,
        state.progress_minor + bought.amount_minor,
        state.standing_version,
        orjson.dumps({account["account"]: account["seq"] for account in state.accounts}).decode(),
        orjson.dumps(_awards(judged)).decode(),
        state.card_id if bought.who.step is not None else None,
        bought.who.step,
        judged.make_id(),
        judged.make_id() if verdict.moved_up and verdict.tier else None,
        day,
        bought.who.is_static,
        orjson.dumps({**bought.bill, "static": True} if bought.who.is_static else bought.bill).decode(),
        orjson.dumps(verdict.memory).decode(),
        drawn_json(verdict.budgets),
        _review_on(judged, day),
        orjson.dumps(_carried(judged)).decode(),
    ]


def _review_on(judged: Judged, day: dt.date) -> dt.date | None:
    """Of the tier that it reached."""
    zone = zoneinfo.ZoneInfo(judged.merchant.time_zone)
    return first_look(
        judged.version,
        judged.verdict.tier,
        day,
        judged.state.joined_at.astimezone(zone).date(),
        judged.told_on,
    )


def kept_reasons(verdict: Verdict) -> list[dict[str, Any]]:
    """As kept beside what happened. Those that are not to be read out are silent: they left a trace in the memory."""
    return [
        reason.as_json() | ({} if reason.units > 0 or reason.is_near else {"silent": True})
        for reason in verdict.told
    ]


def _awards(judged: Judged) -> list[dict[str, Any]]:
    """In account order, one entry an account and rule; `seq` is where the account stood when it was judged."""
    accounts = {account["unit"]: account for account in judged.state.accounts}
    found = []
    for award in sorted(judged.verdict.awards, key=lambda award: str(accounts[award.unit]["account"])):
        account, life = accounts[award.unit], judged.lives.get(award.unit, FOR_EVER)
        found.append(
            {
                "entry": key_within(judged.key, award.reason.rule),
                "account": account["account"],
                "seq": account["seq"],
                "lot": judged.make_id(),
                "amount": award.amount,
                "expires_at": life.expires_at,
                "vests_at": life.vests_at,
                "pending": life.is_pending,
                "event": judged.make_id(),
                "reasons": {**award.reason.as_json(), "version": judged.state.programme_version},
            }
        )
        credit(account, award.amount, life)
    return found


def _carried(judged: Judged) -> dict[str, dt.datetime]:
    """By account: until when its units live, for their member has come."""
    zone, last = judged.merchant.time_zone, judged.state.last_purchase_at
    until = carried_until(judged.version, judged.occurred_at, zone, last)
    return {
        account["account"]: until[account["unit"]]
        for account in (judged.state.accounts if until else ())
        if account["unit"] in until
    }


def credit(account: dict[str, Any], amount: int, life: Lasting) -> None:
    """What an award of `amount` does to an account as `State.accounts` tells it: it repays first, and moves on."""
    if life.is_pending:
        account["pending"] += amount
        account["seq"] += 1
        return
    repaid = min(account["debt"], amount)
    account["debt"] -= repaid
    account["seq"] += 2 if 0 < repaid < amount else 1
    if not life.is_dead:
        account["available"] += amount - repaid
        if life.expires_at is not None and amount > repaid:
            _end(account, [*_ends(account), (life.expires_at, amount - repaid)])


def carry(account: dict[str, Any], until: dt.datetime) -> None:
    """What a visit does to it, where it lets units live until then."""
    _end(account, [(max(moment, until), units) for moment, units in _ends(account)])


def _ends(account: dict[str, Any]) -> list[tuple[dt.datetime, int]]:
    return [(dt.datetime.fromisoformat(moment), units) for moment, units in account["expiring"] or ()]


def _end(account: dict[str, Any], ends: list[tuple[dt.datetime, int]]) -> None:
    """The next three, as the database tells them."""
    by_moment: dict[dt.datetime, int] = {}
    for moment, units in ends:
        by_moment[moment] = by_moment.get(moment, 0) + units
    account["expiring"] = [[moment.isoformat(), by_moment[moment]] for moment in sorted(by_moment)[:3]]

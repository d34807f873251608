"""Paying a part of a purchase with units: what that comes to, judged by the account's newest state; and what the write
takes of it. One statement more than a purchase without it, which brings that state.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import Decline, DomainError
from core.ids import key_within
from core.languages import reader_language
from core.money import decimal_text, say_money
from core.prepared import Kind, Prepared
from loyalty.ledger.postings import InsufficientUnits
from loyalty.rules.paying import Asked, Payment, most_of_bill, payment_of, worth_of
from loyalty.rules.types import Unit, Version
from members.cards import CardAlreadyUsed

if TYPE_CHECKING:
    from loyalty.purchases.earning import NewPurchase
    from loyalty.purchases.reading import State

_READY = Prepared(
    "loyalty_ready_to_pay",
    "SELECT loyalty_ready_to_pay(%s, %s, %s, %s, %s, %s, %s)",
    [*(Kind.UUID, Kind.UUID, Kind.UUID, Kind.MOMENT), *(Kind.UUID, Kind.BIG, Kind.UUID)],
)
NEXT_ENDS = 3  # as `loyalty_read_scan` tells them


class PayUnitUnknown(DomainError):
    """The programme counts no such unit."""

    code = "unit_unknown"
    message = _("This programme has no such unit.")
    field = "pay.unit"


class PaymentUnproven(DomainError):
    """A printed card, a number or a spoken code is no proof that it is the member who pays."""

    code = "second_proof_needed"  # as `rewards.proof` says it, which is asked next
    message = _("To pay with units, scan the live card, or ask for the PIN.")
    field = "pay"


class UnitPaysNothing(Decline):
    """The programme does not say what the unit is worth on a bill, or so few of it are worth nothing."""

    code = "unit_pays_nothing"
    message = _("Nothing can be paid with that.")
    field = "pay"


class MoneyNeeded(Decline):
    """More than units may pay of this bill: the rest is to be paid in money."""

    code = "money_needed"
    message = _("Of this bill at most %(most)s can be paid with units; %(least)s must be paid in money.")
    field = "pay"


# What stands against paying so much with units.
IMPOSSIBLE = (InsufficientUnits, MoneyNeeded, UnitPaysNothing)


@dataclass(frozen=True)
class Paid:
    """What pays for a part of a purchase, and the account as it was read `at` a moment, where `seq` was its last movement.

    `by`: who may spend by the same live card again.
    """

    unit: Unit
    payment: Payment
    account: UUID
    seq: int
    at: dt.datetime
    by: UUID | None

    def as_json(self, key: UUID, version: int) -> str:
        """What `loyalty_record_paid_purchase` takes of it."""
        reasons = {
            "code": "paid",
            "unit": self.unit.id,
            "units": self.payment.units,
            "paid_minor": self.payment.minor,
            "version": version,
        }
        said = {
            "entry": key_within(key, "paid"),
            "account": self.account,
            "seq": self.seq,
            "at": self.at,
            "by": self.by,
            "amount": self.payment.units,
            "reasons": reasons,
        }
        return orjson.dumps(said).decode()


def pay_part(
    merchant_id: UUID, state: State, bought: NewPurchase, version: Version, key: UUID | None
) -> tuple[State, NewPurchase, Paid | None]:
    """The member's accounts once the units are used, and the bill with what they pay; as they are where nothing is asked.

    A live card spends at one till, and for a program, behind which are many, under one `key`. Raises PaymentUnproven,
    PayUnitUnknown; declines with CardAlreadyUsed, UnitPaysNothing, MoneyNeeded, InsufficientUnits.
    """
    asked = bought.pay
    if asked is None:
        return state, bought, None
    if bought.who.step is None and not asked.is_proven:
        raise PaymentUnproven
    unit = next((unit for unit in version.units if unit.code == asked.unit), None)
    if unit is None:
        raise PayUnitUnknown
    now, by = timezone.now(), bought.actor_id or key
    spends = (state.card_id, bought.who.step, by)
    try:
        account = _ready(merchant_id, state, unit, now, spends)
        payment = _payment(asked, unit, version, bought.amount_minor, account["available"])
    except Decline as decline:
        decline.member_id = state.member_id
        raise
    paid = Paid(unit, payment, UUID(account["account"]), account["seq"], now, by)
    after = [one for one in state.accounts if one["account"] != account["account"]]
    after.append(drawn(account, payment.units))
    state = replace(state, accounts_json=orjson.dumps(after).decode())
    return state, replace(bought, bill={**bought.bill, "paid_in_units_minor": payment.minor}), paid


def with_paid(answer: dict[str, Any], paid: Paid | None, amount_minor: int, currency: str) -> dict[str, Any]:
    """The answer, and what it tells of it: the units, the money they paid, and what is left to pay."""
    if paid is None:
        return answer
    payment = paid.payment
    told = {
        "unit": paid.unit.code,
        "amount": payment.units,
        "money": decimal_text(payment.minor, currency),
        "left": decimal_text(amount_minor - payment.minor, currency),
    }
    return answer | {"paid": told, "events": ["points.spent", *answer["events"]]}


def _ready(
    merchant_id: UUID,
    state: State,
    unit: Unit,
    now: dt.datetime,
    spends: tuple[UUID | None, int | None, UUID | None],
) -> dict[str, Any]:
    """The account with all that was due in it done, and its lots: [[ends, units]], in the order in which they are used."""
    found = _READY.row([merchant_id, state.member_id, UUID(unit.id), now, *spends])[0]
    account: dict[str, Any] | None = orjson.loads(found) if isinstance(found, str) else found
    if account is None:
        raise InsufficientUnits(available=0, asked=1)
    if account["is_spent"]:
        raise CardAlreadyUsed
    return account


def _payment(asked: Asked, unit: Unit, version: Version, amount_minor: int, available: int) -> Payment:
    worth, limit = worth_of(unit), most_of_bill(version, amount_minor)
    if worth is None:
        raise UnitPaysNothing
    payment = payment_of(asked, worth, limit, available)
    if payment.minor > limit:
        most, least = (
            say_money(minor, version.currency, reader_language()) for minor in (limit, amount_minor - limit)
        )
        raise MoneyNeeded(most=most, least=least)
    if payment.units > available:
        raise InsufficientUnits(available=available, asked=payment.units)
    if not payment.minor:
        raise UnitPaysNothing
    return payment


def drawn(account: dict[str, Any], units: int) -> dict[str, Any]:
    """An account as `State.accounts` tells it, once so many units are used, lot by lot as the books use them."""
    left, seq, ends = units, account["seq"], dict[str, int]()
    lots: Sequence[tuple[str | None, int]] = account["lots"]
    for moment, available in lots:
        used = min(left, available)
        left -= used
        seq += used > 0
        if moment is not None and available > used:
            ends[moment] = ends.get(moment, 0) + available - used
    told = {name: value for name, value in account.items() if name not in {"lots", "is_spent"}}
    expiring = [[moment, count] for moment, count in list(ends.items())[:NEXT_ENDS]]
    return told | {"available": account["available"] - units, "seq": seq, "expiring": expiring or None}

"""Correcting a balance by hand: units given or taken for a reason, by somebody who is named.

The books keep the amount and who it was; the words stand beside them in a note, which goes when the member is erased.
A correction is taken back by its opposite, which names it, once.
"""

import datetime as dt
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import events, idempotency
from core.errors import DomainError
from core.idempotency import Answered, fingerprint_of
from core.ids import key_within, public_id
from core.tenancy import current_merchant_id
from core.text import read_text
from loyalty import queries
from loyalty.ledger import postings, statements
from loyalty.ledger.postings import InsufficientUnits
from loyalty.locking import lock_member
from loyalty.models import Note
from loyalty.programme.publishing import catch_up
from loyalty.programme.versions import version_in_force
from loyalty.purchases.refunding import LONGEST_REASON
from loyalty.rules.expiring import lasting_of
from loyalty.rules.types import NEVER, Unit
from members import queries as member_queries
from members.models import Member
from merchants.models import Merchant

__all__ = [
    "MOST_UNITS",
    "AdjustmentUnknown",
    "AdjustmentUsed",
    "InsufficientUnits",
    "ReasonMissing",
    "UnitUnknown",
    "UnitsOutOfRange",
    "adjust_units",
    "undo_adjustment",
]

MOST_UNITS = 1_000_000  # by one hand at once: beyond it is a slip of the finger, or an import


class ReasonMissing(DomainError):
    """Nothing is corrected without a word why."""

    code = "reason_missing"
    message = _("Say why, in a few words.")
    field = "reason"


class UnitsOutOfRange(DomainError):
    """Zero, or more units than one correction may move."""

    code = "units_out_of_range"
    message = _("Write how many to give, or with a minus to take: at most %(most)s.")
    field = "amount"


class UnitUnknown(DomainError):
    """The programme counts no such unit."""

    code = "unit_unknown"
    message = _("This programme has no such unit.")
    field = "unit"


class AdjustmentUsed(DomainError):
    """Of what a correction gave, too little is left to take it back just now. Tomorrow it may be otherwise."""

    code = "adjustment_used"
    message = InsufficientUnits.message


class AdjustmentUnknown(DomainError):
    """No such correction of this merchant's, or itself one that took another back."""

    code = "adjustment_not_found"
    message = _("There is no such correction.")


def adjust_units(
    *,
    member_id: UUID,
    unit: str,
    amount: int,
    reason: str,
    key: UUID,
    actor_id: UUID | None,
) -> Answered:
    """Give `amount` units of the kind with the code `unit`, or with a minus take them, for a reason of at most 200
    characters. In the merchant's scope.

    Repeating `key` gives the first answer for ever. Raises ReasonMissing, UnitsOutOfRange, UnitUnknown, MemberUnknown,
    TextTooLong, TextForbidden, idempotency.KeyReused, idempotency.AnswerErased; declines with InsufficientUnits. Then
    nothing was changed.
    """
    text = read_text(reason, limit=LONGEST_REASON, field="reason")
    if not text:
        raise ReasonMissing
    if not 0 < abs(amount) <= MOST_UNITS:
        raise UnitsOutOfRange(most=MOST_UNITS)

    def work() -> tuple[int, dict[str, Any], UUID | None]:
        member = _locked(member_id)
        entry_id = key_within(key, "adjustment")
        _post(member, _unit(unit), amount, entry_id, actor_id)
        Note.objects.create(id=entry_id, member=member, text=text)
        return 201, _answer(member, unit, amount, text, entry_id), member.id

    catch_up()
    asked = fingerprint_of("adjustment", member_id, unit, amount, text)
    return idempotency.answer_once(key, asked, work, member_id=member_id)


def undo_adjustment(*, entry_id: UUID, actor_id: UUID | None) -> Answered:
    """Take a correction back, by its opposite. Repeating it gives the first answer for ever. In the merchant's scope.

    Raises AdjustmentUnknown, AdjustmentUsed, MemberUnknown, idempotency.AnswerErased: then nothing was changed, and as its
    key is the correction's own and no request's, nothing is kept either: it may be tried again.
    """
    key = key_within(entry_id, "undo")

    def work() -> tuple[int, dict[str, Any], UUID | None]:
        member_id, reasons = statements.adjustment(entry_id)
        if member_id is None or "undoes" in reasons or "units" not in reasons:
            raise AdjustmentUnknown
        member, amount = _locked(member_id), -int(reasons["units"])
        unit = _unit_of(reasons)
        try:
            _post(member, unit, amount, key, actor_id, undoes=entry_id)
        except InsufficientUnits as short:
            raise AdjustmentUsed(**short.params) from None
        return 201, _answer(member, unit.code, amount, "", key), member.id

    catch_up()
    return idempotency.answer_once(key, fingerprint_of("undo adjustment", entry_id), work)


def _locked(member_id: UUID) -> Member:
    """The member, once its accounts and standing are ours: an erasure waits for us, or we for it and find nobody."""
    return member_queries.member(lock_member(member_id))


def _unit(code: str) -> Unit:
    unit = next((unit for unit in version_in_force().units if unit.code == code), None)
    if unit is None:
        raise UnitUnknown
    return unit


def _unit_of(reasons: dict[str, Any]) -> Unit:
    """The unit of a correction: as it is now, or as it was then where the programme has given it up since."""
    versions = (version_in_force(), version_in_force(reasons["version"]))
    return next(unit for version in versions for unit in version.units if unit.id == reasons["unit"])


def _post(
    member: Member,
    unit: Unit,
    amount: int,
    entry_id: UUID,
    actor_id: UUID | None,
    *,
    undoes: UUID | None = None,
) -> None:
    now = timezone.now()
    more = {"undoes": str(undoes)} if undoes else {}
    reasons = {"code": "adjusted", "unit": unit.id, "units": amount, "version": version_in_force().number}
    postings.adjust(
        account_id=postings.open_account(member_id=member.id, unit_id=UUID(unit.id)),
        amount=amount,
        key=entry_id,
        reasons=reasons | more,
        actor_id=actor_id,
        now=now,
        expires_at=_dies_at(unit, now) if amount > 0 else None,
    )
    fact = {"entry": str(entry_id), "member": str(member.id), "unit": unit.id, "amount": amount}
    who = {"actor": str(actor_id) if actor_id else None, "occurred_at": now.isoformat()}
    events.record("units.adjusted", fact | more | who)


def _dies_at(unit: Unit, now: dt.datetime) -> dt.datetime | None:
    """What is given by hand can be used at once, and lives as long as what rules give."""
    if unit.expiry == NEVER:
        return None
    zone = Merchant.objects.get(id=current_merchant_id()).time_zone
    return lasting_of(unit, now, zone, now).expires_at


def _answer(member: Member, unit: str, amount: int, text: str, entry_id: UUID) -> dict[str, Any]:
    return {
        "id": public_id("ent", entry_id),
        "member": {"id": public_id("mem", member.id), "name": member.name},
        "unit": unit,
        "amount": amount,
        "reason": text,
        "balances": queries.standing_of(member.id).balances,
        "events": ["points.adjusted", "units.adjusted"],
    }

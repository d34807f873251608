"""Giving money back: a purchase refunded whole or in part, any number of times. Units and standing follow, to the unit.

A refund takes back the share of what the purchase gave and gives back the share of what was used on it. Shares are
cumulative and rounded down: two thirds of 10 points are 6, and the last third takes the other 4. So parts in any sizes
end exactly where one refund of all ends, and no part takes more than its share.
A purchase of which nothing is left is no visit any more, like a cancelled one; until then it is one.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import events, idempotency
from core.errors import Decline
from core.idempotency import Answered, fingerprint_of
from core.ids import public_id
from core.languages import reader_language
from core.money import LARGEST_MINOR, AmountOutOfRange, decimal_text, say_money
from core.text import read_text
from loyalty.models import Note, Purchase, Refund
from loyalty.programme.publishing import catch_up
from loyalty.purchases import undoing
from loyalty.purchases.undoing import LockedPurchase, PurchaseCancelled, PurchaseUnknown
from loyalty.purchases.undone import Undone, answer_of, fact_of
from loyalty.rules.calendar import local_text
from loyalty.rules.shares import share_of
from merchants.models import Merchant

__all__ = [
    "LONGEST_REASON",
    "PurchaseCancelled",
    "PurchaseUnknown",
    "RefundExceeds",
    "in_money",
    "part_to_refund",
    "refund_purchase",
]

LONGEST_REASON = 200


class RefundExceeds(Decline):
    """More than is left of the purchase. Nothing was changed."""

    code = "refund_exceeds_purchase"
    message = _("That is more than is left of this purchase: %(left)s.")
    field = "amount"


def refund_purchase(
    *,
    merchant: Merchant,
    purchase_id: UUID,
    amount_minor: int | None,
    key: UUID,
    actor_id: UUID | None,
    reason: str = "",
) -> Answered:
    """Refund `amount_minor` of a purchase, or all that is left where it is None. In the merchant's scope.

    Units follow: of all it gave (and of all that was used on it), `units × refunded so far // amount`. What the member has
    used meanwhile is owed. Repeating `key` gives the first answer for ever.
    Raises PurchaseUnknown, AmountOutOfRange, TextTooLong, TextForbidden, TooBusy, idempotency.KeyReused,
    idempotency.AnswerErased; declines with PurchaseCancelled, RefundExceeds. Then nothing was changed.
    """
    text = read_text(reason, limit=LONGEST_REASON, field="reason")
    asked = _Asked(merchant, amount_minor, key, actor_id, text)

    def work() -> tuple[int, dict[str, Any], UUID | None]:
        locked = undoing.lock_purchase(purchase_id)
        return 201, _refund(locked, asked), locked.member.id

    catch_up()
    return idempotency.answer_once(key, fingerprint_of("refund", purchase_id, amount_minor, text), work)


@dataclass(frozen=True)
class _Asked:
    merchant: Merchant
    amount_minor: int | None
    key: UUID
    actor_id: UUID | None
    text: str


def _refund(locked: LockedPurchase, asked: _Asked) -> dict[str, Any]:
    purchase, now, by_minor = (
        locked.purchase,
        timezone.now(),
        part_to_refund(locked.purchase, asked.amount_minor),
    )
    refund = Refund(purchase=purchase, amount_minor=by_minor, actor_id=asked.actor_id, recorded_at=now)
    taken_back, given_back = undoing.undo_units(
        locked,
        up_to_minor=purchase.refunded_minor + by_minor,
        merchant=asked.merchant,
        key=asked.key,
        actor_id=asked.actor_id,
        now=now,
        reasons={"code": "refunded", "refund": str(refund.id), "refunded_minor": by_minor},
    )
    refund.save(force_insert=True)
    if asked.text and not locked.member.erased_at:
        Note.objects.create(id=refund.id, member_id=purchase.member_id, text=asked.text, written_at=now)
    ended = by_minor == purchase.left_minor
    undone = Undone(
        taken_back, given_back, undoing.lower_standing(locked, asked.merchant, by_minor=by_minor, ended=ended)
    )
    fact = fact_of(purchase, undone, by_minor, asked.actor_id)
    events.record("purchase.refunded", fact | {"refund": str(refund.id), "ended": ended})
    return _answer(locked, refund, undone, asked)


def part_to_refund(purchase: Purchase, amount_minor: int | None) -> int:
    """How much of a purchase that is. Raises AmountOutOfRange, RefundExceeds, PurchaseCancelled."""
    left = purchase.left_minor
    if purchase.cancelled_at is not None:
        raise PurchaseCancelled(member_id=purchase.member_id)
    if amount_minor is not None and not 0 < amount_minor <= LARGEST_MINOR:
        raise AmountOutOfRange(largest=decimal_text(LARGEST_MINOR, purchase.currency))
    if left == 0 or (amount_minor or 0) > left:
        said = say_money(left, purchase.currency, reader_language())
        raise RefundExceeds(left=said, member_id=purchase.member_id)
    return amount_minor or left


def in_money(purchase: Purchase, by_minor: int) -> int:
    """How much of that is handed back in money; the rest was paid with units, and goes back as those. Shares as of units."""
    paid, before = purchase.bill.get("paid_in_units_minor", 0), purchase.refunded_minor
    up_to = share_of(paid, before + by_minor, purchase.amount_minor)
    return by_minor - (up_to - share_of(paid, before, purchase.amount_minor))


def _answer(locked: LockedPurchase, refund: Refund, undone: Undone, asked: _Asked) -> dict[str, Any]:
    purchase = locked.purchase
    refunded = purchase.refunded_minor + refund.amount_minor
    answer = {
        "id": public_id("ref", refund.id),
        "purchase": public_id("pur", purchase.id),
        "amount": decimal_text(refund.amount_minor, purchase.currency),
        "currency": purchase.currency,
        "in_money": decimal_text(in_money(purchase, refund.amount_minor), purchase.currency),
        "reason": "" if locked.member.erased_at else asked.text,
        "refunded": decimal_text(refunded, purchase.currency),
        "left": decimal_text(purchase.amount_minor - refunded, purchase.currency),
        "refunded_at": local_text(refund.recorded_at, asked.merchant.time_zone),
    } | answer_of(locked.member, undone)
    answer["events"].append("purchase.refunded")
    return answer

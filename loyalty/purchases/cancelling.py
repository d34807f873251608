"""Taking a purchase back, as if it had not been made: its units, its share of the standing, its place in the figures.

Nothing is erased. The books get entries that undo what the purchase's did, the purchase a note of when. What its member
has used meanwhile is owed. One verb for the till's ten seconds and for a cancellation later.
"""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import events, idempotency
from core.errors import Decline
from core.idempotency import Answered, fingerprint_of
from core.ids import public_id
from core.tenancy import current_merchant_id
from loyalty.models import Purchase
from loyalty.programme.publishing import catch_up
from loyalty.purchases import undoing
from loyalty.purchases.undoing import LockedPurchase, PurchaseCancelled, PurchaseUnknown
from loyalty.purchases.undone import Undone, answer_of, fact_of
from loyalty.rules.calendar import local_text
from merchants.access import ManagerNeeded
from merchants.models import Merchant

__all__ = [
    "PurchaseCancelled",
    "PurchaseRefunded",
    "PurchaseUnknown",
    "cancel_purchase",
    "refuse_ended",
]


class PurchaseRefunded(Decline):
    """All of it was refunded: there is nothing left to cancel."""

    code = "purchase_refunded"
    message = _("This purchase is refunded in full already.")


def cancel_purchase(
    *,
    merchant: Merchant,
    purchase_id: UUID,
    key: UUID,
    actor_id: UUID | None,
    own_within: dt.timedelta | None = None,
) -> Answered:
    """Cancel a purchase: all of it, or what refunds have left. Repeating `key` gives the first answer for ever. In the
    merchant's scope.

    With `own_within`, only what `actor_id` itself recorded, no longer ago than that.
    Raises PurchaseUnknown, ManagerNeeded, TooBusy, idempotency.KeyReused, idempotency.AnswerErased; declines with
    PurchaseCancelled, PurchaseRefunded. Then nothing was changed.
    """

    def work() -> tuple[int, dict[str, Any], UUID | None]:
        locked = undoing.lock_purchase(purchase_id)
        purchase = locked.purchase
        is_own = purchase.actor_id is not None and purchase.actor_id == actor_id
        if own_within is not None and not (is_own and timezone.now() - purchase.recorded_at <= own_within):
            raise ManagerNeeded
        return 201, _cancel(locked, merchant, key, actor_id), locked.member.id

    catch_up()
    return idempotency.answer_once(key, fingerprint_of("cancellation", purchase_id), work)


def _cancel(locked: LockedPurchase, merchant: Merchant, key: UUID, actor_id: UUID | None) -> dict[str, Any]:
    purchase, now = locked.purchase, timezone.now()
    refuse_ended(purchase)
    taken_back, given_back = undoing.undo_units(
        locked,
        up_to_minor=purchase.amount_minor,
        merchant=merchant,
        key=key,
        actor_id=actor_id,
        now=now,
        reasons={"code": "cancelled"},
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT loyalty_note_cancellation(%s, %s, %s)", [current_merchant_id(), purchase.id, now]
        )
        assert cursor.fetchone()[0]  # it is locked, and something of it was left
    lost_since = undoing.lower_standing(locked, merchant, by_minor=purchase.left_minor, ended=True)
    undone = Undone(taken_back, given_back, lost_since)
    events.record("purchase.cancelled", fact_of(purchase, undone, purchase.left_minor, actor_id))
    when = {"cancelled_at": local_text(now, merchant.time_zone)}
    answer = {"id": public_id("pur", purchase.id)} | when | answer_of(locked.member, undone)
    answer["events"].append("purchase.cancelled")
    return answer


def refuse_ended(purchase: Purchase) -> None:
    """Whether there is anything left to cancel. Raises PurchaseCancelled, PurchaseRefunded."""
    if purchase.cancelled_at is not None:
        raise PurchaseCancelled(member_id=purchase.member_id)
    if purchase.left_minor == 0:
        raise PurchaseRefunded(member_id=purchase.member_id)

"""Giving back what was handed over: by hand with a reason, within a while; or with the purchase on which it was used.

Units come back to the lots that they came from, the reward is in stock again.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import events, idempotency
from core.errors import DomainError
from core.idempotency import Answered, fingerprint_of
from core.ids import key_within
from core.models import Event
from core.text import read_text
from loyalty.locking import lock_member, lock_together
from loyalty.models import Note, Purchase
from loyalty.units import holding
from merchants.access import ManagerNeeded
from merchants.models import Merchant
from rewards import saying
from rewards.declines import VoidTooLate
from rewards.models import Redemption, VoidReason
from rewards.redemption import RELEASE, VOID, closed, fact_of, lock_redemption, lock_stock, move, reason_of

VOID_WITHIN = dt.timedelta(days=30)  # as long as a shop takes things back; later a manager looks at it
LONGEST_NOTE = 200
# What a person may say: the others are said by a refund.
REASONS = tuple(
    reason for reason in VoidReason.values if reason not in {VoidReason.REFUNDED, VoidReason.TIER_LOST}
)


class VoidReasonUnknown(DomainError):
    """None of those that there are."""

    code = "void_reason_unknown"
    message = _("The reason is one of these: %(reasons)s.")
    field = "reason"


class NotHandedOver(DomainError):
    """It still waits: it can be let go, and there is nothing to give back."""

    code = "not_handed_over"
    message = _("This was not handed over yet.")


def void_redemption(
    *,
    merchant: Merchant,
    redemption_id: UUID,
    key: UUID,
    actor_id: UUID | None,
    reason: str = VoidReason.OTHER,
    note: str = "",
    own_within: dt.timedelta | None = None,
    within: dt.timedelta | None = VOID_WITHIN,
) -> Answered:
    """Give back what was handed over no longer ago than `within`; None is for whoever may at any time. Repeating `key` gives
    the first answer for ever.

    With `own_within`, only what `actor_id` handed over itself, no longer ago than that. `note` is theirs, in their own words.
    Raises RedemptionUnknown, VoidReasonUnknown, TextTooLong, TextForbidden, ManagerNeeded, NotHandedOver, TooBusy, idempotency.KeyReused;
    declines with RedemptionClosed, VoidTooLate. Then nothing was changed.
    """
    text = read_text(note, limit=LONGEST_NOTE, field="note")
    if reason not in REASONS:
        raise VoidReasonUnknown(reasons=", ".join(REASONS))

    def work() -> tuple[int, dict[str, Any], UUID | None]:
        found, owner = lock_redemption(redemption_id)
        _refuse(found, actor_id, own_within, within)
        _give_back(found, reason, actor_id)
        if text and not owner.erased_at:
            # Under the id of the entry that gives its units back, so that the story tells it beside that.
            Note.objects.create(id=key_within(found.id, "void"), member_id=found.member_id, text=text)
        found.refresh_from_db()
        return 201, saying.say_redemption(found, owner, merchant), owner.id

    # Without a why it is told as it was before there was any: an answer of then is still the answer.
    why = [str(reason), text] if text or reason != VoidReason.OTHER else []
    asked = fingerprint_of(VOID.event, redemption_id, *why)
    return idempotency.answer_once(key, asked, work)


def _refuse(
    found: Redemption, actor_id: UUID | None, own_within: dt.timedelta | None, within: dt.timedelta | None
) -> None:
    """Who asks comes before how things stand, and what is still to come is kept under no key."""
    now = timezone.now()
    age = now - (found.captured_at or now)
    is_own = found.captured_by is not None and found.captured_by == actor_id
    if own_within is not None and not (is_own and age <= own_within):
        raise ManagerNeeded
    if found.status_at(now) == RELEASE.begins:
        raise NotHandedOver
    if found.status != VOID.begins:
        raise closed(found)
    if within is not None and age > within:
        raise VoidTooLate(days=within.days, member_id=found.member_id)


def follow_undoing(event: Event) -> None:
    """`purchase.refunded`, `purchase.cancelled`: where nothing is left of it, what was used on it is given back."""
    actor = event.payload["actor"]
    give_back_with(UUID(event.payload["purchase"]), actor_id=UUID(actor) if actor else None)


def give_back_with(
    purchase_id: UUID, *, actor_id: UUID | None, beside: Iterable[UUID] = (), for_whom: Iterable[UUID] = ()
) -> None:
    """What was used on a purchase of which nothing is left, since `actor_id` undid it. Its units came back with the refund, share
    by share. It locks its member and whose the rewards are, who were one, then the stock: that of `beside` too, of rewards which
    the caller may give in the same transaction, and before it the members `for_whom`. Doing it again, or for what is no purchase,
    does nothing. Raises TooBusy."""
    purchase = Purchase.objects.filter(id=purchase_id).first()
    if purchase is None or purchase.ended_at is None:
        return
    used = Redemption.objects.filter(purchase=purchase, status=VOID.begins)
    if used.exists():
        others = {*used.values_list("member_id", flat=True), *for_whom} - {purchase.member_id}
        if others:
            lock_together(purchase.member_id, *others)
        lock_member(purchase.member_id)
        lock_stock({*used.values_list("reward_id", flat=True), *beside})
        for redemption in used.select_related("reward", "member", "unit").order_by("reward_id", "id"):
            _give_back(redemption, VoidReason.REFUNDED, actor_id)


def _give_back(redemption: Redemption, reason: str, actor_id: UUID | None) -> None:
    """All that has not come back yet. Its member is locked. Raises RedemptionClosed."""
    if holding.given_back(redemption.id) < redemption.cost:
        holding.give_back(
            member_id=redemption.member_id,
            unit_id=redemption.unit_id,
            hold_id=redemption.id,
            reasons=reason_of(redemption) | {"void": str(reason)},
            actor_id=actor_id,
        )
    if not move(redemption.id, VOID, closed_by=actor_id, void_reason=str(reason)):
        raise closed(redemption)
    events.record(VOID.event, fact_of(redemption, actor_id) | {"reason": str(reason)})

"""Taking a purchase back, as if it had not been made: its units, its share of the standing, its place in the figures.

Nothing is erased. The books get an entry that takes back what the purchase's entries gave, the purchase a note of when.
One verb for the till's ten seconds and for a cancellation later; it never touches what another purchase gave.
"""

import datetime as dt
import zoneinfo
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import events, idempotency
from core.errors import Decline, DomainError
from core.idempotency import Answered, fingerprint_of
from core.ids import key_within, public_id
from core.tenancy import current_merchant_id
from loyalty import queries
from loyalty.earning import TRIES_UNDER_LOCK, TooBusy
from loyalty.ledger import postings, statements
from loyalty.ledger.models import Entry
from loyalty.ledger.postings import InsufficientUnits
from loyalty.models import Purchase, Standing, Tier
from loyalty.programme import version_in_force
from loyalty.rules.engine import step_back
from loyalty.rules.types import Version
from merchants.models import Merchant


class PurchaseUnknown(DomainError):
    """No such purchase of this merchant's."""

    code = "purchase_not_found"
    message = _("There is no such purchase.")


class PurchaseCancelled(Decline):
    """Somebody cancelled it before, under another key."""

    code = "purchase_cancelled"
    message = _("This purchase is cancelled already.")


class UnitsUsed(Decline):
    """Some of what the purchase gave was used since. Nothing was taken back."""

    code = "units_used"
    message = _("What this purchase gave has been used already, so it cannot be cancelled.")


class ManagerNeeded(DomainError):
    """A cashier's own scan, and for some seconds: the rest is a manager's."""

    code = "manager_needed"
    message = _("A scan can be undone for a few seconds, by whoever made it. Ask a manager to cancel it.")


def cancel_purchase(
    *,
    merchant: Merchant,
    purchase_id: UUID,
    key: UUID,
    actor_id: UUID | None,
    own_within: dt.timedelta | None = None,
) -> Answered:
    """Cancel a purchase, whole. Repeating `key` gives the first answer for ever. In the merchant's scope.

    With `own_within`, only what `actor_id` itself recorded, no longer ago than that.
    Raises PurchaseUnknown, ManagerNeeded, TooBusy, idempotency.KeyReused, idempotency.AnswerErased; declines with
    PurchaseCancelled, UnitsUsed. Then nothing was changed.
    """

    def work() -> tuple[int, dict[str, Any], UUID | None]:
        purchase = _held(purchase_id)
        now = timezone.now()
        is_own = purchase.actor_id is not None and purchase.actor_id == actor_id
        if own_within is not None and not (is_own and now - purchase.recorded_at <= own_within):
            raise ManagerNeeded
        taken = _take_back(purchase, key, actor_id, now)
        _note(purchase, now)
        moved_down = _lower_standing(purchase)
        events.record("purchase.cancelled", _fact(purchase, taken, actor_id))
        return 201, _answer(purchase, taken, now, merchant, moved_down=moved_down), purchase.member_id

    return idempotency.answer_once(key, fingerprint_of("cancellation", purchase_id), work)


def _held(purchase_id: UUID) -> Purchase:
    """The purchase as it is once its member's accounts and standing are ours, in the order of a purchase's own locks.

    A second asker waits here, and finds it cancelled. So does an erasure, or we for it: then the member has no name.
    """
    member_id = Purchase.objects.filter(id=purchase_id).values_list("member_id", flat=True).first()
    if member_id is None:
        raise PurchaseUnknown
    postings.lock(member_id)
    Standing.objects.select_for_update().get(member_id=member_id)
    found = queries.purchase(purchase_id)
    assert found is not None  # no purchase is ever deleted
    if found.cancelled_at is not None:
        raise PurchaseCancelled(member_id=member_id)
    return found


def _take_back(purchase: Purchase, key: UUID, actor_id: UUID | None, now: dt.datetime) -> list[Entry]:
    taken = list(statements.awards_of(purchase.member_id, purchase.id))
    for award in taken:
        try:
            postings.take_back(
                account_id=award.account_id,
                award_id=award.id,
                key=key_within(key, str(award.id)),
                reasons=_reason(award, purchase),
                actor_id=actor_id,
                now=now,
            )
        except InsufficientUnits:
            raise UnitsUsed(member_id=purchase.member_id) from None
    return taken


def _reason(award: Entry, purchase: Purchase) -> dict[str, Any]:
    """As kept in the books. The rule and the version are the award's, so that a reader finds what was taken back."""
    kept = {name: award.reasons[name] for name in ("rule", "unit", "units", "version")}
    return {"code": "cancelled", **kept, "spent_minor": purchase.amount_minor}


def _note(purchase: Purchase, now: dt.datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT loyalty_note_cancellation(%s, %s, %s)", [current_merchant_id(), purchase.id, now]
        )
        if not cursor.fetchone()[0]:
            raise PurchaseCancelled(member_id=purchase.member_id)


def _lower_standing(purchase: Purchase) -> bool:
    """Whether the member moves down a tier. A purchase judged meanwhile finds the version changed, and is judged again.

    Publishing may take away the tier to step back to: then it is judged again by the ladder that is there now.
    """
    standing = Standing.objects.get(member_id=purchase.member_id)
    left = Purchase.objects.filter(member_id=purchase.member_id, cancelled_at=None)
    for _again in range(TRIES_UNDER_LOCK):
        version = version_in_force()
        held = version.tier(str(standing.tier_id)) if standing.tier_id else None
        tier = step_back(held, standing.progress_minor, purchase.amount_minor, version, _climbed(left))
        tier_id = UUID(tier.id) if tier else standing.tier_id if held is None else None
        there = Standing.objects.filter(id=standing.id)
        if tier is not None:
            there = there.filter(Exists(Tier.objects.filter(id=tier.id)))
        if there.update(
            tier_id=tier_id,
            progress_minor=F("progress_minor") - purchase.amount_minor,
            purchases=F("purchases") - 1,
            last_purchase_at=left.order_by("-occurred_at").values_list("occurred_at", flat=True).first(),
            version=F("version") + 1,
        ):
            return tier != held
    raise TooBusy


def _climbed(left: QuerySet[Purchase]) -> Iterator[tuple[int, Version]]:
    """How far each of these purchases had brought the member, had there been no others, and the ladder of its time."""
    progress_minor = 0
    for amount_minor, number in left.order_by("id").values_list("amount_minor", "programme_version"):
        progress_minor += amount_minor
        yield progress_minor, version_in_force(number)


def _fact(purchase: Purchase, taken: list[Entry], actor_id: UUID | None) -> dict[str, Any]:
    return {
        "purchase": str(purchase.id),
        "member": str(purchase.member_id),
        "amount_minor": purchase.amount_minor,
        "taken_back": sum(award.amount for award in taken),
        "occurred_at": purchase.occurred_at.isoformat(),
        "actor": str(actor_id) if actor_id else None,
    }


def _answer(
    purchase: Purchase, taken: list[Entry], now: dt.datetime, merchant: Merchant, *, moved_down: bool
) -> dict[str, Any]:
    standing = queries.standing_of(purchase.member_id)
    codes = {unit.id: unit.code for unit in version_in_force(purchase.programme_version).units}
    return {
        "id": public_id("pur", purchase.id),
        "cancelled_at": now.astimezone(zoneinfo.ZoneInfo(merchant.time_zone)).isoformat(timespec="seconds"),
        "member": {"id": public_id("mem", purchase.member_id), "name": purchase.member.name},
        "taken_back": [{"unit": codes[award.reasons["unit"]], "amount": award.amount} for award in taken],
        "balances": standing.balances,
        "tier": standing.tier_answer(),
        "moved_down": moved_down,
        "events": ["points.taken_back"] * bool(taken) + ["purchase.cancelled"],
    }

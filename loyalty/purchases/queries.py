"""Reading purchases."""

import datetime as dt
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from core.ids import first_id_at
from loyalty.models import Purchase, Refund
from loyalty.purchases.earning import CLOCK_SKEW
from members.queries import ids_of, survivor_id


def purchase(purchase_id: UUID) -> Purchase | None:
    """One purchase of the current merchant."""
    return Purchase.objects.select_related("member__merged_into", "location").filter(id=purchase_id).first()


def with_refunds(found: QuerySet[Purchase]) -> QuerySet[Purchase]:
    """These purchases with their `refunds`, oldest first: one query more, however many."""
    return found.prefetch_related(Prefetch("refunds", Refund.objects.order_by("recorded_at", "id")))


def purchases(*, member_id: UUID | None = None, since: dt.datetime | None = None) -> QuerySet[Purchase]:
    """Purchases of the current merchant, newest first, as recorded. `since` is the earliest moment of purchase.

    A member's are those of who was merged into it too.
    """
    found = Purchase.objects.select_related("member__merged_into", "location").order_by("-id")
    if member_id is not None:
        found = found.filter(member_id__in=ids_of(survivor_id(member_id)))
    if since is not None:
        # An id is never much older than its purchase (a till's clock may run ahead), and the key's index knows ids.
        found = found.filter(occurred_at__gte=since, id__gte=first_id_at(since - CLOCK_SKEW))
    return found


def latest_purchases(limit: int = 10) -> list[Purchase]:
    """The newest purchases of the current merchant, as recorded; without those of which nothing is left."""
    standing = Purchase.objects.select_related("member__merged_into", "location").filter(ended_at=None)
    return list(standing.order_by("-id")[:limit])

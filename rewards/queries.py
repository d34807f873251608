"""Finding what was taken."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from members.queries import ids_of
from rewards.models import Redemption


def waiting_for(member_id: UUID) -> QuerySet[Redemption]:
    """What a member took, or was given as a voucher, that nobody handed over yet: what runs out first before. A member's are
    those of who was merged into it too, which is asked at once: a query.
    """
    return waiting_of(ids_of(member_id))


def waiting_of(member_ids: Sequence[UUID]) -> QuerySet[Redemption]:
    """The same of these members, whoever was merged into them left out."""
    found = Redemption.objects.select_related("reward", "member", "unit")
    mine = found.filter(member_id__in=member_ids, status=Redemption.Status.HELD)
    return mine.filter(held_until__gt=timezone.now()).order_by("held_until", "id")


def handed_over(*, actor_id: UUID, location_id: UUID, since: dt.datetime) -> QuerySet[Redemption]:
    """What one of the staff handed over at a location since then, newest first, however long it had been held."""
    found = Redemption.objects.select_related("reward", "member", "unit")
    mine = found.filter(captured_by=actor_id, location_id=location_id, captured_at__gte=since)
    return mine.order_by("-captured_at")

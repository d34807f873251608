"""Reading what was written to members."""

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from integrations.notifications.models import Message


def messages_to(
    member_ids: Collection[UUID], *, since: dt.datetime | None, before: dt.datetime | None, limit: int
) -> list[Message]:
    """What was written to a member of the current merchant, by all its ids, newest first, from `since` and until before `before`."""
    found = Message.objects.filter(member_id__in=member_ids).order_by("-created_at", "-id")
    if since is not None:
        found = found.filter(created_at__gte=since)
    if before is not None:
        found = found.filter(created_at__lt=before)
    return list(found.only("id", "kind", "created_at", "sent_at", "dropped_at")[:limit])

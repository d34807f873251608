"""Recording facts. An event is written in the transaction of the change it tells of, or not at all."""

import datetime as dt
from typing import Any

from django.utils import timezone

from core.models import AuditRow, Event


def record(name: str, payload: dict[str, Any], *, held: dt.timedelta = dt.timedelta()) -> Event:
    """Write one event of the current merchant into the outbox. `name` is noun.past-participle: `member.joined`.

    Nobody hears of it before it was `held` for so long.
    """
    return Event.objects.create(name=name, payload=payload, due_at=timezone.now() + held)


def keep_for_audit(event: Event) -> None:
    """A subscriber: keep the fact for ever. The outbox forgets; the audit does not."""
    AuditRow.objects.create(
        name=event.name,
        payload=event.payload,
        member_id=event.payload.get("member"),
        occurred_at=event.recorded_at,
    )


def keep_attributed_for_audit(event: Event) -> None:
    """The same for what the clock does as well as people and programs: kept where it says who did it, its `actor`."""
    if event.payload.get("actor"):
        keep_for_audit(event)

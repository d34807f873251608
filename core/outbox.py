"""The outbox: finding what is due, and delivering one event to its subscribers. PostgreSQL is the truth, not Redis.

The relay (jobs role: it may see which events are due, across merchants, and nothing of what they say) leases due events
and sends a hint each; a lost hint costs a minute, never an event. A subscriber's effect and the note that it had the
event are one transaction; when all have had it, the row goes.
"""

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core import tenancy
from core.jobs import jobs_connection
from core.models import Event

logger = logging.getLogger(__name__)

Subscriber = Callable[[Event], None]

LEASE = dt.timedelta(seconds=60)  # how long a hint may be under way before it is sent again
LONGEST_WAIT = dt.timedelta(hours=1)  # between tries of an event that keeps failing

LEASE_DUE = """
UPDATE core_event e SET due_at = now() + %(lease)s
FROM (SELECT merchant_id, id FROM core_event WHERE due_at <= now() LIMIT %(most)s
      FOR UPDATE SKIP LOCKED) due
WHERE e.merchant_id = due.merchant_id AND e.id = due.id
RETURNING e.merchant_id, e.id
"""


def lease_due(most: int = 500) -> dict[UUID, list[UUID]]:
    """Due events by merchant, in the order they were recorded; nobody else gets them for the length of a lease."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    with jobs_connection() as jobs:
        for merchant_id, event_id in jobs.execute(LEASE_DUE, {"lease": LEASE, "most": most}):
            found[merchant_id].append(event_id)
    return {merchant_id: sorted(ids) for merchant_id, ids in found.items()}


def waiting() -> int:
    """How many events are not yet delivered, over all merchants."""
    with jobs_connection() as jobs:
        row = jobs.execute("SELECT count(*) FROM core_event").fetchone()
        return int(row[0]) if row else 0


def deliver(merchant_id: UUID, event_id: UUID, subscriptions: Mapping[str, Mapping[str, Subscriber]]) -> None:
    """Give one event to those of its subscribers that have not had it. Delivering again, or at once twice, is safe.

    A subscriber that fails loses its own effect only, and is tried again later, ever more patiently.
    """
    with tenancy.scope(merchant_id):
        event = Event.objects.select_for_update(skip_locked=True).filter(id=event_id).first()
        if event is None:
            return
        failures = (
            [] if event.name in subscriptions else [f"nobody here knows {event.name}: is this worker older?"]
        )
        for name, subscriber in subscriptions.get(event.name, {}).items():
            if name in event.done:
                continue
            try:
                with transaction.atomic():
                    subscriber(event)
            except Exception as problem:  # the edge: one subscriber's failure must not be another's
                logger.exception("event %s (%s): %s failed", event.id, event.name, name)
                failures.append(f"{name}: {problem}")
            else:
                event.done.append(name)
        if failures:
            _postpone(event, failures)
        else:
            event.delete()


def _postpone(event: Event, failures: list[str]) -> None:
    event.attempts += 1
    event.last_error = "\n".join(failures).replace("\x00", "")[:2000]  # PostgreSQL keeps no NUL
    event.due_at = timezone.now() + min(LONGEST_WAIT, dt.timedelta(seconds=5 * 2 ** min(event.attempts, 12)))
    event.save(update_fields=["attempts", "last_error", "due_at", "done"])

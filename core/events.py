"""Recording facts. An event is written in the transaction of the change it tells of, or not at all."""

from typing import Any

from core.models import Event


def record(name: str, payload: dict[str, Any]) -> Event:
    """Write one event of the current merchant into the outbox. `name` is noun.past-participle: `member.joined`."""
    return Event.objects.create(name=name, payload=payload)

"""What a balance passed on its way up or down: for those above who wait for it to reach something."""

from uuid import UUID

from loyalty.ledger import statements
from loyalty.ledger.models import Entry


def before_and_after(entry_id: UUID) -> tuple[int, int]:
    """What could be used before an entry of the books and after it, less what is owed. Two queries."""
    return statements.before_and_after(entry_id)


def actor_of(entry_id: UUID) -> UUID | None:
    """Who brought an entry of the books about: a staff member or a key; None for the member itself or the clock. One query."""
    return Entry.objects.values_list("actor_id", flat=True).get(id=entry_id)

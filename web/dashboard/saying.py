"""What changes between what is in force and the draft, in words."""

from merchants import queries
from web.changes import say_changes
from web.dashboard.edited import Edited


def changes_of(desk: Edited) -> list[str]:
    """A line for each change of the draft: what was, and what is to be."""
    return say_changes(desk.in_force, desk.version, places_by_id()) if desk.draft else []


def places_by_id() -> dict[str, str]:
    """Names of open locations."""
    return {str(place.id): place.name for place in queries.locations()}

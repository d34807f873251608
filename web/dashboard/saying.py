"""What changes between what is in force and the draft, in words."""

from web.changes import say_changes
from web.dashboard.edited import Edited
from web.places import names_by_id


def changes_of(desk: Edited) -> list[str]:
    """A line for each change of the draft: what was, and what is to be."""
    return say_changes(desk.in_force, desk.version, names_by_id()) if desk.draft else []

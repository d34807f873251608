"""What changes between what is in force and the draft, in words."""

from web.changes import say_changes
from web.dashboard.edited import Edited
from web.places import names_by_id


def changes_of(edited: Edited) -> list[str]:
    """A line for each change of the draft: what was, and what is to be."""
    return say_changes(edited.in_force, edited.version, names_by_id(), is_desk=True) if edited.draft else []

"""What changes between what is in force and the draft, in words."""

from typing import Any

from core.languages import reader_language
from loyalty.rules.comparing import Difference, differences
from loyalty.rules.types import Rule, Tier, Version
from loyalty.wording import say_multiplier, say_rule
from web.dashboard.edited import Edited
from web.dashboard.preview import say_threshold


def changes_of(desk: Edited) -> list[str]:
    """A line for each change of the draft: what was, and what is to be."""
    return say_changes(desk.in_force, desk.version) if desk.draft else []


def say_changes(before: Version, after: Version) -> list[str]:
    """A line for each thing that differs."""
    return [_change(change, before, after) for change in differences(before, after)]


def _change(change: Difference, before: Version, after: Version) -> str:
    said = (_thing(change.before, before), _thing(change.after, after))
    return " → ".join(words or "–" for words in said)


def _thing(thing: Any, version: Version) -> str:
    if isinstance(thing, Tier):
        times = say_multiplier(thing.multiplier_percent, reader_language())
        return f"{thing.name}, {say_threshold(thing, version.currency)}, × {times}"
    if isinstance(thing, Rule):
        return say_rule(thing, version, reader_language())
    return str(thing or "")

"""What changes between what is in force and the draft, in words."""

from typing import Any

from core.languages import reader_language
from loyalty.rules.comparing import Difference
from loyalty.rules.types import Rule, Tier, Version
from loyalty.wording import say_multiplier, say_rule
from web.dashboard.edited import Edited
from web.dashboard.preview import say_threshold


def changes_of(desk: Edited) -> list[str]:
    """A line for each change: what was, and what is to be."""
    return [_change(change, desk) for change in desk.changes]


def _change(change: Difference, desk: Edited) -> str:
    before, after = _thing(change.before, desk.in_force), _thing(change.after, desk.version)
    return " → ".join(words or "–" for words in (before, after))


def _thing(thing: Any, version: Version) -> str:
    if isinstance(thing, Tier):
        times = say_multiplier(thing.multiplier_percent, reader_language())
        return f"{thing.name}, {say_threshold(thing, version.currency)}, × {times}"
    if isinstance(thing, Rule):
        return say_rule(thing, version, reader_language())
    return str(thing or "")

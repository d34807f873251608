"""Groups of members that every shop has: worked out from what is known when somebody comes, so nobody keeps lists.

Besides, a shop marks members with tags of its own; the name of a tag is a segment too.
"""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import replace

from loyalty.rules.facts import Who
from loyalty.rules.types import Version

NEW_DAYS = 30  # a first month: long enough for a habit, short enough to be called new
REGULAR_VISITS = 3  # two may be chance
REGULAR_DAYS = 30  # on average between two visits, since joining
AWAY_DAYS = 60  # twice what a regular lets pass


def _new(who: Who, today: dt.date) -> bool:
    """Joined within the last thirty days."""
    return who.joined_on is not None and (today - who.joined_on).days < NEW_DAYS


def _regular(who: Who, today: dt.date) -> bool:
    """Came three times at least, once a month on average since joining, and is not away."""
    if who.joined_on is None or who.visits < REGULAR_VISITS or _away(who, today):
        return False
    return (today - who.joined_on).days <= REGULAR_DAYS * who.visits


def _away(who: Who, today: dt.date) -> bool:
    """Bought here before, and not in the last sixty days."""
    return who.last_on is not None and (today - who.last_on).days >= AWAY_DAYS


SEGMENTS: dict[str, Callable[[Who, dt.date], bool]] = {"new": _new, "regular": _regular, "away": _away}


def is_in(names: Collection[str], who: Who, today: dt.date) -> bool:
    """Whether a member is in one of these segments on a day, before what happens then."""
    return any(name in who.segments or (name in SEGMENTS and SEGMENTS[name](who, today)) for name in names)


def for_everybody(version: Version) -> Version:
    """The version as every member may read it: without the rules that are for members with a tag of the shop's own, and
    without how often each of the team may give.
    """
    rules = [
        replace(rule, quotas=tuple(quota for quota in rule.quotas if quota.whose != "staff"))
        for rule in version.rules
        if all(
            set(condition.given["any"]) <= SEGMENTS.keys()
            for condition in rule.conditions
            if condition.kind == "segment"
        )
    ]
    return replace(version, rules=tuple(rules))

"""What became of a member's tier, for the file of its own data."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from loyalty.membership.tier_story import tier_turns
from loyalty.rules.types import Version
from members.models import Member
from web.tiers import say_turn

MOST_TURNS = 10_000  # more than there ever were


def tiers_of(
    member: Member, version: Version, moment: Callable[[dt.datetime], dict[str, str]]
) -> list[dict[str, Any]]:
    """Lost, said to be lost, begun with a season: the oldest first. One query."""
    turns = tier_turns([member.id], since=None, before=None, limit=MOST_TURNS)
    return [
        {
            "tier": turn.tier or None,
            "before": turn.before or None,
            "lost_on": turn.lost_on.isoformat() if turn.lost_on else None,
            "occurred": moment(turn.occurred_at),
            "said": ". ".join(filter(None, say_turn(turn, version))),
        }
        for turn in reversed(turns)
    ]

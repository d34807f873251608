"""What is told of a tier, as it was then: names and causes stay true whatever becomes of the ladder."""

from typing import Literal
from uuid import UUID

from core.models import Event
from loyalty.rules.tiers import Ladder, Tier
from loyalty.rules.windows import Review

# Why it is another one: a season began, another ladder came into force, its own season is over, or it was not earned again.
Why = Literal["season_begun", "lifted", "season_over", "not_earned"]
UP: frozenset[Why] = frozenset({"season_begun", "lifted"})


def why_changed(before: Tier | None, tier: Tier | None) -> Why:
    """Why the one became the other, while nothing was bought."""
    if before is None or (tier and tier.threshold_minor > before.threshold_minor):
        return "season_begun"
    return "season_over" if before.season else "not_earned"


def tier_changed(member_id: UUID, before: Tier | None, tier: Tier | None, *, why: Why | None = None) -> Event:
    """`tier.changed`, not yet recorded; `why` follows from the two where it is not said."""
    payload = {
        "member": str(member_id),
        "why": why or why_changed(before, tier),
        "tier": tier and tier.id,
        "tier_name": tier and tier.name,
        "before": before and before.id,
        "before_name": before and before.name,
    }
    return Event(name="tier.changed", payload=payload)


def tier_warned(member_id: UUID, tier: Tier, warning: Review, ladder: Ladder) -> Event:
    """`tier.warned`, not yet recorded: lost `on` that day unless `short` more of what the ladder counts is added."""
    payload = {
        "member": str(member_id),
        "tier": tier.id,
        "tier_name": tier.name,
        "on": warning.on and warning.on.isoformat(),
        "short": warning.short,
        "climbing": ladder.climbing,
    }
    return Event(name="tier.warned", payload=payload)

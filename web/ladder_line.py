"""The line of a ladder, as the card and the desk draw it: where the dot is, and where each tier has its mark."""

from itertools import pairwise
from typing import Any

from loyalty.queries import MemberStanding
from loyalty.rules.tiers import Tier
from loyalty.rules.types import Version
from loyalty.wording import say_climbed

DOT_PERCENT = 2.0  # half of the dot on the line, at 360 px: it never hangs over an end
MOST_LABELS = 4  # more do not fit under the line at 360 px


def place_on_line(progress: int, version: Version) -> float:
    """Percent of the line at which the dot stands, never over an end of it. `version` has tiers."""
    return min(max(_place(progress, version), DOT_PERCENT), 100 - DOT_PERCENT)


def marks_of(standing: MemberStanding, language: str) -> list[dict[str, Any]]:
    """A mark for each tier, as `components/tier_progress.html` takes them. Of many, only those nearby are named."""
    version = standing.version
    few = len(version.tiers) <= MOST_LABELS
    return [
        {
            "percent": _place(tier.threshold_minor, version),
            "label": _label(tier, version, language)
            if few or tier in (standing.tier, standing.next_tier)
            else "",
        }
        for tier in version.tiers
    ]


def _place(progress: int, version: Version) -> float:
    """Where on the line an amount stands. Tiers part it evenly, so that their names never lie on each other."""
    steps = [tier.threshold_minor for tier in version.tiers]
    if steps[0] > 0:
        steps = [0, *steps]
    # Past the last tier the line goes on for as much as it took from the one before.
    steps.append(steps[-1] + max(steps[-1] - (steps[-2] if len(steps) > 1 else 0), 1))
    for index, (low, high) in enumerate(pairwise(steps)):
        if progress < high:
            return round(100 * (index + (progress - low) / (high - low)) / (len(steps) - 1), 1)
    return 100.0


def _label(tier: Tier, version: Version, language: str) -> str:
    if tier.threshold_minor == 0:
        return tier.name
    return f"{tier.name} {say_climbed(tier.threshold_minor, version, language)}"

"""What differs between two versions, a line for each change, in the reader's language: for the desk and for members."""

from core.languages import reader_language
from loyalty.rules.comparing import differences
from loyalty.rules.tiers import Tier
from loyalty.rules.types import Version
from loyalty.wording import policies, say_change
from loyalty.wording.reader import NO_PLACES, Places, Reader


def say_changes(
    before: Version, after: Version, places: Places = NO_PLACES, *, is_desk: bool = False
) -> list[str]:
    """A line for each thing that differs: what was, and what is to be. `is_desk`: see `wording.reader.Reader`."""
    found = differences(before, after)
    return [say_change(one, before, after, reader_language(), places, is_desk=is_desk) for one in found]


def say_start(tier: Tier, version: Version) -> str:
    """Where a tier begins: "on joining", "from €250", "from 10 visits"."""
    return policies.say_threshold(tier, Reader(reader_language(), version.currency, version))


def say_perks(tier: Tier, version: Version) -> list[str]:
    """What a tier brings besides units, in the merchant's words or in ours."""
    reader = Reader(reader_language(), version.currency, version)
    return [policies.say_perk(perk, reader) for perk in tier.perks]

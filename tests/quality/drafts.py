"""A draft for the pages that show one, rehearsed."""

from uuid import UUID

from loyalty.programme.drafting import change_draft
from loyalty.programme.versions import version_in_force
from loyalty.rehearsal.rehearsing import Prize, begin_rehearsal, rehearse
from loyalty.rules.editing import changed_tier
from loyalty.rules.types import Version
from tests.world import World


def begin_draft(world: World) -> None:
    """A draft that moves members up, and its rehearsal; in the shop's scope."""

    def lower(version: Version) -> Version:
        return changed_tier(version, version.tiers[1].id, threshold_minor=12_000)

    change_draft(merchant=world.aroma, change=lower, actor=None)
    asked = begin_rehearsal(merchant=world.aroma, actor=None)
    prizes = {
        UUID(version_in_force().units[0].id): [Prize("A pain au chocolat", 120), Prize("Breakfast", 900)]
    }
    rehearse(merchant=world.aroma, rehearsal_id=asked.id, prizes=prizes)

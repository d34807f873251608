"""A saved design for the pages that show one: its first version was not read, its second is the default."""

from uuid import UUID

from core import tenancy
from studio.models import Design
from tests.studio.designs import FAILS, proven, put_default
from tests.world import World


def some_designs(world: World) -> UUID:
    """The design. A house that is kept has it already."""
    with tenancy.scope(world.aroma.id):
        kept = Design.objects.filter(name="Window and counter", removed_at=None).first()
    if kept is not None:
        return kept.id
    first = proven(world.aroma, FAILS, "Window and counter")
    second = proven(world.aroma, name="Window and counter", design_id=first.design_id)
    put_default(world.aroma, second)
    return first.design_id

"""A version whose moment has come is in force before anything is judged by it, whoever comes first."""

import datetime as dt

import pytest

from core import tenancy
from core.ids import new_id
from loyalty.membership.merging import merge_members
from loyalty.models import Programme, Standing
from loyalty.programme import versions
from loyalty.rules import editing
from loyalty.rules.types import Unit
from loyalty.units.adjusting import adjust_units
from tests.api.conftest import Till
from tests.loyalty.programme.test_drafting import PLATINUM, change, publish

STAMPS = Unit("019a0000-0000-7000-8000-000000000002", "stamps", {"en": ("stamp", "stamps")}, "stamps")


@pytest.fixture
def due(world):
    """A unit and a Platinum tier more, from now on, and nobody has noticed."""
    with tenancy.scope(world.aroma.id):
        change(world, lambda version: editing.with_tier(editing.with_unit(version, STAMPS), PLATINUM))
        planned = publish(world, at=dt.date.today() + dt.timedelta(days=9))
        Programme.objects.update(next_at=dt.datetime.now(dt.UTC))
    return planned.number


def test_a_correction_may_be_in_a_new_unit(world, due):
    with tenancy.scope(world.aroma.id):
        answered = adjust_units(
            member_id=world.mia.id, unit="stamps", amount=3, reason="New", key=new_id(), actor_id=None
        )
    assert '"stamps"' in answered.body


def test_a_merge_may_reach_a_new_tier(world, due):
    with tenancy.scope(world.aroma.id):
        merge_members(stays_id=world.mia.id, goes_id=world.noah.id, key=new_id(), actor_id=None)
        assert Standing.objects.select_related("tier").get(member=world.mia).tier.name == "Platinum"


def test_a_refused_request_leaves_it_in_force(world, due):
    Till(world.aroma_key).post("/purchases/pur_nobody/refunds", {})
    with tenancy.scope(world.aroma.id):
        assert Programme.objects.get().version == due


def test_a_number_that_was_rolled_back_is_remembered_again(committed_db):
    from tests.world import make_world

    world = make_world()

    def undone():
        with tenancy.scope(world.aroma.id):
            versions.remember_not_yet(1)
            raise LookupError

    with pytest.raises(LookupError):
        undone()
    versions.forget_versions()
    with tenancy.scope(world.aroma.id):
        versions.version_in_force(1)
        assert versions.cached_version(world.aroma.id, 1) is not None

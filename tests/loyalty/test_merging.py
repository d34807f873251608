"""Two members who are one person: one card, one balance, one standing; and two again for thirty days."""

import pytest

from core import tenancy
from core.ids import new_id
from core.models import Event
from loyalty import earning, merging, queries
from loyalty.joining import enrol_member
from loyalty.merging import merge_members, part_members
from loyalty.models import Merge, Standing
from members import cards
from members import queries as member_queries
from members.models import Card, Member
from tests.world import buy, points_of


@pytest.fixture
def aroma(world):
    with tenancy.scope(world.aroma.id):
        yield world


def a_duplicate(world, name="Mia", **said):
    """Mia again, on a second card: 50 on joining."""
    with tenancy.scope(world.aroma.id):
        return enrol_member(merchant=world.aroma, name=name, source="join", **said)


def merge(world, stays, goes, *, key=None):
    with tenancy.scope(world.aroma.id):
        return merge_members(stays_id=stays.id, goes_id=goes.id, key=key or new_id(), actor_id=None)


def part(world, done):
    with tenancy.scope(world.aroma.id):
        return part_members(merge_id=done.id, actor_id=None)


def problems(world):
    with tenancy.scope(world.aroma.id):
        return queries.problems_in_books()


def standing(world, member):
    with tenancy.scope(world.aroma.id):
        return Standing.objects.select_related("tier").get(member_id=member.id)


def test_the_one_who_stays_has_the_points_and_the_spend_of_both(world):
    double = a_duplicate(world, phone="+33611111111").member
    buy(world.aroma, double, 10_000)
    merge(world, world.mia, double)
    assert points_of(world.aroma, world.mia) == 1200 + 150
    assert points_of(world.aroma, double) == 0
    both = standing(world, world.mia)
    assert (both.progress_minor, both.purchases, both.tier.name) == (93_400 + 10_000, 4, "Gold")
    assert problems(world) == []


def test_a_tier_is_the_higher_of_what_the_sum_earns_and_what_both_held(world):
    double = a_duplicate(world, phone="+33611111111").member
    buy(world.aroma, world.noah, 30_000)
    buy(world.aroma, double, 30_000)
    merge(world, world.noah, double)
    assert standing(world, world.noah).tier.name == "Gold"
    gold = a_duplicate(world, phone="+33622222222").member
    merge(world, gold, world.mia)
    assert standing(world, gold).tier.name == "Gold"

"""Parting two members leaves no date of a tier with one of them that came by the other."""

import datetime as dt
from dataclasses import replace

from core import tenancy
from core.ids import new_id
from loyalty.membership.merging import merge_members, part_members
from loyalty.models import Standing
from loyalty.programme.publishing import change_programme
from tests.loyalty.standings.test_climbing import FRIEND, climb_by, stands
from tests.loyalty.standings.test_reviewing import CAST_YEAR, at, buys, joins, then


def merged(merchant, stays, goes):
    with tenancy.scope(merchant.id):
        return merge_members(stays_id=stays.id, goes_id=goes.id, key=new_id(), actor_id=None)


def part(merchant, merge) -> None:
    with tenancy.scope(merchant.id):
        part_members(merge_id=merge.id, actor_id=None)


def since(merchant, member) -> dt.date | None:
    with tenancy.scope(merchant.id):
        return Standing.objects.get(member=member).tier_since


def two_members(merchant, first: int, second: int):
    """Ada, with what she spent in March of a year, and Bob, with what he did in February of the next."""
    with at(then(1, "01-01T09:00:00+01:00")):
        climb_by(merchant, 10_000, 30_000, window="rolling_12_months", downgrade="by_standing")
    ada = joins(merchant, then(1, "02-03T10:00:00+01:00"))
    bob = joins(merchant, then(1, "02-03T10:00:00+01:00"), "+33611223355")
    buys(merchant, ada, first, then(1, "03-01T10:00:00+01:00"))
    buys(merchant, bob, second, then(2, "02-20T10:00:00+01:00"))
    return ada, bob


def test_a_tier_that_came_by_merging_does_not_leave_its_date(world):
    ada, bob = two_members(world.aroma, 30_000, 10_000)
    with at(then(2, "02-21T10:00:00+01:00")):
        merge = merged(world.aroma, bob, ada)
    assert stands(world.aroma, bob)[0] == "Friend"
    with at(then(2, "02-22T10:00:00+01:00")):
        part(world.aroma, merge)
        assert (stands(world.aroma, bob)[0], stands(world.aroma, ada)[0]) == ("Regular", "Friend")
    assert since(world.aroma, bob) == dt.date(CAST_YEAR + 2, 2, 22)
    assert since(world.aroma, ada) == dt.date(CAST_YEAR + 1, 3, 1)


def test_who_held_the_same_tier_keeps_their_own_date(world):
    ada, bob = two_members(world.aroma, 10_000, 10_000)
    with at(then(2, "02-21T10:00:00+01:00")):
        part(world.aroma, merged(world.aroma, bob, ada))
    assert since(world.aroma, bob) == dt.date(CAST_YEAR + 2, 2, 20)
    assert since(world.aroma, ada) == dt.date(CAST_YEAR + 1, 3, 1)


def test_a_tier_removed_after_a_merge_has_handed_on_what_was_held_before_it(world):
    """Friend for good, merged, then Friend is removed: parted, she is Regular as if she had never been merged."""
    aroma = world.aroma
    with at(then(1, "01-01T09:00:00+01:00")):
        climb_by(aroma, 10_000, 30_000, window="calendar_year", downgrade="never")
    bea = joins(aroma, then(1, "02-03T10:00:00+01:00"))
    bob = joins(aroma, then(1, "02-03T10:00:00+01:00"), "+33611223355")
    buys(aroma, bea, 30_000, then(1, "03-01T10:00:00+01:00"))
    with at(then(3, "01-04T10:00:00+01:00")):
        merge = merged(aroma, bea, bob)
    with at(then(3, "01-05T10:00:00+01:00")), tenancy.scope(aroma.id):
        change_programme(
            merchant=aroma,
            actor=None,
            change=lambda version: replace(
                version, tiers=tuple(tier for tier in version.tiers if tier.id != FRIEND)
            ),
        )
    with at(then(3, "01-06T10:00:00+01:00")), tenancy.scope(aroma.id):
        part_members(merge_id=merge.id, actor_id=None)
    assert stands(aroma, bea)[0] == "Regular"

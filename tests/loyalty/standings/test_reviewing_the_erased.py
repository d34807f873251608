"""Who was erased has no tier to be told about, whatever is published afterwards."""

import pytest

from core import tenancy
from loyalty import queries
from loyalty.membership.leaving import erase_member
from loyalty.models import Standing
from loyalty.standings.lifting import lift_after_publishing
from tests.loyalty.standings.test_climbing import climb_by
from tests.loyalty.standings.test_reviewing import at, buys, joins, looked, then, told

LADDER = {"window": "calendar_year", "downgrade": "one_step", "warn_days": 20}


@pytest.fixture
def gone(world):
    """Friend of the first year, warned in December of the second, and erased on Christmas Eve."""
    with at(then(1, "01-01T09:00:00+01:00")):
        climb_by(world.aroma, 10_000, 30_000, **LADDER)
    member = joins(world.aroma, then(1, "02-03T10:00:00+01:00"))
    buys(world.aroma, member, 30_000, then(1, "06-02T10:00:00+02:00"))
    looked(world.aroma, then(2, "12-20T10:00:00+01:00"))
    assert len(told(world.aroma, "tier.warned")) == 1
    with at(then(2, "12-24T10:00:00+01:00")), tenancy.scope(world.aroma.id):
        erase_member(member=member, actor="member")
    return member


def test_an_erased_member_is_not_looked_at_any_more(world, gone):
    with tenancy.scope(world.aroma.id):
        standing = Standing.objects.get(member=gone)
        assert (standing.review_on, standing.warned_for) == (None, None)
        assert queries.problems_in_books() == []
    assert looked(world.aroma, then(3, "01-01T10:00:00+01:00")) == 0
    assert told(world.aroma, "tier.changed") == []


def test_another_ladder_does_not_look_at_the_erased(world, gone):
    with at(then(2, "12-25T10:00:00+01:00")):
        climb_by(world.aroma, 20_000, 30_000, **LADDER | {"downgrade": "by_standing"})
        with tenancy.scope(world.aroma.id):
            lift_after_publishing(None)
            assert Standing.objects.get(member=gone).review_on is None
    looked(world.aroma, then(5, "01-01T10:00:00+01:00"))
    assert told(world.aroma, "tier.changed") == []


def test_a_tier_that_a_lower_ladder_gives_the_erased_is_lost_unsaid(world):
    aroma = world.aroma
    with at(then(1, "01-01T09:00:00+01:00")):
        climb_by(aroma, 10_000, 30_000, **LADDER)
    member = joins(aroma, then(1, "02-03T10:00:00+01:00"))
    buys(aroma, member, 5_000, then(1, "06-02T10:00:00+02:00"))
    with at(then(1, "06-03T10:00:00+02:00")), tenancy.scope(aroma.id):
        erase_member(member=member, actor="member")
    with at(then(1, "06-04T10:00:00+02:00")):
        climb_by(aroma, 1_000, 30_000, **LADDER)
    for year in range(1, 5):
        looked(aroma, then(year, "12-20T10:00:00+01:00"))
    assert [told(aroma, name) for name in ("tier.warned", "tier.changed")] == [[], []]

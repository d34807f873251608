"""What a till brings late counts on the day on which it was bought, beside what came since."""

import datetime as dt
import json

import pytest

from tests.loyalty.standings.test_climbing import bought, climb_by, stands
from tests.loyalty.standings.test_reviewing import at, buys, joins, looked


@pytest.fixture
def aroma(world):
    """Since 2027 tiers are by spend in a calendar year: Regular from €100, Friend from €300."""
    with at("2027-01-01T09:00:00+01:00"):
        climb_by(world.aroma, 10_000, 30_000, window="calendar_year", downgrade="by_standing")
    return world.aroma


def test_what_a_till_brings_late_counts_with_what_came_since(aroma):
    ada = joins(aroma, "2027-02-03T10:00:00+01:00")
    buys(aroma, ada, 6_000, "2027-03-05T10:00:00+01:00")
    with at("2027-03-10T10:00:00+01:00"):
        first = dt.datetime.fromisoformat("2027-03-01T10:00:00+01:00")
        answer = json.loads(bought(aroma, ada, 5_000, first).body)
    assert answer["tier"] == {
        "name": "Regular",
        "progress": {"current": "110.00", "next": "300.00", "of": "spend"},
        "next_tier": "Friend",
    }


def test_what_a_till_brings_in_january_counts_for_december(aroma):
    ada = joins(aroma, "2027-02-03T10:00:00+01:00")
    buys(aroma, ada, 6_000, "2027-12-31T10:00:00+01:00")
    buys(aroma, ada, 1_000, "2028-01-01T10:00:00+01:00")
    with at("2028-01-02T10:00:00+01:00"):
        bought(aroma, ada, 5_000, dt.datetime.fromisoformat("2027-12-30T10:00:00+01:00"))
    assert stands(aroma, ada)[0] == "Regular"
    looked(aroma, "2028-12-31T10:00:00+01:00")
    assert stands(aroma, ada)[0] == "Regular"
    looked(aroma, "2029-01-01T10:00:00+01:00")
    assert stands(aroma, ada)[0] is None

"""The scale of a rehearsal: what was beside what would have been."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from loyalty.rules.shares import share_between, share_of
from loyalty.rules.weighing import MOST_CHANGED, Scale, Weighed, moved

NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


def basket(number: int, member: str = "mia") -> Weighed:
    return Weighed(f"p{number}", member, NOON, 1000)


def test_gains_and_losses_are_counted_by_member_and_not_by_purchase():
    scale = Scale()
    scale.weigh(basket(1), 10, 15)
    scale.weigh(basket(2), 10, 2)
    scale.weigh(basket(3, "noah"), 10, 12)
    scale.weigh(basket(4, "zoe"), 10, 12)
    scale.weigh(basket(5, "zoe"), 10, 8)  # as much less: neither gains nor loses
    assert (scale.was, scale.would) == (50, 49)
    assert (scale.gaining, scale.losing) == ([("noah", 2)], [("mia", -3)])


def test_the_baskets_that_change_most_stand_first_and_of_equals_the_earliest():
    scale = Scale()
    for number in range(30):
        scale.weigh(basket(number), 10, 10 + (number % 3) * 5)
    told = [row["id"] for row in scale.as_json()["baskets"]]
    assert told == [f"p{number}" for number in range(2, 30, 3)][:MOST_CHANGED]


@given(st.integers(0, 1000), st.lists(st.integers(1, 500), min_size=1, max_size=6))
def test_shares_of_all_parts_together_are_all_of_it_and_none_is_more_than_its_own(units, parts):
    whole, before, given = sum(parts), 0, 0
    for part in parts:
        given += share_between(units, before, before + part, whole)
        before += part
        assert given * whole <= units * before
        assert share_of(-units, before, whole) == -given
    assert given == units


def test_moves_tell_only_of_those_who_moved():
    before = {"mia": "gold", "noah": None, "zoe": "bronze"}
    after = {"mia": "silver", "noah": "bronze", "zoe": "bronze", "sam": "bronze"}
    assert moved(before, after) == [
        ("mia", "gold", "silver"),
        ("noah", None, "bronze"),
        ("sam", None, "bronze"),
    ]

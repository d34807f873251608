"""The scale of a rehearsal: what was beside what would have been."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from loyalty.rules.weighing import MOST_CHANGED, Basket, Scale, moves, share_left

NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


def basket(number: int, member: str = "mia") -> Basket:
    return Basket(f"p{number}", member, NOON, 1000)


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


@given(st.integers(0, 1000), st.integers(1, 500), st.data())
def test_what_a_refund_leaves_is_never_less_than_its_share(units, amount, data):
    refunded = data.draw(st.integers(0, amount))
    left = share_left(units, refunded, amount)
    assert left * amount >= units * (amount - refunded)
    assert share_left(units, amount, amount) == 0


def test_moves_tell_only_of_those_who_moved():
    before = {"mia": "gold", "noah": None, "zoe": "bronze"}
    after = {"mia": "silver", "noah": "bronze", "zoe": "bronze", "sam": "bronze"}
    assert moves(before, after) == {("gold", "silver"): 1, (None, "bronze"): 2}

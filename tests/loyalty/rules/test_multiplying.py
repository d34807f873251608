"""Multipliers: best or sum, parts of a bill, limits, and roundings that add up to one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.rules.engine import judge
from loyalty.rules.facts import Bill, Item
from loyalty.rules.types import Basis, Quota
from tests.loyalty.rules.made import per_euro, purchase, rule, times, units, version

EARN = per_euro(multiplied=True)
COFFEE, CAKE = Item(1000, 1, category="coffee"), Item(3000, 1, category="cake")
ON_COFFEE, ON_CAKE = Basis(only=frozenset({"coffee"})), Basis(only=frozenset({"cake"}))


def given_by(facts, *rules, stacking="best"):
    """Units by rule."""
    return {reason.rule: reason.units for reason in judge(facts, version(*rules, stacking=stacking)).reasons}


@pytest.mark.parametrize(
    ("tier", "percents", "stacking", "total"),
    [
        ("b", [200], "best", 20),
        ("b", [150, 200], "best", 20),
        ("b", [150, 200], "sum", 25),  # × 1.5 and × 2 are × 2.5
        ("g", [200], "best", 20),  # better than gold's × 1.5
        ("g", [125], "best", 15),  # worse than it
        ("g", [125], "sum", 17),  # × 1.75
        ("g", [125, 200], "sum", 27),  # × 2.75
        ("g", [150], "best", 15),  # alike: the tier's
        ("b", [100], "sum", 10),
    ],
)
def test_of_several_multipliers_the_best_counts_or_their_sum(tier, percents, stacking, total):
    made = (EARN, *(times(percent) for percent in percents))
    assert sum(given_by(purchase(1000, tier_id=tier), *made, stacking=stacking).values()) == total


def test_a_multiplier_that_is_not_the_best_says_so():
    reasons = judge(purchase(1000, tier_id="g"), version(EARN, times(125))).reasons
    assert [(reason.code, reason.is_near) for reason in reasons] == [("per_amount", False), ("beaten", False)]


def test_a_multiplier_counts_for_rules_of_its_unit_that_let_it():
    plain = per_euro(id="plain")
    stamp = rule(id="stamp", unit="stamps", multiplied=True)
    assert given_by(purchase(1000), EARN, plain, stamp, times(300)) == {
        "per_euro": 10,
        "plain": 10,
        "stamp": 1,
        "times_300": 20,
    }
    assert judge(purchase(1000), version(plain, times(300))).reasons[1].code == "nothing_to_multiply"


def test_double_points_on_coffee_double_the_coffee():
    bill = Bill(items=(COFFEE, CAKE))
    assert given_by(purchase(4000, bill=bill), EARN, times(200, basis=ON_COFFEE)) == {
        "per_euro": 40,
        "times_200": 10,
    }
    gold = given_by(purchase(4000, bill=bill, tier_id="g"), EARN, times(200, basis=ON_COFFEE))
    assert gold == {"per_euro": 60, "times_200": 5}  # coffee × 2, cake × 1.5


def test_a_multiplier_of_coffee_adds_nothing_to_a_rule_for_cake():
    bill = Bill(items=(COFFEE, CAKE))
    cake = per_euro(multiplied=True, basis=ON_CAKE)
    assert given_by(purchase(4000, bill=bill), cake, times(200, basis=ON_COFFEE)) == {
        "per_euro": 30,
        "times_200": 0,
    }


def test_of_two_multipliers_the_one_that_gives_more_is_the_best():
    bill = Bill(items=(COFFEE, CAKE))
    both = (times(200, basis=ON_CAKE), times(300, basis=ON_COFFEE))  # 30 more, and 20 more
    assert given_by(purchase(4000, bill=bill), EARN, *both) == {
        "per_euro": 40,
        "times_200": 30,
        "times_300": 0,
    }


def test_a_multiplier_that_is_nearly_used_up_is_not_the_best():
    nearly = times(300, quotas=(Quota(5, "units", "day"),))
    assert given_by(purchase(1000), EARN, nearly, times(160)) == {
        "per_euro": 10,
        "times_300": 0,
        "times_160": 6,
    }
    assert given_by(purchase(1000), EARN, nearly) == {"per_euro": 10, "times_300": 5}


def test_what_a_limit_cut_off_is_not_multiplied():
    assert given_by(purchase(9000), per_euro(multiplied=True, most_at_once=10), times(200)) == {
        "per_euro": 10,
        "times_200": 10,
    }


@pytest.mark.parametrize("rounding", ["down", "half_up", "up"])
@given(
    amount=st.integers(1, 10_000),
    percents=st.lists(st.integers(101, 400), min_size=1, max_size=4, unique=True),
)
def test_multipliers_together_are_one_of_their_size(rounding, amount, percents):
    """However the rests are rounded, what all give is the exact product, rounded once."""
    made = (per_euro(1, 7, multiplied=True, rounding=rounding), *(times(percent) for percent in percents))
    verdict = judge(purchase(amount), version(*made, stacking="sum"))
    base = judge(purchase(amount), version(made[0])).awards
    whole = base[0].amount if base else 0
    exact = whole * (100 + sum(percent - 100 for percent in percents))
    rounded = {"down": exact // 100, "half_up": (exact + 50) // 100, "up": -(-exact // 100)}
    assert units(verdict) == rounded[rounding]


def test_a_multiplier_gives_an_award_of_its_own_with_its_figures():
    assert judge(purchase(1000, tier_id="g"), version(EARN, times(200))).reasons[1].as_json() == {
        "code": "multiplied",
        "rule": "times_200",
        "unit": "points",
        "units": 5,
        "base": 10,
        "percent": 200,
        "tier_percent": 150,
    }

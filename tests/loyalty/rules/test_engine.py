"""The engine, by tables: facts in, awards and reasons out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.rules.definition import read_definition, write_definition
from loyalty.rules.engine import judge
from loyalty.rules.facts import Facts
from loyalty.rules.tiers import Tier
from loyalty.rules.types import Quota, Rule, Unit, Version
from loyalty.rules.verdicts import Drawn
from tests.loyalty.rules import made

POINT = Unit("unit", "points", {"en": ("point", "points")})
BRONZE, SILVER, GOLD = (
    Tier("b", "Bronze", 0, 100),
    Tier("s", "Silver", 25_000, 125),
    Tier("g", "Gold", 50_000, 150),
)
PER_EURO = Rule("rule", "purchase", "unit", 1, 100, multiplied=True)
WELCOME = Rule("welcome", "joining", "unit", 50, gives="flat")
AROMA = Version(1, "Aroma", "EUR", (POINT,), (PER_EURO, WELCOME), (BRONZE, SILVER, GOLD))


@pytest.mark.parametrize(
    ("amount_minor", "tier", "points"),
    [
        (1250, "b", 12),
        (1250, "g", 18),  # 12 × 1.5
        (1250, None, 12),
        (99, "g", 0),
        (100, "g", 1),  # 1 × 1.5, rounded down
        (900, "s", 11),  # 9 × 1.25 = 11.25
        (1_000_000_000, "g", 15_000_000),
    ],
)
def test_points_per_amount_times_the_tiers_multiplier_rounded_down_once(amount_minor, tier, points):
    verdict = judge(Facts("purchase", amount_minor, tier), AROMA)
    assert sum(award.amount for award in verdict.awards) == points


def test_a_rule_that_gave_nothing_says_how_much_was_missing():
    verdict = judge(Facts("purchase", 40, "b"), AROMA)
    assert verdict.awards == []
    assert verdict.reasons[0].as_json() == {
        "code": "short_of",
        "rule": "rule",
        "unit": "unit",
        "units": 0,
        "spent_minor": 40,
        "per_minor": 100,
        "per_units": 1,
        "short_minor": 60,
    }


def test_joining_gives_the_welcome_award_and_the_first_tier():
    verdict = judge(Facts("joining"), AROMA)
    assert [(award.amount, award.reason.code) for award in verdict.awards] == [(50, "welcome")]
    assert verdict.tier == BRONZE


@pytest.mark.parametrize(
    ("held", "progress", "amount", "after", "moved_up"),
    [
        ("b", 24_999, 1, "Silver", True),
        ("b", 24_998, 1, "Bronze", False),
        ("b", 0, 50_000, "Gold", True),  # over two steps at once
        ("g", 0, 100, "Gold", False),  # never down
        ("s", 49_999, 1, "Gold", True),
    ],
)
def test_a_tier_is_reached_at_its_threshold_and_never_lost_by_buying(held, progress, amount, after, moved_up):
    verdict = judge(Facts("purchase", amount, held, progress), AROMA)
    assert (verdict.tier.name, verdict.moved_up) == (after, moved_up)
    assert verdict.progress_minor == progress + amount


def test_the_purchase_that_reaches_a_tier_is_judged_by_the_tier_before_it():
    assert judge(Facts("purchase", 50_000, "b"), AROMA).awards[0].amount == 500


def test_without_a_tier_at_zero_a_member_has_none_until_the_first_threshold():
    version = Version(1, "x", "EUR", (POINT,), (PER_EURO,), (SILVER, GOLD))
    assert judge(Facts("joining"), version).tier is None
    assert version.tier_after(None) == SILVER
    assert judge(Facts("purchase", 25_000, None), version).tier == SILVER


def test_a_tier_that_left_the_ladder_counts_as_none():
    assert judge(Facts("purchase", 100, "gone"), AROMA).tier == BRONZE


@given(st.integers(1, 10**9), st.integers(1, 10**6), st.integers(1, 10**6), st.sampled_from(["b", "s", "g"]))
def test_awards_never_exceed_the_exact_product_and_miss_less_than_one_step(amount, units, per, tier):
    version = Version(
        1, "x", "EUR", (POINT,), (Rule("r", "purchase", "unit", units, per, multiplied=True),), AROMA.tiers
    )
    percent = AROMA.tier(tier).multiplier_percent
    given_units = sum(award.amount for award in judge(Facts("purchase", amount, tier), version).awards)
    exact_hundredths = (amount // per) * units * percent
    assert 0 <= exact_hundredths - given_units * 100 < 100


def test_a_rule_that_is_switched_off_is_not_asked():
    off = made.version(made.per_euro(active=False), made.rule(id="on"))
    assert [reason.rule for reason in judge(made.purchase(), off).reasons] == ["on"]
    assert read_definition(1, write_definition(off)) == off


def test_a_badge_for_the_first_fifty_is_taken_from_their_budget():
    badge = made.rule("badge", 0, quotas=(Quota(50, "times", "ever", "programme"),))
    verdict = judge(made.purchase(), made.version(badge))
    assert verdict.badges == ["rule"]
    assert verdict.budgets == [Drawn("rule", "ever", 0, 1, None, 50)]
    assert judge(made.purchase(budgets={("rule", "ever"): (0, 50)}), made.version(badge)).badges == []

"""Numbers that make sense. Every row was worked out by hand; the arithmetic stands beside it."""

import datetime as dt
from fractions import Fraction

import pytest

from core.money import CURRENCIES
from loyalty.gallery.shelf import TEMPLATES, template
from loyalty.gallery.templates import Kit
from loyalty.programme.advice import (
    Numbers,
    advise,
    beginning,
    first_unit,
    members_to_aim_at,
    months_of,
    starter_thresholds,
    units_a_visit,
    units_on_joining,
    visits_to_tier,
    year_of_a_regular,
)
from merchants.models import Merchant


def made(code, currency="EUR"):
    found = template(code)
    assert found is not None
    return found.made_with(Kit(currency, "en", dt.date(2026, 1, 1)))


def advice_of(code, numbers):
    version = made(code).version
    return advise(version, first_unit(version).id, numbers)


# What a visit of this basket gives, of the unit that purchases give.
VISITS = [
    ("cafe-stamps", 600, 1),  # a stamp a purchase
    ("cafe-fifth-free", 600, 1),  # one coffee
    ("coffee-to-go", 300, 1),
    ("bakery-visits", 800, 1),  # a stamp a visit; the surprise is left to chance
    ("points-per-spend", 5_000, 250),  # 5 × 50
    ("points-per-spend", 1_299, 60),  # 5 × 12, the cents below a euro count for nothing
    ("beauty-tiers", 4_500, 45),  # 1 × 45, no tier yet
    ("club-discount", 2_500, 250),  # 1 for each 10 cents
    ("bonuses", 2_500, 2),  # 1 for each 10 euros
    ("third-night", 9_000, 0),  # one night earns nothing
]


@pytest.mark.parametrize(("code", "basket_minor", "given"), VISITS)
def test_a_visit_gives_what_the_engine_says(code, basket_minor, given):
    version = made(code).version
    assert units_a_visit(version, first_unit(version).id, basket_minor) == given


def test_of_a_catalogue_one_of_its_goods_was_bought():
    version = made("catalogue-credit").version
    assert units_a_visit(version, version.units[0].id, 5_000) == 500  # a tenth of 50 euros, in cents


def test_joining_gives_what_everybody_has_and_not_what_the_first_fifty_have():
    version = made("seasons").version
    assert units_on_joining(version, version.units[0].id) == 50


def test_a_cafe_that_gives_the_tenth_coffee():
    """€6 a visit, 6 visits a month, 65 % margin; a coffee costs €0.90, 9 stamps; €45,000 a quarter."""
    said = advice_of("cafe-stamps", Numbers(600, 6, 65, 90, 4_500_000, price=9))
    assert (said.units_a_visit, said.welcome) == (1, 0)
    assert said.visit == 9  # 9 ÷ 1
    assert said.weeks == 7  # 9 visits at 6 × 12 ÷ 52 a week are 6.5 weeks
    assert said.unit_cost == 10  # 90 ÷ 9
    assert said.threshold == 39  # 600 × 65 % ÷ 10
    assert said.given_back == Fraction(1, 60)  # 10 × 1 ÷ 600
    assert said.regular_month_minor == 60  # 6 × 1 × 10
    assert said.month_minor == 25_000  # 1,500,000 ÷ 60
    assert said.budget_month_minor == (15_000, 45_000)  # 1 % and 3 % of 4,500,000, ÷ 3
    assert said.is_affordable
    assert said.prices == (5, 15)  # 90 ÷ (600 × 3 %), 90 ÷ (600 × 1 %)


def test_a_boutique_that_gives_five_euros_for_a_hundred_points_gives_a_quarter_back():
    """€50 a visit give 250 points; €5 for 100: what is promised is more than the budget, and it is said."""
    said = advice_of("points-per-spend", Numbers(5_000, 1, 50, 500, 4_500_000, price=100))
    assert said.visit == 1  # 100 ÷ 250, and nobody has it before the first visit
    assert said.unit_cost == 5
    assert said.threshold == 500  # 5,000 × 50 % ÷ 5
    assert said.given_back == Fraction(1, 4)  # 5 × 250 ÷ 5,000
    assert said.month_minor == 375_000  # 1,500,000 ÷ 4
    assert not said.is_affordable
    assert said.prices == (834, 2_500)  # 500 × 250 ÷ (5,000 × 3 %) = 833.3; ÷ 1 % = 2,500


def test_the_first_reward_comes_on_visit_six():
    """5 points for each €1: €4 give 20; 100 points are five visits, and a welcome of none."""
    assert advice_of("points-per-spend", Numbers(400, 4, 60, 200, 900_000, price=120)).visit == 6


def test_what_a_newcomer_has_already_counts():
    """50 on joining, 1 a euro: 100 take 50 more, at €12 a visit on the fifth (12 × 4 = 48)."""
    assert advice_of("seasons", Numbers(1_200, 2, 50, 500, 900_000, price=100)).visit == 5


def test_without_a_reward_only_what_is_given_and_the_budget_are_known():
    said = advice_of("club-discount", Numbers(2_500, 2, 40, 0, 4_500_000))
    assert (said.visit, said.unit_cost, said.month_minor, said.prices) == (None, None, None, None)
    assert said.is_affordable


def test_a_reward_that_costs_nothing_has_no_threshold():
    said = advice_of("cafe-stamps", Numbers(600, 6, 65, 0, 4_500_000, price=9))
    assert (said.threshold, said.month_minor, said.prices) == (None, 0, (1, 1))


def tier_visits(code, numbers):
    version = made(code).version
    return [visits_to_tier(version, tier, numbers) for tier in version.tiers]


def test_a_tier_is_reached_on_the_visit_that_fills_it():
    """€45 twice a month are €1,080 a year: €250 on visit 6 (5 × 45 = 225), €500 on visit 12 (11 × 45 = 495)."""
    assert tier_visits("beauty-tiers", Numbers(4_500, 2, 50, 500, 900_000)) == [1, 6, 12]


def test_what_a_year_does_not_reach_is_not_reached_where_a_year_counts():
    """€45 six times a year are €270: Silver (€250) on visit 6, Gold (€500) never."""
    assert tier_visits("beauty-tiers", Numbers(2_250, 1, 50, 500, 900_000)) == [1, 12, None]


def test_the_thirteenth_of_twelve_visits_is_next_year():
    """€250 ÷ €20 is the thirteenth visit of a regular who comes once a month."""
    assert tier_visits("beauty-tiers", Numbers(2_000, 1, 50, 500, 900_000))[1] is None


def test_a_tier_by_units_counts_what_joining_gave():
    """1,000 points: 50 on joining, 25 a visit of €25: 950 ÷ 25 = 38."""
    assert tier_visits("brand-acts", Numbers(2_500, 4, 50, 500, 900_000)) == [1, 38]


def test_a_year_of_a_regular_makes_round_tiers():
    numbers = Numbers(600, 6, 65, 90, 4_500_000)
    assert year_of_a_regular(numbers) == 43_200  # 600 × 6 × 12
    assert starter_thresholds(numbers) == (0, 20_000, 40_000)  # 216 and 432 euros
    assert months_of(21, numbers) == 4  # 21 ÷ 6 = 3.5


def test_one_in_four_regulars_is_a_goal():
    """45,000 ÷ (6 × 6 × 3) = 416.7 regulars; a fourth is 104: about 100."""
    assert members_to_aim_at(Numbers(600, 6, 65, 90, 4_500_000)) == 100
    assert members_to_aim_at(Numbers(10**9, 100, 65, 90, 1)) == 1


@pytest.mark.parametrize("basket_minor", [1, 2, 7, 99, 10**9])
def test_tiers_that_are_proposed_never_begin_at_the_same_sum(basket_minor):
    assert len(set(starter_thresholds(Numbers(basket_minor, 1, 50, 1, 1)))) == 3


@pytest.mark.parametrize("currency", CURRENCIES)
@pytest.mark.parametrize("one", TEMPLATES, ids=lambda one: one.code)
def test_every_template_can_be_advised_on_in_every_currency(one, currency):
    made = one.made_with(Kit(currency, "en", dt.date(2026, 1, 1)))
    for trade in Merchant.Trade.values:
        price = made.offers[0].cost if made.offers else 0
        unit = made.offers[0].unit if made.offers else made.version.units[0].id
        said = advise(made.version, unit, beginning(trade, currency, price))
        assert said.budget_month_minor[0] > 0
        assert said.visit is None or said.visit >= 1

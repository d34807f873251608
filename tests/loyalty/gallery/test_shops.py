"""A year of bills: points and credit per amount, a catalogue, a discount that grows. The arithmetic is by hand."""

import pytest

from tests.loyalty.gallery.lives import Year, days, item


def test_boutique_five_points_a_euro_and_a_hundred_are_worth_five_euros():
    year = Year("points-per-spend")
    for day in days("2026-01-15", 12, every=30):
        year.buy(day, "19.90")
    # 19 whole euros are 95 points; twelve times that is 1,140: eleven vouchers and 40 points.
    assert year.has("points") == 1140
    for _voucher in range(11):
        year.take("2026-12-30")
    assert year.has("points") == 40


def test_pizzeria_a_part_that_goes_back_takes_its_share_to_the_point():
    year = Year("points-per-spend")
    year.buy("2026-02-01", "33.50", draw="dinner")  # 33 × 5 = 165
    year.refund("2026-02-02", "dinner", "10.00")  # 165 × 10.00 / 33.50 = 49.25: 49
    assert year.has("points") == 116
    year.refund("2026-02-03", "dinner", "23.50")  # the rest takes the rest
    assert (year.has("points"), year.life.who.visits) == (0, 0)


def test_fashion_five_hundred_points_buy_five_of_credit():
    year = Year("fashion-credit")
    for day in days("2026-01-10", 10, every=30):
        year.buy(day, "49.99")
    # 49 × 5 = 245, ten times: 2,450. Four credits, 450 points left.
    for _credit in range(4):
        year.take("2026-12-01")
    assert year.has("points") == 450


def test_catalogue_gives_up_to_a_tenth_back_and_nothing_on_the_rest():
    year = Year("catalogue-credit")
    year.buy(
        "2026-03-01",
        "47.45",
        item("12.34", "catalogue-10"),  # 10 %: €1.234, so 123 cents
        item("15.11", "catalogue-5"),  # 5 %: €0.7555, so 75 cents
        item("20.00", "books"),
    )
    assert year.has("credit") == 123 + 75
    year.buy("2026-09-01", "20.00", item("20.00", "books"))
    assert year.has("credit") == 198


@pytest.mark.parametrize(
    ("spent", "tier", "points"),
    [
        ("199.99", "off-3", 1999),
        ("200.00", "off-5", 2000),
        ("750.00", "off-7", 7500),
        ("1000.00", "off-10", 10000),
    ],
)
def test_club_a_point_for_ten_cents_and_a_discount_that_grows_with_all_spending(spent, tier, points):
    year = Year("club-discount")
    year.buy("2026-05-01", spent)
    assert (year.life.tier.id, year.has("points")) == (tier, points)


def test_club_the_discount_stays_for_ever():
    year = Year("club-discount")
    for day in days("2026-01-10", 5, every=60):
        year.buy(day, "110.00")  # 550 in all
    assert year.tier_on("2031-01-01") == "off-7"
    assert year.life.tier.perks[0].basis_points == 700


def test_groceries_a_bonus_for_ten_with_the_small_change_kept_and_birthdays_of_the_family():
    year = Year("bonuses")
    for day in days("2026-01-03", 52, every=7):
        year.buy(day, "17.00")
    # 52 × 17 = 884 euros: 88 bonuses, and 4 euros kept aside.
    assert year.has("bonuses") == 88
    assert year.life.memory["spending"]["change"] == [400, 0]
    year.do("2026-05-20", "birthday")  # 10
    year.do("2026-06-01", "custom", name="family-birthday")  # 5
    year.do("2026-06-20", "custom", name="family-birthday")  # the month's second: nothing
    year.do("2026-07-20", "custom", name="family-birthday")  # 5
    year.do("2026-08-01", "custom", name="another thing")
    assert year.has("bonuses") == 88 + 20


def test_groceries_a_bill_of_less_than_one_euro_neither_earns_nor_is_kept_aside():
    year = Year("bonuses")
    for day in days("2026-01-03", 20):
        year.buy(day, "0.90")
    assert (year.has("bonuses"), year.life.memory) == (0, {})


def test_three_for_the_price_of_two_on_one_brand_in_one_bill_or_in_two():
    year = Year("three-for-two")
    year.buy("2026-02-01", "30.00", item("10.00", "brand of the month"), item("20.00", "another"))
    year.buy("2026-04-01", "30.00", item("30.00", "brand of the month", 3))
    # Four of the brand: two free ones.
    year.take("2026-04-01")
    year.take("2026-06-01")
    assert year.has("stamps") == 0

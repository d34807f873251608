"""A year at a counter: coffees, stamps, muffins. The arithmetic is by hand, in the comments."""

import pytest

from loyalty.rules.conditions import drawn
from loyalty.rules.playing import NotEnough
from tests.loyalty.gallery.lives import Year, days, item


def coffee(quantity: int = 1):
    return item(f"{3 * quantity}.00", "coffee", quantity)


def test_cafe_every_fifth_coffee_is_free_for_a_year():
    """Every Monday a coffee that is paid for, or a free one whenever four points are there."""
    year, free = Year("cafe-fifth-free", "2026-01-05"), 0
    for monday in days("2026-01-05", 52, every=7):
        if year.has("points") >= 4:
            year.take(monday)
            free += 1
        else:
            year.buy(monday, "3.00", coffee())
    # 52 Mondays are ten fives, four paid and one free, and two more that are paid: 42 points given, 10 × 4 used.
    assert (free, year.has("points"), year.life.who.visits) == (10, 2, 42)


def test_cafe_a_sandwich_is_no_coffee_and_two_coffees_are_two():
    year = Year("cafe-fifth-free")
    year.buy("2026-01-05", "9.50", item("9.50", "sandwich"))
    year.buy("2026-01-06", "12.50", coffee(2), item("6.50", "sandwich"))
    assert year.has("points") == 2


def test_cafe_buy_nine_get_the_tenth():
    year, free = Year("cafe-stamps"), 0
    for day in days("2026-01-02", 100, every=3):  # to 26 October
        if year.has("stamps") == 9:
            year.take(day)
            free += 1
        else:
            year.buy(day, "4.20")
    # 100 visits are ten tens: nine stamps and a free coffee each.
    assert (free, year.has("stamps")) == (10, 0)


def test_cafe_a_refunded_coffee_takes_its_stamp_along():
    year = Year("cafe-stamps")
    year.buy("2026-01-02", "4.20", draw="first")
    year.buy("2026-01-03", "4.20")
    year.refund("2026-01-03", "first", "4.20")
    assert (year.has("stamps"), year.life.who.visits) == (1, 1)


def test_five_coffees_and_the_sixth_is_free():
    year = Year("coffee-to-go")
    for friday in days("2026-01-02", 12, every=7):
        year.buy(friday, "6.00", coffee(2))
    # 24 coffees are 24 stamps: four free ones and four stamps left.
    for _free in range(4):
        year.take("2026-12-30")
    assert year.has("stamps") == 4
    with pytest.raises(NotEnough):
        year.take("2026-12-30")


def test_bakery_a_muffin_after_five_visits_and_one_stamp_a_day():
    year = Year("bakery-visits")
    for day in days("2026-01-02", 60, every=6):  # to 22 December
        year.buy(day, "5.00", draw="no luck")
        year.buy(f"{day} 17:00", "2.00", draw="no luck")  # the same day counts once
    # 60 days, 60 stamps: twelve muffins.
    for _muffin in range(12):
        year.take("2026-12-30")
    assert (year.has("stamps"), year.has("pastries")) == (0, 0)


def test_bakery_a_surprise_is_drawn_from_the_seed_and_the_purchase_and_comes_once_a_month_at_most():
    # Anybody who knows the seed draws the same, one in twenty.
    lucky = [number for number in range(400) if drawn("surprise", f"key {number}", 20)]
    assert 10 <= len(lucky) <= 30  # 20 are expected
    year = Year("bakery-visits")
    year.buy("2026-03-02", "5.00", draw=f"key {lucky[0]}")
    assert year.has("pastries") == 1
    assert "quota_reached" in year.buy("2026-03-20", "5.00", draw=f"key {lucky[1]}")
    assert year.has("pastries") == 1
    year.buy("2026-04-01", "5.00", draw=f"key {lucky[1]}")
    year.take("2026-04-01", offer=1)
    assert year.has("pastries") == 1

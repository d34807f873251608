"""Years on ladders: beauty, salon, homeware, hotel, seasons. Tiers by day, and the arithmetic by hand."""

from tests.loyalty.gallery.lives import Year, days, item


def test_beauty_a_year_from_bronze_to_gold():
    year = Year("beauty-tiers", "2026-01-05")
    for day in days("2026-01-20", 5, every=30):  # to 20 May
        year.buy(day, "60.00")
    # Bronze gives 60 four times and for the fifth, which reaches €300 and Silver: 300.
    assert (year.has("points"), year.life.tier.id) == (300, "silver")
    year.do("2026-05-20", "birthday")
    for day in days("2026-06-20", 4, every=30):  # to 18 September
        year.buy(day, "60.00")
    # Silver gives 60 × 1.25 = 75, four times; the last of them reaches €540 and Gold: 600.
    assert (year.has("points"), year.life.tier.id) == (600, "gold")
    year.buy("2026-12-20", "61.50")  # 61 × 1.5 = 91.5: 91
    assert (year.has("points"), year.has("gifts")) == (691, 1)
    year.do("2027-01-05", "anniversary")  # the yearly gift of Gold
    assert year.has("gifts") == 2


def test_beauty_gold_lasts_a_whole_year_more_and_is_lost_by_what_was_spent_after_a_warning_and_a_grace():
    year = Year("beauty-tiers", "2026-01-05")
    year.buy("2026-03-01", "500.00")
    assert year.tier_on("2027-12-01") == "gold"  # through 2027, the first whole year
    year.buy("2027-06-01", "260.00")
    assert year.tier_on("2028-01-30") == "gold"
    assert year.tier_on("2028-01-31") == "silver"  # €260 are Silver; 1 January and 30 days
    assert year.reviews == [
        ("2027-12-02", "warn", "silver", "2028-01-31", 24000),  # 30 days before the year ends
        ("2028-01-31", "lower", "silver", None, 0),
    ]


def test_beauty_gold_that_is_earned_again_in_the_grace_is_kept():
    year = Year("beauty-tiers", "2026-01-05")
    year.buy("2026-03-01", "500.00")
    year.buy("2028-01-15", "500.00")
    assert year.tier_on("2029-06-01") == "gold"  # 2028 has earned 2029 too
    assert [kind for _day, kind, *_rest in year.reviews] == ["warn"]
    assert year.tier_on("2030-01-31") == "bronze"


def test_beauty_a_refund_of_what_made_gold_takes_gold_along():
    year = Year("beauty-tiers", "2026-01-05")
    year.buy("2026-03-01", "260.00")
    year.buy("2026-04-01", "240.00", draw="coat")
    assert year.life.tier.id == "gold"
    year.refund("2026-04-10", "coat", "240.00")
    assert (year.life.tier.id, year.has("points")) == ("silver", 260)


def test_salon_gold_has_a_treatment_with_every_haircut():
    year = Year("salon-gold")
    for day in days("2026-01-10", 12, every=30):
        year.buy(day, "45.00", item("45.00", "haircut"))
    # €315 after the seventh: the five that follow bring a treatment each. 12 × 45 points.
    assert (year.life.tier.id, year.has("treatments"), year.has("points")) == ("gold", 5, 540)
    year.buy("2026-12-20", "15.00", item("15.00", "shampoo"))
    assert year.has("treatments") == 5


def test_salon_gold_goes_two_weeks_after_twelve_months_with_too_little():
    year = Year("salon-gold")
    year.buy("2026-03-10", "300.00")
    assert year.tier_on("2027-03-23") == "gold"
    # The twelve months that end on 10 March 2027 are without 10 March 2026; and 14 days.
    assert year.tier_on("2027-03-24") == "silver"
    assert year.reviews[0] == ("2027-02-22", "warn", "silver", "2027-03-24", 30000)


def test_homeware_four_stones_from_the_day_of_joining_one_step_down_a_year():
    year = Year("four-stones", "2026-04-10")
    year.buy("2026-05-01", "990.00")  # Malachite: 99
    year.buy("2026-06-01", "100.00")  # 10, and Sapphire
    year.buy("2027-03-01", "9000.00")  # 900 × 1.5 = 1,350, and Diamond: €10,090 since 10 April 2026
    assert (year.has("points"), year.life.tier.id) == (1459, "diamond")
    assert year.tier_on("2028-04-09") == "diamond"  # the year from 10 April 2027 was the first whole one
    assert year.tier_on("2028-04-10") == "ruby"
    year.buy("2028-05-01", "100.00")  # 10 × 2
    assert year.tier_on("2029-04-10") == "sapphire"
    assert year.tier_on("2030-04-10") == "malachite"
    assert year.tier_on("2035-01-01") == "malachite"
    assert year.has("points") == 1479


def test_hotel_750_points_a_night_from_the_third():
    year = Year("third-night")
    for day, nights in (("2026-02-01", 2), ("2026-04-01", 3), ("2026-07-01", 14)):
        year.buy(day, f"{nights}00.00", item(f"{nights}00.00", "night", nights))
    # None, one, twelve: 13 × 750 = 9,750.
    assert year.has("points") == 9750
    year.take("2026-12-01")
    assert year.has("points") == 2250


def test_hotel_a_stay_of_two_nights_says_that_nearly():
    year = Year("third-night")
    assert year.buy("2026-02-01", "200.00", item("200.00", "night", 2)) == ["too_few_items"]


def test_seasons_summer_saver_and_holiday_vip_come_and_go():
    year = Year("seasons")
    year.buy("2026-05-31", "150.00")
    assert year.life.tier.id == "member"
    year.buy("2026-06-01", "10.00")  # 12.50, for Summer Saver began with the day
    assert year.life.tier.id == "summer"
    year.buy("2026-08-31 23:00", "40.00")  # 40 × 1.25 = 50; €200 in all
    year.buy("2026-09-01 00:10", "10.00")  # 10: the summer is over
    assert year.life.tier.id == "member"
    year.buy("2026-12-01", "10.00")  # 15: Holiday VIP
    year.buy("2027-01-06", "10.00")  # 15
    assert year.life.tier.id == "holiday"
    year.buy("2027-01-07", "10.00")  # 10
    assert year.life.tier.id == "member"
    # 50 for joining.
    assert year.has("points") == 50 + 150 + 12 + 50 + 10 + 15 + 15 + 10


def test_seasons_a_double_points_weekend():
    year = Year("seasons")  # made on Thursday 1 January: the weekend is Friday to Sunday
    assert year.buy("2026-01-01 23:59", "10.00")[-1] == "not_yet"
    year.buy("2026-01-02 00:00", "10.00")
    year.buy("2026-01-04 23:59", "10.00")
    assert year.buy("2026-01-05 00:00", "10.00")[-1] == "over"
    assert year.has("points") == 50 + 10 + 20 + 20 + 10


def test_seasons_the_fiftieth_to_join_is_an_early_bird_and_the_next_is_not():
    assert [Year("seasons", ordinal=ordinal).has("points") for ordinal in (1, 50, 51)] == [100, 100, 50]

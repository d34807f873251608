"""Years of more than purchases: acts, tasks, evenings, memberships. The arithmetic is by hand."""

from tests.loyalty.gallery.lives import Year, days, item


def test_brand_a_vip_earns_double_for_the_same_act():
    year = Year("brand-acts")  # 50 for joining
    year.do("2026-01-02", "profile")  # 50
    year.do("2026-01-03", "newsletter")  # 25
    for day in days("2026-01-31", 6, every=31):
        year.do(day, "survey")  # 40 each, once a month: 240
    assert year.has("points") == 365
    year.buy("2026-08-01", "635.00")  # 635, and VIP at 1,000
    assert (year.has("points"), year.life.tier.id) == (1000, "vip")
    year.do("2026-08-02", "review")  # 30 × 2
    year.do("2026-08-02", "review")  # the day's second
    year.do("2026-09-02", "survey")  # 40 × 2
    year.buy("2026-10-01", "10.00")  # 10 × 2
    assert year.has("points") == 1160
    year.take("2026-12-01")  # 10 % off for 1,000
    assert (year.has("points"), year.life.tier.id) == (160, "vip")


def test_brand_what_counts_once_counts_once():
    year = Year("brand-acts")
    for day in days("2026-02-01", 3, every=100):
        year.do(day, "profile")
        year.do(day, "newsletter")
    assert year.has("points") == 50 + 50 + 25


def test_tasks_a_week_of_check_ins_in_a_row():
    year = Year("tasks")
    for day in days("2026-03-01", 6):
        year.do(day, "custom", name="check-in")
    year.do("2026-03-06 20:00", "custom", name="check-in")  # twice on the sixth day is once
    assert year.has("points") == 6
    year.do("2026-03-07", "custom", name="check-in")
    assert year.has("points") == 7 + 20
    for day in days("2026-03-09", 6):  # the 8th was missed: six in a row
        year.do(day, "custom", name="check-in")
    assert year.has("points") == 27 + 6


def test_tasks_a_year_of_check_ins_shares_reviews_and_purchases():
    year = Year("tasks")
    for day in days("2026-01-01", 365):
        year.do(day, "custom", name="check-in")
    # 365 days, and 52 weeks of seven in a row: 365 + 52 × 20.
    assert year.has("points") == 1405
    for day in days("2026-05-01", 5):
        year.do(day, "share")  # three a month: 15
    for day in days("2026-05-01", 8):
        year.do(day, "review")  # 10 each up to 50 a month
    year.buy("2026-05-10", "12.60")  # 24
    year.do("2026-06-01", "referrer")  # 100
    assert year.has("points") == 1405 + 15 + 50 + 24 + 100


def test_bookshop_double_points_on_the_evening_of_an_event_and_points_for_coming():
    year = Year("events")
    for thursday in days("2026-01-08", 12, every=28):
        year.do(f"{thursday} 19:00", "attendance")  # 20
        year.buy(f"{thursday} 21:30", "15.90")  # 15 × 2
        year.buy(f"{thursday} 12:00", "15.90")  # 15
    # 12 × (20 + 30 + 15)
    assert year.has("points") == 780


def test_bookshop_a_week_of_quizzes_has_a_badge_for_five():
    year = Year("events")  # made on Thursday 1 January: the week is that of Monday the 5th
    for day in days("2026-01-04", 6):
        year.do(day, "custom", name="quiz")
    # The 4th is before; five count.
    assert (year.has("points"), year.life.badges) == (50, ["quiz-badge"])
    year.do("2026-01-12", "custom", name="quiz")
    assert year.has("points") == 50


def test_membership_seven_days_free_then_days_by_the_month_and_by_the_year():
    year = Year("membership")
    for day in days("2026-01-08", 3, every=30):
        year.buy(day, "9.99", item("9.99", "monthly membership"))
    year.buy("2026-04-08", "89.00", item("89.00", "yearly membership"))
    # 7 + 3 × 30 + 365
    assert year.has("days") == 462

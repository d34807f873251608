"""Windows, warnings and losses by tables; the sums of a climb beside a plain list."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.rules.climb import Climb, first_day
from loyalty.rules.tiers import Ladder, Season, Tier
from loyalty.rules.types import Unit, Version
from loyalty.rules.windows import Held, review

DAY = dt.date.fromisoformat
NONE, SILVER, GOLD = Tier("n", "None", 0, 100), Tier("s", "Silver", 100, 125), Tier("g", "Gold", 300, 150)
POINT = Unit("unit", "points", {"en": ("point", "points")})


def version(**ladder) -> Version:
    return Version(1, "Aroma", "EUR", (POINT,), (), (NONE, SILVER, GOLD), ladder=Ladder(**ladder))


def climb(**by_day) -> Climb:
    """`on_2026_03_01=500`: so much on that day."""
    made = Climb()
    for name, amount in by_day.items():
        made.add(DAY(name.removeprefix("on_").replace("_", "-")), amount)
    return made


@pytest.mark.parametrize(
    ("window", "day", "joined", "first"),
    [
        ("lifetime", "2026-07-01", "2020-02-29", None),
        ("calendar_year", "2026-12-31", "2020-02-29", "2026-01-01"),
        ("calendar_year", "2027-01-01", "2020-02-29", "2027-01-01"),
        ("rolling_12_months", "2026-11-22", "2020-02-29", "2025-11-23"),
        ("rolling_12_months", "2028-02-29", "2020-02-29", "2027-03-01"),  # the year before had no 29th
        ("rolling_12_months", "2029-02-28", "2020-02-29", "2028-02-29"),
        ("rolling_12_months", "2026-12-31", "2020-02-29", "2026-01-01"),
        ("from_joining", "2026-04-09", "2020-04-10", "2025-04-10"),
        ("from_joining", "2026-04-10", "2020-04-10", "2026-04-10"),
        ("from_joining", "2027-02-27", "2024-02-29", "2026-02-28"),  # joined on a leap day
        ("from_joining", "2027-02-28", "2024-02-29", "2027-02-28"),
        ("from_joining", "2028-02-28", "2024-02-29", "2027-02-28"),
        ("from_joining", "2028-02-29", "2024-02-29", "2028-02-29"),
    ],
)
def test_the_first_day_of_a_window(window, day, joined, first):
    assert first_day(window, DAY(day), DAY(joined)) == (DAY(first) if first else None)


@pytest.mark.parametrize(
    ("ladder", "day", "kind", "tier", "on", "short"),
    [
        # Gold reached on 1 March 2026: safe through 2027, in which €1.50 were spent.
        ({"downgrade": "by_standing"}, "2027-12-31", "keep", "g", None, 0),
        ({"downgrade": "by_standing"}, "2028-01-01", "lower", "s", "2028-01-01", 0),
        ({"downgrade": "one_step"}, "2028-01-01", "lower", "s", "2028-01-01", 0),
        ({"downgrade": "never"}, "2031-01-01", "keep", "g", None, 0),
        ({"downgrade": "one_step", "window": "lifetime"}, "2031-01-01", "keep", "g", None, 0),
        ({"downgrade": "one_step", "warn_days": 10}, "2027-12-21", "keep", "g", None, 0),
        ({"downgrade": "one_step", "warn_days": 10}, "2027-12-22", "warn", "s", "2028-01-01", 150),
        ({"downgrade": "one_step", "grace_days": 10}, "2028-01-10", "warn", "s", "2028-01-11", 300),
        ({"downgrade": "one_step", "grace_days": 10}, "2028-01-11", "lower", "s", "2028-01-01", 0),
        (
            {"downgrade": "one_step", "grace_days": 10},
            "2028-01-18",
            "lower",
            "s",
            "2028-01-01",
            0,
        ),  # a week late
        # Twelve rolling months: from 1 March 2027 without what was spent on 1 March 2026.
        (
            {"downgrade": "by_standing", "window": "rolling_12_months"},
            "2027-02-28",
            "keep",
            "g",
            None,
            0,
        ),
        (
            {"downgrade": "by_standing", "window": "rolling_12_months"},
            "2027-03-01",
            "lower",
            "n",
            "2027-03-01",
            0,
        ),
        (
            {"downgrade": "one_step", "window": "rolling_12_months", "warn_days": 28},
            "2027-02-01",
            "warn",
            "s",
            "2027-03-01",
            300,
        ),
    ],
)
def test_a_tier_that_was_not_earned_again(ladder, day, kind, tier, on, short):
    held = Held(GOLD, DAY("2026-03-01"), DAY("2025-06-01"))
    spent = climb(on_2026_03_01=300, on_2027_06_01=150)
    found = review(held, spent, version(**{"window": "calendar_year"} | ladder), DAY(day))
    assert (found.kind, found.tier.id, found.on, found.short) == (kind, tier, DAY(on) if on else None, short)


def test_tiers_wrong_for_years():
    """A tier is reviewed on its day by what was spent in its own year, not by all that was ever spent, nor a day late."""
    ladder = version(window="calendar_year", downgrade="by_standing")
    spent = climb(on_2020_03_01=10_000, on_2024_12_31=300, on_2025_01_01=99)
    held = Held(GOLD, DAY("2020-03-01"), DAY("2020-03-01"))
    assert review(held, spent, ladder, DAY("2025-12-31")).kind == "keep"  # 2024 earned 2025
    assert review(held, spent, ladder, DAY("2026-01-01")).tier == NONE  # 2025 did not earn Silver


def test_what_was_made_good_before_anybody_looked_counts():
    ladder = version(window="calendar_year", downgrade="one_step", grace_days=5)
    held = Held(GOLD, DAY("2026-03-01"), DAY("2026-03-01"))
    spent = climb(on_2026_03_01=300, on_2028_01_08=300)
    assert review(held, spent, ladder, DAY("2028-01-07")).kind == "lower"
    assert review(held, spent, ladder, DAY("2028-01-08")).kind == "keep"


@pytest.mark.parametrize(
    ("first", "last", "day", "has"),
    [
        ("06-01", "08-31", "2026-05-31", False),
        ("06-01", "08-31", "2026-06-01", True),
        ("06-01", "08-31", "2027-08-31", True),
        ("06-01", "08-31", "2026-09-01", False),
        ("12-01", "01-06", "2026-12-31", True),
        ("12-01", "01-06", "2027-01-06", True),
        ("12-01", "01-06", "2027-01-07", False),
        ("02-01", "02-29", "2027-02-28", True),
        ("02-01", "02-29", "2027-03-01", False),
    ],
)
def test_a_season_is_a_part_of_every_year(first, last, day, has):
    assert Season(first, last).has(DAY(day)) is has


days = st.dates(DAY("2026-01-01"), DAY("2026-01-20"))


@given(st.lists(st.tuples(days, st.integers(-500, 500))), days, days)
def test_the_sums_of_a_climb_are_those_of_its_days(added, first, last):
    made = Climb()
    for day, amount in added:
        made.add(day, amount)
    if first <= last:
        assert made.between(first, last) == sum(amount for day, amount in added if first <= day <= last)
    assert made.between(None, last) == sum(amount for day, amount in added if day <= last)

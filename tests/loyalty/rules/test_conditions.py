"""Every condition, by a table: what it asks for, facts for which it holds, and facts for which it does not, with the reason."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from loyalty.rules.conditions import CONDITIONS, drawn
from loyalty.rules.facts import Bill, Facts, Item, Who
from loyalty.rules.types import Condition
from tests.loyalty.rules.made import PARIS, SATURDAY, purchase, rule, told, where

LATTE, CAKE = Item(350, 1, "latte", "coffee"), Item(400, 1, "cake", "food")


def at(text: str) -> dt.datetime:
    """A moment by the shop's clocks."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=PARIS)


def known(**said) -> Who:
    return Who(**said)


# condition, what it asks for, facts that meet it, facts that do not, and what is told of these: code, figures, near
TABLE: list[tuple[Any, ...]] = [
    ("location", {"any": ["cler"]}, {"location": "cler"}, {"location": "bac"}, "elsewhere", False),
    (
        "weekday",
        {"any": [6, 7]},
        {"moment": SATURDAY},
        {"moment": at("2026-11-20T09:30")},
        "wrong_day",
        False,
    ),
    (
        "hours",
        {"from": "08:00", "to": "11:00"},
        {"moment": at("2026-11-21T08:00")},
        {"moment": at("2026-11-21T11:00")},
        "wrong_hours",
        False,
    ),
    (
        "dates",
        {"from": "2026-11-21"},
        {"moment": SATURDAY},
        {"moment": at("2026-11-20T23:59")},
        "not_yet",
        False,
    ),
    ("dates", {"to": "2026-11-21"}, {"moment": SATURDAY}, {"moment": at("2026-11-22T00:00")}, "over", False),
    ("spend", {"minor": 2000}, {"amount_minor": 2000}, {"amount_minor": 1999}, "below", True),
    ("spend", {"minor": 2000}, {"amount_minor": 2001}, {"amount_minor": 999}, "below", False),
    (
        "product",
        {"any": ["coffee", "cake"]},
        {"bill": Bill(items=(CAKE,))},
        {"bill": Bill(items=(replace(CAKE, sku="tart"),))},
        "other_products",
        False,
    ),
    ("payment", {"any": ["cash"]}, {"payment": "cash"}, {"payment": ""}, "other_payment", False),
    ("tier", {"any": ["g"]}, {"tier_id": "g"}, {"tier_id": "s"}, "other_tier", False),
    ("tier", {"any": ["g"]}, {"tier_id": "g"}, {"tier_id": None}, "other_tier", False),
    (
        "segment",
        {"any": ["quiet"]},
        {"who": known(segments=frozenset({"quiet", "near"}))},
        {},
        "other_segment",
        False,
    ),
    ("channel", {"any": ["api"]}, {"channel": "api"}, {"channel": "scan"}, "other_channel", False),
    ("first_visit", {}, {"who": known(visits=0)}, {"who": known(visits=1)}, "not_first", False),
    ("nth_visit", {"nth": 10}, {"who": known(visits=9)}, {"who": known(visits=7)}, "more_visits", True),
    ("nth_visit", {"nth": 10}, {"who": known(visits=9)}, {"who": known(visits=6)}, "more_visits", False),
    ("nth_visit", {"nth": 10}, {"who": known(visits=9)}, {"who": known(visits=19)}, "more_visits", False),
    (
        "nth_visit",
        {"nth": 10, "each": True},
        {"who": known(visits=19)},
        {"who": known(visits=18)},
        "more_visits",
        True,
    ),
    (
        "among_first",
        {"most": 50},
        {"who": known(ordinal=50)},
        {"who": known(ordinal=51)},
        "not_among_first",
        False,
    ),
    (
        "among_first",
        {"most": 50},
        {"who": known(ordinal=1)},
        {"who": known(ordinal=0)},
        "not_among_first",
        False,
    ),
    (
        "birthday",
        {"days": 0},
        {"who": known(birthday=dt.date(1990, 11, 21))},
        {"who": known(birthday=dt.date(1990, 11, 22))},
        "not_birthday",
        False,
    ),
    ("birthday", {"days": 3}, {"who": known(birthday=dt.date(1990, 11, 24))}, {}, "no_birthday", False),
    ("batch", {"any": ["Oat milk"]}, {"name": "oat milk"}, {"name": "oat"}, "other_name", False),
    ("name", {"any": ["quiz week"]}, {"name": "quiz week"}, {"name": "quiz"}, "other_name", False),
    ("name", {"any": ["Quiz Week"]}, {"name": "quiz week"}, {"name": "quiz"}, "other_name", False),
    ("chance", {"seed": "pastry", "one_in": 2}, {"draw": "a"}, {"draw": "d"}, "not_drawn", False),
]


@pytest.mark.parametrize(("kind", "given", "met", "unmet", "code", "is_near"), TABLE)
def test_a_condition_holds_or_says_why_it_does_not(kind, given, met, unmet, code, is_near):
    asking = rule(conditions=where(kind, **given))
    assert told(replace(purchase(), **met), asking).units == 1
    refused = told(replace(purchase(), **unmet), asking)
    assert (refused.code, refused.units, refused.is_near) == (code, 0, is_near)


def test_every_condition_has_a_row_in_this_table():
    assert {kind for kind, *_rest in TABLE} == set(CONDITIONS)


@pytest.mark.parametrize(
    ("clock", "holds"),
    [("21:59", False), ("22:00", True), ("23:59", True), ("00:00", True), ("01:59", True), ("02:00", False)],
)
def test_hours_go_over_midnight_where_they_end_before_they_begin(clock, holds):
    night = rule(conditions=where("hours", **{"from": "22:00", "to": "02:00"}))
    assert (told(purchase(moment=at(f"2026-11-21T{clock}")), night).units == 1) is holds


@pytest.mark.parametrize(
    ("clock", "is_near"), [("06:59", False), ("07:00", True), ("07:59", True), ("11:00", False)]
)
def test_an_hour_before_it_begins_a_cashier_would_say_so(clock, is_near):
    morning = rule(conditions=where("hours", **{"from": "08:00", "to": "11:00"}))
    assert told(purchase(moment=at(f"2026-11-21T{clock}")), morning).is_near is is_near


@pytest.mark.parametrize(
    ("born", "today", "days", "holds"),
    [
        ("1992-02-29", "2028-02-29", 0, True),  # a leap year
        ("1992-02-29", "2028-02-28", 0, False),
        ("1992-02-29", "2027-02-28", 0, True),  # no leap year: the day before March
        ("1992-02-29", "2027-03-01", 0, False),
        ("1992-02-29", "2027-03-01", 1, True),
        ("1990-01-01", "2026-12-31", 1, True),  # over the end of the year
        ("1990-12-31", "2027-01-03", 3, True),
        ("1990-12-31", "2027-01-04", 3, False),
        ("1990-06-15", "2026-06-22", 7, True),
    ],
)
def test_a_birthday_is_the_same_day_of_every_year(born, today, days, holds):
    asking = rule(conditions=where("birthday", days=days))
    facts = purchase(moment=at(f"{today}T12:00"), who=Who(birthday=dt.date.fromisoformat(born)))
    assert (told(facts, asking).units == 1) is holds


def test_a_purchase_that_lacks_one_thing_only_is_near():
    """€1.50 short on a Saturday is worth a word; on a Friday nothing would have helped."""
    lunch = rule(conditions=(Condition("spend", {"minor": 1000}), Condition("weekday", {"any": [6]})))
    assert told(purchase(850), lunch).as_json() | {"rule": ""} == {
        "code": "below",
        "rule": "",
        "unit": "points",
        "units": 0,
        "least_minor": 1000,
        "short_minor": 150,
    }
    assert told(purchase(850), lunch).is_near
    friday = told(purchase(850, moment=at("2026-11-20T12:00")), lunch)
    assert (friday.code, friday.is_near) == ("wrong_day", False)


def test_of_two_things_that_were_nearly_so_neither_is_said():
    lunch = rule(
        conditions=(Condition("spend", {"minor": 1000}), Condition("hours", {"from": "10:00", "to": "14:00"}))
    )
    assert told(purchase(1000), lunch).is_near
    assert not told(purchase(850), lunch).is_near


def test_without_a_key_nothing_is_drawn():
    """A dry run cannot tell what would be drawn: not even where it always would."""
    assert (
        CONDITIONS["chance"].check({"seed": "pastry", "one_in": 1}, Facts("purchase"), 0).code == "not_drawn"
    )


def test_chance_falls_as_often_as_it_is_said_and_the_same_way_again():
    draws = [drawn("pastry", f"purchase {number}", 20) for number in range(20_000)]
    assert draws == [drawn("pastry", f"purchase {number}", 20) for number in range(20_000)]
    assert 900 < sum(draws) < 1100
    others = [drawn("muffin", f"purchase {number}", 20) for number in range(20_000)]
    assert sum(one and other for one, other in zip(draws, others, strict=True)) < 100  # two seeds, two draws

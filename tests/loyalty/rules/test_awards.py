"""Everything that a rule can give, and how it is rounded, by tables."""

import pytest

from loyalty.rules.awards import AWARDS, divide
from loyalty.rules.engine import judge
from loyalty.rules.facts import Bill, Facts, Item
from loyalty.rules.types import Basis, Quota
from loyalty.rules.verdicts import Drawn
from tests.loyalty.rules.made import basket, per_euro, purchase, rule, times, told, units, version

NIGHT, COFFEE = Item(40_000, 4, "room", "night"), Item(700, 2, "latte", "coffee")

# what the rule says, amount of the purchase, tier, units, code
TABLE = [
    (per_euro(), 1999, "b", 19, "per_amount"),
    (per_euro(5), 1999, "b", 95, "per_amount"),
    (per_euro(10, 5000), 4999, "b", 0, "short_of"),
    (per_euro(rounding="up"), 1901, "b", 20, "per_amount"),
    (per_euro(rounding="half_up"), 1950, "b", 20, "per_amount"),
    (per_euro(rounding="half_up"), 1949, "b", 19, "per_amount"),
    (per_euro(rounding="up"), 1, "b", 1, "per_amount"),
    (per_euro(multiplied=True), 1999, "g", 28, "per_amount"),  # 19 × 1.5 = 28.5
    (per_euro(multiplied=True, rounding="half_up"), 1900, "g", 29, "per_amount"),
    (per_euro(multiplied=True, rounding="up"), 500, "s", 7, "per_amount"),  # 6.25
    (per_euro(multiplied=False), 1999, "g", 19, "per_amount"),
    (per_euro(most_at_once=10), 1999, "b", 10, "per_amount"),
    (rule("flat", 3), 1, "g", 3, "flat"),
    (rule("flat", 3, multiplied=True), 1, "g", 4, "flat"),  # 4.5
    (rule("share", 0, basis_points=1000), 1234, "b", 123, "share"),  # 10 % of €12.34 are 123.4 cents
    (rule("share", 0, basis_points=1000, rounding="up"), 1234, "b", 124, "share"),
    (rule("share", 0, basis_points=1000, rounding="half_up"), 1235, "b", 124, "share"),
    (rule("share", 0, basis_points=333, multiplied=True), 10_000, "g", 499, "share"),  # 333 × 1.5 = 499.5
    (rule("share", 0, basis_points=1), 99, "b", 0, "share"),
    (rule("badge", 0), 100, "b", 0, "badge"),
    (times(200), 100, "b", 0, "nothing_to_multiply"),
]


@pytest.mark.parametrize(("asked", "amount", "tier", "given", "code"), TABLE)
def test_what_a_rule_gives(asked, amount, tier, given, code):
    reason = told(purchase(amount, tier_id=tier), asked)
    assert (reason.units, reason.code) == (given, code)


@pytest.mark.parametrize(
    ("asked", "items", "given", "code"),
    [
        (rule("per_item"), [COFFEE], 2, "per_item"),
        (rule("per_item", 5), [COFFEE, NIGHT], 30, "per_item"),
        (rule("per_item", basis=Basis(only=frozenset({"latte"}))), [COFFEE, NIGHT], 2, "per_item"),
        (rule("per_item", basis=Basis(without=frozenset({"coffee"}))), [COFFEE, NIGHT], 4, "per_item"),
        (rule("per_item", 750, from_item=3), [NIGHT], 1500, "per_item"),  # the third night, and the fourth
        (rule("per_item", 750, from_item=3), [COFFEE], 0, "too_few_items"),
        (rule("per_item", basis=Basis(only=frozenset({"tea"}))), [COFFEE], 0, "too_few_items"),
        (rule("per_item"), [], 0, "too_few_items"),
        (rule("per_item", multiplied=True), [COFFEE], 3, "per_item"),  # gold: 2 × 1.5
    ],
)
def test_what_a_rule_gives_for_items(asked, items, given, code):
    reason = told(Facts("purchase", 1000, "g", bill=Bill(items=tuple(items))), asked)
    assert (reason.units, reason.code) == (given, code)


def test_too_few_items_are_near_only_where_there_is_one():
    nights = rule("per_item", 750, from_item=3, basis=Basis(only=frozenset({"night"})))
    assert told(basket(Item(9000, 2, "room", "night")), nights).is_near
    assert not told(basket(COFFEE), nights).is_near


def test_every_award_has_a_row():
    assert {asked.gives for asked, *_rest in TABLE} | {"per_item"} == {*AWARDS, "multiplier"}


@pytest.mark.parametrize(
    ("amount", "by", "down", "half_up", "up"),
    [(0, 7, 0, 0, 0), (1, 2, 0, 1, 1), (3, 7, 0, 0, 1), (7, 7, 1, 1, 1), (10, 7, 1, 1, 2), (11, 7, 1, 2, 2)],
)
def test_rounding_has_three_ways(amount, by, down, half_up, up):
    assert [divide(amount, by, way) for way in ("down", "half_up", "up")] == [down, half_up, up]


@pytest.mark.parametrize(
    ("trigger", "asked", "answers"),
    [
        ("purchase", "purchase", True),
        ("purchase", "visit", True),  # who buys is there
        ("visit", "visit", True),
        ("visit", "purchase", False),
        ("joining", "joining", True),
        ("review", "newsletter", False),
        ("custom", "custom", True),
    ],
)
def test_what_happens_sets_off_the_rules_of_its_trigger(trigger, asked, answers):
    verdict = judge(Facts(trigger), version(rule(trigger=asked)))
    assert (len(verdict.reasons), units(verdict)) == (int(answers), int(answers))


def test_units_are_given_apart():
    verdict = judge(purchase(1000), version(per_euro(), rule(id="stamp", unit="stamps")))
    assert [(award.unit, award.amount) for award in verdict.awards] == [("points", 10), ("stamps", 1)]


def test_what_is_above_the_most_at_once_is_told():
    reason = told(purchase(9000), per_euro(most_at_once=50))
    assert reason.as_json() == {
        "code": "per_amount",
        "rule": "per_euro",
        "unit": "points",
        "units": 50,
        "spent_minor": 9000,
        "per_minor": 100,
        "per_units": 1,
        "uncapped": 90,
        "most": 50,
        "counted": "units",
        "period": "once",
        "whose": "member",
    }


@pytest.mark.parametrize(
    ("quota", "had", "given"),
    [
        (Quota(100, "units", "month", "programme"), (0, 0), 20),
        (Quota(100, "units", "month", "programme"), (95, 7), 5),
        (Quota(100, "units", "month", "programme"), (100, 7), 0),
        (Quota(50, "times", "month", "programme"), (980, 49), 20),
        (Quota(50, "times", "month", "programme"), (980, 50), 0),
    ],
)
def test_all_members_together_have_no_more_than_the_budget(quota, had, given):
    facts = purchase(2000, budgets={("per_euro", "2026-11"): had})
    assert told(facts, per_euro(quotas=(quota,))).units == given


def test_what_is_taken_of_a_budget_is_told_by_period_with_what_it_may_be_at_most():
    quotas = (
        Quota(100, "units", "month", "programme"),
        Quota(10, "times", "month", "programme"),
        Quota(1000, "units", "ever", "programme"),
        Quota(5, "times", "day"),  # one member's own
    )
    verdict = judge(purchase(2000), version(per_euro(quotas=quotas)))
    assert verdict.budgets == [
        Drawn("per_euro", "2026-11", 20, 1, 100, 10),
        Drawn("per_euro", "ever", 20, 1, 1000, None),
    ]


def test_of_several_limits_the_tightest_is_told():
    quotas = (Quota(30, "units", "month"), Quota(12, "units", "day"), Quota(3, "times", "ever"))
    reason = told(purchase(2000), per_euro(quotas=quotas, most_at_once=15))
    assert (reason.units, reason.figures["most"], reason.figures["period"]) == (12, 12, "day")

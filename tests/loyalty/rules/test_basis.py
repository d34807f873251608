"""What of a bill counts: tables of bills, and the pains that others have with it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.rules.basis import GIFT_CARD, counted_minor
from loyalty.rules.engine import judge
from loyalty.rules.facts import Bill, Item
from loyalty.rules.types import Basis
from tests.loyalty.rules.made import basket, per_euro, purchase, rule, told, units, version

COFFEE, CAKE, CARD = (
    Item(1000, 2, "latte", "coffee"),
    Item(1000, 1, "tart", "cake"),
    Item(2000, 1, category=GIFT_CARD),
)
ONLY_COFFEE, NO_CAKE = Basis(only=frozenset({"coffee"})), Basis(without=frozenset({"cake"}))


def test_points_on_tax():
    """€24 with €4 of tax in it: a shop may give points for €24, or for €20."""
    bill = Bill(tax_minor=400)
    assert judge(purchase(2400, bill=bill), version(per_euro())).awards[0].amount == 24
    assert judge(purchase(2400, bill=bill), version(per_euro(basis=Basis(tax=False)))).awards[0].amount == 20


def test_points_on_tips():
    bill = Bill(tip_minor=300)
    assert units(judge(purchase(2300, bill=bill), version(per_euro()))) == 20
    assert units(judge(purchase(2300, bill=bill), version(per_euro(basis=Basis(tip=True))))) == 23


def test_earn_on_the_part_paid_with_points():
    """€24, of which €9 are paid with points: these earn nothing, unless the shop says so."""
    bill = Bill(paid_in_units_minor=900)
    assert units(judge(purchase(2400, bill=bill), version(per_euro()))) == 15
    assert units(judge(purchase(2400, bill=bill), version(per_euro(basis=Basis(paid_in_units=True))))) == 24


@pytest.mark.parametrize(
    ("basis", "amount", "bill", "counted"),
    [
        (Basis(), 2000, Bill(), 2000),
        (Basis(discount=True), 1800, Bill(discount_minor=200), 2000),
        (Basis(), 1800, Bill(discount_minor=200), 1800),
        (Basis(tax=False), 2300, Bill(400, 300, 200, 900), 700),  # 2300 − 300 tip − 400 tax − 900 in points
        (Basis(tax=False, tip=True, discount=True, paid_in_units=True), 2300, Bill(400, 300, 200, 900), 2100),
        (Basis(), 1000, Bill(paid_in_units_minor=1000), 0),
        (Basis(tax=False), 1000, Bill(tax_minor=200, paid_in_units_minor=900), 0),  # never below zero
        (ONLY_COFFEE, 2000, Bill(items=(COFFEE, CAKE)), 1000),
        (ONLY_COFFEE, 2000, Bill(), 0),  # nobody said what was bought
        (ONLY_COFFEE, 2300, Bill(tip_minor=300, items=(COFFEE, CAKE)), 1000),
        (Basis(tip=True, only=frozenset({"coffee"})), 2300, Bill(tip_minor=300, items=(COFFEE, CAKE)), 1000),
        (NO_CAKE, 2000, Bill(items=(COFFEE, CAKE)), 1000),
        (NO_CAKE, 2000, Bill(), 2000),
        (NO_CAKE, 2500, Bill(items=(COFFEE, CAKE)), 1500),  # €5 that no line explains
        (ONLY_COFFEE, 2500, Bill(items=(COFFEE, CAKE)), 1000),
        # €4 off €20: a fifth less for each line
        (ONLY_COFFEE, 1600, Bill(discount_minor=400, items=(COFFEE, CAKE)), 800),
        (ONLY_COFFEE, 1600, Bill(items=(COFFEE, CAKE, Item(-400))), 800),
        (NO_CAKE, 1600, Bill(discount_minor=400, items=(COFFEE, CAKE)), 800),
        # a coupon for coffee is off the coffee
        (ONLY_COFFEE, 1600, Bill(items=(COFFEE, CAKE, Item(-400, category="coffee"))), 600),
        (NO_CAKE, 1600, Bill(items=(COFFEE, CAKE, Item(-400, category="coffee"))), 600),
        # prices without tax: €20 and €4 of tax on top
        (ONLY_COFFEE, 2400, Bill(tax_minor=400, items=(COFFEE, CAKE)), 1200),
        (Basis(tax=False, only=frozenset({"coffee"})), 2400, Bill(tax_minor=400, items=(COFFEE, CAKE)), 1000),
        # prices with tax in them
        (Basis(tax=False, only=frozenset({"coffee"})), 2000, Bill(tax_minor=400, items=(COFFEE, CAKE)), 800),
        (Basis(), 4000, Bill(items=(COFFEE, CAKE, CARD)), 2000),  # gift cards never count
        (Basis(only=frozenset({GIFT_CARD})), 4000, Bill(items=(COFFEE, CAKE, CARD)), 0),
        (Basis(), 2000, Bill(items=(Item(0), Item(2000))), 2000),
        (Basis(), 0, Bill(items=(Item(0, sku="gift"),)), 0),
    ],
)
def test_what_of_a_bill_counts(basis, amount, bill, counted):
    assert counted_minor(basis, purchase(amount, bill=bill)) == counted


def test_a_bill_of_nothing_but_gift_cards_sets_off_no_rule_of_purchases():
    """Neither points nor a stamp: they earn when they are spent. It is a visit all the same."""
    facts = basket(CARD)
    assert told(facts, per_euro()).code == "gift_card"
    assert told(facts, rule("flat")).code == "gift_card"
    assert told(facts, rule("flat", trigger="visit")).units == 1
    assert told(basket(CARD, COFFEE), rule("flat")).units == 1


money = st.integers(0, 100_000)
lines = st.lists(
    st.builds(
        Item,
        st.integers(-5_000, 50_000),
        st.integers(1, 9),
        st.just(""),
        st.sampled_from(["", "coffee", "cake", GIFT_CARD]),
    ),
    max_size=6,
).map(tuple)
names = st.frozensets(st.sampled_from(["coffee", "cake", "tea"]), max_size=2)


@given(
    st.builds(Basis, st.booleans(), st.booleans(), st.booleans(), st.booleans(), names, names),
    money,
    st.builds(Bill, money, money, money, money, lines),
)
def test_what_counts_is_never_below_zero_nor_more_than_the_amount_and_what_was_taken_off(basis, goods, bill):
    amount = goods + bill.tip_minor
    assert 0 <= counted_minor(basis, purchase(amount, bill=bill)) <= amount + bill.discount_minor

"""One free product, three for the price of two: which piece of a basket it is, and what is missing."""

import pytest

from loyalty.rules.facts import Item
from rewards.basket import freed_of
from rewards.kinds import FreeProduct

COFFEE = FreeProduct(any=("coffee",))
THREE_FOR_TWO = FreeProduct(any=("coffee", "cake"), of=3)


def line(sku, amount_minor, quantity=1, category="coffee"):
    return Item(amount_minor, quantity, sku, category)


LATTE, MOCHA, CAKE = line("latte", 450), line("mocha", 500), line("brownie", 380, category="cake")
BREAD, LATTES = line("bread", 120, category="bakery"), line("latte", 900, 2)


@pytest.mark.parametrize(
    ("value", "items", "sku", "minor"),
    [
        (COFFEE, [LATTE], "latte", 450),
        (COFFEE, [MOCHA, LATTE, BREAD], "latte", 450),
        (COFFEE, [LATTES], "latte", 450),
        (COFFEE, [line("latte", 1000, 3)], "latte", 333),  # no more than one costs
        (FreeProduct(any=("mocha",)), [LATTE, MOCHA], "mocha", 500),  # a product as well as a category
        (FreeProduct(), [MOCHA, BREAD], "bread", 120),  # of anything
        (THREE_FOR_TWO, [LATTES, MOCHA], "latte", 450),
        (THREE_FOR_TWO, [LATTE, MOCHA, CAKE], "brownie", 380),
        (THREE_FOR_TWO, [line("latte", 2700, 6)], "latte", 450),  # once taken, one is free
        (COFFEE, [line("espresso", 0), LATTE], "latte", 450),  # a gift already
        (COFFEE, [line("espresso", 0)], "espresso", 0),  # nobody told prices
        (COFFEE, [line("coupon", -100), LATTE], "latte", 450),
        (COFFEE, [line("first", 300), line("second", 300)], "first", 300),
    ],
)
def test_the_cheapest_piece_is_free(value, items, sku, minor):
    freed = freed_of(value, items)
    assert freed.item is not None
    assert (freed.item.sku, freed.minor, freed.missing) == (sku, minor, 0)


@pytest.mark.parametrize(
    ("value", "items", "missing"),
    [
        (COFFEE, [], 1),
        (COFFEE, [BREAD], 1),
        (THREE_FOR_TWO, [LATTE], 2),
        (THREE_FOR_TWO, [LATTES, BREAD], 1),
        (THREE_FOR_TWO, [LATTES, line("espresso", 0)], 1),  # a gift does not count toward it
        (FreeProduct(), [line("gift_card", 5000, category="gift_card")], 1),
        (COFFEE, [Item(0, 1, "", "gift_card")], 1),
    ],
)
def test_where_there_are_too_few_it_says_how_many_more(value, items, missing):
    freed = freed_of(value, items)
    assert (freed.item, freed.minor, freed.missing) == (None, 0, missing)

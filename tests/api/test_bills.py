"""What of a purchase is what, as a till tells it: kept, told again, and asked for by rules."""

from dataclasses import replace

import pytest

from loyalty.rules.types import Basis, Quota
from tests.loyalty.ruled import per_euro, with_rules

GOODS = Basis(tax=False)


@pytest.fixture
def goods_only(world):
    """A point for each euro of goods: no tax, no tip, nothing that was paid with units."""
    with_rules(world.aroma, per_euro(world.aroma, "goods", basis=GOODS))
    return world


@pytest.mark.parametrize(
    ("parts", "points"),
    [
        ({}, 18),  # 12 × 1.5 (Gold)
        ({"tax": "2.50"}, 15),
        ({"tip": "2.50"}, 15),
        ({"paid_with_units": "2.50"}, 15),
        ({"discount": "2.50"}, 18),  # it is off the amount already
        ({"tax": "2.50", "tip": "5.00", "paid_with_units": "5.00"}, 0),
    ],
)
def test_points_for_the_part_of_a_bill_that_counts(till, basket, goods_only, parts, points):
    made = till.post("/purchases", basket(amount="12.50", **parts)).json()
    assert sum(award["amount"] for award in made["awards"]) == points


def test_a_bill_is_told_as_it_was_sent(till, basket, world):
    sent = {"tax": "1.14", "tip": "1", "discount": "0", "paid_with_units": "2.50", "payment": "Card "}
    made = till.post("/purchases", basket(amount="12.50", **sent)).json()
    told = till.get(f"/purchases/{made['id']}").json()
    assert {name: told[name] for name in sent} == {
        "tax": "1.14",
        "tip": "1.00",
        "discount": "0.00",
        "paid_with_units": "2.50",
        "payment": "card",
    }


def test_the_same_key_with_another_tax_is_another_request(till, basket, world):
    assert till.post("/purchases", basket(tax="1.00"), key="till 1").status_code == 201
    assert till.post("/purchases", basket(tax="1.01"), key="till 1").status_code == 409


def test_a_badge_is_told_as_a_badge_and_nothing_as_nearly_that_was_not(till, basket, world):
    """What is kept for the memory alone is read out nowhere."""
    plain = per_euro(world.aroma, "early bird", quotas=(Quota(1, "times", "ever"),))
    badge = replace(plain, gives="badge", amount=0, per_minor=0, multiplied=False, names={"en": "Early bird"})
    with_rules(world.aroma, per_euro(world.aroma, "points"), badge)
    first, second = (till.post("/purchases", basket()).json() for _again in range(2))
    kept = till.get(f"/purchases/{first['id']}").json()
    assert [badge["reason"] for badge in first["badges"]] == ["the badge “Early bird”"]
    assert second["badges"] == []
    assert (kept["badges"], kept["nearly"]) == (first["badges"], [])

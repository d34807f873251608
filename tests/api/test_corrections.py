"""POST /purchases/{id}/refunds and /members/{id}/adjustments: taking back and correcting, through the public door."""

import pytest

from core.ids import new_id
from tests.api.conftest import assert_refused, public
from tests.loyalty.purchases.test_cancelling import problems, use
from tests.world import points_of


@pytest.fixture
def purchase(till, basket):
    """Mia's, of €12.50: 18 points."""
    return till.post("/purchases", basket()).json()


def refunds(purchase):
    return f"/purchases/{purchase['id']}/refunds"


def adjustments(member):
    return f"/members/{public('mem', member.id)}/adjustments"


def test_a_refund_in_parts_is_told_by_the_purchase_and_the_statement(till, world, purchase):
    first = till.post(refunds(purchase), {"amount": "5.00", "reason": "A cold latte"})
    rest = till.post(refunds(purchase), {})
    assert (first.status_code, rest.status_code) == (201, 201)
    assert [answer.json()["taken_back"] for answer in (first, rest)] == [
        [{"unit": "points", "amount": 7}],
        [{"unit": "points", "amount": 11}],
    ]
    assert (rest.json()["amount"], rest.json()["refunded"], rest.json()["left"]) == ("7.50", "12.50", "0.00")
    read = till.get(f"/purchases/{purchase['id']}").json()
    assert (read["refunded"], read["cancelled_at"]) == ("12.50", None)
    assert [(line["id"], line["amount"]) for line in read["refunds"]] == [
        (first.json()["id"], "5.00"),
        (rest.json()["id"], "7.50"),
    ]
    assert till.get("/purchases").json()["items"][0]["refunds"] == read["refunds"]
    lines = till.get(f"/members/{public('mem', world.mia.id)}/statement").json()["items"][:3]
    assert [(line["kind"], line["amount"], line["balance"]) for line in lines] == [
        ("take_back", -11, 1200),
        ("take_back", -7, 1211),
        ("award", 18, 1218),
    ]
    assert (lines[1]["reason"], lines[1]["note"]) == (
        "€5.00 of a purchase of €12.50 refunded",
        "A cold latte",
    )
    assert problems(world) == []


def test_what_was_used_is_a_debt_in_the_balances(till, world, purchase):
    use(world, world.mia, 1218)
    answer = till.post(refunds(purchase), {}).json()
    points = answer["balances"]["points"]
    assert (points["available"], points["debt"]) == (0, 18)
    member = till.get(f"/members/{public('mem', world.mia.id)}").json()
    assert member["balances"]["points"] == points
    line = till.get(f"/members/{public('mem', world.mia.id)}/statement").json()["items"][0]
    assert (line["amount"], line["balance"], line["units"]) == (-18, -18, 18)


def test_a_purchase_says_that_it_repaid(till, world, basket, purchase):
    use(world, world.mia, 1218)
    till.post(refunds(purchase), {})
    answer = till.post("/purchases", basket(amount="14.00")).json()
    assert answer["awards"][0]["amount"] == 21
    assert answer["balances"]["points"] | {"expiring": []} == {
        "available": 3, "pending": 0, "held": 0, "debt": 0, "expiring": [],
    }  # fmt: skip


def test_the_same_key_answers_the_same_for_ever_also_a_no(till, world, purchase):
    yes, no = str(new_id()), str(new_id())
    first = till.post(refunds(purchase), {"amount": "5"}, key=yes)
    refused = till.post(refunds(purchase), {"amount": "7.51"}, key=no)
    assert_refused(refused, 409, "refund_exceeds_purchase", "amount")
    for again, before in (
        (till.post(refunds(purchase), {"amount": "5"}, key=yes), first),
        (till.post(refunds(purchase), {"amount": "7.51"}, key=no), refused),
    ):
        assert (again.content, again.headers["Idempotency-Replayed"]) == (before.content, "true")
    assert_refused(till.post(refunds(purchase), {"amount": "6"}, key=yes), 409, "idempotency_key_reused")
    assert_refused(till.post(refunds(purchase), {}, key=None), 400, "idempotency_key_missing")
    assert points_of(world.aroma, world.mia) == 1211


def test_a_cancelled_purchase_is_not_refunded_and_a_refunded_one_not_cancelled(till, basket, purchase):
    other = till.post("/purchases", basket()).json()
    till.post(f"/purchases/{purchase['id']}/cancellation", {})
    assert_refused(till.post(refunds(purchase), {}), 409, "purchase_cancelled")
    till.post(refunds(other), {})
    assert_refused(till.post(f"/purchases/{other['id']}/cancellation", {}), 409, "purchase_refunded")


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"amount": "0"}, "amount_out_of_range", "amount"),
        ({"amount": "-1.00"}, "amount_out_of_range", "amount"),
        ({"amount": "1.005"}, "amount_too_precise", "amount"),
        ({"amount": "1,00"}, "amount_unreadable", "amount"),
        ({"amount": 1}, "amount_unreadable", "amount"),
        ({"amount": None}, "value_of_wrong_kind", "amount"),
        ({"amount": "1.00", "currency": "USD"}, "currency_mismatch", "currency"),
        ({"amount": "1.00", "reason": "x" * 201}, "text_too_long", "reason"),
        ({"amount": "1.00", "reason": "a\u202eb"}, "text_forbidden", "reason"),
        ({"amount": "1.00", "reason": "a\u0000b"}, "text_forbidden", "reason"),
        ({"amount": "1.00", "ammount": "2.00"}, "field_unknown", "ammount"),
    ],
)
def test_a_refund_that_cannot_be_changes_nothing(till, world, purchase, body, code, field):
    assert_refused(till.post(refunds(purchase), body), 422, code, field)
    assert points_of(world.aroma, world.mia) == 1218


def test_nobody_refunds_through_another_merchants_key(till, bloom_till, world, purchase):
    assert_refused(bloom_till.post(refunds(purchase), {}), 404, "purchase_not_found")
    assert_refused(till.post("/purchases/pur_x/refunds", {}), 404, "purchase_not_found")
    assert points_of(world.aroma, world.mia) == 1218


def test_an_adjustment_moves_the_balance_for_a_reason(till, world):
    response = till.post(adjustments(world.mia), {"unit": "points", "amount": -30, "reason": "Counted twice"})
    answer = response.json()
    assert response.status_code == 201
    assert (answer["amount"], answer["balances"]["points"]["available"]) == (-30, 1170)
    line = till.get(f"/members/{public('mem', world.mia.id)}/statement").json()["items"][0]
    assert (line["id"], line["kind"], line["amount"], line["balance"]) == (answer["id"], "adjust", -30, 1170)
    assert (line["reason"], line["note"]) == ("Corrected by hand", "Counted twice")


def test_more_than_there_is_is_refused_for_ever(till, world):
    body, key = {"unit": "points", "amount": -1201, "reason": "x"}, str(new_id())
    assert_refused(till.post(adjustments(world.mia), body, key=key), 409, "insufficient_units")
    till.post(adjustments(world.mia), {"unit": "points", "amount": 50, "reason": "x"})
    again = till.post(adjustments(world.mia), body, key=key)
    assert_refused(again, 409, "insufficient_units")
    assert again.headers["Idempotency-Replayed"] == "true"
    assert points_of(world.aroma, world.mia) == 1250


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"amount": 0}, "units_out_of_range", "amount"),
        ({"amount": 1_000_001}, "value_out_of_range", "amount"),
        ({"amount": 1.5}, "value_of_wrong_kind", "amount"),
        ({"amount": "5"}, "value_of_wrong_kind", "amount"),
        ({"amount": True}, "value_of_wrong_kind", "amount"),
        ({"reason": " "}, "reason_missing", "reason"),
        ({"reason": "x" * 201}, "text_too_long", "reason"),
        ({"unit": "stamps"}, "unit_unknown", "unit"),
        ({"unit": ""}, "unit_unknown", "unit"),
        ({"note": "x"}, "field_unknown", "note"),
    ],
)
def test_an_adjustment_that_cannot_be_changes_nothing(till, world, change, code, field):
    body = {"unit": "points", "amount": 5, "reason": "A gift"} | change
    assert_refused(till.post(adjustments(world.mia), body), 422, code, field)
    assert points_of(world.aroma, world.mia) == 1200


def test_what_is_missing_is_named(till, world):
    assert_refused(till.post(adjustments(world.mia), {"unit": "points"}), 422, "field_missing")
    whole = {"unit": "points", "amount": 5, "reason": "x"}
    assert_refused(till.post(adjustments(world.mia), whole, key=None), 400, "idempotency_key_missing")


def test_nobody_adjusts_another_merchants_member(till, bloom_till, world):
    body = {"unit": "points", "amount": 5, "reason": "x"}
    assert_refused(bloom_till.post(adjustments(world.mia), body), 404, "member_not_found")
    assert_refused(till.post("/members/mem_x/adjustments", body), 404, "member_not_found")
    assert points_of(world.aroma, world.mia) == 1200

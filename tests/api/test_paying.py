"""A part of a purchase paid with units, as a program asks for it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import tenancy
from loyalty.programme import versions
from members import cards, pins
from tests.api.conftest import assert_refused, rotating
from tests.loyalty.purchases.test_paying import paying
from tests.world import points_of

__all__ = ["paying"]


def pay(**how):
    return {"pay": {"unit": "points", **how}}


@pytest.mark.parametrize(
    ("how", "paid"),
    [
        ({"amount": 30}, {"unit": "points", "amount": 30, "money": "1.50", "left": "11.00"}),
        ({"money": "5.00"}, {"unit": "points", "amount": 100, "money": "5.00", "left": "7.50"}),
        ({"most": True}, {"unit": "points", "amount": 230, "money": "11.50", "left": "1.00"}),
    ],
)
def test_any_part_of_a_bill_is_paid_with_units_and_told(till, basket, paying, how, paid):
    preview = till.post("/purchases?dry_run=true", basket(**pay(**how)), key=None).json()
    made = till.post("/purchases", basket(**pay(**how))).json()
    assert made["paid"] == paid == preview["paid"]
    assert made["balances"] == preview["balances"]
    told = till.get(f"/purchases/{made['id']}").json()
    assert told["paid_with_units"] == paid["money"]


def test_a_purchase_says_nothing_of_units_where_none_pay(till, basket, paying):
    assert "paid" not in till.post("/purchases", basket()).json()


def test_a_refund_says_how_much_of_it_is_money(till, basket, paying):
    made = till.post("/purchases", basket(amount="10.00", **pay(money="5.00"))).json()
    back = till.post(f"/purchases/{made['id']}/refunds", {"amount": "4.00"}).json()
    assert (back["in_money"], back["given_back"]) == ("2.00", [{"unit": "points", "amount": 40}])


@pytest.mark.parametrize(
    ("changes", "status", "code", "field"),
    [
        (pay(), 422, "pay_ambiguous", "pay"),
        (pay(amount=1, most=True), 422, "pay_ambiguous", "pay"),
        (pay(most=False), 422, "value_of_wrong_kind", "pay.most"),
        (pay(amount=0), 422, "value_out_of_range", "pay.amount"),
        (pay(amount="30"), 422, "value_of_wrong_kind", "pay.amount"),
        (pay(money="0"), 422, "amount_out_of_range", "pay.money"),
        (pay(money=5), 422, "amount_unreadable", "pay.money"),
        (pay(coins=5), 422, "field_unknown", "pay.coins"),
        ({"pay": {"amount": 5}}, 422, "field_missing", "pay.unit"),
        ({"pay": []}, 422, "value_of_wrong_kind", "pay"),
        ({"pay": "points"}, 422, "value_of_wrong_kind", "pay"),
        ({"pay": {"unit": "stars", "amount": 5}}, 422, "unit_unknown", "pay.unit"),
        (pay(amount=5) | {"paid_with_units": "1.00"}, 422, "paid_twice", "paid_with_units"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_changed(
    till, basket, paying, unchanged, changes, status, code, field
):
    assert_refused(till.post("/purchases", basket(**changes)), status, code, field)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        (pay(amount=1201) | {"amount": "400.00"}, "insufficient_units"),
        (pay(amount=240), "money_needed"),
        (pay(most=True) | {"amount": "1.00"}, "unit_pays_nothing"),
    ],
)
def test_what_cannot_be_paid_is_declined_for_ever(till, basket, paying, changes, code):
    first, again = (till.post("/purchases", basket(**changes), key="receipt 7") for _again in range(2))
    assert (first.status_code, first.json()["code"], again.content) == (409, code, first.content)
    assert till.post("/purchases", basket()).json()["balances"]["points"]["available"] == 1218


def test_a_printed_card_or_a_number_pays_nothing_and_the_live_card_does(till, basket, paying):
    static = cards.static_code(paying.mia_card, paying.aroma)
    for who in ({"card": static}, {"phone": paying.mia.phone}, {"card": paying.mia_card.spoken_code}):
        refused = till.post("/purchases", basket(member=None, **who, **pay(amount=10)))
        assert_refused(refused, 403, "second_proof_needed", "proof")
    wrong = till.post("/purchases", basket(member=None, card=static, proof="0000", **pay(amount=10)))
    assert_refused(wrong, 422, "proof_wrong", "proof")
    with tenancy.scope(paying.aroma.id):
        pins.set_pin(member=paying.mia, pin="4711")
    right = till.post(
        "/purchases", basket(member=None, card=static, proof="4711", **pay(amount=10)), key="r 8"
    )
    assert right.json()["paid"]["amount"] == 10
    again = till.post("/purchases", basket(member=None, card=static, **pay(amount=10)), key="r 8")
    assert again.content == right.content, "what was recorded asks for no proof again"
    live = till.post(
        "/purchases", basket(member=None, card=rotating(paying, paying.mia_card), **pay(amount=10))
    )
    assert live.json()["paid"]["amount"] == 10


def test_a_purchase_that_units_pay_takes_three_statements(till, basket, paying):
    versions.forget_versions()
    counts = []
    for more in ({}, {}, pay(amount=10)):
        with CaptureQueriesContext(connection) as queries:
            assert till.post("/purchases", basket(**more)).status_code == 201
        counts.append(len([query for query in queries if "read_version" not in query["sql"]]))
    assert counts[1:] == [2, 3]


def test_a_key_that_may_only_record_purchases_spends_no_units(key_with, basket, paying):
    recorder, spender = key_with("purchases:write"), key_with("redemptions:write")
    static = cards.static_code(paying.mia_card, paying.aroma)
    named = recorder.post("/purchases?dry_run=true", basket(member=None, card=static), key=None).json()
    for who in ({"member": named["member"]["id"]}, {"card": rotating(paying, paying.mia_card)}):
        for address, key in (("/purchases", "r 9"), ("/purchases?dry_run=true", None)):
            refused = recorder.post(address, basket(**{"member": None} | who, **pay(most=True)), key=key)
            assert_refused(refused, 403, "scope_missing")
            assert "redemptions:write" in refused.json()["detail"]
    refused = spender.post("/purchases", basket(**pay(most=True)))
    assert_refused(refused, 403, "scope_missing")
    assert "purchases:write" in refused.json()["detail"]
    assert points_of(paying.aroma, paying.mia) == 1200


def test_a_key_that_may_do_both_spends_units(key_with, basket, paying):
    both = key_with("purchases:write", "redemptions:write")
    assert both.post("/purchases", basket(**pay(amount=10))).json()["paid"]["amount"] == 10

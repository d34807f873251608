"""Bad purchases: each a clear 4xx, and nothing changed. One line of the list, one test."""

import json

import pytest
from django.db import connection
from django.utils import timezone

from core import tenancy
from core.ids import new_id
from members import cards
from tests.api.conftest import assert_refused, public, rotating


@pytest.fixture
def sale(till, basket):
    """A purchase with these changes to the basket: the response."""
    return lambda **changes: till.post("/purchases", basket(**changes))


@pytest.fixture
def scan(sale):
    """A purchase with this scanned text: the response."""
    return lambda text: sale(member=None, card=text)


# --- cards ----------------------------------------------------------------------------------------------------------


def test_an_unknown_card(scan, world, unchanged):
    with tenancy.scope(world.aroma.id):
        stranger = cards.new_card(new_id())
    assert_refused(scan(cards.static_code(stranger, world.aroma)), 404, "member_not_found")
    assert_refused(scan("ZZZZZZ"), 404, "member_not_found")


def test_a_card_of_another_merchant(scan, world, unchanged):
    code = cards.static_code(world.zoe_card, world.bloom)
    assert_refused(scan(code), 422, "card_other_merchant", "card")


def test_a_card_of_another_environment(scan, world, settings, unchanged):
    settings.CARD_SECRET = "of the test system"
    code = cards.static_code(world.mia_card, world.aroma)
    settings.CARD_SECRET = "of production"
    assert_refused(scan(code), 422, "card_unreadable", "card")


def test_a_truncated_card(scan, world, unchanged):
    code = rotating(world, world.mia_card)
    for end in range(code.index("/q/") + 3, len(code)):
        assert_refused(scan(code[:end]), 422, "card_unreadable", "card")


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/menu",
        "WIFI:S:Aroma;T:WPA;P:latte;;",
        "BEGIN:VCARD\nFN:Mia\nEND:VCARD",
        "3017620422003",
        "",
        " ",
        "mem_" + "0" * 31,
        "X" * 400,
        "https://example.org/q/" + "7" * 300,
        "💳",
    ],
)
def test_a_text_that_is_no_card(scan, text, unchanged):
    response = scan(text)
    assert response.status_code in (404, 422)
    assert response.json()["code"] in ("card_unreadable", "member_not_found")


def test_an_expired_card(scan, world, unchanged):
    yesterday = timezone.now().timestamp() - 86_400
    assert_refused(scan(rotating(world, world.mia_card, now=yesterday)), 409, "card_expired", "card")


def test_a_card_from_the_future(scan, world, unchanged):
    tomorrow = timezone.now().timestamp() + 86_400
    assert_refused(scan(rotating(world, world.mia_card, now=tomorrow)), 409, "card_expired", "card")


def test_a_replayed_card(scan, world, books):
    code = rotating(world, world.mia_card)
    assert scan(code).status_code == 201
    after = books()
    assert_refused(scan(code), 409, "card_already_used", "card")
    assert books() == after


def test_a_revoked_card(scan, world, books):
    code = cards.static_code(world.mia_card, world.aroma)
    with tenancy.scope(world.aroma.id):
        world.mia_card.generation += 1
        world.mia_card.save(update_fields=["generation"])
    after = books()
    assert_refused(scan(code), 409, "card_revoked", "card")
    assert books() == after


# --- amounts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("0", "amount_out_of_range"),
        ("0.00", "amount_out_of_range"),
        ("-12.50", "amount_out_of_range"),
        ("12.505", "amount_too_precise"),
        ("1000000000000", "amount_out_of_range"),
        ("1e3", "amount_unreadable"),
        ("12,50", "amount_unreadable"),
        ("", "amount_unreadable"),
        ("١٢", "amount_unreadable"),
        ("NaN", "amount_unreadable"),
        ("12.5\x00", "amount_unreadable"),
        (12.50, "amount_unreadable"),
        (12, "amount_unreadable"),
        (None, "field_missing"),
        ([], "value_of_wrong_kind"),
        (True, "value_of_wrong_kind"),
    ],
)
def test_an_amount_that_cannot_be(sale, amount, code, unchanged):
    assert_refused(sale(amount=amount), 422, code, "amount")


def test_two_to_the_power_of_63(till, basket, unchanged):
    body = json.dumps(basket(amount="AMOUNT")).replace('"AMOUNT"', str(2**63)).encode()
    assert_refused(till.post("/purchases", body), 422, "amount_unreadable", "amount")
    huge = body.replace(str(2**63).encode(), b"9" * 5000)
    assert_refused(till.post("/purchases", huge), 400, "json_unreadable")
    quantity = basket(items=[{"quantity": 2**63}])
    assert_refused(till.post("/purchases", quantity), 422, "value_out_of_range", "items.0.quantity")


def test_a_wrong_currency(sale, unchanged):
    for currency in ("USD", "eur", "EURO", ""):
        assert_refused(sale(currency=currency), 422, "currency_mismatch", "currency")
    assert_refused(sale(currency=None), 422, "field_missing", "currency")


# --- idempotency --------------------------------------------------------------------------------------------------------


def test_a_missing_idempotency_key(till, basket, unchanged):
    assert_refused(till.post("/purchases", basket(), key=None), 400, "idempotency_key_missing")
    assert_refused(till.post("/purchases", basket(), key=""), 400, "idempotency_key_missing")


@pytest.mark.parametrize("key", ["x" * 256, "clé", "a\tb"])
def test_an_idempotency_key_that_cannot_be(till, basket, key, unchanged):
    assert_refused(till.post("/purchases", basket(), key=key), 400, "idempotency_key_unreadable")


def test_a_key_reused_for_another_purchase(till, basket, books, world):
    assert till.post("/purchases", basket(), key="K").status_code == 201
    after = books()
    for other in (
        basket(amount="12.51"),
        basket(reference="R-2"),
        basket(member=public("mem", world.noah.id)),
    ):
        assert_refused(till.post("/purchases", other, key="K"), 409, "idempotency_key_reused")
    assert_refused(till.post("/members", {"phone": "0611223344"}, key="K"), 409, "idempotency_key_reused")
    assert books() == after


# --- the rest of the body -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"refrence": "R-1"}, "field_unknown", "refrence"),
        ({"merchant_id": "x"}, "field_unknown", "merchant_id"),
        ({"tier": "Gold"}, "field_unknown", "tier"),
        ({"reference": "R" * 61}, "text_too_long", "reference"),
        ({"reference": 7}, "value_of_wrong_kind", "reference"),
        ({"reference": "R\x00"}, "text_forbidden", "reference"),
        ({"reference": "\u202egro.elpmaxe"}, "text_forbidden", "reference"),
        ({"items": {}}, "value_of_wrong_kind", "items"),
        ({"items": [1]}, "value_of_wrong_kind", "items"),
        ({"items": [{}] * 201}, "value_out_of_range", "items"),
        ({"items": [{"sku": "a", "price": "1"}]}, "field_unknown", "items.0.price"),
        ({"items": [{"sku": "a"}, {"sku": "\x00"}]}, "text_forbidden", "items.1.sku"),
        ({"items": [{"quantity": 0}]}, "value_out_of_range", "items.0.quantity"),
        ({"items": [{"quantity": True}]}, "value_of_wrong_kind", "items.0.quantity"),
        ({"items": [{"amount": "1.005"}]}, "amount_too_precise", "items.0.amount"),
        ({"items": [{"amount": "one"}]}, "amount_unreadable", "items.0.amount"),
        ({"location": "loc_1"}, "id_unreadable", "location"),
        ({"location": public("loc", new_id())}, "location_not_found", "location"),
        ({"occurred_at": "2026-11-21"}, "moment_unreadable", "occurred_at"),
        ({"occurred_at": "2026-11-21T09:30:00"}, "moment_unreadable", "occurred_at"),
        ({"occurred_at": "2026-02-30T09:30:00Z"}, "moment_unreadable", "occurred_at"),
        ({"occurred_at": 1795251000}, "value_of_wrong_kind", "occurred_at"),
        ({"occurred_at": "2999-01-01T00:00:00Z"}, "occurred_at_out_of_range", "occurred_at"),
        ({"occurred_at": "2001-01-01T00:00:00Z"}, "occurred_at_out_of_range", "occurred_at"),
        ({"phone": "0612345678"}, "member_ambiguous", "phone"),
        ({"member": None}, "member_ambiguous", "card"),
        ({"member": None, "phone": "tomato"}, "phone_unreadable", "phone"),
    ],
)
def test_a_field_that_cannot_be(sale, changes, code, field, unchanged):
    assert_refused(sale(**changes), 422, code, field)


@pytest.mark.parametrize(
    "name",
    [{"member": "mem_1"}, {"member": "pur_" + "0" * 32}, {"phone": "+33 6 00 00 00 00"}, {"phone": ""}],
)
def test_nobody_of_that_name(sale, name, unchanged):
    assert_refused(sale(**({"member": None} | name)), 404, "member_not_found")


# --- other merchants -----------------------------------------------------------------------------------------------------


def test_another_merchants_ids_are_nobodys(till, basket, sale, world, unchanged):
    assert_refused(sale(member=public("mem", world.zoe.id)), 404, "member_not_found")
    assert_refused(sale(location=public("loc", world.bloom_shop.id)), 422, "location_not_found", "location")
    assert_refused(sale(member=None, phone="+33600000001"), 404, "member_not_found")
    for finder in ("member", "location"):
        dry = till.post("/purchases?dry_run=true", basket(**{finder: public(finder[:3], world.zoe.id)}))
        assert dry.status_code in (404, 422)


def test_another_merchants_purchase_does_not_exist(till, bloom_till, basket):
    made = till.post("/purchases", basket()).json()["id"]
    assert_refused(bloom_till.get(f"/purchases/{made}"), 404, "purchase_not_found")
    for text in ("pur_1", "mem_" + "0" * 32, "%00", "..", "é"):
        assert_refused(till.get(f"/purchases/{text}"), 404, "purchase_not_found")


def test_another_merchants_key_reaches_its_own_only(bloom_till, basket, world, unchanged):
    for name in (
        {"card": rotating(world, world.mia_card)},
        {"card": cards.static_code(world.mia_card, world.aroma)},
    ):
        assert_refused(bloom_till.post("/purchases", basket(member=None, **name)), 422, "card_other_merchant")
    assert_refused(bloom_till.post("/purchases", basket()), 404, "member_not_found")
    assert bloom_till.get("/purchases", member=public("mem", world.mia.id)).json()["items"] == []


def test_a_refusal_leaves_no_transaction_behind(sale, unchanged):
    assert sale(amount="0").status_code == 422
    assert not connection.needs_rollback


# --- bills ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "code", "field"),
    [
        ({"tax": "12.51"}, "bill_exceeds_amount", "amount"),
        ({"tax": "6.25", "tip": "6.00", "paid_with_units": "0.26"}, "bill_exceeds_amount", "amount"),
        ({"tip": "-1.00"}, "amount_out_of_range", "tip"),
        ({"tax": "1.000"}, "amount_too_precise", "tax"),
        ({"discount": ""}, "amount_unreadable", "discount"),
        ({"paid_with_units": "ten"}, "amount_unreadable", "paid_with_units"),
        ({"payment": "x" * 41}, "text_too_long", "payment"),
        ({"payment": 7}, "value_of_wrong_kind", "payment"),
    ],
)
def test_a_bill_that_does_not_add_up(sale, unchanged, parts, code, field):
    assert_refused(sale(amount="12.50", **parts), 422, code, field)

"""A purchase at the till: the answer in words, at most once, and for bad input a clear 4xx with nothing changed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import tenancy
from core.ids import new_id, public_id
from loyalty.models import Purchase
from members.cards import rotating_code, static_code
from merchants.queries import staff_member
from tests.web.scanner.conftest import Till, words_of
from tests.world import points_of


def purchases_at(merchant):
    with tenancy.scope(merchant.id):
        return list(Purchase.objects.filter(channel="scanner"))


def test_the_answer_tells_name_points_reason_balance_and_tier(world, till):
    response = till.stamp(rotating_code(world.mia_card, world.aroma), "12.00")
    assert response.status_code == 201
    said = words_of(response)
    assert "+18 points Mia 1,218 points 12 × 1.5 (Gold)" in said
    assert "Gold, the highest tier" in said
    assert points_of(world.aroma, world.mia) == 1218


def test_a_purchase_knows_its_channel_its_actor_and_its_place(world, till):
    till.open()
    till.stamp(static_code(world.noah_card, world.aroma), "4.20")
    (purchase,) = purchases_at(world.aroma)
    with tenancy.scope(world.aroma.id):
        assert purchase.actor_id == staff_member(world.sam.id).id
    assert purchase.location_id == world.croix_rousse.id
    assert purchase.amount_minor == 420


def test_moving_up_is_told(world, till):
    said = words_of(till.stamp(static_code(world.noah_card, world.aroma), "260"))
    assert "Noah moves up to Silver" in said
    assert "Silver · €240 to Gold" in said


def test_a_purchase_too_small_to_earn_is_kept_and_says_why(world, till):
    response = till.stamp(static_code(world.noah_card, world.aroma), "0.40")
    assert response.status_code == 201
    assert "Nothing to add this time. The purchase is kept. €0.60 short of the first point" in words_of(
        response
    )
    assert points_of(world.aroma, world.noah) == 50


@pytest.mark.parametrize("typed", ["12.00", "12,00", "12", " 12 ", "€12", "12,00 €"])
def test_amounts_are_read_as_people_type_them(world, till, typed):
    till.stamp(static_code(world.mia_card, world.aroma), typed)
    assert points_of(world.aroma, world.mia) == 1218


def test_spoken_code_phone_and_member_id_all_name_mia(world, till):
    for code in (world.mia_card.spoken_code.lower(), "06 12 34 56 78", public_id("mem", world.mia.id)):
        assert "Mia" in words_of(till.stamp(code, "1"))
    assert points_of(world.aroma, world.mia) == 1203


def test_the_same_key_twice_shows_the_same_answer_and_counts_once(world, till):
    code, key = rotating_code(world.mia_card, world.aroma), new_id()
    first, second = till.stamp(code, "12", key), till.stamp(code, "12", key)
    assert (first.status_code, second.status_code) == (201, 200)
    assert words_of(first) == words_of(second)
    assert points_of(world.aroma, world.mia) == 1218
    assert len(purchases_at(world.aroma)) == 1


def test_a_key_used_for_another_amount_is_a_conflict(world, till):
    code, key = static_code(world.mia_card, world.aroma), new_id()
    till.stamp(code, "12", key)
    response = till.stamp(code, "13", key)
    assert response.status_code == 409
    assert "Already sent" in words_of(response)
    assert points_of(world.aroma, world.mia) == 1218


def test_a_replayed_rotating_code_is_a_conflict_in_clear_words(world, till):
    code = rotating_code(world.mia_card, world.aroma)
    till.stamp(code, "12")
    response = till.stamp(code, "12")
    assert response.status_code == 409
    assert "Already scanned" in words_of(response)
    assert points_of(world.aroma, world.mia) == 1218


@pytest.mark.parametrize(
    ("amount", "says"),
    [
        ("0", "more than zero"),
        ("0.00", "more than zero"),
        ("-5", "more than zero"),
        ("1000000000000", "more than zero and at most"),
        ("12.345", "EUR has 2 decimals"),
        ("", "as a number"),
        ("twelve", "as a number"),
        ("NaN", "as a number"),
        ("1e9", "as a number"),
        ("12\x00", "as a number"),
        ("9" * 500, "as a number"),
        ("١٢", "as a number"),
    ],
)
def test_an_impossible_amount_is_refused_and_nothing_changes(world, till, amount, says):
    response = till.stamp(static_code(world.mia_card, world.aroma), amount)
    assert response.status_code == 422
    assert "Check the amount" in words_of(response)
    assert says in words_of(response)
    assert points_of(world.aroma, world.mia) == 1200
    assert purchases_at(world.aroma) == []


def broken_codes(world):
    good = rotating_code(world.mia_card, world.aroma)
    return {
        "empty": "",
        "truncated": good[:-4],
        "altered": good[:-5] + ("A" if good[-5] != "A" else "B") + good[-4:],
        "a web page": "https://example.org/menu",
        "a NUL": good + "\x00",
        "huge": "https://example.org/q/" + "A" * 100_000,
        "emoji": "☕" * 20,
        "a forged note": "scanned.1-2-3-4.abc.def",
    }


def test_what_is_no_card_is_refused_and_nothing_changes(world, till):
    for name, code in broken_codes(world).items():
        response = till.stamp(code, "12")
        assert response.status_code == 422, name
        assert "Card not read" in words_of(response), name
    assert points_of(world.aroma, world.mia) == 1200


def test_bytes_that_are_no_text_are_refused_and_nothing_changes(world, till):
    for raw in (
        b"code=%ED%A0%BD&amount=12&key=k",
        b"code=%FF%FE&amount=12&key=k",
        b"code=mem_\xff&amount=%ED%B0%80&key=k",
    ):
        response = till.client.post(
            "/scan/aroma/purchases",
            raw,
            content_type="application/x-www-form-urlencoded",
            headers=till.headers,
        )
        assert response.status_code in {404, 422}
    assert points_of(world.aroma, world.mia) == 1200


def test_a_code_nobody_has_is_not_found(world, till):
    response = till.stamp("ZZZ999", "12")
    assert response.status_code == 404
    assert "Nobody found" in words_of(response)


def test_an_expired_code_is_refused(world, till):
    response = till.stamp(rotating_code(world.mia_card, world.aroma, now=1_000_000), "12")
    assert response.status_code == 422
    assert "Code too old" in words_of(response)
    assert points_of(world.aroma, world.mia) == 1200


def test_a_replaced_card_is_refused(world, till):
    code = static_code(world.mia_card, world.aroma)
    with tenancy.scope(world.aroma.id):
        world.mia_card.generation += 1
        world.mia_card.save(update_fields=["generation"])
    response = till.stamp(code, "12")
    assert response.status_code == 422
    assert "Card replaced" in words_of(response)


def test_blooms_card_at_aromas_till_is_refused_without_a_name(world, till):
    response = till.stamp(rotating_code(world.zoe_card, world.bloom), "12")
    assert response.status_code == 422
    assert "Not our card" in words_of(response)
    assert "Zoe" not in words_of(response)
    assert points_of(world.bloom, world.zoe) == 0


def test_blooms_member_id_and_spoken_code_name_nobody_at_aroma(world, till):
    for code in (public_id("mem", world.zoe.id), world.zoe_card.spoken_code):
        assert till.stamp(code, "12").status_code == 404
    assert points_of(world.bloom, world.zoe) == 0


def test_a_form_without_its_key_is_refused(world, till):
    for key in ("", "x" * 256):
        said = {"code": static_code(world.mia_card, world.aroma), "amount": "12", "key": key}
        response = till.client.post("/scan/aroma/purchases", said, headers=till.headers)
        assert response.status_code == 422
        assert "Reload it" in words_of(response)
    assert points_of(world.aroma, world.mia) == 1200


def test_strangers_find_nothing_and_visitors_are_asked_to_sign_in(world, client):
    petra = Till(world.petra)
    assert petra.stamp(static_code(world.mia_card, world.aroma), "12").status_code == 404
    response = client.post("/scan/aroma/purchases", {"code": "x", "amount": "1", "key": "k"})
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")
    assert points_of(world.aroma, world.mia) == 1200


def test_htmx_without_a_sign_in_sends_the_whole_page_to_the_door(world, client):
    response = client.post(
        "/scan/aroma/lookup",
        {"code": "x"},
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/scan/aroma/"},
    )
    assert response.headers["HX-Redirect"] == "/accounts/login/?next=/scan/aroma/"


def test_without_javascript_the_answer_is_a_whole_page_ready_for_the_next(world, plain_till):
    response = plain_till.stamp(static_code(world.mia_card, world.aroma), "12,00")
    assert response.status_code == 201
    page = response.content.decode()
    assert page.lstrip().startswith("<!doctype html>")
    assert "1,218" in page
    assert 'id="scan-form"' in page


def test_without_javascript_a_refusal_keeps_what_was_typed(world, plain_till):
    response = plain_till.stamp(static_code(world.mia_card, world.aroma), "12.345")
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="12.345"' in page
    assert static_code(world.mia_card, world.aroma) in page


def test_a_script_in_what_was_typed_stays_text(world, plain_till):
    page = plain_till.stamp('"><script>x</script>', "<b>1").content.decode()
    assert "<script>x" not in page
    assert "<b>1" not in page


def test_what_it_will_earn_is_told_while_the_amount_is_typed_and_nothing_is_written(world, till):
    code = static_code(world.mia_card, world.aroma)
    response = till.preview(code, "12.00")
    assert words_of(response) == "+18 = 12 × 1.5 (Gold)"
    assert words_of(till.preview(code, "0.40")) == "+0 €0.60 short of the first point"
    assert points_of(world.aroma, world.mia) == 1200
    assert purchases_at(world.aroma) == []


def test_what_cannot_be_told_is_left_out(world, till):
    for code, amount in (
        ("x", "12"),
        (world.zoe_card.spoken_code, "12"),
        (world.mia_card.spoken_code, "0"),
        ("", ""),
    ):
        response = till.preview(code, amount)
        assert (response.status_code, words_of(response)) == (200, "")


def test_a_purchase_costs_few_queries(world, till):
    till.open()
    code = static_code(world.mia_card, world.aroma)
    till.stamp(code, "1")
    with CaptureQueriesContext(connection) as queries:
        till.stamp(code, "12")
    asked = [
        query["sql"]
        for query in queries
        if "SAVEPOINT" not in query["sql"] and "set_config" not in query["sql"]
    ]
    # Session, user, merchant, staff member; read, write; the version's number for the words.
    assert len(asked) == 7, "\n".join(asked)

"""Members, statements, the programme and its locations through the API."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import tenancy
from core.ids import new_id
from loyalty.membership import joining
from loyalty.models import Referral
from members import cards, profiles
from members.models import Member
from members.referring import friend_code
from tests.api.conftest import assert_refused, public, rotating

ADA = {
    "name": "Ada",
    "phone": "06 11 22 33 44",
    "email": "Ada@Example.org",
    "locale": "fr",
    "birthday": "1990-05-24",
}


@pytest.fixture
def mia(world):
    """The path of Mia."""
    return f"/members/{public('mem', world.mia.id)}"


def test_an_enrolled_member_reads_as_promised(till, world):
    location = public("loc", world.croix_rousse.id)
    response = till.post("/members", ADA | {"location": location, "consents": {"points_email": True}})
    assert response.status_code == 201
    ada = dict(response.json())
    assert dt.datetime.fromisoformat(ada.pop("joined_at")).utcoffset() in (
        dt.timedelta(hours=1),
        dt.timedelta(hours=2),
    )
    ident = ada.pop("id")
    assert ada == {
        "name": "Ada",
        "phone": "+33611223344",
        "email": "ada@example.org",
        "locale": "fr",
        "birthday": "1990-05-24",
        "tags": [],
        "balances": {"points": {"available": 50, "pending": 0, "held": 0, "debt": 0, "expiring": []}},
        "tier": {
            "name": "Bronze",
            "progress": {"current": "0.00", "next": "250.00", "of": "spend"},
            "next_tier": "Silver",
        },
        "perks": [],
        "challenges": [],
        "badges": [],
    }
    assert till.get(f"/members/{ident}").json() == response.json()
    with tenancy.scope(world.aroma.id):
        member = Member.objects.get(email="ada@example.org")
        assert member.location_id == world.croix_rousse.id
        assert profiles.consents_of(member) == {"points_email": True}


def test_enrolling_twice_under_one_key_is_one_member(till, books):
    first = till.post("/members", ADA, key="K")
    after = books()
    again = till.post("/members", ADA, key="K")
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert_refused(till.post("/members", ADA | {"name": "Bob"}, key="K"), 409, "idempotency_key_reused")
    assert_refused(till.post("/members", ADA), 409, "member_exists", "phone")
    assert books() == after


@pytest.mark.parametrize(
    ("changes", "status", "code", "field"),
    [
        ({"phone": None}, 422, "value_of_wrong_kind", "phone"),
        ({"phone": "12"}, 422, "phone_unreadable", "phone"),
        ({"phone": "", "email": ""}, 422, "contact_missing", "phone"),
        ({"email": "ada"}, 422, "email_unreadable", "email"),
        ({"email": "a" * 300 + "@example.org"}, 422, "text_too_long", "email"),
        ({"name": "A\x00da"}, 422, "text_forbidden", "name"),
        ({"name": "A\u202eda"}, 422, "text_forbidden", "name"),
        ({"name": "x" * 81}, 422, "text_too_long", "name"),
        ({"name": ["Ada"]}, 422, "value_of_wrong_kind", "name"),
        ({"locale": "tlh"}, 422, "locale_unknown", "locale"),
        ({"birthday": "24/05/1990"}, 422, "birthday_impossible", "birthday"),
        ({"birthday": "2190-05-24"}, 422, "birthday_impossible", "birthday"),
        ({"birthday": 19900524}, 422, "value_of_wrong_kind", "birthday"),
        ({"consents": []}, 422, "value_of_wrong_kind", "consents"),
        ({"consents": {"spam": True}}, 422, "field_unknown", "consents.spam"),
        ({"consents": {"points_email": "yes"}}, 422, "value_of_wrong_kind", "consents.points_email"),
        ({"location": "loc_x"}, 422, "id_unreadable", "location"),
        ({"id": "mem_" + "0" * 32}, 422, "field_unknown", "id"),
        ({"balances": {"points": 1000}}, 422, "field_unknown", "balances"),
        ({"merchant_id": "x"}, 422, "field_unknown", "merchant_id"),
    ],
)
def test_an_enrolment_that_cannot_be(till, changes, status, code, field, unchanged):
    assert_refused(till.post("/members", ADA | changes), status, code, field)


def test_an_enrolment_without_a_key(till, unchanged):
    assert_refused(till.post("/members", ADA, key=None), 400, "idempotency_key_missing")


def test_an_enrolment_at_another_merchants_location(till, world, unchanged):
    elsewhere = ADA | {"location": public("loc", world.bloom_shop.id)}
    assert_refused(till.post("/members", elsewhere), 422, "location_not_found", "location")


def test_a_new_member_may_be_brought_by_another(till, world):
    brought = till.post("/members", ADA | {"referred_by": public("mem", world.noah.id)})
    assert brought.status_code == 201
    with tenancy.scope(world.aroma.id):
        assert Referral.objects.get().referrer_id == world.noah.id


def test_nobody_is_brought_by_another_merchants_member(till, world, unchanged):
    for text in (public("mem", world.zoe.id), friend_code(world.zoe_card), "somebody"):
        refused = till.post("/members", ADA | {"referred_by": text})
        assert_refused(refused, 422, "referrer_not_found", "referred_by")


def test_members_are_found_by_what_is_known_of_them(till, world):
    finders = [
        {"phone": "06 12 34 56 78"},
        {"phone": "+33612345678"},
        {"email": "MIA@example.org"},
        {"card": rotating(world, world.mia_card)},
        {"card": cards.static_code(world.mia_card, world.aroma)},
        {"card": world.mia_card.spoken_code},
        {"q": "mi"},
        {"q": "12345678"},
    ]
    for finder in finders:
        found = till.get("/members", **finder).json()
        assert [member["name"] for member in found["items"]] == ["Mia"], finder
        assert found["next"] is None
    assert till.get("/members", phone="+33611111111").json() == {"items": [], "next": None}
    assert till.get("/members", email="zoe@example.org").json()["items"] == []
    assert till.get("/members", q="zoe").json()["items"] == []


def test_looking_a_card_up_does_not_use_it(till, basket, world):
    code = rotating(world, world.mia_card)
    assert till.get("/members", card=code).status_code == 200
    assert till.post("/purchases", basket(member=None, card=code)).status_code == 201


def test_looking_up_by_what_cannot_be(till, world, unchanged):
    with time_machine.travel(timezone.now() - dt.timedelta(minutes=5)):
        old = rotating(world, world.mia_card)
    assert_refused(till.get("/members", card=old), 409, "card_expired", "card")
    assert_refused(till.get("/members", card=old[:-3]), 422, "card_unreadable", "card")
    foreign = cards.static_code(world.zoe_card, world.bloom)
    assert_refused(till.get("/members", card=foreign), 422, "card_other_merchant", "card")
    assert_refused(till.get("/members", phone="tomato"), 422, "phone_unreadable", "phone")
    assert_refused(till.get("/members", phone="0612345678", q="mia"), 422, "member_ambiguous", "q")
    assert_refused(till.get("/members", q="a\x00"), 422, "text_forbidden", "q")
    assert_refused(till.get("/members", name="mia"), 422, "field_unknown", "name")
    for cursor in ("x", "W10", "WzFd", "WyJhIiwiYiJd", "é", "\x00"):
        response = till.get("/members", cursor=cursor)
        assert response.status_code in (400, 422)
        assert response.json()["code"] in ("cursor_unreadable", "text_forbidden")
    for limit in ("0", "101", "-1", "1e2", "all", "٣", ""):
        assert till.get("/members", limit=limit).status_code == 422


def test_members_are_listed_newest_first_page_by_page(till, world):
    moment = timezone.now() - dt.timedelta(days=30)
    with tenancy.scope(world.aroma.id):
        for number in range(5):  # all at one moment: their order must still hold from page to page
            joining.enrol_member(
                merchant=world.aroma,
                name=f"M{number}",
                phone=f"+3361122330{number}",
                source="join",
                joined_at=moment,
            )
    seen, cursor = [], None
    while len(seen) < 7:
        page = till.get("/members", limit=2, **({"cursor": cursor} if cursor else {})).json()
        seen += [member["name"] for member in page["items"]]
        cursor = page["next"]
    assert cursor is None
    assert seen[:2] == ["Noah", "Mia"]
    assert sorted(seen[2:]) == ["M0", "M1", "M2", "M3", "M4"]


def test_a_list_of_members_takes_the_same_queries_however_long(till):
    counts = []
    till.get("/members")
    for number in range(2):
        with CaptureQueriesContext(connection) as queries:
            till.get("/members")
        counts.append(len(queries))
        till.post("/members", {"phone": f"+3361122330{number}"})
    assert counts[0] == counts[1]


def test_a_change_touches_what_is_given_and_nothing_else(till, mia):
    before = till.get(mia).json()
    after = till.patch(mia, {"name": "Mia B.", "birthday": "1988-02-29"}).json()
    assert after == before | {"name": "Mia B.", "birthday": "1988-02-29"}
    assert till.patch(mia, {"birthday": None}).json() == before | {"name": "Mia B."}
    assert till.patch(mia, {}).json() == before | {"name": "Mia B."}
    assert till.get("/members", q="mia b").json()["items"][0]["id"] == before["id"]


def test_tags_are_set_all_at_once_and_kept_where_they_are_not_given(till, world):
    mia = f"/members/{public('mem', world.mia.id)}"
    assert till.patch(mia, {"tags": ["VIP", "press"]}).json()["tags"] == ["vip", "press"]
    assert till.patch(mia, {"name": "Mia B."}).json()["tags"] == ["vip", "press"]
    assert till.patch(mia, {"tags": []}).json()["tags"] == []
    assert_refused(till.patch(mia, {"tags": ["away"]}), 422, "tag_reserved", "tags")
    assert_refused(till.patch(mia, {"tags": "vip"}), 422, "value_of_wrong_kind", "tags")


@pytest.mark.parametrize(
    "field", ["id", "joined_at", "balances", "tier", "points", "merchant_id", "search", "consents"]
)
def test_what_is_not_the_callers_to_set_is_refused(till, mia, field, unchanged):
    assert_refused(till.patch(mia, {"name": "Eve", field: "x"}), 422, "field_unknown", field)


def test_a_change_that_cannot_be_changes_nothing(till, mia, unchanged):
    assert_refused(till.patch(mia, {"phone": "+33698765432"}), 409, "member_exists", "phone")
    assert_refused(till.patch(mia, {"name": "Eve", "email": "nope"}), 422, "email_unreadable", "email")
    assert_refused(till.patch(mia, {"phone": "", "email": ""}), 422, "contact_missing")
    assert_refused(till.patch(mia, {"name": None}), 422, "value_of_wrong_kind", "name")
    assert_refused(till.send("PATCH", mia, b'{"name": "A", "name": "B"}'), 400, "json_unreadable")
    assert_refused(till.send("PATCH", mia, b"[]"), 400, "json_unreadable")


def test_another_merchants_member_does_not_exist(till, bloom_till, world, mia, unchanged):
    for other in (
        mia,
        f"/members/{public('mem', new_id())}",
        "/members/mem_x",
        "/members/%00",
        "/members/loc_1",
    ):
        assert_refused(bloom_till.get(other), 404, "member_not_found")
        assert_refused(bloom_till.get(f"{other}/statement"), 404, "member_not_found")
        assert_refused(bloom_till.patch(other, {"name": "Eve"}), 404, "member_not_found")


def test_a_statement_tells_why_and_adds_up(till, mia):
    lines = till.get(f"{mia}/statement").json()["items"]
    assert [(line["amount"], line["balance"]) for line in lines] == [
        (1, 1200),
        (649, 1199),
        (500, 550),
        (50, 50),
    ]
    assert [line["reason"] for line in lines] == [
        "1 × 1.5 (Gold)",
        "433 × 1.5 (Gold)",
        "500 for €500.00",
        "Welcome",
    ]
    assert [line["rule"] for line in lines] == ["1 point per €1"] * 3 + ["50 points on joining"]
    assert lines[-1]["purchase"] is None
    purchase = till.get(f"/purchases/{lines[0]['purchase']}").json()
    assert purchase["awards"][0]["amount"] == 1


def test_a_statement_goes_page_by_page(till, mia):
    whole = till.get(f"{mia}/statement").json()["items"]
    first = till.get(f"{mia}/statement", limit=3).json()
    second = till.get(f"{mia}/statement", limit=3, cursor=first["next"]).json()
    assert first["items"] + second["items"] == whole
    assert second["next"] is None


def test_the_programme_in_words_and_figures(till, bloom_till):
    programme = till.get("/programme").json()
    assert programme["name"] == "Aroma"
    assert [rule["rule"] for rule in programme["rules"]] == ["1 point per €1", "50 points on joining"]
    assert programme["tiers"][1] == {"name": "Silver", "threshold": "250.00", "multiplier": "1.25"}
    assert [tier["name"] for tier in bloom_till.get("/programme").json()["tiers"]] == ["Bud"]


def test_locations_are_the_merchants_own(till, world):
    assert till.get("/locations").json() == {
        "items": [{"id": public("loc", world.croix_rousse.id), "name": "Croix-Rousse", "address": ""}],
        "next": None,
    }

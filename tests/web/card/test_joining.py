"""Joining from the poster: one form, and the card is there. Nobody learns from it who is a member already."""

from dataclasses import replace

import pytest

from core import tenancy
from core.ids import public_id
from loyalty.rules.types import Condition, Rule
from members.cards import rotating_code, static_code
from members.models import Member
from members.profiles import consents_of
from tests.loyalty.ruled import STAMPS, rule_id, stamps, with_rules
from tests.web.card.conftest import phone_of, words_of
from tests.world import points_of

JOIN = "/c/aroma/join"


def newcomers(world):
    with tenancy.scope(world.aroma.id):
        return list(Member.objects.exclude(id__in=[world.mia.id, world.noah.id]))


def test_the_form_says_whose_card_it_is_and_ticks_nothing_in_advance(world, client):
    response = client.get(JOIN)
    assert "Aroma" in words_of(response)
    assert "50 points" in words_of(response)
    assert "checked" not in response.content.decode()


def test_the_form_promises_only_what_everybody_has_for_joining(world, client):
    welcome = Rule(rule_id("welcome"), "joining", STAMPS, amount=3, gives="flat")
    badge = replace(welcome, id=rule_id("badge"), gives="badge", names={"en": "Friend", "fr": "Ami"})
    some = replace(
        welcome, id=rule_id("some"), conditions=(Condition("chance", {"seed": "pastry", "one_in": 2}),)
    )
    off = replace(welcome, id=rule_id("off"), active=False)
    with_rules(world.aroma, badge, some, off, units=(stamps(),))
    assert "to begin with" not in words_of(client.get(JOIN))
    with_rules(world.aroma, badge, some, off, welcome)
    assert "and 3 stamps to begin with" in words_of(client.get(JOIN))


def test_a_newcomer_has_the_card_at_once_with_the_welcome_on_it(world, client):
    response = client.post(JOIN, {"name": "Léa", "phone": "06 11 22 33 44"}, follow=True)
    assert response.redirect_chain == [("/c/aroma/", 302)]
    assert "Hello Léa, you have 50 points" in words_of(response)
    assert "Welcome. 50 points to begin with." in words_of(response)
    (lea,) = newcomers(world)
    assert (lea.phone, lea.location_id) == ("+33611223344", None)
    assert points_of(world.aroma, lea) == 50


def test_the_language_is_the_browsers_and_the_consents_are_what_was_ticked(world, client):
    said = {"name": "Ana", "email": "ana@example.org", "points_email": "on"}
    client.post(JOIN, said, headers={"accept-language": "fr-CA,fr;q=0.9"})
    (ana,) = newcomers(world)
    assert ana.locale == "fr"
    with tenancy.scope(world.aroma.id):
        assert consents_of(ana) == {"points_email": True, "news_email": False}


def test_the_poster_remembers_where_it_hung(world, client):
    at = public_id("loc", world.croix_rousse.id)
    assert f'value="{at}"' in client.get(JOIN, {"at": at}).content.decode()
    client.post(JOIN, {"name": "Léa", "phone": "0611223344", "at": at})
    assert newcomers(world)[0].location_id == world.croix_rousse.id


@pytest.mark.parametrize("at", ["", "nonsense", "loc_" + "0" * 32, "\x00", "loc_" + "z" * 32])
def test_a_place_that_is_not_aromas_is_no_error(world, client, at):
    foreign = public_id("loc", world.bloom_shop.id)
    for number, place in enumerate((at, foreign)):
        client.post(JOIN, {"name": "Léa", "phone": f"061122334{number}", "at": place})
        client.cookies.clear()
    assert all(member.location_id is None for member in newcomers(world))


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({}, "This field is required"),
        ({"name": "Léa"}, "Give a phone number or an e-mail"),
        ({"name": "Léa", "phone": "12"}, "This is not a phone number"),
        ({"name": "Léa", "email": "nobody"}, "This is not an e-mail"),
        ({"name": "Léa", "phone": "0611223344", "birthday": "2999-01-01"}, "day/month/year"),
        ({"name": "Léa", "phone": "0611223344", "birthday": "soon"}, "day/month/year"),
        ({"name": "x" * 81, "phone": "0611223344"}, "too long"),
        ({"name": "a\x00b", "phone": "0611223344"}, "Null characters are not allowed"),
        ({"name": "Z" + "\u0301" * 40, "phone": "0611223344"}, "cannot be kept"),
        ({"name": "\u202eaéL", "phone": "0611223344"}, "cannot be kept"),
    ],
)
def test_bad_words_come_back_at_their_field_and_nobody_joins(world, client, said, says):
    response = client.post(JOIN, said)
    assert response.status_code == 422
    assert says in words_of(response)
    assert newcomers(world) == []


def test_bytes_that_are_no_text_make_no_broken_member(world, client):
    raw = b"name=%ED%A0%BD&phone=0611223344"
    response = client.post(JOIN, raw, content_type="application/x-www-form-urlencoded")
    assert response.status_code in {302, 422}
    assert all("\ud83d" not in member.name for member in newcomers(world))


def test_a_members_e_mail_gets_a_code_and_the_page_tells_nothing(world, client, post_office):
    joined = client.post(JOIN, {"name": "Eve", "email": "mia@example.org"})
    asked = client.post("/c/aroma/return", {"email": "stranger@example.org"})
    assert joined.status_code == asked.status_code == 200
    assert words_of(joined) == words_of(asked)
    assert "habitue_card" not in joined.cookies
    [letter] = post_office(world.aroma)
    assert letter.to == ["mia@example.org"]


def test_a_members_phone_number_opens_nothing_and_its_owner_gets_the_letter(world, client, post_office):
    response = client.post(JOIN, {"name": "Eve", "phone": "06 12 34 56 78"})
    assert response.status_code == 200
    assert "Say the number at the counter" in words_of(response)
    assert "Mia" not in words_of(response)
    assert "example.org" not in words_of(response)
    assert [letter.to for letter in post_office(world.aroma)] == [["mia@example.org"]]


def test_a_phone_number_without_an_e_mail_on_file_reads_the_same(world, client, post_office):
    with_mail = client.post(JOIN, {"name": "Eve", "phone": "06 12 34 56 78"})
    without = client.post(JOIN, {"name": "Eve", "phone": "06 98 76 54 32"})
    assert words_of(with_mail) == words_of(without)
    assert [letter.to for letter in post_office(world.aroma)] == [["mia@example.org"]]


def test_a_letter_never_goes_to_an_address_that_was_just_typed(world, client, post_office):
    client.post(JOIN, {"name": "Eve", "phone": "06 12 34 56 78", "email": "eve@example.org"})
    assert [letter.to for letter in post_office(world.aroma)] == [["mia@example.org"]]


def test_who_has_a_card_is_taken_to_it(world, mias_phone):
    assert mias_phone.get(JOIN).url == "/c/aroma/"


def test_joining_by_the_hundred_is_stopped(world, client):
    for number in range(60):
        client.post(JOIN, {"name": "Eve", "phone": f"06113344{number:02d}"})
        client.cookies.clear()
    before = len(newcomers(world))
    response = client.post(JOIN, {"name": "Léa", "phone": "0611223344"})
    assert response.status_code == 429
    assert len(newcomers(world)) == before == 60


def test_forms_with_a_slip_in_them_shut_nobody_out(world, client):
    for _i in range(62):
        client.post(JOIN, {"name": "Eve", "phone": "12"})
    assert client.post(JOIN, {"name": "Léa", "phone": "0611223344"}).status_code == 302


def test_the_same_person_may_join_two_merchants(world, client):
    assert client.post("/c/bloom/join", {"name": "Mia", "email": "mia@example.org"}).status_code == 302


@pytest.mark.parametrize("make", [rotating_code, static_code])
def test_a_camera_app_lands_at_the_merchants_door_and_learns_nothing(world, client, settings, make):
    path = make(world.mia_card, world.aroma).removeprefix(settings.BASE_URL)
    response = client.get(path)
    assert (response.status_code, response.url) == (302, "/c/aroma/join")
    forged = path[:-6] + "AAAAAA"
    assert client.get(forged).url == "/c/aroma/join"  # true or not is not told either


@pytest.mark.parametrize("code", ["A", "nonsense", "AAAAAAAAAAAAAAAAAAAAAAAA", "%00", "☕", "A" * 3000])
def test_a_code_of_nobody_is_not_found(world, client, code):
    assert client.get(f"/q/{code}").status_code == 404


def test_an_unknown_merchant_is_not_found(world, client):
    for path in ("", "join", "return", "theme.css", "link/x", "me", "history", "live", "code"):
        assert client.get(f"/c/nowhere/{path}").status_code == 404


def test_aromas_card_does_not_open_blooms_door(world):
    phone = phone_of(world.aroma, world.mia)
    assert phone.get("/c/bloom/join").status_code == 200

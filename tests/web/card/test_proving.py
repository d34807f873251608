"""Whose address is it? Until it is proven, one e-mail of fixed words; whoever proves it has the card, and nobody else."""

import re

from django.test import Client

from core import tenancy
from members.models import Member
from tests.web.card.conftest import phone_of, prove, words_of
from tests.web.card.test_coming_back import ASK, ENTER, MIA, code_of, is_in, wrong
from tests.world import buy

JOIN, ME = "/c/aroma/join", "/c/aroma/me"
LURE = "Win at evil.example now"
VICTIM = {"name": LURE, "email": "vera@example.org", "points_email": "on"}


def link_in(letter):
    return re.search(r"/c/aroma/link/\S+", letter.body)[0]


def vera(world):
    with tenancy.scope(world.aroma.id):
        return Member.objects.get(email="vera@example.org")


def test_a_strangers_address_gets_one_letter_of_fixed_words_and_no_points(world, client, post_office):
    client.post(JOIN, VICTIM)
    [letter] = post_office(world.aroma)
    assert (letter.to, letter.subject) == (["vera@example.org"], "Your card at Aroma")
    assert LURE not in letter.body + letter.alternatives[0][0] + letter.subject
    assert "50" not in letter.body.replace(link_in(letter), "")
    buy(world.aroma, vera(world), 1000)
    assert post_office(world.aroma) == []
    client.post(ASK, {"email": "vera@example.org"})
    [letter] = post_office(world.aroma)
    assert LURE not in letter.body + letter.alternatives[0][0]


def test_the_page_says_that_an_e_mail_waits_to_be_opened(world, client, mias_phone):
    prove(mias_phone, world.aroma, world.mia)
    waits = "Open your card once from the e-mail we sent"
    assert waits in words_of(client.post(JOIN, VICTIM, follow=True))
    said = {"name": "Mia", "email": MIA, "locale": "en", "points_email": "on"}
    assert waits not in words_of(mias_phone.post(ME, said, follow=True))
    assert waits in words_of(mias_phone.post(ME, said | {"email": "mia.l@example.org"}, follow=True))


def test_without_consent_no_letter_comes(world, client, post_office):
    client.post(JOIN, VICTIM | {"points_email": ""})
    assert post_office(world.aroma) == []
    client.post(ME, VICTIM | {"locale": "en"})  # and when it comes later, the letter comes then
    assert [letter.subject for letter in post_office(world.aroma)] == ["Your card at Aroma"]


def test_the_link_opened_where_one_joined_proves_it_and_points_are_written_about(world, client, post_office):
    client.post(JOIN, VICTIM)
    link = link_in(post_office(world.aroma)[0])
    client.get(link)
    assert vera(world).email_verified_at is None  # a mail scanner proves nothing
    client.post(link)
    assert vera(world).email_verified_at
    buy(world.aroma, vera(world), 1000)
    assert [letter.subject for letter in post_office(world.aroma)] == ["+10 points at Aroma"]


def test_who_joined_with_a_strangers_address_loses_the_card_to_her(world, client, post_office):
    client.post(JOIN, VICTIM)
    hers = Client()
    hers.post(link_in(post_office(world.aroma)[0]))
    assert is_in(hers)
    assert not is_in(client)


def test_a_code_proves_it_too(world, client, post_office):
    client.post(JOIN, VICTIM)
    hers = Client()
    hers.post(ASK, {"email": "vera@example.org"})
    [letter] = [letter for letter in post_office(world.aroma) if "code" in letter.subject]
    hers.post(ENTER, {"email": "vera@example.org", "code": code_of(letter)})
    assert vera(world).email_verified_at
    assert is_in(hers)
    assert not is_in(client)


def test_another_device_of_a_proven_member_signs_nobody_out(world, mias_phone, client, post_office):
    client.post(ASK, {"email": MIA})
    client.post(ENTER, {"email": MIA, "code": code_of(post_office(world.aroma)[0])})
    assert is_in(client)
    assert is_in(mias_phone)


def test_a_change_of_address_keeps_this_browser_and_ends_the_others(world, mias_phone, post_office):
    other = phone_of(world.aroma, world.mia)
    prove(mias_phone, world.aroma, world.mia)
    said = {
        "name": "Mia",
        "phone": "+33612345678",
        "email": "mia.l@example.org",
        "locale": "en",
        "points_email": "on",
    }
    mias_phone.post(ME, said)
    assert is_in(mias_phone)
    assert not is_in(other)
    told = [letter.to for letter in post_office(world.aroma)]
    assert sorted(told) == [["mia.l@example.org"], ["mia@example.org"]]


def test_a_code_sent_to_an_address_that_was_wrong_opens_nothing(world, client, mias_phone, post_office):
    client.post(ASK, {"email": MIA})
    code = code_of(post_office(world.aroma)[0])
    prove(mias_phone, world.aroma, world.mia)
    mias_phone.post(ME, {"name": "Mia", "email": "mia.l@example.org", "locale": "en"})
    assert client.post(ENTER, {"email": MIA, "code": code}).status_code == 422


def test_another_browser_cannot_spend_guess_nor_replace_a_live_code(world, client, post_office):
    client.post(ASK, {"email": MIA})
    code = code_of(post_office(world.aroma)[0])
    stranger = Client()
    stranger.post(ASK, {"email": MIA})
    post_office(world.aroma)
    assert stranger.post(ENTER, {"email": MIA, "code": code}).status_code == 422
    for _time in range(7):
        stranger.post(ENTER, {"email": MIA, "code": wrong(code)})
    assert client.post(ENTER, {"email": MIA, "code": code}).status_code == 302


def test_a_stranger_who_asks_too_often_stops_nobody_elsewhere(world, client, post_office):
    stranger = Client(REMOTE_ADDR="203.0.113.9")
    assert [stranger.post(ASK, {"email": MIA}).status_code for _time in range(4)][-1] == 429
    assert client.post(ASK, {"email": MIA}).status_code == 200


def test_who_tries_numbers_by_joining_is_stopped_and_a_newcomer_is_not(world, client):
    for _time in range(10):
        assert client.post(JOIN, {"name": "Eve", "phone": "06 12 34 56 78"}).status_code == 200
    assert client.post(JOIN, {"name": "Eve", "phone": "06 98 76 54 32"}).status_code == 429
    assert client.post(JOIN, {"name": "Léa", "phone": "0611223344"}).status_code == 302

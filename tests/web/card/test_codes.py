"""Codes on the card: typed, or brought by a QR; only the form counts them."""

import re

import pytest

from core import tenancy
from loyalty.membership.joining import enrol_member
from loyalty.models import CodeUse
from tests.loyalty.codes.making import NO_TEXTS, code, gives, gives_by_chance, made
from tests.web.card.conftest import phone_of, words_of
from tests.world import points_of

PAGE = "/c/aroma/codes"


@pytest.fixture
def noah(world, client):
    """Noah's phone."""
    return phone_of(world.aroma, world.noah)


def key_of(phone, **query):
    """The key that the form carries."""
    return re.search(r'name="key" value="([^"]+)"', phone.get(PAGE, query).content.decode())[1]


def send(phone, typed, **more):
    return phone.post(PAGE, {"code": typed, "key": key_of(phone), **more}, follow=True)


def used(world):
    with tenancy.scope(world.aroma.id):
        return CodeUse.objects.count()


def test_a_code_that_is_typed_counts_and_the_card_says_what_came(world, noah):
    gives(world.aroma)
    response = send(noah, code(world.aroma, made(world.aroma)).lower())
    assert response.redirect_chain == [("/c/aroma/", 302)]
    assert "20 points for the code." in words_of(response)
    assert "you have 70 points" in words_of(response)


def test_a_link_fills_the_field_and_counts_nothing_by_itself(world, noah):
    gives(world.aroma)
    typed = code(world.aroma, made(world.aroma))
    assert f'value="{typed}"' in noah.get(PAGE, {"code": typed}).content.decode()
    assert used(world) == 0


def test_a_form_that_is_sent_twice_counts_once(world, noah):
    gives(world.aroma)
    typed, key = code(world.aroma, made(world.aroma)), key_of(noah)
    for _time in range(2):
        assert "20 points for the code." in words_of(send(noah, typed, key=key))
    assert points_of(world.aroma, world.noah) == 70


def test_what_does_not_count_is_told_at_the_field_and_the_next_try_is_a_new_one(world, noah):
    gives(world.aroma)
    batch = made(world.aroma)
    send(phone_of(world.aroma, world.mia), code(world.aroma, batch))
    response = send(noah, code(world.aroma, batch))
    page = response.content.decode()
    assert response.status_code == 422
    assert 'id="id_code_error"' in page
    assert "This code was used already." in words_of(response)
    again = re.search(r'name="key" value="([^"]+)"', page)[1]
    assert "20 points" in words_of(send(noah, code(world.aroma, batch, 2), key=again))


def test_a_code_that_is_none_is_refused(world, noah):
    assert "This is none of our codes." in words_of(send(noah, "ABCD-EFGH-JKMN"))
    assert send(noah, "x" * 401).status_code == 422
    assert send(noah, "").status_code == 422
    assert used(world) == 0


def test_who_tries_many_words_is_stopped(world, noah):
    gives(world.aroma)
    mia = phone_of(world.aroma, world.mia)
    for number in range(10):
        for phone in (noah, mia):
            assert "none of our codes" in words_of(send(phone, f"WORD{number}"))
    for phone in (noah, mia):
        assert "That was too often." in words_of(send(phone, "WORD"))
    assert used(world) == 0


def test_thirty_wrong_codes_stop_an_address_whoever_holds_the_phone(world, noah):
    gives(world.aroma)
    with tenancy.scope(world.aroma.id):
        others = [
            enrol_member(merchant=world.aroma, phone=f"+3361111111{number}", source="join").member
            for number in range(3)
        ]
    phones = [noah, *(phone_of(world.aroma, member) for member in others[:2])]
    for number in range(10):
        for phone in phones:
            assert "none of our codes" in words_of(send(phone, f"WORD{number}"))
    fresh = phone_of(world.aroma, others[2])
    for typed in ("WORD", code(world.aroma, made(world.aroma))):
        assert "That was too often." in words_of(send(fresh, typed))
    assert used(world) == 0


def test_who_has_no_card_is_taken_to_the_door_and_the_code_counts_with_the_joining(world, client):
    gives(world.aroma)
    typed = code(world.aroma, made(world.aroma))
    response = client.get(PAGE, {"code": typed}, follow=True)
    assert response.redirect_chain == [(f"/c/aroma/join?code={typed}", 302)]
    assert "Your code is here already" in words_of(response)
    joined = client.post("/c/aroma/join", {"name": "Lea", "phone": "0611223344", "code": typed}, follow=True)
    assert "20 points for the code." in words_of(joined)
    assert used(world) == 1


def test_a_bad_code_keeps_nobody_from_joining(world, client):
    joined = client.post("/c/aroma/join", {"name": "Lea", "phone": "0611223344", "code": "NONE"}, follow=True)
    assert joined.redirect_chain == [("/c/aroma/", 302)]
    assert "This is none of our codes." in words_of(joined)


def test_a_member_who_came_by_a_newcomers_link_still_finds_the_code_in_the_field(world, noah):
    response = noah.get("/c/aroma/join", {"code": "SUMMER26"}, follow=True)
    assert response.redirect_chain == [("/c/aroma/codes?code=SUMMER26", 302)]


def test_the_card_offers_the_field_where_a_rule_gives_for_codes(world, noah):
    assert "Enter a code" not in words_of(noah.get("/c/aroma/"))
    gives(world.aroma)
    assert "Enter a code" in words_of(noah.get("/c/aroma/"))


def test_a_code_that_was_not_drawn_is_said_to_be_used(world, noah):
    gives_by_chance(world.aroma)
    batch = made(world.aroma)
    said = [words_of(send(noah, code(world.aroma, batch, serial))) for serial in range(1, 21)]
    lost = [words for words in said if "The code counts: not drawn this time." in words]
    assert 0 < len(lost) < len(said)
    assert points_of(world.aroma, world.noah) == 50 + 20 * (len(said) - len(lost))


@pytest.mark.parametrize("typed", NO_TEXTS)
def test_a_text_that_no_code_can_be_is_refused_at_the_field(world, noah, typed):
    gives(world.aroma)
    assert send(noah, typed).status_code == 422
    assert used(world) == 0

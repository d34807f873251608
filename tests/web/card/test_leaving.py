"""Erasing oneself from the card: said plainly, asked once, and only of a browser that has just shown whose it is."""

import datetime as dt
import re

import pytest
import time_machine
from django.utils import timezone

from core import tenancy
from loyalty.membership.leaving import erase_member
from members.links import FRESH_LINK, PROOF_LIVES
from members.models import Member
from tests.web.card.conftest import link_path, phone_of, words_of
from web.card.session import COOKIE, PROOF

ERASE, PROVE, ME = "/c/aroma/me/erase", "/c/aroma/me/erase/proof", "/c/aroma/me"


def is_erased(world, member):
    with tenancy.scope(world.aroma.id):
        return Member.objects.get(id=member.id).erased_at is not None


@pytest.fixture
def proven(world, client):
    """Mia's browser, which has just opened the card from an e-mail."""
    client.post(link_path(world.aroma, world.mia))
    return client


def test_it_says_what_will_be_lost(proven):
    said = words_of(proven.get(ERASE))
    assert "You lose 1,200 points" in said
    assert "cannot be undone" in said
    assert "The books of Aroma keep the amounts" in said


def test_one_press_and_everything_is_gone(world, proven):
    response = proven.post(ERASE)
    assert response.url == "/c/aroma/erased"
    assert {response.cookies[name].value for name in (COOKIE, PROOF)} == {""}
    assert is_erased(world, world.mia)
    gone = proven.get(response.url)
    assert "knows nothing of you any more" in words_of(gone)
    assert proven.get("/c/aroma/").url == "/c/aroma/join"


def test_the_last_page_wipes_this_card_and_nothing_else_of_the_origin(world, client, proven):
    assert proven.post(ERASE).cookies["habitue_forget"]["path"] == "/c/aroma/"
    page = client.get("/c/aroma/erased")  # anybody may open it, and a till lives on the same origin
    assert "Clear-Site-Data" not in page.headers
    assert "js/card/door" in page.content.decode()


def test_a_session_that_is_old_erases_nothing(world, mias_phone):
    response = mias_phone.post(ERASE)
    assert response.status_code == 403
    assert "First show that it is you: we send a code to m…@example.org." in words_of(response)
    assert not is_erased(world, world.mia)


def test_a_code_from_the_e_mail_proves_it(world, mias_phone, post_office):
    assert "A code is on its way" in words_of(mias_phone.post(PROVE))
    [letter] = post_office(world.aroma)
    code = re.search(r"\b(\d{3} \d{3})\b", letter.body)[1]
    wrong = f"{(int(code.replace(' ', '')) + 1) % 10**6:06d}"
    assert mias_phone.post(PROVE, {"code": wrong}).status_code == 422
    assert mias_phone.post(ERASE).status_code == 403
    assert mias_phone.post(PROVE, {"code": code}).url == ERASE
    mias_phone.post(ERASE)
    assert is_erased(world, world.mia)


def test_a_proof_is_of_one_member_and_one_card(world, proven):
    proof = proven.cookies[PROOF].value
    noahs = phone_of(world.aroma, world.noah)
    noahs.cookies[PROOF] = proof
    assert noahs.post(ERASE).status_code == 403
    assert not is_erased(world, world.noah)


def test_an_old_letters_link_opens_the_card_and_proves_nothing(world, client):
    link = link_path(world.aroma, world.mia)
    with time_machine.travel(timezone.now() + FRESH_LINK + dt.timedelta(seconds=5)):
        response = client.post(link)
        assert response.cookies[COOKIE].value
        assert PROOF not in response.cookies
        assert client.post(ERASE).status_code == 403
    assert not is_erased(world, world.mia)


def test_a_proof_ends_after_half_an_hour(world, proven):
    with time_machine.travel(timezone.now() + PROOF_LIVES + dt.timedelta(seconds=5)):
        assert proven.post(ERASE).status_code == 403
    assert not is_erased(world, world.mia)


def test_without_an_address_the_counter_does_it(world):
    noahs = phone_of(world.aroma, world.noah)
    assert "Ask at the counter" in words_of(noahs.get(ERASE))
    assert noahs.post(PROVE).status_code == 409


def test_who_has_just_joined_may_go_at_once(world, client):
    client.post("/c/aroma/join", {"name": "Eve", "phone": "+33611223344"})
    client.post(ERASE)
    with tenancy.scope(world.aroma.id):
        assert Member.objects.filter(phone="+33611223344").count() == 0


def test_links_and_browsers_of_an_erased_member_open_nothing(world, client, mias_phone):
    link = link_path(world.aroma, world.mia)
    with tenancy.scope(world.aroma.id):
        erase_member(member=world.mia, actor="test")
    assert client.get(link).status_code == 410
    assert mias_phone.get(ME).url == "/c/aroma/join"

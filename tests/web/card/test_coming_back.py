"""Coming back: a code or a link by e-mail, the same answer for everyone, and never without a proof."""

import re
import time

import pytest

from core import tenancy
from members.links import Claim, Purpose, sign
from tests.web.card.conftest import link_path, words_of
from web.card.session import COOKIE

ASK, ENTER = "/c/aroma/return", "/c/aroma/return/code"
MIA = "mia@example.org"


def code_of(letter):
    return re.search(r"\b(\d{3} \d{3})\b", letter.body)[1]


def is_in(client):
    return client.get("/c/aroma/").status_code == 200


def wrong(code):
    return f"{(int(code.replace(' ', '')) + 1) % 10**6:06d}"


def test_a_code_by_e_mail_opens_the_card(world, client, post_office):
    client.post(ASK, {"email": " MIA@example.org "})
    [letter] = post_office(world.aroma)
    assert letter.subject == f"{code_of(letter)} is your code for Aroma"
    response = client.post(ENTER, {"email": MIA, "code": code_of(letter)})
    assert (response.status_code, response.url) == (302, "/c/aroma/")
    assert is_in(client)


def test_the_letter_is_in_the_members_language_and_carries_the_link(world, client, post_office):
    with tenancy.scope(world.aroma.id):
        world.mia.locale = "fr"
        world.mia.save(update_fields=["locale"])
    client.post(ASK, {"email": MIA})
    [letter] = post_office(world.aroma)
    assert "/c/aroma/link/" in letter.body
    assert '<html lang="fr"' in letter.alternatives[0][0]


def test_member_and_stranger_read_the_same_and_cost_the_same(world, client, post_office):
    member = client.post(ASK, {"email": MIA})
    stranger = client.post(ASK, {"email": "eve@example.org"})
    assert (member.status_code, words_of(member)) == (stranger.status_code, words_of(stranger))
    post_office(world.aroma)
    for _i in range(7):
        tried = [client.post(ENTER, {"email": email, "code": "000000"}) for email in (MIA, "eve@example.org")]
        assert tried[0].status_code == tried[1].status_code == 422
        assert words_of(tried[0]) == words_of(tried[1])


def test_a_code_works_once(world, client, post_office):
    client.post(ASK, {"email": MIA})
    code = code_of(post_office(world.aroma)[0])
    client.post(ENTER, {"email": MIA, "code": code})
    client.cookies.clear()
    assert client.post(ENTER, {"email": MIA, "code": code}).status_code == 422
    assert not is_in(client)


def test_five_wrong_guesses_spend_the_code(world, client, post_office):
    client.post(ASK, {"email": MIA})
    code = code_of(post_office(world.aroma)[0])
    for _i in range(5):
        assert "does not match" in words_of(client.post(ENTER, {"email": MIA, "code": wrong(code)}))
    response = client.post(ENTER, {"email": MIA, "code": code})
    assert "too often" in words_of(response)
    assert not is_in(client)


def test_a_new_code_replaces_the_old_one(world, client, post_office):
    client.post(ASK, {"email": MIA})
    old = code_of(post_office(world.aroma)[0])
    client.post(ASK, {"email": MIA})
    new = code_of(post_office(world.aroma)[0])
    if old != new:
        assert client.post(ENTER, {"email": MIA, "code": old}).status_code == 422
    assert client.post(ENTER, {"email": MIA, "code": new}).status_code == 302


def test_a_code_of_aroma_opens_nothing_at_bloom(world, client, post_office):
    with tenancy.scope(world.bloom.id):
        world.zoe.email = MIA
        world.zoe.save(update_fields=["email"])
    client.post(ASK, {"email": MIA})
    code = code_of(post_office(world.aroma)[0])
    assert client.post("/c/bloom/return/code", {"email": MIA, "code": code}).status_code == 422


def test_asking_more_than_people_do_is_stopped_for_members_and_strangers_alike(world, client, post_office):
    for email in (MIA, "eve@example.org"):
        assert [client.post(ASK, {"email": email}).status_code for _i in range(4)] == [200, 200, 200, 429]
    assert len(post_office(world.aroma)) == 3


@pytest.mark.parametrize(
    ("email", "says"),
    [
        ("", "This field is required"),
        ("nobody", "This is not an e-mail"),
        ("a\x00b@example.org", "Null characters"),
        ("a" * 300 + "@example.org", "too long"),
    ],
)
def test_an_address_that_is_none_comes_back_at_its_field(world, client, email, says):
    response = client.post(ASK, {"email": email})
    assert response.status_code == 422
    assert says in words_of(response)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "\x00", "١٢٣٤٥٦", "0" * 500])
def test_what_is_no_code_is_refused(world, client, post_office, code):
    client.post(ASK, {"email": MIA})
    post_office(world.aroma)
    assert client.post(ENTER, {"email": MIA, "code": code}).status_code == 422
    assert not is_in(client)


def test_without_a_way_to_send_recovery_is_refused_and_never_skipped(world, client, settings, post_office):
    settings.PRODUCTION, settings.EMAIL_HOST = True, ""
    for response in (client.get(ASK), client.post(ASK, {"email": MIA})):
        assert response.status_code == 503
        assert "not possible here at the moment" in words_of(response)
    joined = client.post("/c/aroma/join", {"name": "Eve", "email": MIA})
    assert COOKIE not in joined.cookies
    assert post_office(world.aroma) == []


def test_a_link_shows_a_button_and_only_the_button_opens_the_card(world, client):
    path = link_path(world.aroma, world.mia)
    shown = client.get(path)
    assert shown.status_code == 200
    assert COOKIE not in shown.cookies
    assert "Mia" not in words_of(shown)  # a mail scanner learns nothing either
    assert client.post(path).url == "/c/aroma/"
    assert is_in(client)


def test_a_link_lives_for_thirty_days(world, client, monkeypatch):
    now = time.time()
    path = link_path(world.aroma, world.mia)
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + 29 * 86400)
    assert client.get(path).status_code == 200
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + 31 * 86400)
    response = client.post(path)
    assert response.status_code == 410
    assert COOKIE not in response.cookies
    assert "does not work any more" in words_of(response)


def test_broken_links_open_nothing(world, client):
    token = link_path(world.aroma, world.mia).rpartition("/")[2]
    body, stamp, mac = token.split(".")
    for broken in (
        "x",
        "a.b.c",
        token[:-3],
        f"{body[:-4]}AAAA.{stamp}.{mac}",
        f"{body}.{stamp}.{mac[::-1]}",
        "%00",
    ):
        assert client.post(f"/c/aroma/link/{broken}").status_code == 410
    assert not is_in(client)


def test_aromas_link_opens_nothing_at_bloom(world, client):
    token = link_path(world.aroma, world.mia).rpartition("/")[2]
    response = client.post(f"/c/bloom/link/{token}")
    assert response.status_code == 410
    assert COOKIE not in response.cookies


def test_a_link_to_a_replaced_card_opens_nothing(world, client):
    path = link_path(world.aroma, world.mia)
    with tenancy.scope(world.aroma.id):
        world.mia_card.generation = 2
        world.mia_card.save(update_fields=["generation"])
    assert client.post(path).status_code == 410


def test_a_link_for_a_member_of_bloom_signed_for_aroma_opens_nothing(world, client):
    token = sign(Claim(world.aroma.id, world.zoe.id, 1), Purpose.LINK)
    assert client.post(f"/c/aroma/link/{token}").status_code == 410

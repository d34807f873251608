"""What an e-mail carries: a way to stop it where it may be stopped, both themes, and nothing that tells who opened it."""

import re

import pytest
from django.test import Client

from core import tenancy
from members import profiles
from merchants.models import Merchant
from tests.web.card.conftest import link_path, post_office  # noqa: F401  a fixture
from tests.world import buy

STOP, ONE_CLICK = "List-Unsubscribe", "List-Unsubscribe-Post"


@pytest.fixture
def points(world, post_office):  # noqa: F811
    """The e-mail about Mia's next points."""
    buy(world.aroma, world.mia, 1250)
    [mail] = post_office(world.aroma)
    return mail


@pytest.fixture
def code(world, client, post_office):  # noqa: F811
    """The e-mail with a one-time code."""
    client.post("/c/aroma/return", {"email": "mia@example.org"})
    [mail] = post_office(world.aroma)
    return mail


def html_of(mail):
    return mail.alternatives[0][0]


def test_points_can_be_stopped_with_one_click_from_header_and_foot(world, points):
    link = points.extra_headers[STOP].strip("<>")
    assert points.extra_headers[ONE_CLICK] == "List-Unsubscribe=One-Click"
    assert link in html_of(points)
    assert link in points.body
    Client(enforce_csrf_checks=True).post(link.removeprefix("http://127.0.0.1:8000"), {STOP: "One-Click"})
    with tenancy.scope(world.aroma.id):
        assert profiles.consents_of(world.mia) == {"points_email": False}


def test_codes_that_one_asked_for_cannot(code):
    assert STOP not in code.extra_headers
    assert "/stop/" not in html_of(code)


def test_choose_my_messages_leads_to_them(world, client, points):
    path = re.search(r"(/c/aroma/link/[^\"?]+)\?to=me", html_of(points))
    assert client.post(f"{path[1]}?to=me").url == "/c/aroma/me"


def test_lines_add_up_to_the_total(points):
    text = re.sub(r"<[^>]+>", " ", html_of(points))
    for words in (
        "€12.50",
        "1 point per €1",
        "+12",
        "Gold member",
        "your points count 1.5 times",
        "+6",
        "+18",
        "1,218 points",
    ):
        assert words in text


def test_both_themes_are_declared_and_styled(points, code):
    for mail in (points, code):
        assert '<meta name="color-scheme" content="light dark">' in html_of(mail)
        assert "@media (prefers-color-scheme:dark)" in html_of(mail)


def test_nothing_is_loaded_but_the_merchants_own_logo(world, post_office):  # noqa: F811
    with tenancy.scope(world.aroma.id):
        Merchant.objects.filter(id=world.aroma.id).update(logo_digest="0123456789abcdef")
    buy(world.aroma, world.mia, 1250)
    [mail] = post_office(world.aroma)
    loaded = re.findall(r"(?:src|background|poster)=\"([^\"]+)\"|url\(([^)]+)\)|@import", html_of(mail))
    assert loaded == [("http://127.0.0.1:8000/c/aroma/logo/0123456789abcdef-192.png", "")]


def test_a_name_with_markup_in_it_stays_words(world, post_office):  # noqa: F811
    with tenancy.scope(world.aroma.id):
        profiles.change_profile(
            member=world.mia, merchant=world.aroma, changes={"name": "<b>Mia</b>"}, actor="test"
        )
    buy(world.aroma, world.mia, 1250)
    [mail] = post_office(world.aroma)
    assert "&lt;b&gt;Mia&lt;/b&gt;" in html_of(mail)


def test_french_members_read_french_figures(world, post_office):  # noqa: F811
    with tenancy.scope(world.aroma.id):
        profiles.change_profile(
            member=world.mia, merchant=world.aroma, changes={"locale": "fr"}, actor="test"
        )
    buy(world.aroma, world.mia, 1250)
    [mail] = post_office(world.aroma)
    for words in ("Merci Mia, à bientôt.", "12,50\xa0€", "1\u202f218 points", "Ouvrir ma carte"):
        assert words in html_of(mail)


def test_staff_letters_are_html_too(world, mailoutbox):
    Client().post("/accounts/password/reset/", {"email": "olivia@aroma.test"})
    [mail] = mailoutbox
    assert "Choose a new password" in html_of(mail)
    assert "http://127.0.0.1:8000/accounts/password/reset/key/" in html_of(mail)
    assert STOP not in mail.extra_headers

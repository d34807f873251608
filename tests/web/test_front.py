"""The front door, the language switch, and what robots may read."""

from django.test import Client

from core import qr
from tests.web.desk import text_of
from tests.world import signed_in


def test_a_newcomer_reads_what_it_is_and_finds_both_ways_in(db):
    page = text_of(Client().get("/"))
    assert "The usual?" in page
    assert 'href="/accounts/signup/"' in page
    assert 'href="/accounts/login/"' in page


def test_who_has_signed_in_finds_the_desk(world):
    page = text_of(signed_in(world.olivia).get("/"))
    assert 'href="/dashboard/"' in page
    assert "/accounts/signup/" not in page


def test_the_language_is_kept_and_leads_back(db):
    client = Client()
    response = client.post("/language", {"language": "fr", "next": "/accounts/login/"})
    assert response["Location"] == "/accounts/login/"
    assert '<html lang="fr"' in text_of(client.get("/"))


def test_the_language_switch_leads_to_no_other_site(db):
    for elsewhere in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"):
        response = Client().post("/language", {"language": "fr", "next": elsewhere})
        assert "evil" not in response["Location"]
        assert not response["Location"].startswith("javascript")


def test_signing_in_leads_to_no_other_site(world):
    form = {"login": "olivia@aroma.test", "password": "correct horse battery"}
    for elsewhere in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        response = Client().post(f"/accounts/login/?next={elsewhere}", form | {"next": elsewhere})
        assert response.status_code == 302
        assert response["Location"] == "/dashboard/"


def test_robots_may_read_the_front_and_nothing_of_people(db):
    lines = text_of(Client().get("/robots.txt")).splitlines()
    assert "Disallow: /dashboard/" in lines
    assert "Disallow: /c/" in lines
    assert "Disallow: /" not in lines


def test_a_newcomer_tries_a_members_card_where_the_demonstration_is(world):
    visitor = Client()
    assert 'href="/dev/card"' in text_of(visitor.get("/"))
    card = text_of(visitor.get("/dev/card", follow=True))
    assert "1,200" in card


def test_without_a_demonstration_the_drawn_card_stands_alone(db):
    assert Client().get("/dev/card")["Location"] == "/styleguide"


def test_what_the_pictures_say_is_in_the_readers_figures(db):
    page = text_of(Client(headers={"accept-language": "fr"}).get("/"))
    assert "1\u202f218" in page
    assert "12,00\u00a0€ dépensés" in page
    assert "1,218" not in page


def test_the_codes_in_the_pictures_lead_here(db, settings):
    page = text_of(Client().get("/"))
    assert qr.svg(f"{settings.BASE_URL}/", border=0, error="L") in page

"""The ways in: choosing a merchant, opening one, and landing where one's role works."""

import pytest
from django.test import Client

from core import tenancy
from loyalty.programme.versions import version_in_force
from merchants import team
from merchants.models import Location, Merchant, StaffMember, User
from tests.web.desk import text_of
from tests.world import signed_in, user

FORM = {
    "name": "Chez Léa",
    "trade": "bakery",
    "location_name": "Rue Mercière",
    "currency": "EUR",
    "time_zone": "Europe/Paris",
    "brand_colour": "#c0392b",
    "your_name": "Léa Martin",
}


@pytest.fixture
def lea(db) -> User:
    """Somebody who has just confirmed her address."""
    return user("lea@example.test", "")


def test_without_signing_in_every_door_leads_to_sign_in(world):
    for path in ("/dashboard/", "/dashboard/new/", "/dashboard/aroma/", "/dashboard/aroma/keys/"):
        response = Client().get(path)
        assert response.status_code == 302
        assert response["Location"] == f"/accounts/login/?next={path}"


def test_the_owner_of_one_merchant_goes_straight_to_her_desk(world):
    response = signed_in(world.olivia).get("/dashboard/", follow=True)
    assert response.redirect_chain[-1][0] == "/dashboard/aroma/"
    assert "Olivia" in text_of(response)


def test_a_cashier_goes_straight_to_the_scanner(world):
    response = signed_in(world.sam).get("/dashboard/", follow=True)
    assert response.redirect_chain[-1][0] == "/scan/aroma/"


def test_staff_of_two_merchants_choose(world):
    with tenancy.scope(world.bloom.id):
        team.add_staff(user=world.olivia, role=StaffMember.Role.CASHIER, merchant=world.bloom)
    page = text_of(signed_in(world.olivia).get("/dashboard/"))
    assert "/dashboard/aroma/door/" in page
    assert "/dashboard/bloom/door/" in page


def test_the_door_of_another_merchant_is_not_there(world):
    assert signed_in(world.olivia).get("/dashboard/bloom/door/").status_code == 404


def test_without_a_merchant_one_opens_one(lea):
    assert signed_in(lea).get("/dashboard/")["Location"] == "/dashboard/new/"


def test_a_merchant_is_opened_with_its_location_and_a_programme_that_gives_points(lea):
    client = signed_in(lea)
    response = client.post("/dashboard/new/", FORM, follow=True)
    assert response.redirect_chain[-1][0] == "/dashboard/chez-lea/start/programme/"
    assert "Chez Léa is open." in text_of(response)
    assert "Léa" in text_of(response)
    merchant = Merchant.objects.get(slug="chez-lea")
    assert (merchant.trade, merchant.brand_colour, merchant.locale) == ("bakery", "#c0392b", "en")
    with tenancy.scope(merchant.id):
        assert [place.name for place in Location.objects.all()] == ["Rue Mercière"]
        assert version_in_force().number == 1


def test_the_language_of_the_form_becomes_the_merchants(lea):
    signed_in(lea).post("/dashboard/new/", FORM, headers={"Accept-Language": "fr"})
    assert Merchant.objects.get(slug="chez-lea").locale == "fr"


GUESSED = {
    "fr-FR,fr;q=0.9": ("Europe/Paris", "EUR"),
    "en-GB": ("Europe/London", "GBP"),
    "fr-CH": ("Europe/Zurich", "CHF"),
    "en": ("Europe/Paris", "EUR"),
    "xx;q=oops": ("Europe/Paris", "EUR"),
}


def test_zone_and_currency_are_guessed_from_the_browser(lea):
    client = signed_in(lea)
    for header, guessed in GUESSED.items():
        page = text_of(client.get("/dashboard/new/", headers={"Accept-Language": header}))
        for value in guessed:
            assert f'<option value="{value}" selected>' in page, header


REFUSED = {
    "name": ["", "a\u202eb", "x" * 81, "a\x00b"],
    "location_name": ["   "],
    "currency": ["XXX"],
    "time_zone": ["Mars/Base", "../etc/passwd"],
    "trade": ["piracy"],
    "brand_colour": ["red", "#fff;}", "#c0392b}"],
}


def test_what_cannot_be_is_said_at_its_field_and_nothing_is_opened(lea):
    client = signed_in(lea)
    for field, values in REFUSED.items():
        for value in values:
            response = client.post("/dashboard/new/", FORM | {field: value})
            assert response.status_code == 422, value
            assert f'id="id_{field}_error"' in text_of(response), value
    assert Merchant.objects.count() == 0


def test_a_foreign_page_cannot_open_a_merchant(lea):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(lea, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert strict.post("/dashboard/new/", FORM).status_code == 403
    assert Merchant.objects.count() == 0

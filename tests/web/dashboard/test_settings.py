"""The shop's settings: its name and words, its colour, tried and kept. Its logo has its own tests."""

import pytest
from django.test import Client

from config.subscriptions import SUBSCRIPTIONS
from core import tenancy
from core.models import AuditRow, Event
from merchants.models import Merchant
from tests.web.desk import HOME, desk_of, text_of, trips

PAGE = f"{HOME}settings/"
BRANDING = f"{PAGE}branding/"
SHOP = {
    "name": "Aroma & Co",
    "tagline": "Café de quartier, Lyon",
    "trade": "bakery",
    "locale": "fr",
    "time_zone": "Europe/Brussels",
}


def aroma() -> Merchant:
    """As it is kept."""
    return Merchant.objects.get(slug="aroma")


def changes_of(merchant) -> int:
    """How many changes were recorded."""
    with tenancy.scope(merchant.id):
        return Event.objects.filter(name="merchant.changed").count()


def test_the_shop_is_changed_and_its_address_and_currency_stay(world):
    page = text_of(desk_of(world).post(PAGE, SHOP | {"slug": "mine", "currency": "USD"}, follow=True))
    assert "The shop is changed." in page
    merchant = aroma()
    assert {field: getattr(merchant, field) for field in SHOP} == SHOP
    assert (merchant.slug, merchant.currency) == ("aroma", "EUR")
    assert changes_of(merchant) == 1


def test_saving_what_was_there_already_is_no_change(world):
    desk_of(world).post(PAGE, SHOP)
    desk_of(world).post(PAGE, SHOP)
    assert changes_of(aroma()) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("name", "x" * 81),
        ("tagline", "x" * 61),
        ("tagline", "a\u202eb"),
        ("trade", "bank"),
        ("locale", "xx"),
        ("time_zone", "Mars/Olympus"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(world, field, value):
    response = desk_of(world).post(PAGE, SHOP | {field: value})
    assert response.status_code == 422
    assert f'id="shop_{field}_error"' in text_of(response)
    assert aroma().name == "Aroma"


def test_a_change_is_kept_for_the_audit_without_what_it_says(world):
    desk_of(world).post(PAGE, SHOP)
    with tenancy.scope(world.aroma.id):
        event = Event.objects.get(name="merchant.changed")
        SUBSCRIPTIONS[event.name]["audit"](event)
        row = AuditRow.objects.get()
        assert row.payload["fields"] == ["name", "tagline", "trade", "locale", "time_zone"]
        assert "Aroma & Co" not in str(row.payload)


def test_the_line_under_the_name_stands_on_the_card_and_in_the_rail(world):
    desk_of(world).post(PAGE, SHOP)
    assert "Café de quartier, Lyon" in text_of(Client().get("/c/aroma/join"))
    assert "Café de quartier, Lyon" in text_of(desk_of(world).get(HOME))


def test_a_colour_is_tried_before_it_is_kept(world):
    client = desk_of(world)
    part = client.get(BRANDING, {"brand_colour": "#ffd400"}, headers={"HX-Request": "true"})
    assert "<html" not in text_of(part)
    assert f"{BRANDING}ffd400.css" in text_of(part)
    css = text_of(client.get(f"{BRANDING}ffd400.css"))
    assert css.startswith("[data-tried]{--brand-fill:#ffd400;")
    assert aroma().brand_colour == "#1f4d3a"
    client.post(BRANDING, {"brand_colour": "#FFD400"})
    assert aroma().brand_colour == "#ffd400"


def test_a_grey_in_the_middle_is_moved_and_the_page_says_so(world):
    page = text_of(desk_of(world).get(BRANDING, {"brand_colour": "#777777"}))
    assert "we move it a little" in page


@pytest.mark.parametrize("colour", ["", "red", "#fff", "#12345g", "#1f4d3a;}body{display:none"])
def test_what_is_no_colour_is_refused_at_its_field(world, colour):
    client = desk_of(world)
    response = client.post(BRANDING, {"brand_colour": colour})
    assert response.status_code == 422
    assert 'id="branding_brand_colour_error"' in text_of(response)
    assert aroma().brand_colour == "#1f4d3a"
    assert client.get(BRANDING, {"brand_colour": colour}).status_code == 200


def test_the_palette_of_nonsense_is_empty(world):
    assert text_of(desk_of(world).get(f"{BRANDING}1f4d3a;}}body.css")) == ""


def test_the_pages_need_few_trips(world):
    client = desk_of(world)
    assert trips(client, PAGE) == 5
    assert trips(client, BRANDING) == 6

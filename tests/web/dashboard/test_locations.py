"""Locations: the list, and a further one."""

import pytest

from core import tenancy
from merchants.models import Location
from tests.web.desk import HOME, desk_of, text_of, trips
from tests.world import signed_in

PAGE = f"{HOME}locations/"


def names_of(merchant) -> list[str]:
    """The merchant's locations, oldest first."""
    with tenancy.scope(merchant.id):
        return [place.name for place in Location.objects.order_by("created_at")]


def test_a_location_is_added(world):
    response = desk_of(world).post(
        PAGE, {"name": "Vieux <Lyon>", "address": "12 rue Saint-Jean"}, follow=True
    )
    assert "Vieux &lt;Lyon&gt; is added." in text_of(response)
    assert "12 rue Saint-Jean" in text_of(response)
    assert names_of(world.aroma) == ["Croix-Rousse", "Vieux <Lyon>"]
    assert names_of(world.bloom) == ["Altstadt"]


@pytest.mark.parametrize("name", ["", "  ", "croix-rousse", "x" * 81, "a\x00b"])
def test_a_location_that_cannot_be_is_refused_at_its_field(world, name):
    response = desk_of(world).post(PAGE, {"name": name, "address": ""})
    assert response.status_code == 422
    assert 'id="location_name_error"' in text_of(response)
    assert names_of(world.aroma) == ["Croix-Rousse"]


def test_a_cashier_adds_no_location(world):
    assert signed_in(world.sam).post(PAGE, {"name": "Mine"}).status_code == 403
    assert names_of(world.aroma) == ["Croix-Rousse"]


def test_the_page_needs_few_trips(world):
    assert trips(desk_of(world), PAGE) == 6


def page_of(place) -> str:
    """A location's own page."""
    return f"{PAGE}{place.id}/"


def typed(**more: str) -> dict[str, str]:
    """Its form, open from Monday to Friday."""
    days = {f"day_{index}": "8-12h30, 14-19" for index in range(5)} | {"day_5": "", "day_6": "closed"}
    return {"name": "Croix-Rousse", "address": "14 place de la Croix-Rousse", "map_url": ""} | days | more


def kept(world) -> Location:
    """Croix-Rousse as it is now."""
    with tenancy.scope(world.aroma.id):
        return Location.objects.get(id=world.croix_rousse.id)


def test_hours_are_typed_and_read_again_in_the_readers_language(world):
    client, page = desk_of(world), page_of(world.croix_rousse)
    response = client.post(page, typed(name="La Croix-Rousse"), follow=True)
    assert "La Croix-Rousse is changed." in text_of(response)
    assert 'value="08:00–12:30, 14:00–19:00"' in text_of(response)
    assert kept(world).hours == [[[480, 750], [840, 1140]]] * 5 + [[], []]
    assert "Mon–Fri 08:00–12:30, 14:00–19:00" in text_of(client.get(PAGE))
    french = text_of(client.get(PAGE, headers={"Accept-Language": "fr"}))
    assert "lun.–ven. 8\u202fh–12\u202fh\u202f30, 14\u202fh–19\u202fh" in french


def test_monday_is_copied_to_all_days_before_anything_is_kept(world):
    response = desk_of(world).post(page_of(world.croix_rousse), typed(day_0="9-17", copy="monday"))
    assert response.status_code == 200
    assert text_of(response).count('value="9-17"') == 7
    assert kept(world).hours == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "vieux lyon"),
        ("day_2", "from eight"),
        ("day_6", "14-19, 8-12"),
        ("map_url", "javascript:alert(1)"),
        ("map_url", "http://maps.example"),
        ("map_url", "https://"),
        ("map_url", "https://[x"),
        ("map_url", "https://bank.example@evil.example/"),
        ("map_url", "https://" + "x" * 500),
    ],
)
def test_what_cannot_be_is_refused_at_its_own_field(world, field, value):
    client = desk_of(world)
    client.post(PAGE, {"name": "Vieux Lyon"})
    response = client.post(page_of(world.croix_rousse), typed(**{field: value}))
    assert response.status_code == 422
    assert f'id="id_{field}_error"' in text_of(response)
    assert (kept(world).name, kept(world).hours) == ("Croix-Rousse", [])


def test_the_map_is_the_merchants_own_or_looks_for_the_address(world):
    client, page = desk_of(world), page_of(world.croix_rousse)
    client.post(page, typed())
    assert "openstreetmap.org/search?query=14+place+de+la+Croix-Rousse" in text_of(client.get(PAGE))
    client.post(page, typed(map_url="https://maps.example/aroma"))
    assert 'href="https://maps.example/aroma"' in text_of(client.get(PAGE))


def test_a_closed_location_takes_no_more_scans_until_the_toast_opens_it_again(world):
    client, page = desk_of(world), page_of(world.croix_rousse)
    client.post(PAGE, {"name": "Vieux Lyon"})
    response = client.post(f"{page}closure/", follow=True)
    assert "Croix-Rousse is closed." in text_of(response)
    assert f'action="{page}reopening/"' in text_of(response)
    assert "Croix-Rousse" not in text_of(signed_in(world.sam).get("/scan/aroma/"))
    assert client.get(page).status_code == 404
    assert "Croix-Rousse is open again." in text_of(client.post(f"{page}reopening/", follow=True))
    assert kept(world).closed_at is None


def test_the_only_location_stays_open(world):
    response = desk_of(world).post(f"{page_of(world.croix_rousse)}closure/", follow=True)
    assert "This is the only location." in text_of(response)
    assert kept(world).closed_at is None


@pytest.mark.parametrize("what", ["", "closure/", "reopening/"])
def test_another_shops_location_is_not_there(world, what):
    path = f"{PAGE}{world.bloom_shop.id}/{what}"
    assert desk_of(world).post(path, typed()).status_code == 404
    assert names_of(world.bloom) == ["Altstadt"]


@pytest.mark.parametrize("what", ["", "closure/", "reopening/"])
def test_cashiers_and_strangers_change_no_location(world, what):
    path = f"{page_of(world.croix_rousse)}{what}"
    assert signed_in(world.sam).post(path, typed(name="Mine")).status_code == 403
    assert signed_in(world.petra).post(path, typed(name="Mine")).status_code == 404
    assert kept(world).name == "Croix-Rousse"


def test_a_locations_page_needs_few_trips(world):
    assert trips(desk_of(world), page_of(world.croix_rousse)) == 6

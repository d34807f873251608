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

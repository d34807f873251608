"""The join poster's QR: it reads back as the merchant's join page at a location."""

import io

import pytest
import zxingcpp
from PIL import Image

from core import tenancy
from core.ids import public_id
from merchants import locations
from tests.web.desk import HOME, desk_of, text_of, trips

PAGE = f"{HOME}poster/"


def at(location) -> str:
    """A location as addresses name it."""
    return public_id("loc", location.id)


def test_the_png_reads_back_as_the_join_page(world, settings):
    response = desk_of(world).get(f"{PAGE}poster.png")
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"] == 'attachment; filename="habitue-aroma.png"'
    [found] = zxingcpp.read_barcodes(Image.open(io.BytesIO(response.content)))
    assert found.text == f"{settings.BASE_URL}/c/aroma/join?at={at(world.croix_rousse)}"


def test_the_svg_stands_alone_on_white(world):
    response = desk_of(world).get(f"{PAGE}poster.svg")
    assert response["Content-Type"] == "image/svg+xml"
    drawing = text_of(response)
    assert 'fill="#fff"' in drawing
    assert "currentColor" not in drawing
    assert "<script" not in drawing


def test_each_location_has_its_own_code(world):
    with tenancy.scope(world.aroma.id):
        vieux_lyon = locations.add_location(name="Vieux Lyon")
    client = desk_of(world)
    page = text_of(client.get(PAGE, {"at": at(vieux_lyon)}))
    assert f"join?at={at(vieux_lyon)}" in page
    assert f'<option value="{at(vieux_lyon)}" selected>' in page
    response = client.get(f"{PAGE}poster.png", {"at": at(vieux_lyon)})
    [found] = zxingcpp.read_barcodes(Image.open(io.BytesIO(response.content)))
    assert found.text.endswith(at(vieux_lyon))


@pytest.mark.parametrize("file", ["", "poster.png", "poster.svg"])
def test_another_merchants_location_is_not_there(world, file):
    client = desk_of(world)
    for wanted in (at(world.bloom_shop), "loc_" + "0" * 32, "nonsense", "mem_1"):
        assert client.get(f"{PAGE}{file}", {"at": wanted}).status_code == 404


def test_the_poster_needs_few_trips(world):
    assert trips(desk_of(world), PAGE) == 6

"""The join poster's QR: it reads back as the link of a location, which leads to the merchant's join page."""

import io

import pytest
import zxingcpp
from PIL import Image

from core import tenancy
from core.ids import public_id
from merchants import locations, shop
from studio.links import link_address, poster_link
from tests.web.desk import HOME, desk_of, text_of, trips

PAGE = f"{HOME}poster/"


def at(location) -> str:
    """A location as addresses name it."""
    return public_id("loc", location.id)


def link_at(world, location) -> str:
    """What the poster of a location says."""
    with tenancy.scope(world.aroma.id):
        return link_address(poster_link(location), world.aroma)


def test_the_png_reads_back_as_the_link_that_leads_to_the_join_page(world, client, settings):
    response = desk_of(world).get(f"{PAGE}poster.png")
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"] == 'attachment; filename="habitue-aroma.png"'
    [found] = zxingcpp.read_barcodes(Image.open(io.BytesIO(response.content)))
    assert found.text == link_at(world, world.croix_rousse)
    led = client.get(found.text.removeprefix(settings.BASE_URL), follow=True)
    assert led.redirect_chain[0][0].startswith("/c/aroma/join?link=")
    assert led.status_code == 200


def test_the_svg_stands_alone_on_white(world):
    response = desk_of(world).get(f"{PAGE}poster.svg")
    assert response["Content-Type"] == "image/svg+xml"
    drawing = text_of(response)
    assert 'fill="#ffffff"' in drawing
    assert f'fill="{world.aroma.brand_colour}"' in drawing
    assert "currentColor" not in drawing
    assert "<script" not in drawing


def test_a_shop_whose_colour_is_too_pale_has_a_darker_code_that_scans(world):
    with tenancy.scope(world.aroma.id):
        shop.change_colour(merchant=world.aroma, brand_colour="#f6c9d0", actor=None)
    response = desk_of(world).get(f"{PAGE}poster.png")
    picture = Image.open(io.BytesIO(response.content)).convert("RGB")
    assert (246, 201, 208) not in {colour for _count, colour in picture.getcolors(1 << 24)}
    [found] = zxingcpp.read_barcodes(picture)
    assert found.text == link_at(world, world.croix_rousse)


def test_each_location_has_its_own_code(world):
    with tenancy.scope(world.aroma.id):
        vieux_lyon = locations.add_location(name="Vieux Lyon")
    client = desk_of(world)
    page = text_of(client.get(PAGE, {"at": at(vieux_lyon)}))
    assert link_at(world, vieux_lyon) in page
    assert link_at(world, world.croix_rousse) not in page
    assert f'<option value="{at(vieux_lyon)}" selected>' in page
    response = client.get(f"{PAGE}poster.png", {"at": at(vieux_lyon)})
    [found] = zxingcpp.read_barcodes(Image.open(io.BytesIO(response.content)))
    assert found.text == link_at(world, vieux_lyon)


@pytest.mark.parametrize("file", ["", "poster.png", "poster.svg"])
def test_another_merchants_location_is_not_there(world, file):
    client = desk_of(world)
    for wanted in (at(world.bloom_shop), "loc_" + "0" * 32, "nonsense", "mem_1"):
        assert client.get(f"{PAGE}{file}", {"at": wanted}).status_code == 404


def test_the_poster_needs_few_trips(world):
    assert trips(desk_of(world), PAGE) == 8

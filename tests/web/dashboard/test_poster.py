"""The join poster: what it says leads to the merchant's join page, for each location its own; a stopped one says so."""

import re

from core import tenancy
from core.ids import public_id
from merchants import locations
from studio.links import link_address, poster_link, stop_link
from tests.studio.drawing.samples import read
from tests.web.card.conftest import words_of
from tests.web.desk import HOME, desk_of, text_of, trips

PAGE = f"{HOME}poster/"


def at(location) -> str:
    """A location as addresses name it."""
    return public_id("loc", location.id)


def link_at(world, location) -> str:
    """What the poster of a location says."""
    with tenancy.scope(world.aroma.id):
        return link_address(poster_link(location), world.aroma)


def file_on(page, kind) -> str:
    """The address of a file that a page offers, small."""
    [href] = re.findall(rf'href="([^"]+kind={kind})"', text_of(page))
    return href.replace("&amp;", "&").replace("dpi=300", "dpi=150")


def test_the_poster_reads_back_as_the_link_that_leads_to_the_join_page(world, client, settings):
    desk = desk_of(world)
    response = desk.get(file_on(desk.get(PAGE), "png"))
    assert response["Content-Type"] == "image/png"
    assert re.fullmatch(r'attachment; filename="habitue-aroma-\w{6}-a5.png"', response["Content-Disposition"])
    said = read(response.content)
    assert said == link_at(world, world.croix_rousse)
    led = client.get(said.removeprefix(settings.BASE_URL), follow=True)
    assert led.redirect_chain[0][0].startswith("/c/aroma/join?link=")
    assert led.status_code == 200


def test_the_page_shows_what_it_offers(world):
    desk = desk_of(world)
    [shown] = re.findall(r'<img class="sheet__paper" src="([^"]+)"', text_of(desk.get(PAGE)))
    response = desk.get(shown.replace("&amp;", "&"))
    assert response["Content-Type"] == "image/svg+xml"
    drawing = text_of(response)
    assert f'fill="{world.aroma.brand_colour}"' in drawing
    assert not re.search("<script|<image|<text|<style|href", drawing)


def test_each_location_has_its_own_code(world):
    with tenancy.scope(world.aroma.id):
        vieux_lyon = locations.add_location(name="Vieux Lyon")
    desk = desk_of(world)
    page = desk.get(PAGE, {"at": at(vieux_lyon)})
    assert link_at(world, vieux_lyon) in text_of(page)
    assert link_at(world, world.croix_rousse) not in text_of(page)
    assert f'<option value="{at(vieux_lyon)}" selected>' in text_of(page)
    assert read(desk.get(file_on(page, "png")).content) == link_at(world, vieux_lyon)


def test_another_merchants_location_is_not_there(world):
    desk = desk_of(world)
    for wanted in (at(world.bloom_shop), "loc_" + "0" * 32, "nonsense", "mem_1"):
        assert desk.get(PAGE, {"at": wanted}).status_code == 404


def test_a_stopped_poster_says_so_and_can_lead_again(world):
    with tenancy.scope(world.aroma.id):
        link = stop_link(link_id=poster_link(world.croix_rousse).id, actor_id=None)
    desk = desk_of(world)
    page = desk.get(PAGE)
    assert "This code is stopped" in words_of(page)
    assert "kind=pdf" not in text_of(page)
    led = desk.post(f"{HOME}studio/{link.id}/resumption/", {"print": "1"}, follow=True)
    assert led.redirect_chain[0][0] == f"{HOME}studio/{link.id}/print/"
    assert "This code is stopped" not in words_of(led)
    assert "kind=pdf" in text_of(desk.get(PAGE))


def test_the_poster_needs_few_trips(world):
    assert trips(desk_of(world), PAGE) <= 10

"""What is printed of a link: chosen at the desk, downloaded as three kinds of file, and read back from each."""

import io
import re
import subprocess

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageOps

from core import tenancy
from loyalty.models import Unit
from loyalty.rules.types import Condition
from merchants import shop
from studio.links import NewLink, link_address, make_link, stop_link
from studio.posters.formats import FORMATS
from tests.rewards.offering import offered
from tests.studio.drawing.samples import read
from tests.studio.drawing.second_reader import zbar
from tests.web.card.conftest import words_of
from tests.web.desk import HOME, desk_of, text_of, trips


@pytest.fixture
def link(world):
    """In the window."""
    with tenancy.scope(world.aroma.id):
        return make_link(asked=NewLink("join", "Window", location_id=world.croix_rousse.id), actor_id=None)


def page_of(link):
    """Where it is printed."""
    return f"{HOME}studio/{link.id}/print/"


def sheet(world, link, **said):
    """The file, or what is shown."""
    return desk_of(world).get(f"{page_of(link)}sheet", said)


def says(world, link):
    """What its code says."""
    return link_address(link, world.aroma)


def rasterised(pdf, tmp_path, dpi=150):
    """The pages of a PDF as poppler draws them."""
    file = tmp_path / "sheet.pdf"
    file.write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", str(dpi), "-png", file, tmp_path / "page"], check=True)
    return [Image.open(page).convert("RGB") for page in sorted(tmp_path.glob("page*.png"))]


def test_the_pdf_has_its_bleed_and_reads_back_from_poppler(world, link, tmp_path):
    response = sheet(world, link, format="a5", kind="pdf")
    assert response["Content-Type"] == "application/pdf"
    assert b"/Subtype /Image" not in response.content
    [page] = rasterised(response.content, tmp_path)
    assert page.size == pytest.approx(((148 + 6) / 25.4 * 150, (210 + 6) / 25.4 * 150), abs=1)
    assert read(page) == zbar(np.asarray(page)) == says(world, link)


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_reads_back(world, link, format_):
    response = sheet(world, link, format=format_, kind="png", width="900")
    assert Image.open(io.BytesIO(response.content)).width == 900
    assert read(response.content) == says(world, link)


def test_the_png_has_the_dots_that_were_asked_for(world, link):
    picture = Image.open(io.BytesIO(sheet(world, link, format="a6", kind="png", dpi="150").content))
    assert picture.size == (620, 874)
    assert picture.info["dpi"] == pytest.approx((150, 150), abs=0.1)


def test_more_pixels_than_any_printer_asks_for_are_refused_in_words(world, link):
    assert "Ensure this value is less than or equal to 6000" in words_of(
        desk_of(world).get(page_of(link), {"width": "7000"})
    )
    led = desk_of(world).get(
        f"{page_of(link)}sheet", {"format": "a5", "kind": "png", "width": "6000"}, follow=True
    )
    assert "more pixels than any printer asks for" in words_of(led)


def test_the_page_shows_the_sheet_and_says_its_measures(world, link):
    page = desk_of(world).get(page_of(link), {"format": "a5", "language": "fr"})
    assert "148 × 210 mm, 3 mm bleed · read from" in words_of(page)
    assert "Comme d’habitude" in text_of(page)
    assert re.search(r'src="[^"]+/print/sheet\?format=a5&amp;language=fr', text_of(page))


def test_the_shops_own_words_come_into_the_address_of_the_sheet(world, link):
    page = desk_of(world).get(page_of(link), {"headline": "Bonjour", "promise": "Un café & un sourire."})
    assert re.search(
        r"sheet\?[^\"]*headline=Bonjour&amp;promise=Un\+caf%C3%A9\+%26\+un\+sourire\.", text_of(page)
    )


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"headline": "いつもの"}, "The fonts of our posters have no い つ も の."),
        ({"promise": "☕" * 2}, "The fonts of our posters have no ☕."),
        ({"headline": "x" * 41}, "at most 40 characters"),
        ({"promise": "x" * 81}, "at most 80 characters"),
        ({"format": "a0"}, "Select a valid choice"),
    ],
)
def test_words_that_cannot_be_printed_are_refused_in_words(world, link, said, words):
    page = desk_of(world).get(page_of(link), said)
    assert page.status_code == 422
    assert words in words_of(page)
    assert "Not drawn yet" in words_of(page)
    led = sheet(world, link, kind="pdf", **said)
    assert led.status_code == 302
    assert led["Location"].startswith(page_of(link))


def test_nothing_is_printed_of_a_stopped_link(world, link):
    with tenancy.scope(world.aroma.id):
        stop_link(link_id=link.id, actor_id=None)
    assert "This code is stopped" in words_of(desk_of(world).get(page_of(link)))
    for kind in ("pdf", "svg", "png"):
        led = sheet(world, link, kind=kind)
        assert led.status_code == 302
        assert led["Location"].startswith(page_of(link))
    assert sheet(world, link).status_code == 200


def test_a_shop_in_a_pale_colour_with_a_name_in_other_letters_has_a_poster_that_scans(world, link):
    with tenancy.scope(world.aroma.id):
        shop.change_colour(merchant=world.aroma, brand_colour="#f6c9d0", actor=None)
        type(world.aroma).objects.filter(id=world.aroma.id).update(name="アロマ Aroma")
    assert read(sheet(world, link, kind="png", width="900").content) == says(world, link)


def test_a_window_cling_for_the_inside_of_the_glass_is_mirrored(world, link):
    seen = Image.open(io.BytesIO(sheet(world, link, format="window", kind="png", width="900").content))
    inside = sheet(world, link, format="window", kind="png", width="900", mirrored="on")
    behind = ImageOps.mirror(Image.open(io.BytesIO(inside.content)))
    assert read(behind.convert("RGB")) == says(world, link)
    assert (
        ImageChops.difference(behind.convert("L"), seen.convert("L")).point(lambda grey: grey > 200).getbbox()
        is None
    )


def test_a_story_has_its_own_pixels_and_no_pdf(world, link):
    picture = Image.open(io.BytesIO(sheet(world, link, format="story", kind="png").content))
    assert picture.size == (1080, 1920)
    assert "kind=pdf" not in text_of(desk_of(world).get(page_of(link), {"format": "story"}))
    assert sheet(world, link, format="story", kind="pdf").status_code == 404


def test_a_rewards_code_promises_that_reward(world):
    with tenancy.scope(world.aroma.id):
        unit = Unit.objects.get()
        offered(name="A muffin", unit_id=unit.id, cost=50)
        cake = offered(name="A cake", unit_id=unit.id, cost=300)
        shelf = make_link(asked=NewLink("reward", "Shelf", reward_id=cake.id), actor_id=None)
    said = words_of_field(desk_of(world).get(page_of(shelf)), "promise")
    assert said == "1 point for every euro. 300 points, and a cake is on us."


def words_of_field(page, name):
    """What stands in an empty field."""
    return re.search(rf'name="{name}"[^>]* placeholder="([^"]*)"', text_of(page))[1]


@pytest.mark.parametrize(
    "terms", [{"stock": 0}, {"conditions": (Condition("weekday", {"any": [1]}),)}, {"status": "draft"}]
)
def test_what_not_everybody_may_take_is_not_promised(world, link, terms):
    with tenancy.scope(world.aroma.id):
        offered(name="A muffin", unit_id=Unit.objects.get().id, cost=50, **terms)
    assert "muffin" not in words_of_field(desk_of(world).get(page_of(link)), "promise")


def test_there_is_no_other_kind_of_file(world, link):
    assert sheet(world, link, kind="exe").status_code == 404


def test_who_downloads_all_day_is_told_to_wait(world, link, monkeypatch):
    monkeypatch.setattr("web.dashboard.printed.MOST_PRINTED", 1)
    assert sheet(world, link, kind="svg").status_code == 200
    assert sheet(world, link, kind="svg").status_code == 429


def test_the_page_needs_few_trips(world, link):
    assert trips(desk_of(world), page_of(link)) <= 10

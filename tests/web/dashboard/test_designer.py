"""The designer of codes: each knob, what it says, what is refused, and what mends it."""

import base64
import html
import io
import json
import re

import pytest
import zxingcpp
from PIL import Image

from studio.drawing.designs import Design, Frame, Logo
from studio.drawing.keeping import as_json
from studio.looks import longest_link
from tests.web.card.conftest import words_of
from tests.web.desk import HOME, desk_of, text_of
from tests.world import signed_in

PAGE = f"{HOME}studio/designer/"
TURN, FIXES = f"{PAGE}turn/", f"{PAGE}fixes/"
HX = {"HX-Request": "true"}


def turned(world, part=True, **knobs):
    """What the desk answers to a turn; knobs that are not named stay as they begin."""
    return desk_of(world).post(TURN, knobs, headers=HX if part else {})


def drawn(page):
    """The picture on the stage, as SVG."""
    found = re.search(r'class="stage__picture" src="data:image/svg\+xml;base64,([^"]+)"', text_of(page))
    return base64.b64decode(found[1]).decode() if found else ""


def rows_of(page):
    """How many conditions were tried, and how many of them read."""
    return text_of(page).count('class="proof__row"'), text_of(page).count("proof__sign--ok")


def test_the_page_begins_with_the_shops_own_look_which_passes(world):
    page = desk_of(world).get(PAGE)
    assert "6 of 6 pass" in words_of(page)
    assert rows_of(page) == (6, 6)
    assert world.aroma.brand_colour in drawn(page)


@pytest.mark.parametrize(
    ("knobs", "shown"),
    [
        ({"ink": "#23386b"}, 'fill="#23386b"'),
        ({"ink": "free", "ink_free": "#5A1020"}, 'fill="#5a1020"'),
        ({"paper": "free", "paper_free": "#f0f4f0"}, 'fill="#f0f4f0"'),
        ({"style": "linear", "second": "#23386b", "angle": "90"}, "<linearGradient"),
        ({"style": "radial", "second": "#23386b"}, "<radialGradient"),
        ({"style": "outline", "second": "free", "second_free": "#41506b"}, 'fill="#41506b"'),
    ],
)
def test_a_turn_is_drawn(world, knobs, shown):
    assert shown in drawn(turned(world, **knobs))


@pytest.mark.parametrize(
    "knobs",
    [
        {"modules": "dots"}, {"modules": "bars"}, {"eyes": "square"}, {"logo_share": "6"}, {"logo_share": "12"},
        {"logo_clear": "1.5"}, {"logo_shape": "square"}, {"frame_kind": "line"}, {"frame_kind": "band"},
        {"frame_kind": "seal"}, {"frame_kind": "band", "frame_words": "Scannez, gagnez"},
        {"frame_kind": "band", "frame_below": "et c’est tout"}, {"quiet": "8"}, {"error": "H"}, {"view": "card"},
        {"view": "sticker"}, {"view": "poster"}, {"view": "screen"}, {"style": "linear", "second": "#23386b", "angle": "180"},
    ],
    ids=str,
)  # fmt: skip
def test_every_knob_changes_the_drawing_and_what_is_read_stays_read(world, knobs):
    before = {"frame_kind": "band", "frame_words": "Come in"} if "frame_words" in knobs else {}
    page = turned(world, **knobs)
    assert drawn(page) != drawn(turned(world, **before))
    assert rows_of(page) == (6, 6)


def test_what_a_code_says_follows_no_knob(world):
    """What is tried is a link of the shop's own."""
    page = turned(
        world, frame_kind="band", frame_words="Elsewhere", text="https://elsewhere.example", view="code"
    )
    picture = re.findall(r'class="proof__picture" src="data:image/webp;base64,([^"]+)"', text_of(page))[3]
    (said,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(base64.b64decode(picture))))
    assert said.text == longest_link(world.aroma)


@pytest.mark.parametrize(
    ("knobs", "said"),
    [
        ({"ink": "free", "ink_free": "#8aa49a"}, "2.5 to 1 on its paper; it takes 3 to 1."),
        ({"ink": "free", "ink_free": "#f5ead0"}, "scanners need 30"),
        (
            {"ink": "free", "ink_free": "#ffffff", "paper": "free", "paper_free": "#1f4d3a"},
            "Lighter than its paper.",
        ),
        ({"style": "radial", "second": "free", "second_free": "#d8e2d0"}, "scanners need 30"),
        ({"ink": "free", "ink_free": "green"}, "Choose a colour: # and six digits."),
        ({"logo_share": "40"}, "The logo leaves too little to repair."),
        ({"logo_share": "90"}, "A logo is from 8 to 40 percent"),
        ({"logo_clear": "9"}, "At most 3 modules around the logo."),
        ({"quiet": "1"}, "1 modules of paper around it are too few"),
        ({"quiet": "99"}, "At most 12 modules around the code."),
        ({"frame_kind": "band", "frame_words": "x" * 33}, "At most 32 letters"),
        ({"frame_kind": "band", "frame_words": "扫一扫"}, "Our letters do not have all of these characters."),
        ({"modules": "stars"}, "Choose one of these."),
        ({"eyes": "stars"}, "Choose one of these."),
        ({"style": "stars"}, "Choose one of these."),
        ({"angle": "400", "style": "linear"}, "Choose a direction"),
        ({"error": "Z"}, "Choose one of these."),
        ({"quiet": "wide"}, "Enter a whole number."),
    ],
    ids=str,
)
def test_a_known_bad_design_is_refused_with_its_reason(world, knobs, said):
    page = turned(world, part=False, **knobs)
    assert said in words_of(page)
    assert rows_of(page)[1] < 6 or "proof__refused" in text_of(page)


def test_a_failure_offers_changes_that_were_tried_and_each_passes(world):
    bad = {"logo_share": "38"}
    assert "Trying what would help" in words_of(turned(world, **bad))
    offered = text_of(desk_of(world).post(FIXES, bad, headers=HX))
    fixes = [html.unescape(value) for value in re.findall(r'name="take" value="([^"]+)"', offered)]
    assert fixes
    for fix in fixes:
        assert "6 of 6 pass" in words_of(turned(world, take=fix, **bad))


def test_a_fix_turns_the_knob_it_is_about(world):
    small = Design(ink="#1f4d3a", paper="#fbf7ef", logo=Logo(18), error="Q", frame=Frame("line", "Bonjour"))
    page = text_of(turned(world, take=json.dumps(as_json(small)), logo_share="38"))
    assert re.search(r'name="logo_share" id="knob_logo_share" value="18"', page)
    assert 'value="Bonjour"' in page


def test_a_fix_that_is_nobodys_is_refused(world):
    assert turned(world, take="{}").status_code == 400
    assert turned(world, take="no").status_code == 400
    assert turned(world, take="[" * 50_000).status_code == 400  # deeper than anybody reads
    assert (
        turned(world, take='{"version": 1, "frame": {"words": "\\ud800"}}').status_code == 400
    )  # half a letter


def test_without_a_script_a_failure_has_its_fixes_at_once(world):
    page = turned(world, part=False, logo_share="38")
    assert "<html" in text_of(page)
    assert 'name="take"' in text_of(page)


@pytest.mark.parametrize("preset", ["brand", "spring", "summer", "autumn", "winter", "bakery", "florist"])
def test_every_preset_passes(world, preset):
    assert "6 of 6 pass" in words_of(turned(world, preset=preset))


def test_contrast_and_distance_are_measured_at_their_knobs(world):
    words = words_of(turned(world, part=False, width_mm="60"))
    assert ": 1 on its paper: plenty" in words
    assert "Read from up to 60 cm away." in words
    assert "Read from up to 1.2 m away." in words_of(turned(world, part=False, width_mm="120"))


def test_the_designer_is_of_those_who_print(world):
    assert signed_in(world.sam).get(PAGE).status_code == 403
    assert signed_in(world.petra).get(PAGE).status_code == 404


def test_turning_is_counted(world, monkeypatch):
    monkeypatch.setattr("web.dashboard.studio.designer.MOST_TURNS", 1)
    assert turned(world).status_code == 200
    page = turned(world)
    assert page.status_code == 429
    assert "That was too often." in words_of(page)


@pytest.mark.parametrize("address", [PAGE, TURN, FIXES])
def test_a_page_that_looks_for_what_mends_it_is_counted_too(world, monkeypatch, address):
    monkeypatch.setattr("web.dashboard.studio.designer.MOST_MENDS", 1)
    desk = desk_of(world)
    ask = desk.get if address == PAGE else desk.post
    assert ask(address).status_code == 200
    assert ask(address).status_code == 429

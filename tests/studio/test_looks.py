"""A shop's codes look as its default design has them, where that scans, else as its brand, and plain where that does not."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import tenancy
from merchants import logos
from merchants.models import Merchant
from studio import designing
from studio.drawing import preflight
from studio.drawing.conditions import FINEST
from studio.drawing.designs import Frame
from studio.drawing.png import View
from studio.looks import drawing_of, look_of
from studio.proving import ask_if_changed
from tests.merchants.test_logos import picture
from tests.studio.designs import GOOD, proven, put_default, save
from tests.studio.drawing.samples import LINK, seen

AROMA = "#1f4d3a"
RED = replace(GOOD, ink="#7a1f14", paper="#fff8f0", frame=Frame("band", "Scannez, gagnez"))


@pytest.fixture
def aroma(world):
    """In whose scope each test runs."""
    with tenancy.scope(world.aroma.id):
        yield world.aroma


def inks(drawing) -> set:
    """The colours of a drawing."""
    return {shape.paint for shape in drawing.shapes}


def refuse_red(monkeypatch) -> None:
    """Nothing in that design is read any more. Verdicts are kept for as long as the process runs: so nothing else is refused."""
    passes = preflight.passes
    monkeypatch.setattr(
        preflight, "passes", lambda design, *more: design.ink != RED.ink and passes(design, *more)
    )


def with_logo(merchant, colour=(200, 30, 60)) -> Merchant:
    """It has uploaded a picture of one colour."""
    logos.set_logo(merchant=merchant, content=picture(colour=colour), crop=logos.Crop(), actor=None)
    return merchant


@pytest.mark.parametrize("trade", Merchant.Trade.values)
def test_a_shops_code_is_in_its_colour_with_its_trades_mark(aroma, trade):
    aroma.brand_colour, aroma.trade = AROMA, trade
    drawing = drawing_of(aroma, LINK)
    assert inks(drawing) == {AROMA, "#ffffff"}
    assert seen(drawing) == LINK


@pytest.mark.parametrize("colour", ["#1D4ED8", "#ffd400", "#777777", "#ffffff", "#000000"])
def test_any_colour_makes_a_code_that_is_read_in_all_that_is_promised(aroma, colour):
    aroma.brand_colour = colour
    view = View(drawing_of(aroma, LINK), FINEST)
    failed = [
        s
        for s in preflight.FULL
        if preflight.read(preflight.conditions.spoilt(view, s, preflight.HARD)) != LINK
    ]
    assert failed == []


def test_a_text_too_long_for_the_look_is_plain_black(aroma):
    text = LINK + "x" * 150
    drawing = drawing_of(aroma, text)
    assert inks(drawing) == {"#000000"}
    assert seen(drawing, 900) == text


def test_a_default_design_is_how_all_codes_look(aroma):
    put_default(aroma, proven(aroma, RED))
    drawing = drawing_of(aroma, LINK)
    assert (inks(drawing), drawing.paper) == ({RED.ink, RED.paper}, RED.paper)
    assert seen(drawing) == LINK
    assert drawing.height > drawing.width  # the band with its words


def test_who_brings_a_frame_has_the_code_without(aroma):
    put_default(aroma, proven(aroma, RED))
    drawing = drawing_of(aroma, LINK, framed=False)
    assert drawing.height == drawing.width == drawing.code[2]
    assert inks(drawing) == {RED.ink, RED.paper}


def test_a_saved_design_is_nowhere_until_it_is_the_default(aroma):
    save(aroma, RED)
    proven(aroma, replace(RED, angle=1), "Door")
    assert look_of(aroma).design.ink != RED.ink


def test_a_removed_design_gives_way_to_the_brand(aroma):
    version = proven(aroma, RED)
    put_default(aroma, version)
    designing.remove(design_id=version.design_id, actor_id=None)
    assert look_of(aroma).design.ink != RED.ink


def test_a_text_too_long_for_the_default_is_plain_black_as_well(aroma):
    put_default(aroma, proven(aroma, RED))
    assert inks(drawing_of(aroma, LINK + "x" * 150)) == {"#000000"}


def test_a_logo_stands_in_the_middle_traced(aroma):
    drawing = drawing_of(with_logo(aroma), LINK)
    (colour,) = inks(drawing) - {look_of(aroma).design.ink}
    assert [int(colour[at : at + 2], 16) for at in (1, 3, 5)] == pytest.approx([200, 30, 60], abs=4)
    assert seen(drawing) == LINK


def test_the_look_is_the_brands_where_the_default_is_not_read_with_the_new_logo(aroma, monkeypatch):
    put_default(aroma, proven(aroma, RED))
    with_logo(aroma, (90, 40, 120))
    refuse_red(monkeypatch)
    assert look_of(aroma).design.ink != RED.ink
    assert look_of(aroma).marked.startswith("logo")


def test_the_look_is_not_the_defaults_while_its_proof_with_the_new_logo_waits(aroma, monkeypatch):
    put_default(aroma, proven(aroma, RED))
    with_logo(aroma, (90, 40, 120))
    version = designing.default_version()
    ask_if_changed(version, aroma)
    assert (version.status, version.is_default) == ("waiting", True)
    refuse_red(monkeypatch)
    assert look_of(aroma).design.ink != RED.ink


def test_a_look_costs_one_query(aroma):
    put_default(aroma, proven(aroma, RED))
    with_logo(aroma, (10, 20, 30))
    look_of(aroma)
    with CaptureQueriesContext(connection) as queries:
        look_of(aroma)
    assert len(queries) == 1


def test_a_shops_look_is_its_own(world):
    put_default(world.bloom, proven(world.bloom, RED))
    with tenancy.scope(world.aroma.id):
        assert look_of(world.aroma).design.ink != RED.ink

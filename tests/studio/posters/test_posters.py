"""Whatever a shop says, its posters stay on their paper, keep clear of their code, and are read from where they are meant to be."""

from dataclasses import replace

import pytest

from studio.drawing import preflight
from studio.drawing.outlines import bounds
from studio.drawing.png import View
from studio.posters.composing import poster
from studio.posters.contents import Content
from studio.posters.formats import FORMATS
from tests.studio.posters.samples import GREEN, LINK, LONG, SHORT, TRADES, code

SAFE = 3.0  # millimetres: no cutter is more exact


CASES = [
    *((name, "cafe", content) for name in FORMATS for content in (SHORT, LONG)),
    *((name, trade, LONG) for name in ("a5", "stickers") for trade in TRADES),
]


@pytest.mark.parametrize(("name", "trade", "content"), CASES)
def test_everything_lies_on_the_paper(name, trade, content):
    drawn = poster(replace(content, trade=trade), FORMATS[name], code(), ink=GREEN)
    for shape in drawn.shapes:
        if shape.outlines:
            left, top, right, bottom = bounds(shape.outlines)
            assert min(left, top, drawn.width - right, drawn.height - bottom) >= SAFE


@pytest.mark.parametrize("name", FORMATS)
def test_the_code_is_wide_enough_for_how_far_away_it_is_read(name):
    drawn = poster(SHORT, FORMATS[name], code(), ink=GREEN)
    modules = code().width
    inked = drawn.code[2] * (modules - 8) / modules  # without the quiet zone
    assert inked >= FORMATS[name].reading  # a tenth of the centimetres, in millimetres
    assert FORMATS[name].reading or inked > drawn.width / 4


@pytest.mark.parametrize("name", FORMATS)
def test_the_code_is_read_on_every_format_in_all_live_conditions(name):
    view = View(poster(LONG, FORMATS[name], code(), ink=GREEN), 320)
    assert [preflight.tried(view, scene, LINK).passed for scene in preflight.LIVE] == [True] * 6


@pytest.mark.parametrize("trade", TRADES)
def test_the_code_is_read_on_the_poster_in_all_live_conditions(trade):
    view = View(poster(replace(SHORT, trade=trade), FORMATS["a5"], code(), ink=GREEN), 320)
    assert [preflight.tried(view, scene, LINK).passed for scene in preflight.LIVE] == [True] * 6


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_but_the_code_is_in_its_place(name):
    drawn = poster(LONG, FORMATS[name], code(), ink=GREEN)
    left, top, side = drawn.code
    module = side / code().width
    near, far = 3 * module, side - 3 * module  # the code, and the first module of its quiet zone

    def lies_there(outline):
        return any(
            near < step[-2] - left < far and near < step[-1] - top < far
            for step in (outline.start, *outline.steps)
        )

    found = sum(lies_there(outline) for shape in drawn.shapes for outline in shape.outlines)
    assert found == sum(len(shape.outlines) for shape in code().shapes)


def test_a_pale_colour_is_darkened_until_it_prints_and_black_stays_black():
    for ink, wanted in (("#f6c9d0", "#a51b31"), ("#000000", "#000000")):
        drawn = poster(SHORT, FORMATS["a6"], code(ink), ink=ink)
        assert {shape.paint for shape in drawn.shapes} == {wanted, drawn.paper}


def test_a_programme_without_stamps_and_a_shop_without_words_are_drawn():
    bare = Content(shop="茶", headline="", call="", trade="unheard of")
    view = View(poster(bare, FORMATS["a5"], code(), ink=GREEN), 320)
    assert preflight.read(view.at(320)) == LINK


def test_it_is_drawn_alike_every_time():
    assert poster(SHORT, FORMATS["a6"], code(), ink=GREEN) == poster(SHORT, FORMATS["a6"], code(), ink=GREEN)

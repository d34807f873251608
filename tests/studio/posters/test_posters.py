"""Whatever a shop says, its posters stay on their paper, keep clear of their code, and are read from where they are meant to be."""

from dataclasses import replace
from functools import cache

import pytest

from studio.drawing import preflight
from studio.drawing.outlines import bounds
from studio.drawing.png import View
from studio.posters.composing import poster
from studio.posters.contents import Content
from studio.posters.formats import FORMATS
from tests.studio.posters.samples import GREEN, LINK, LONG, SHORT, TRADES, code

SAFE = 3.0  # millimetres: no cutter is more exact


AROUND = ("a5", "till_card", "stickers", "window", "strip_58")  # each has something else beside the code


@cache
def drawn(name, trade="bakery", content=LONG):
    """Drawn once for all that is asked of it."""
    return poster(replace(content, trade=trade), FORMATS[name], code(), ink=GREEN)


@pytest.mark.parametrize("content", [SHORT, LONG], ids=["short", "long"])
@pytest.mark.parametrize("name", FORMATS)
def test_everything_lies_on_the_paper(name, content):
    assert margin_of(drawn(name, content=content)) >= SAFE


@pytest.mark.parametrize("name", ["a5", "stickers"])
@pytest.mark.parametrize("trade", TRADES)
def test_every_trade_lies_on_the_paper_and_its_code_is_wide_enough(name, trade):
    assert margin_of(drawn(name, trade)) >= SAFE
    assert width_of_code(drawn(name, trade)) >= FORMATS[name].reading


def margin_of(drawing):
    """How near anything comes to where the paper is cut, in millimetres."""
    left, top, right, bottom = bounds(outline for shape in drawing.shapes for outline in shape.outlines)
    return min(left, top, drawing.width - right, drawing.height - bottom)


def width_of_code(drawing):
    """Without its quiet zone."""
    return drawing.code[2] * (1 - 8 / code().width)


@pytest.mark.parametrize("name", FORMATS)
def test_the_code_is_wide_enough_for_how_far_away_it_is_read(name):
    # A tenth of the centimetres, in millimetres; of a screen, a quarter of its width.
    assert width_of_code(drawn(name)) >= (FORMATS[name].reading or FORMATS[name].width / 4)


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_but_the_code_is_in_its_place(name):
    left, top, side = drawn(name).code
    module = side / code().width
    near, far = 3 * module, side - 3 * module  # the code, and the first module of its quiet zone

    def lies_there(outline):
        return any(
            near < step[-2] - left < far and near < step[-1] - top < far
            for step in (outline.start, *outline.steps)
        )

    found = sum(lies_there(outline) for shape in drawn(name).shapes for outline in shape.outlines)
    assert found == sum(len(shape.outlines) for shape in code().shapes)


@pytest.mark.parametrize(
    ("name", "trade"), [*((name, "bakery") for name in AROUND), *(("a5", trade) for trade in TRADES)]
)
def test_the_code_is_read_where_it_stands_in_all_live_conditions(name, trade):
    view = View(drawn(name, trade), 320)
    assert [preflight.tried(view, scene, LINK).passed for scene in preflight.LIVE] == [True] * 6


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

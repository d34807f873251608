"""Whatever a shop says, its posters stay on their paper, keep clear of their code, and are read from where they are meant to be."""

from dataclasses import replace

import pytest

from studio.drawing import preflight
from studio.drawing.outlines import bounds
from studio.drawing.png import View
from studio.posters.composing import poster
from studio.posters.formats import FORMATS
from tests.studio.posters.samples import GREEN, LINK, LONG, SHORT, TRADES, code

SAFE = 3.0  # millimetres: no cutter is more exact


CASES = [
    *((name, "cafe", content) for name in FORMATS for content in (SHORT, LONG)),
    *((name, trade, LONG) for name in ("a5", "table_tent", "stickers", "window") for trade in TRADES),
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

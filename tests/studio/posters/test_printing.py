"""Nobody has a sheet whose code was not read back from it."""

from dataclasses import replace

import pytest

from studio.drawing.designs import PLAIN
from studio.drawing.drawings import draw
from studio.drawing.outlines import box
from studio.drawing.shapes import Shape
from studio.posters.composing import poster
from studio.posters.formats import FORMATS
from studio.posters.printing import SheetUnread, first_read, is_read_back
from tests.studio.posters.samples import GREEN, LINK, SHORT, code


def covered(drawn):
    """The sheet with something over half of its code."""
    left, top, side = drawn.code
    return replace(drawn, shapes=(*drawn.shapes, Shape((box(left, top, side, side / 2),), GREEN)))


def test_a_sheet_with_a_covered_code_gives_way_to_a_plain_one():
    styled, plain = (poster(SHORT, FORMATS["a5"], one, ink=GREEN) for one in (code(), draw(PLAIN, LINK)))
    assert first_read([styled, plain]) is styled
    assert first_read([covered(styled), plain]) is plain
    with pytest.raises(SheetUnread):
        first_read([covered(styled), covered(plain)])


def test_what_reads_as_something_else_is_not_read_back():
    drawn = poster(SHORT, FORMATS["a6"], code(), ink=GREEN)
    assert is_read_back(drawn)
    assert not is_read_back(replace(drawn, said=f"{LINK}x"))

"""A shop's codes are in its own look where that scans, and plain where it does not."""

import pytest

from merchants.models import Merchant
from studio.drawing import preflight
from studio.drawing.conditions import FINEST
from studio.drawing.png import View
from studio.looks import drawing_of
from tests.studio.drawing.samples import LINK, seen

AROMA = "#1f4d3a"


def inks(drawing) -> set:
    """The colours of a drawing."""
    return {shape.paint for shape in drawing.shapes}


@pytest.mark.parametrize("trade", Merchant.Trade.values)
def test_a_shops_code_is_in_its_colour_with_its_trades_mark(trade):
    drawing = drawing_of(Merchant(brand_colour=AROMA, trade=trade), LINK)
    assert inks(drawing) == {AROMA, "#ffffff"}
    assert seen(drawing) == LINK


@pytest.mark.parametrize("colour", ["#1D4ED8", "#ffd400", "#777777", "#ffffff", "#000000"])
def test_any_colour_makes_a_code_that_is_read_in_all_that_is_promised(colour):
    view = View(drawing_of(Merchant(brand_colour=colour), LINK), FINEST)
    failed = [
        s
        for s in preflight.FULL
        if preflight.read(preflight.conditions.spoilt(view, s, preflight.HARD)) != LINK
    ]
    assert failed == []


def test_a_text_too_long_for_the_look_is_plain_black():
    text = LINK + "x" * 150
    drawing = drawing_of(Merchant(brand_colour=AROMA), text)
    assert inks(drawing) == {"#000000"}
    assert seen(drawing, 900) == text

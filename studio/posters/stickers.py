"""Round stickers to be cut out of a sheet, and the one large sticker for a window: the seal, and hardly a word.

Stickers are in millimetres of an A4; a window's is in units of which it is 840 wide, of the seal's own grid.
"""

import numpy as np

from studio.drawing.setting import fitted
from studio.drawing.shapes import Drawing, Shape
from studio.posters.contents import Content
from studio.posters.seals import seal
from studio.posters.sheets import Sheet, first_of
from studio.posters.silhouettes import arc

WIDTH, HEIGHT = 210.0, 297.0
ACROSS, DOWN = 3, 4
ROUND, APART = 64.0, 3.0  # millimetres: each sticker, and what lies between two
_INSIDE = 1.6  # millimetres between what is printed and where it is cut
_CUT, _STROKES = 0.15, 60  # how thin the dashed line is along which scissors go, and in how many strokes

WINDOW = 840.0
_CORNER, _WORDS = 44.0, 210.0  # how far from the edge words begin, and how wide they may be


def stickers(content: Content, code: Drawing, ink: str) -> Sheet:
    """Twelve on a sheet, too small for grain. The first one's code is its code."""
    sheet = Sheet(ink, code.paper)
    one = seal(content, code, ink, small=True)
    (middle_x, middle_y), reach = _enclosing(one.shapes)
    scale = (ROUND / 2 - _INSIDE) / reach
    cut = tuple(
        arc(ROUND / 2, number * 360 / _STROKES, (number + 0.5) * 360 / _STROKES, _CUT)
        for number in range(_STROKES)
    )
    step = ROUND + APART
    for number in range(ACROSS * DOWN):
        row, column = divmod(number, ACROSS)
        x = (WIDTH - (ACROSS - 1) * step) / 2 + column * step
        y = (HEIGHT - (DOWN - 1) * step) / 2 + row * step
        here = one.placed(x - middle_x * scale, y - middle_y * scale, scale)
        sheet.shapes += here.shapes
        sheet.print(tuple(outline.moved(x, y) for outline in cut))
        if not number:
            sheet.code = here.code
    return sheet


def window(content: Content, code: Drawing, ink: str) -> Sheet:
    """A square for the door: whose it is in one corner, what one gets in another."""
    sheet = Sheet(ink, code.paper)
    sheet.seal(content, code, WINDOW / 2, WINDOW / 2, 1.0)
    shop = fitted(content.shop, width=_WORDS, size=44, font="display", most=3, height=100, leading=1.05)
    sheet.words(shop, _CORNER, first_of(shop, 74, 1.05), "display", leading=1.05)
    promise = fitted(content.promise, width=_WORDS, size=30, font="display", most=4, height=110, leading=1.08)
    last = WINDOW - 58 - (len(promise.lines) - 1) * promise.size * 1.08
    sheet.words(promise, WINDOW - _CORNER, last, "display", side="right", leading=1.08)
    return sheet


def _enclosing(shapes: tuple[Shape, ...]) -> tuple[tuple[float, float], float]:
    """Middle and radius of hardly more than the smallest circle around them: a cup with its handle is wider than high."""
    ends = np.array(
        [
            step[-2:]
            for shape in shapes
            for outline in shape.outlines
            for step in (outline.start, *outline.steps)
        ]
    )
    middle = np.zeros(2)
    for step in range(2, 200):  # always a little towards what is farthest: Bădoiu and Clarkson, 2003
        middle += (ends[np.argmax(np.hypot(*(ends - middle).T))] - middle) / step
    return (float(middle[0]), float(middle[1])), float(np.hypot(*(ends - middle).T).max())

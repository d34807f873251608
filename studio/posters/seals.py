"""A trade's silhouette with words on its ring and the code in its clear circle: the middle of every format."""

import math
from dataclasses import dataclass
from functools import lru_cache

from studio.drawing import inking, lettering
from studio.drawing.outlines import Outline, bounds
from studio.drawing.shapes import Drawing, Shape, placed
from studio.posters import silhouettes
from studio.posters.contents import Content
from studio.posters.silhouettes import CLEAR, LINE

LETTERS = 31.0  # on the ring
TRACKING = 0.12
_OVER, _UNDER = 0.86, 0.66  # of half the circle: how far words go over the top, and along the foot
_OFF, _WAVE = 2.0, 13.0  # how uneven edges are
_FLECK, _APART = 1.25, 4.4
_BETWEEN = 2.0  # modules of the code that stay clear between its corners and the ring


@dataclass(frozen=True)
class Seal:
    """Shapes about (0, 0), in the grid's units; `code`: left, top and side of the code with its quiet zone."""

    shapes: tuple[Shape, ...]
    code: tuple[float, float, float]

    def placed(self, x: float, y: float, scale: float = 1.0) -> "Seal":
        """The same about another point, larger or smaller."""
        left, top, side = self.code
        return Seal(placed(self.shapes, x, y, scale), (x + left * scale, y + top * scale, side * scale))


def seal(content: Content, code: Drawing, ink: str, *, small: bool = False) -> Seal:
    """In one ink on the code's own paper; the code is drawn in modules, without a frame. A `small` one is solid, with nothing beside it."""
    parts = _printed(content.trade, small=small)
    words = (*along(content.call), *along(content.below, foot=True))
    shapes = [Shape(outlines, code.paper if is_paper else ink) for is_paper, outlines in parts]
    if not small:
        flecks = inking.specks(parts, words, apart=_APART, size=_FLECK)
        shapes.append(Shape(flecks, code.paper))
    shapes.append(Shape(words, code.paper))
    drawn, at = _in_circle(code)
    return Seal((*shapes, *drawn), at)


@lru_cache(maxsize=16)
def _printed(trade: str, *, small: bool) -> silhouettes.Parts:
    """The silhouette with uneven edges: the same for every shop of the trade."""
    silhouette = silhouettes.of(trade)
    parts = silhouette.draw()
    if silhouette.beside and not small:
        parts += silhouette.beside()
    return [(is_paper, inking.wobbled(outlines, by=_OFF, wave=_WAVE)) for is_paper, outlines in parts]


def along(text: str, *, foot: bool = False) -> tuple[Outline, ...]:
    """Capitals along the ring, smaller where they would go round too far."""
    words = lettering.writable(text.upper())
    if not words:
        return ()
    longest = math.pi * LINE * (_UNDER if foot else _OVER)
    size = min(LETTERS, longest / lettering.width_of(words, 1.0, tracking=TRACKING))
    return lettering.around(words, 0, 0, LINE, size, foot=foot, tracking=TRACKING)


def _in_circle(code: Drawing) -> tuple[tuple[Shape, ...], tuple[float, float, float]]:
    """The code as large as its corners allow, and where it lies with its quiet zone."""
    left, top, side = code.code
    west, _north, east, _south = bounds(outline for shape in code.shapes for outline in shape.outlines)
    scale = CLEAR / ((east - west) / math.sqrt(2) + _BETWEEN)
    x, y = -(left + side / 2) * scale, -(top + side / 2) * scale
    return placed(code.shapes, x, y, scale), (-side / 2 * scale, -side / 2 * scale, side * scale)

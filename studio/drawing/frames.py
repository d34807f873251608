"""What stands around a code: a line, a band with a call to action, or a seal as on the join poster. Never in its quiet zone."""

import math
from dataclasses import dataclass

from studio.drawing import lettering
from studio.drawing.designs import Design
from studio.drawing.outlines import Outline, box, circle, ring
from studio.drawing.shapes import Shape

CORNER = 0.08  # of the frame's width: how round
LINE = 0.5  # modules
LETTERS = 0.13  # height of a call to action, of the frame's width, where it is short enough
LOWER = 0.62  # a second line, of the first
SEAL_LETTERS = 0.5  # of the seal's ring


@dataclass(frozen=True)
class Around:
    """The paper's size, where the code with its quiet zone lies on it, and what surrounds it."""

    width: float
    height: float
    left: float
    top: float
    shapes: tuple[Shape, ...] = ()


def around(design: Design, side: int) -> Around:
    """The frame of a code of `side` modules."""
    return {"none": _none, "line": _line, "band": _band, "seal": _seal}[design.frame.kind](design, side)


def _none(design: Design, side: int) -> Around:
    whole = side + 2 * design.quiet
    return Around(whole, whole, 0, 0)


def _line(design: Design, side: int) -> Around:
    """A thin line around code and words."""
    whole, gap = side + 2 * design.quiet, 1.0
    width = whole + 2 * gap
    size, lower = _sizes(design, width * 0.86)
    foot = (size * 0.8 + lower * 1.3 + width * 0.03) if size else 0.0
    height = width + foot
    radius = width * CORNER
    edge = ring(
        box(LINE, LINE, width - 2 * LINE, height - 2 * LINE, radius),
        box(2 * LINE, 2 * LINE, width - 4 * LINE, height - 4 * LINE, radius - LINE),
    )
    first = gap + whole + size * lettering.CAPITALS * 0.9 - design.quiet * 0.25
    words = _words(design, width / 2, first, size, lower)
    return Around(width, height, gap, gap, (Shape((*edge, *words), design.ink),))


def _band(design: Design, side: int) -> Around:
    """A ticket: the words stand in paper on a band of ink."""
    whole, gap = side + 2 * design.quiet, 1.0
    width = whole + 2 * gap
    size, lower = _sizes(design, width * 0.84)
    band = (size * 1.75 + lower * 1.3) if size else width * 0.1
    height = width + band
    radius = width * CORNER
    outside = box(LINE, LINE, width - 2 * LINE, height - 2 * LINE, radius)
    window = _upper_window(2 * LINE, width - 4 * LINE, width - LINE, radius - LINE)
    first = width + (band - LINE - lower * 1.3) / 2 + size * lettering.CAPITALS / 2 - LINE / 2
    words = _words(design, width / 2, first, size, lower)
    return Around(
        width, height, gap, gap, (Shape(ring(outside, window), design.ink), Shape(words, design.paper))
    )


def _upper_window(at: float, width: float, bottom: float, radius: float) -> Outline:
    """A rectangle with round upper corners."""
    far = radius * 0.4477
    return Outline(
        (at, bottom),
        (
            (at, at + radius),
            (at, at + far, at + far, at, at + radius, at),
            (at + width - radius, at),
            (at + width - far, at, at + width, at + far, at + width, at + radius),
            (at + width, bottom),
        ),
    )


def _seal(design: Design, side: int) -> Around:
    """A cup seen from above: a ring of ink with the words on it, and the saucer's edge."""
    inner = side / 2 * math.sqrt(2) + max(design.quiet * 0.6, 2.0)
    wall = inner * 0.29
    saucer = inner + wall * 1.42
    middle = saucer + 1.0
    edge = ring(circle(middle, middle, saucer), circle(middle, middle, saucer - 0.3))
    cup = ring(circle(middle, middle, inner + wall), circle(middle, middle, inner))
    line = inner + wall / 2
    words = _along(design.frame.words, middle, line, wall, foot=False)
    words += _along(design.frame.below, middle, line, wall, foot=True)
    offset = middle - side / 2 - design.quiet
    shapes = (Shape((*edge, *cup), design.ink), Shape(words, design.paper))
    return Around(2 * middle, 2 * middle, offset, offset, shapes)


def _along(words: str, middle: float, line: float, wall: float, *, foot: bool) -> tuple[Outline, ...]:
    text = words.upper()
    size = wall * SEAL_LETTERS
    longest = math.pi * line * (0.62 if foot else 0.8)
    if (length := lettering.width_of(text, size, tracking=0.12)) > longest:
        size *= longest / length
    return lettering.around(text, middle, middle, line, size, foot=foot)


def _sizes(design: Design, width: float) -> tuple[float, float]:
    """Of the two lines, so that both fit into the width; 0 for one that is empty."""
    size = _fitting(design.frame.words, width * LETTERS, width, "display")
    return size, _fitting(design.frame.below, size * LOWER, width, "strong")


def _fitting(text: str, size: float, width: float, font: str) -> float:
    if not text:
        return 0.0
    return min(size, width / lettering.width_of(text, 1.0, font))


def _words(design: Design, x: float, y: float, size: float, lower: float) -> tuple[Outline, ...]:
    frame = design.frame
    drawn = lettering.centred(frame.words, x, y, size, "display")
    if lower:
        drawn += lettering.centred(frame.below, x, y + lower * 1.3, lower, "strong")
    return drawn

"""Marks that are drawn: a shop's initial, and a silhouette for each trade. A picture becomes one in `tracing`.

Each is a disc or a square of ink with paper on it, as on the join poster.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Literal

from studio.drawing import lettering
from studio.drawing.designs import LogoShape
from studio.drawing.outlines import Outline, box, circle, ring
from studio.drawing.shapes import Mark, Shape

Trade = Literal["cafe", "bakery", "florist", "hairdresser", "restaurant", "shop"]


def ground(shape: LogoShape) -> Outline:
    """All of the mark's room."""
    return circle(0.5, 0.5, 0.5) if shape == "round" else box(0, 0, 1, 1, 0.16)


def initial(letter: str, *, ink: str, paper: str, shape: LogoShape = "round") -> Mark:
    """A letter on ink. One that the font lacks leaves the ink empty."""
    size = 0.62
    drawn: tuple[Outline, ...] = ()
    if letter and lettering.can_write(letter[0], "display"):
        baseline = 0.5 + size * lettering.CAPITALS / 2
        drawn = lettering.centred(letter[0], 0.5, baseline, size, "display")
    return Mark((Shape((ground(shape),), ink), Shape(drawn, paper)))


def silhouette(trade: Trade, *, ink: str, paper: str, shape: LogoShape = "round") -> Mark:
    """What stands for the trade, on ink."""
    return Mark(
        (
            Shape((ground(shape),), ink),
            *(Shape(outlines, paper if light else ink) for light, outlines in _DRAWN[trade]()),
        )
    )


Parts = list[tuple[bool, tuple[Outline, ...]]]  # paper or ink, from the lowest


def _line(points: list[tuple[float, float]], width: float) -> tuple[Outline, ...]:
    """Straight strokes with round ends through points."""
    drawn: list[Outline] = []
    for (x0, y0), (x1, y1) in pairwise(points):
        length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        dx, dy = (x1 - x0) / length * width / 2, (y1 - y0) / length * width / 2
        drawn.append(
            Outline((x0 + dy, y0 - dx), ((x1 + dy, y1 - dx), (x1 - dy, y1 + dx), (x0 - dy, y0 + dx)))
        )
    return (*drawn, *(circle(x, y, width / 2) for x, y in points))


def _cup() -> Parts:
    """As on the join poster: a cup in outline, and its steam."""
    steam = tuple(box(x, 0.235, 0.045, 0.1, 0.0225) for x in (0.335, 0.43, 0.525))
    handle = ring(circle(0.645, 0.53, 0.125), circle(0.645, 0.53, 0.078))
    body, hollow = _bowl(0.0), _bowl(0.047)
    return [(True, handle), (True, (*steam, body)), (False, (hollow,))]


def _bowl(inset: float) -> Outline:
    """Round below, almost square above."""
    left, right, top, bottom = 0.25 + inset, 0.66 - inset, 0.385 + inset, 0.75 - inset
    low, far = bottom - 0.13 + inset, 0.13 - inset
    bent = far * 0.4477
    return Outline(
        (left, top),
        (
            (right, top),
            (right, low),
            (right, bottom - bent, right - bent, bottom, right - far, bottom),
            (left + far, bottom),
            (left + bent, bottom, left, bottom - bent, left, low),
        ),
    )


def _loaf() -> Parts:
    loaf = box(0.2, 0.36, 0.6, 0.3, 0.15)
    cuts = [_line([(x, 0.58), (x + 0.07, 0.44)], 0.045) for x in (0.32, 0.47, 0.62)]
    return [(True, (loaf,)), *((False, cut) for cut in cuts)]


def _flower() -> Parts:
    petals = tuple(
        circle(x, y, 0.115)
        for x, y in ((0.5, 0.275), (0.648, 0.382), (0.592, 0.556), (0.408, 0.556), (0.352, 0.382))
    )
    stem = _line([(0.5, 0.5), (0.5, 0.82)], 0.05)
    return [(True, (*stem, *petals)), (False, (circle(0.5, 0.43, 0.075),))]


def _scissors() -> Parts:
    blades = (*_line([(0.36, 0.6), (0.64, 0.22)], 0.06), *_line([(0.64, 0.6), (0.36, 0.22)], 0.06))
    handles = (circle(0.34, 0.67, 0.11), circle(0.66, 0.67, 0.11))
    holes = (circle(0.34, 0.67, 0.055), circle(0.66, 0.67, 0.055))
    return [(True, (*blades, *handles)), (False, holes)]


def _plate() -> Parts:
    plate = ring(circle(0.5, 0.5, 0.215), circle(0.5, 0.5, 0.17))
    fork = (
        *_line([(0.2, 0.3), (0.2, 0.7)], 0.04),
        *_line([(0.16, 0.3), (0.16, 0.4), (0.24, 0.4), (0.24, 0.3)], 0.03),
    )
    knife = (*_line([(0.8, 0.3), (0.8, 0.7)], 0.04), box(0.76, 0.29, 0.06, 0.22, 0.03))
    return [(True, (*plate, circle(0.5, 0.5, 0.12))), (True, fork), (True, knife)]


def _bag() -> Parts:
    handle = ring(circle(0.5, 0.38, 0.145), circle(0.5, 0.38, 0.095))
    bag = box(0.27, 0.4, 0.46, 0.36, 0.05)
    return [(True, handle), (True, (bag,)), (False, (circle(0.41, 0.48, 0.028), circle(0.59, 0.48, 0.028)))]


_DRAWN: dict[Trade, Callable[[], Parts]] = {
    "cafe": _cup,
    "bakery": _loaf,
    "florist": _flower,
    "hairdresser": _scissors,
    "restaurant": _plate,
    "shop": _bag,
}

"""The dark squares of a code in one of four shapes, and its eyes in one of three."""

from collections.abc import Callable
from itertools import groupby

from studio.drawing.codes import EYE, Code, cleared
from studio.drawing.designs import Design, Eyes, Modules
from studio.drawing.outlines import Outline, box, circle, follow, ring, rounded

RIM = 0.17  # modules: the drawn line of an outlined shape
DOT = 0.485  # radius: larger ones grow together when ink spreads, smaller ones pale
BAR = 0.46  # half the width of a bar
_SMALL = 5  # modules of a small mark
_SMALL_RADIUS = 1.3
_NEAR = range(-2, 3)  # from its middle
_EYE_RADII: dict[Eyes, tuple[float, float, float]] = {  # of the ring outside, inside, and of the dot
    "square": (0.0, 0.0, 0.0),
    "rounded": (2.2, 1.3, 0.8),
    "round": (2.6, 1.5, 1.3),  # a whole circle is not found from the side
}

_FINE = 37  # modules; where the squares are smaller than in a code of that side, ZBar loses one in twelve of round eyes
_ROUND_AND_FINE = (2.2, 1.3, 0.7)


def modules_of(code: Code, design: Design, inset: float = 0.0) -> tuple[Outline, ...]:
    """What is dark beside the eyes, without what gives way to the mark; each shape drawn `inset` inside its border."""
    gone = cleared(design, code.side) | {
        (x + dx, y + dy) for x, y in small_eyes(code, design) for dx in _NEAR for dy in _NEAR
    }
    grid = [
        [is_dark and (x, y) not in gone and not _in_eye(x, y, code.side) for x, is_dark in enumerate(row)]
        for y, row in enumerate(code.rows)
    ]
    return tuple(_SHAPES[design.modules](grid, inset))


def small_eyes(code: Code, design: Design) -> tuple[tuple[int, int], ...]:
    """The middles of the small marks that are drawn as eyes are: of dots or bars, no reader would know them again."""
    if design.modules == "square":
        return ()
    gone = cleared(design, code.side)
    return tuple(
        (x, y)
        for x, y in code.small_eyes
        if not any((x + dx, y + dy) in gone for dx in _NEAR for dy in _NEAR)
    )


def eyes_of(code: Code, design: Design, inset: float = 0.0) -> tuple[Outline, ...]:
    """The three corners: a ring around a dot in the measures that scanners look for: 1, 1, 3, 1, 1."""
    outside, inside, dot = _radii(design.eyes, code.side)
    drawn: list[Outline] = []
    for x, y in code.eyes:
        drawn += ring(
            _box(x, y, EYE, outside, inset),
            _box(x + 1, y + 1, EYE - 2, inside, -inset),
        )
        drawn.append(_box(x + 2, y + 2, EYE - 4, dot, inset))
    for x, y in small_eyes(code, design):
        drawn += ring(
            _box(x - 2, y - 2, _SMALL, min(outside, _SMALL_RADIUS), inset),
            _box(x - 1, y - 1, _SMALL - 2, min(inside, _SMALL_RADIUS - 0.7), -inset),
        )
        drawn.append(_box(x, y, 1, min(dot, 0.4), inset))
    return tuple(drawn)


def _radii(eyes: Eyes, side: int) -> tuple[float, float, float]:
    if eyes == "round" and side > _FINE:
        return _ROUND_AND_FINE
    return _EYE_RADII[eyes]


def _box(x: float, y: float, side: float, radius: float, inset: float) -> Outline:
    inner = max(radius - inset, 0.0) if radius else 0.0
    return box(x + inset, y + inset, side - 2 * inset, side - 2 * inset, inner)


def _in_eye(x: int, y: int, side: int) -> bool:
    far = side - EYE
    return ((x < EYE or x >= far) and y < EYE) or (x < EYE and y >= far)


def _square(grid: list[list[bool]], inset: float) -> list[Outline]:
    return [rounded(corners, 0.0, 0.0, inset) for corners in follow(grid)]


def _rounded(grid: list[list[bool]], inset: float) -> list[Outline]:
    """Joined: round where the ink ends, square where it meets."""
    return [rounded(corners, 0.5, 0.0, inset) for corners in follow(grid)]


def _dots(grid: list[list[bool]], inset: float) -> list[Outline]:
    return [
        circle(x + 0.5, y + 0.5, DOT - inset)
        for y, row in enumerate(grid)
        for x, is_dark in enumerate(row)
        if is_dark
    ]


def _bars(grid: list[list[bool]], inset: float) -> list[Outline]:
    """One upright bar for each run of dark modules in a column."""
    half = BAR - inset
    drawn = []
    for x in range(len(grid[0])):
        y = 0
        for is_dark, run in groupby(row[x] for row in grid):
            length = len(list(run))
            if is_dark:
                top, height = y + 0.5 - half, length - 1 + 2 * half
                drawn.append(box(x + 0.5 - half, top, 2 * half, height, half))
            y += length
    return drawn


_SHAPES: dict[Modules, Callable[[list[list[bool]], float], list[Outline]]] = {
    "square": _square,
    "rounded": _rounded,
    "dots": _dots,
    "bars": _bars,
}

"""What each trade has in its shop, seen from above: round it lies a ring for words, and within that a clear circle for the code.

All share one grid, in units of which a poster is 924 wide, about (0, 0). Nothing reaches farther up or down than TALL, or to a
side than WIDE.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from studio.drawing.marks import Trade
from studio.drawing.outlines import Outline, box, circle, ring

CLEAR, OUTER = 208.0, 272.0  # the ring's two edges
LINE = (CLEAR + OUTER) / 2  # where words run
EDGE, THIN = 308.0, 3.4  # of a saucer, and how thin it is drawn
TALL, WIDE = 314.0, 392.0
Parts = list[tuple[bool, tuple[Outline, ...]]]  # whether it is paper, from the lowest
_BESIDE = 372.0  # how far away a fork lies
_HANDLE = 15.0  # degrees from the right, downwards: where a hand comes from
_WALL = ring(circle(0, 0, OUTER), circle(0, 0, CLEAR))


@dataclass(frozen=True)
class Silhouette:
    """`draw`: the ring and what surrounds it. `icon`: of the trade, small. `beside`: what lies next to it where there is room."""

    draw: Callable[[], Parts]
    icon: Trade
    beside: Callable[[], Parts] | None = None


def of(trade: str) -> Silhouette:
    """The trade's, or a plain seal."""
    return _SILHOUETTES.get(trade, _SILHOUETTES["other"])


def _thin(radius: float, width: float = THIN) -> tuple[Outline, ...]:
    return ring(circle(0, 0, radius), circle(0, 0, radius - width))


def _outline(points: list[tuple[float, float]]) -> Outline:
    return Outline(points[0], tuple(points[1:]))


def _polar(radius: Callable[[float], float], points: int = 720) -> Outline:
    """A line about the middle, clockwise; `radius` of an angle in radians."""
    turns = [2 * math.pi * at / points for at in range(points)]
    return _outline([(radius(turn) * math.cos(turn), radius(turn) * math.sin(turn)) for turn in turns])


def _leaf(length: float, width: float, blunt: float = 1.0) -> Outline:
    """From (0, 0) to the right, pointed at both ends; `blunt` under 1 makes the ends round."""
    shares = [at / 24 for at in range(25)]
    half = [(share * length, width / 2 * math.sin(math.pi * share) ** blunt) for share in shares]
    return _outline([(x, -y) for x, y in half] + [(x, y) for x, y in reversed(half[1:-1])])


def _around(outlines: tuple[Outline, ...], radius: float, turn: float) -> tuple[Outline, ...]:
    """What points to the right from (0, 0) is set on a circle, outwards at `turn` degrees."""
    x, y = radius * math.cos(math.radians(turn)), radius * math.sin(math.radians(turn))
    return tuple(outline.moved(x, y, 1.0, turn) for outline in outlines)


def arc(radius: float, begin: float, end: float, width: float) -> Outline:
    """A stroke along a circle, in degrees."""
    turns = [math.radians(begin + (end - begin) * at / 12) for at in range(13)]
    outer = [((radius + width / 2) * math.cos(t), (radius + width / 2) * math.sin(t)) for t in turns]
    inner = [
        ((radius - width / 2) * math.cos(t), (radius - width / 2) * math.sin(t)) for t in reversed(turns)
    ]
    return _outline(outer + inner)


def _cup() -> Parts:
    """A cup on its saucer."""
    handle = _around((box(0, -33.5, 104, 67, 33.5),), 258, _HANDLE)
    return [(False, _thin(EDGE)), (False, handle), (False, _WALL)]


def _bread() -> Parts:
    """A crown loaf, as Bordeaux bakes it, on its board."""
    loaves = 10
    crown = _polar(lambda turn: 268 + 26 * abs(math.sin(turn * loaves / 2 + 0.35)) ** 0.45)
    cut = _leaf(40, 11, 0.8).moved(-14, -11, 1.0, 38)
    cuts = tuple(
        outline
        for number in range(loaves)
        for outline in _around((cut,), 279, (number + 0.5) * 360 / loaves - 4)
    )
    board = (*_thin(EDGE + 6), *_around((box(0, -27, 84, 54, 27),), 306, _HANDLE))
    hole = _around((circle(54, 0, 10),), 306, _HANDLE)
    return [(False, board), (True, hole), (False, ring(crown, circle(0, 0, CLEAR))), (True, cuts)]


def _flower() -> Parts:
    """A daisy: its petals, each with two folds."""
    petals = 13
    step = 360 / petals
    petal = _polar(lambda turn: 274 + 40 * abs(math.sin(turn * petals / 2)) ** 0.5)
    folds = (_leaf(26, 4).moved(0, -15, 1.0, -7), _leaf(26, 4).moved(0, 15, 1.0, 7))
    paper = tuple(
        outline
        for number in range(petals)
        for outline in (
            *_around((_leaf(54, 9),), 257, number * step),
            *_around(folds, 276, (number + 0.5) * step),
        )
    )
    return [(False, ring(petal, circle(0, 0, CLEAR))), (True, paper)]


def _mirror() -> Parts:
    """A hand mirror."""
    turn = 38.0
    handle = (
        box(-6, -26, 22, 52, 8),
        box(12, -13, 30, 26, 6),
        _leaf(110, 54, 0.6).moved(30, 0),
        circle(143, 0, 14),
    )
    return [
        (False, _thin(EDGE - 14)),
        (False, _around(handle, OUTER, turn)),
        (False, _WALL),
    ]


def _scissors() -> Parts:
    """Closed, at the foot of the mirror."""
    blades = tuple(_leaf(128, 17).moved(-14, 0, 1.0, turn) for turn in (-7, 7))
    shanks = tuple(box(-70, -5, 66, 10, 5).moved(0, 0, 1.0, turn) for turn in (-16, 16))
    loops = tuple(outline for y in (-24, 24) for outline in ring(circle(-76, y, 22), circle(-76, y, 13)))
    return [(False, tuple(outline.moved(-281, 226, 1.0, 50) for outline in (*blades, *shanks, *loops)))]


def _hat() -> Parts:
    """A straw hat: its brim, its stitches, and a ribbon with two ends."""
    stitches = tuple(
        arc(radius, turn + shift, turn + shift + 4.4, THIN)
        for radius, shift in ((290.0, 0.0), (306.0, 3.6))
        for turn in (number * 7.2 for number in range(50))
    )
    tail = _outline([(0, -17), (96, -30), (82, -9), (100, 10), (0, 15)])
    knot = _around((box(-14, -30, 44, 60, 12),), OUTER, _HANDLE)
    tails = (*_around((tail,), OUTER - 6, _HANDLE - 8), *_around((tail,), OUTER - 6, _HANDLE + 10))
    return [(False, (*_thin(324), *stitches)), (False, tails), (False, _WALL), (False, knot)]


def _plate() -> Parts:
    """A plate between fork and knife."""
    fork = [box(-_BESIDE + 4 + step * 15, -150, 9, 96, 4.5) for step in range(4)]
    fork += [box(-_BESIDE + 4, -82, 54, 40, 20), box(-_BESIDE + 23, -60, 16, 220, 8)]
    blade = _outline([(_BESIDE - 40, -150), (_BESIDE - 14, -100), (_BESIDE - 10, 20), (_BESIDE - 40, 20)])
    knife = (blade, box(_BESIDE - 41, 10, 18, 150, 9))
    return [(False, _thin(EDGE)), (False, tuple(fork)), (False, knife), (False, _WALL)]


def _seal() -> Parts:
    """A rosette: what fits every counter."""
    pleats = _polar(lambda turn: 300 + 8 * math.cos(turn * 44))
    return [
        (False, ring(pleats, circle(0, 0, 284))),
        (False, _WALL),
    ]


_SILHOUETTES = {
    "cafe": Silhouette(_cup, "cafe"),
    "bakery": Silhouette(_bread, "bakery"),
    "florist": Silhouette(_flower, "florist"),
    "salon": Silhouette(_mirror, "hairdresser", _scissors),
    "boutique": Silhouette(_hat, "shop"),
    "restaurant": Silhouette(_plate, "restaurant"),
    "other": Silhouette(_seal, "shop"),
}

"""Printed by hand, as outlines: edges that a rubber stamp leaves, and specks where no ink came. Never for codes or small words.

Chance comes from fixed seeds: the same drawing is inked alike every time.
"""

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from studio.drawing.filling import coverage
from studio.drawing.outlines import Outline, bounds, moved

_SEED = 20261122
_LARGEST = 2.0  # of a fleck, of their usual width: a larger one is taken for an accent
_GRID = 64  # knots of the unevenness before it repeats
_OCTAVES = ((0.4, 0.3), (1.0, 0.4), (2.3, 0.3))  # how fine, how strong


def wobbled(outlines: Iterable[Outline], *, by: float, wave: float) -> tuple[Outline, ...]:
    """The outlines with uneven edges: at most `by` off, in waves about `wave` long."""
    return tuple(_wobbled(outline, by, wave) for outline in outlines)


def specks(
    parts: Iterable[tuple[bool, tuple[Outline, ...]]],
    spared: tuple[Outline, ...],
    *,
    apart: float,
    size: float,
) -> tuple[Outline, ...]:
    """Missing ink: flecks of three to six corners, `size` wide on average, one to each square of side `apart`.

    `parts`: what is printed, from the lowest, with whether it is paper. Flecks lie on ink, and not at the edge of what is spared.
    """
    drawn = list(parts)
    box = bounds(outline for _is_paper, outlines in drawn for outline in outlines)
    inked = _inked(drawn, spared, box)
    chance = np.random.Generator(np.random.PCG64(_SEED))
    left, top, right, bottom = box
    count = int((right - left) * (bottom - top) / apart**2)
    x, y = chance.uniform(0, right - left, count), chance.uniform(0, bottom - top, count)
    width = size * np.minimum(chance.lognormal(-0.12, 0.5, count), _LARGEST)
    return tuple(
        _fleck(left + x[at], top + y[at], float(width[at]), chance)
        for at in np.flatnonzero(inked[y.astype(np.int64), x.astype(np.int64)])
    )


def _inked(
    parts: list[tuple[bool, tuple[Outline, ...]]],
    spared: tuple[Outline, ...],
    box: tuple[float, float, float, float],
) -> NDArray[np.bool_]:
    """For each unit's square of the box whether it is ink, and nothing that is spared is near."""
    left, top, right, bottom = box
    width, height = math.ceil(right - left), math.ceil(bottom - top)

    def within(outlines: tuple[Outline, ...]) -> NDArray[np.float32]:
        return coverage(moved(outlines, -left, -top), width, height, 1.0)

    ink = np.zeros((height, width), bool)
    for is_paper, outlines in parts:
        ink = np.where(within(outlines) > 0.5, not is_paper, ink)
    near = Image.fromarray((within(spared) > 0.05).astype(np.uint8)).filter(ImageFilter.MaxFilter(9))
    return ink & (np.asarray(near) == 0)


def _fleck(x: float, y: float, width: float, chance: np.random.Generator) -> Outline:
    corners = int(chance.integers(3, 7))
    turns = np.sort(chance.uniform(0, 2 * math.pi, corners))
    reach = width / 2 * chance.uniform(0.6, 1.3, corners)
    first, *others = (
        (float(x + far * math.cos(turn)), float(y + far * math.sin(turn)))
        for turn, far in zip(turns, reach, strict=True)
    )
    return Outline(first, tuple(others))


def _wobbled(outline: Outline, by: float, wave: float) -> Outline:
    points = _spaced(outline, wave / 4)
    uneven = points + by * np.stack([_noise(points / wave, 0), _noise(points / wave, 1)], axis=1)
    first, *others = ((float(x), float(y)) for x, y in uneven)
    return Outline(first, tuple(others))


def _spaced(outline: Outline, step: float) -> NDArray[np.float64]:
    """Points on the line in their order, never farther apart than a step."""
    parts = []
    at = outline.start
    for part in (*outline.steps, outline.start):
        points = np.array((*at, *part), np.float64).reshape(-1, 2)
        count = max(math.ceil(np.hypot(*np.diff(points, axis=0).T).sum() / step), 1)
        t = np.arange(count) / count
        if len(points) == 4:
            weights = np.stack([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3])
        else:
            weights = np.stack([1 - t, t])
        parts.append(weights.T @ points)
        at = (part[-2], part[-1])
    return np.concatenate(parts)


def _noise(points: NDArray[np.float64], number: int) -> NDArray[np.float64]:
    """Between -1 and 1, smooth in both directions."""
    total = np.zeros(len(points))
    for octave, (fine, strong) in enumerate(_OCTAVES):
        knots = np.random.Generator(np.random.PCG64(_SEED + 2 * octave + number)).uniform(
            -1, 1, (_GRID, _GRID)
        )
        at = points * fine
        whole = np.floor(at).astype(np.int64)
        share = at - whole
        share = share * share * (3 - 2 * share)
        (x, y), (fx, fy) = whole.T % _GRID, share.T
        far_x, far_y = (x + 1) % _GRID, (y + 1) % _GRID
        above = knots[y, x] * (1 - fx) + knots[y, far_x] * fx
        below = knots[far_y, x] * (1 - fx) + knots[far_y, far_x] * fx
        total += strong * (above * (1 - fy) + below * fy)
    return total

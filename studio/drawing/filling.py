"""How much of each pixel lies inside outlines: exact areas, so that edges are smooth and every run gives the same pixels."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from studio.drawing.outlines import Outline

Floats = NDArray[np.float64]
Coverage = NDArray[np.float32]
CHORDS = (2, 4, 8, 16, 32, 64)  # of a cubic: as many as its length asks for
_CHORD = 0.8  # of the square root of its length in pixels, is how many: an arc is off by a tenth of a pixel


def coverage(outlines: Iterable[Outline], width: int, height: int, scale: float) -> Coverage:
    """The share of each pixel (height × width, 0–1) inside the outlines, at `scale` pixels a module.

    What lies outside the picture is cut off. Overlaps count once.
    """
    return covered(flattened(outlines, scale) * scale, width, height)


def covered(lines: Floats, width: int, height: int) -> Coverage:
    """As `coverage`, of straight lines [x0, y0, x1, y1] in pixels."""
    if not lines.size:
        return np.zeros((height, width), np.float32)
    x0, y0, x1, y1 = _clipped(lines, height)
    x0, y0, x1, y1 = _cut(x0, y0, x1, y1)
    middle, rise = (x0 + x1) / 2, y1 - y0
    # Left of the picture counts for all of the row, right of it for none.
    middle = np.clip(middle, 0.0, width)
    column = np.minimum(np.floor(middle).astype(np.int64), width)
    row = np.clip(np.floor((y0 + y1) / 2).astype(np.int64), 0, height - 1)
    share = middle - column
    at = row * (width + 2) + column
    size = height * (width + 2)
    gained = np.bincount(at, rise * (1 - share), size) + np.bincount(at + 1, rise * share, size)
    winding = np.cumsum(gained.reshape(height, width + 2), axis=1)[:, :width]
    return np.minimum(np.abs(winding), 1.0).astype(np.float32)


def flattened(outlines: Iterable[Outline], scale: float) -> Floats:
    """All outlines as straight lines, each [x0, y0, x1, y1] in modules, as fine as `scale` pixels a module show."""
    straight: list[tuple[float, ...]] = []
    curves: list[tuple[float, ...]] = []
    for outline in outlines:
        at = outline.start
        for step in outline.steps:
            (curves if len(step) == 6 else straight).append((*at, *step))
            at = (step[-2], step[-1])
        straight.append((*at, *outline.start))
    parts = [np.array(straight, np.float64).reshape(-1, 4)]
    if curves:
        parts += _chords(np.array(curves, np.float64), scale)
    return np.concatenate(parts)


def _chords(curves: Floats, scale: float) -> list[Floats]:
    """Cubics [x0, y0, x1, y1, x2, y2, x3, y3] as lines that follow them."""
    length = sum(
        np.hypot(curves[:, n + 2] - curves[:, n], curves[:, n + 3] - curves[:, n + 1]) for n in (0, 2, 4)
    )
    group = np.searchsorted(CHORDS[:-1], _CHORD * np.sqrt(length * scale))
    drawn = []
    for number, chords in enumerate(CHORDS):
        some = curves[group == number].reshape(-1, 4, 2)
        t = np.linspace(0.0, 1.0, chords + 1)
        weights = np.stack([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3])  # 4 × points
        points = np.einsum("nkc,kp->npc", some, weights)
        drawn.append(np.concatenate([points[:, :-1], points[:, 1:]], axis=2).reshape(-1, 4))
    return drawn


def _clipped(lines: Floats, height: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Without what lies above and below the picture, and without what is level: it bounds no area."""
    x0, y0, x1, y1 = lines.T
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = (x1 - x0) / (y1 - y0)
    top, bottom = np.clip(y0, 0, height), np.clip(y1, 0, height)
    keep = top != bottom
    x0, y0, slope, top, bottom = x0[keep], y0[keep], slope[keep], top[keep], bottom[keep]
    return x0 + (top - y0) * slope, top, x0 + (bottom - y0) * slope, bottom


def _cut(x0: Floats, y0: Floats, x1: Floats, y1: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Cut where they cross the borders of pixels: each piece lies in one."""
    numbers = np.arange(len(x0))
    ids, shares = [numbers, numbers], [np.zeros(len(x0)), np.ones(len(x0))]
    for a, b in ((x0, x1), (y0, y1)):
        low, high = np.minimum(a, b), np.maximum(a, b)
        first, last = np.floor(low) + 1, np.ceil(high) - 1
        count = np.maximum(last - first + 1, 0).astype(np.int64)
        owner = np.repeat(numbers, count)
        begun = np.repeat(np.cumsum(count) - count, count)
        border = first[owner] + np.arange(count.sum()) - begun
        ids.append(owner)
        shares.append((border - a[owner]) / (b - a)[owner])
    owner, share = np.concatenate(ids), np.concatenate(shares)
    order = np.lexsort((share, owner))
    owner, share = owner[order], share[order]
    x, y = x0[owner] + (x1 - x0)[owner] * share, y0[owner] + (y1 - y0)[owner] * share
    is_same = owner[1:] == owner[:-1]
    return x[:-1][is_same], y[:-1][is_same], x[1:][is_same], y[1:][is_same]

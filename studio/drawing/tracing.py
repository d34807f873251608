"""A picture becomes shapes, so that a logo is as sharp as the code around it and no file of ours carries pixels.

The picture is brought down to a few flat colours; each becomes outlines that lie on those of the colours before it. Logos
are drawn in few colours and come out whole; a photograph comes out as a poster. It takes a tenth of a second: keep the mark.
"""

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from studio.drawing.designs import LogoShape
from studio.drawing.filling import coverage
from studio.drawing.marks import ground
from studio.drawing.outlines import Outline, Point, Step, follow
from studio.drawing.shapes import Mark, Shape

SIDE = 256  # pixels that are followed: a logo of one centimetre at 650 dpi
COLOURS = 8
LEAST_AREA = 9  # pixels: less is noise of whoever saved it as JPEG
TOLERANCE = 0.55  # pixels a line may be off
CORNER = 0.5  # the cosine of a turn that stays sharp: 60 degrees
_REACH = 9.0  # pixels from a bend that it is rounded within
_LONG = 5  # pixels: a side that was drawn, not a step of a slope
_ALIKE = 40.0  # between two colours, of 441: no eye parts them in a logo of a centimetre
_RARE = 0.002  # of all pixels


def traced(picture: Image.Image, *, paper: str, shape: LogoShape = "round") -> Mark:
    """The picture (any size and mode, square or fitted into one) on `paper`, cut to the shape of its room."""
    flat = _flat(picture, paper)
    inside = _inside(shape)
    colours, numbers = _posterised(flat)
    edge = inside & ~_eroded(inside)
    lowest = int(np.argmax(np.bincount(numbers[edge])))  # what meets the border lies lowest, and has no rim
    by_area = np.argsort(-np.bincount(numbers[inside], minlength=len(colours)))
    order = [lowest, *(int(number) for number in by_area if number != lowest)]
    shapes = [Shape((ground(shape),), colours[order[0]])]
    for rank in range(1, len(order)):
        above = (
            np.isin(numbers, order[rank:]) & inside
        )  # what later colours cover lies under them too: no gaps
        if outlines := _outlines(above):
            shapes.append(Shape(outlines, colours[order[rank]]))
    return Mark(tuple(shapes))


def _flat(picture: Image.Image, paper: str) -> Image.Image:
    """On paper, in the middle of a square, as large as it is followed."""
    whole = picture.convert("RGBA")
    side = max(whole.size)
    square = Image.new("RGBA", (side, side), paper)
    square.alpha_composite(whole, ((side - whole.width) // 2, (side - whole.height) // 2))
    return square.convert("RGB").resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def _posterised(picture: Image.Image) -> tuple[list[str], NDArray[np.int64]]:
    """Few colours, and which of them each pixel has.

    Colours that only edges have, between two others, are none of the picture's own.
    """
    few = picture.quantize(COLOURS, Image.Quantize.MEDIANCUT, kmeans=2, dither=Image.Dither.NONE)
    found = np.array(few.getpalette(), np.float64).reshape(-1, 3)
    index = Image.fromarray(np.asarray(few))
    calm = np.asarray(index.filter(ImageFilter.MinFilter(3))) == np.asarray(
        index.filter(ImageFilter.MaxFilter(3))
    )
    counts = np.bincount(np.asarray(index)[calm], minlength=len(found))
    chosen: list[int] = []
    for number in np.argsort(-counts):
        is_new = all(np.linalg.norm(found[number] - found[other]) > _ALIKE for other in chosen)
        if is_new and (not chosen or counts[number] > _RARE * SIDE * SIDE):
            chosen.append(int(number))
    pixels = np.asarray(picture, np.float64)
    away = np.stack([np.linalg.norm(pixels - found[number], axis=2) for number in chosen])
    nearest = Image.fromarray(np.argmin(away, axis=0).astype(np.uint8)).filter(ImageFilter.ModeFilter(3))
    colours = ["#" + "".join(f"{round(part):02x}" for part in found[number]) for number in chosen]
    return colours, np.asarray(nearest, np.int64)


def _inside(shape: LogoShape) -> NDArray[np.bool_]:
    """The pixels of the mark's room."""
    return np.asarray(coverage((ground(shape),), SIDE, SIDE, SIDE) >= 0.5)


def _eroded(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Without a border of four pixels."""
    return (
        np.asarray(Image.fromarray(mask.astype(np.uint8)).filter(ImageFilter.MinFilter(9)), bool)
        & _frameless()
    )


def _frameless() -> NDArray[np.bool_]:
    inner = np.zeros((SIDE, SIDE), bool)
    inner[4:-4, 4:-4] = True
    return inner


def _outlines(mask: NDArray[np.bool_]) -> tuple[Outline, ...]:
    """The borders of a layer as smooth lines, in shares of the mark's side."""
    borders = (corners for corners in follow(mask.tolist()) if abs(_area(corners)) >= LEAST_AREA)
    drawn = (_smooth(_simple(_points(corners))) for corners in borders)
    return tuple(outline.moved(0, 0, 1 / SIDE) for outline in drawn if outline)


def _area(corners: list[Point]) -> float:
    x, y = np.array(corners, np.float64).T
    return float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2


def _points(corners: list[Point]) -> list[Point]:
    """What a stair of pixels stands for: the middles of its short sides; long sides keep their ends, and meet in corners."""
    found: list[Point] = []
    count = len(corners)
    lengths = [math.dist(corners[at], corners[(at + 1) % count]) for at in range(count)]
    for at, (x, y) in enumerate(corners):
        length, (nx, ny) = lengths[at], corners[(at + 1) % count]
        if length >= _LONG and lengths[at - 1] >= _LONG:
            found.append((x, y))
        if length < _LONG:
            found.append(((x + nx) / 2, (y + ny) / 2))
        else:
            dx, dy = (nx - x) / length, (ny - y) / length
            found += [(x + dx, y + dy), (nx - dx, ny - dy)]
    return found


def _simple(points: list[Point]) -> list[Point]:
    """Without the points that a straight line does as well (Douglas and Peucker)."""
    far = max(range(len(points)), key=lambda at: math.dist(points[0], points[at]))
    closed = [*points, points[0]]
    keep = {0, far}
    waiting = [(0, far), (far, len(points))]
    while waiting:
        begin, end = waiting.pop()
        if end - begin < 2:
            continue
        part = np.array(closed[begin + 1 : end])
        a, b = np.array(closed[begin]), np.array(closed[end])
        length = math.dist(a, b)
        off = part - a
        away = np.abs(off @ np.array([a[1] - b[1], b[0] - a[0]])) / length if length else np.hypot(*off.T)
        worst = int(np.argmax(away))
        if away[worst] > TOLERANCE:
            middle = begin + 1 + worst
            keep.add(middle)
            waiting += [(begin, middle), (middle, end)]
    return [points[at] for at in sorted(keep) if at < len(points)]


def _smooth(points: list[Point]) -> Outline | None:
    """Curves where the line bends a little, corners where it turns."""
    count = len(points)
    if count < 3:
        return None
    steps: list[Step] = []
    for at, point in enumerate(points):
        before, after = points[at - 1], points[(at + 1) % count]
        if _bend(before, point, after) < CORNER:
            steps.append(point)
            continue
        begin, end = _towards(point, before), _towards(point, after)
        steps += [begin, (*_between(begin, point, 2 / 3), *_between(end, point, 2 / 3), *end)]
    return Outline((steps[-1][-2], steps[-1][-1]), tuple(steps))


def _towards(one: Point, other: Point) -> Point:
    """Half the way, or _REACH where that is nearer."""
    length = math.dist(one, other)
    return _between(one, other, min(0.5, _REACH / length if length else 0.5))


def _between(one: Point, other: Point, share: float = 0.5) -> Point:
    return one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share


def _bend(before: Point, at: Point, after: Point) -> float:
    """The cosine of the turn: 1 is straight on."""
    ax, ay, bx, by = at[0] - before[0], at[1] - before[1], after[0] - at[0], after[1] - at[1]
    length = math.hypot(ax, ay) * math.hypot(bx, by)
    return (ax * bx + ay * by) / length if length else 1.0

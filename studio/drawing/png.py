"""A drawing as pixels, and as PNG."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.drawing.colours import channels
from studio.drawing.filling import Floats, covered, flattened
from studio.drawing.outlines import box
from studio.drawing.shapes import Drawing, Linear, Paint, Shape, placed

Pixels = NDArray[np.uint8]  # height × width × 3
Part = tuple[int, int, int, int]  # left, top, right, bottom
MOST_SIDE = 6000  # pixels: a poster of half a metre at 300 dpi
BAND = 256  # rows that are painted at once: a whole poster in fractions of a colour is a gigabyte
_INCH = 25.4  # millimetres


class PictureTooLarge(ValueError):
    """More pixels than any printer asks for."""


def png(drawing: Drawing, *, width: int, dpi: int = 0) -> bytes:
    """The whole paper, exactly `width` pixels wide; `dpi` is noted in the file. Raises PictureTooLarge."""
    picture = Image.fromarray(pixels(drawing, width))
    file = io.BytesIO()
    picture.save(
        file, "PNG", **({"dpi": (dpi, dpi)} if dpi else {})
    )  # to optimise takes longer than to draw, for a hundredth
    return file.getvalue()


def width_in_pixels(width_mm: float, dpi: int) -> int:
    """How many pixels a width on paper has."""
    return round(width_mm / _INCH * dpi)


def pixels(drawing: Drawing, width: int) -> Pixels:
    """The whole paper as RGB, `width` pixels wide. Raises PictureTooLarge."""
    scale = width / drawing.width
    height = max(round(drawing.height * scale), 1)
    if max(width, height) > MOST_SIDE:
        raise PictureTooLarge
    parts = [(flattened(shape.outlines, scale) * scale, shape.paint) for shape in drawing.shapes]
    picture = np.empty((height, width, 3), np.uint8)
    for top in range(0, height, BAND):
        picture[top : top + BAND] = _painted(
            parts, drawing.paper, width, range(top, min(top + BAND, height)), scale
        )
    return picture


class View:
    """What a camera sees of the code: its quiet zone, and a little of what is around it on the paper or beyond."""

    beyond = 2.0  # modules around the quiet zone
    ground = (150, 134, 118)  # a counter: what lies around the paper

    def __init__(self, drawing: Drawing, finest: int) -> None:
        """`finest`: the most pixels that `at` will be asked for."""
        left, top, self.modules = drawing.code
        paper = Shape((box(0, 0, drawing.width, drawing.height),), drawing.paper)
        dx, dy = self.beyond - left, self.beyond - top
        shapes = placed((paper, *drawing.shapes), dx, dy, 1.0)
        self._parts = [(flattened(shape.outlines, finest / self.modules), shape.paint) for shape in shapes]
        self._drawn: dict[int, Pixels] = {}

    def at(self, side: int) -> Pixels:
        """With the code and its quiet zone `side` pixels wide; read it, do not write into it."""
        if side not in self._drawn:
            scale = side / self.modules
            whole = round(side + 2 * self.beyond * scale)
            picture = np.empty((whole, whole, 3), np.float32)
            picture[:] = self.ground
            for lines, paint in self._parts:
                _blend(picture, lines * scale, paint, scale)
            self._drawn[side] = np.rint(picture).astype(np.uint8)
        return self._drawn[side]


def _painted(parts: list[tuple[Floats, Paint]], paper: str, width: int, rows: range, scale: float) -> Pixels:
    """Some rows of a picture of parts, whose lines are in its pixels."""
    picture = np.empty((len(rows), width, 3), np.float32)
    picture[:] = channels(paper)
    for lines, paint in parts:
        _blend(picture, lines, paint, scale, above=rows.start)
    return np.rint(picture).astype(np.uint8)


def _blend(
    picture: NDArray[np.float32], lines: Floats, paint: Paint, scale: float, *, above: int = 0
) -> None:
    """Paint what lies within the lines, which are in pixels. `above`: how many rows there are above the picture."""
    if not lines.size:
        return
    height, width, _rgb = picture.shape
    left, right = int(max(lines[:, ::2].min(), 0)), int(min(lines[:, ::2].max() + 1, width))
    first, last = lines[:, 1::2].min() - above, lines[:, 1::2].max() - above
    top, bottom = int(max(first, 0)), int(min(last + 1, height))
    if left >= right or top >= bottom:
        return
    ink = covered(lines - (left, above + top, left, above + top), right - left, bottom - top)[..., None]
    part = picture[top:bottom, left:right]
    part += ink * (_colours(paint, (left, above + top, right, above + bottom), scale) - part)


def _colours(paint: Paint, part: Part, scale: float) -> NDArray[np.float32]:
    """One colour, or one for each pixel of the part."""
    x0, y0, x1, y1 = part
    if isinstance(paint, str):
        return np.array(channels(paint), np.float32)
    x = (np.arange(x0, x1, dtype=np.float32) + 0.5) / scale
    y = ((np.arange(y0, y1, dtype=np.float32) + 0.5) / scale)[:, None]
    if isinstance(paint, Linear):
        (bx, by), (ex, ey) = paint.begin, paint.end
        share = ((x - bx) * (ex - bx) + (y - by) * (ey - by)) / ((ex - bx) ** 2 + (ey - by) ** 2)
    else:
        share = np.hypot(x - paint.centre[0], y - paint.centre[1]) / paint.radius
    share = np.clip(share, 0, 1)[..., None]
    first, last = np.array(channels(paint.first), np.float32), np.array(channels(paint.last), np.float32)
    return np.asarray(first + (last - first) * share, np.float32)

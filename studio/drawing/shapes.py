"""What a drawing consists of: outlines filled with an ink, on paper. No pixels, no words, no links."""

from dataclasses import dataclass

from studio.drawing.outlines import Outline, Point


@dataclass(frozen=True)
class Linear:
    """A colour that becomes another along a line."""

    begin: Point
    end: Point
    first: str
    last: str


@dataclass(frozen=True)
class Radial:
    """A colour that becomes another from a point outwards."""

    centre: Point
    radius: float
    first: str
    last: str


Paint = str | Linear | Radial  # a colour is #rrggbb


@dataclass(frozen=True)
class Shape:
    """Outlines that are filled together, by the non-zero rule."""

    outlines: tuple[Outline, ...]
    paint: Paint


@dataclass(frozen=True)
class Mark:
    """What may stand in the middle of a code: shapes within a square of side 1 from its upper left corner."""

    shapes: tuple[Shape, ...]


@dataclass(frozen=True)
class Drawing:
    """Shapes from the lowest to the uppermost, in modules from the upper left corner of the paper.

    `code`: left, top and side of the code with its quiet zone, so that it can be cut out and measured. `said`: what it says.
    """

    width: float
    height: float
    paper: str
    shapes: tuple[Shape, ...]
    code: tuple[float, float, float]
    said: str


def placed(shapes: tuple[Shape, ...], x: float, y: float, scale: float) -> tuple[Shape, ...]:
    """The same shapes, scaled about the origin and moved. A scale of -1 turns them upside down."""
    return tuple(
        Shape(
            tuple(outline.moved(x, y, scale) for outline in shape.outlines), _placed(shape.paint, x, y, scale)
        )
        for shape in shapes
    )


def _placed(paint: Paint, x: float, y: float, scale: float) -> Paint:
    def at(point: Point) -> Point:
        return x + point[0] * scale, y + point[1] * scale

    if isinstance(paint, Linear):
        return Linear(at(paint.begin), at(paint.end), paint.first, paint.last)
    if isinstance(paint, Radial):
        return Radial(at(paint.centre), paint.radius * abs(scale), paint.first, paint.last)
    return paint

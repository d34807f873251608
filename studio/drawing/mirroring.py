"""A drawing seen from behind: for clear film that sticks inside a window."""

from studio.drawing.outlines import Outline
from studio.drawing.shapes import Drawing, Linear, Paint, Radial, Shape


def mirrored(drawing: Drawing) -> Drawing:
    """As it is printed on the back of clear film that sticks inside a window: left is right. Read from outside, it is itself."""

    def across(step: tuple[float, ...]) -> tuple[float, ...]:
        return tuple(drawing.width - part if at % 2 == 0 else part for at, part in enumerate(step))

    def turned(outline: Outline) -> Outline:
        x, y = across(outline.start)
        return Outline((x, y), tuple(across(step) for step in outline.steps))

    def painted(paint: Paint) -> Paint:
        if isinstance(paint, str):
            return paint
        if isinstance(paint, Linear):
            (bx, by), (ex, ey) = across(paint.begin), across(paint.end)
            return Linear((bx, by), (ex, ey), paint.first, paint.last)
        x, y = across(paint.centre)
        return Radial((x, y), paint.radius, paint.first, paint.last)

    left, top, side = drawing.code
    shapes = tuple(
        Shape(tuple(turned(outline) for outline in shape.outlines), painted(shape.paint))
        for shape in drawing.shapes
    )
    at = (drawing.width - left - side, top, side)
    return Drawing(drawing.width, drawing.height, drawing.paper, shapes, at, drawing.said)

"""A design and a text become a drawing. Every writer takes it from here, so that what is proven is what is printed."""

import math

from studio.drawing import frames
from studio.drawing.codes import Code, code_of, room
from studio.drawing.designs import Design
from studio.drawing.modules import RIM, eyes_of, modules_of
from studio.drawing.outlines import Outline, moved
from studio.drawing.shapes import Drawing, Linear, Mark, Paint, Radial, Shape, placed


def draw(design: Design, text: str, mark: Mark | None = None) -> Drawing:
    """The code of `text` as the design has it. Without a mark, a logo's room stays empty. Raises TextTooLong.

    Draws what it is told: whether the design is any good is for `checking` and `preflight`.
    """
    code = code_of(text, design.error)
    side = code.side + 2 * design.quiet
    frame = frames.around(design, code.side)
    left, top = frame.left + design.quiet, frame.top + design.quiet
    shapes = (*frame.shapes, *_inked(code, design, left, top))
    half, _cleared = room(design, code.side)
    if mark and half:
        middle = code.side / 2
        shapes += placed(mark.shapes, left + middle - half, top + middle - half, 2 * half)
    return Drawing(frame.width, frame.height, design.paper, shapes, (frame.left, frame.top, side), text)


def _inked(code: Code, design: Design, left: float, top: float) -> tuple[Shape, ...]:
    def outlines(inset: float) -> tuple[Outline, ...]:
        return moved((*modules_of(code, design, inset), *eyes_of(code, design, inset)), left, top)

    if design.style == "outline":
        return Shape(outlines(0.0), design.ink), Shape(outlines(RIM), design.second or design.ink)
    return (Shape(outlines(0.0), paint_of(design, left, top, code.side)),)


def paint_of(design: Design, left: float, top: float, side: float) -> Paint:
    """The ink over a square: a colour, or one that becomes another from one end of the square to the other."""
    middle = (left + side / 2, top + side / 2)
    if design.style == "linear" and design.second:
        turn = math.radians(design.angle)
        dx, dy = math.cos(turn), math.sin(turn)
        reach = side / 2 * (abs(dx) + abs(dy))
        begin = (middle[0] - dx * reach, middle[1] - dy * reach)
        end = (middle[0] + dx * reach, middle[1] + dy * reach)
        return Linear(begin, end, design.ink, design.second)
    if design.style == "radial" and design.second:
        return Radial(middle, side / 2 * math.sqrt(2), design.ink, design.second)
    return design.ink

"""Small drawings for the knobs, by the studio itself: a corner of a code in each shape, style and preset."""

from dataclasses import replace
from functools import lru_cache
from typing import get_args

from django.utils.safestring import SafeString, mark_safe

from studio.drawing.codes import Code
from studio.drawing.designs import Design, Eyes, Modules, Style
from studio.drawing.drawings import paint_of
from studio.drawing.modules import RIM, eyes_of, modules_of
from studio.drawing.outlines import Outline, moved
from studio.drawing.shapes import Drawing, Shape
from studio.drawing.svg import svg

_ON_THEME = Design(
    ink="currentColor", second="#a49a8f"
)  # in the ink of the page around it, and a grey for either theme
_PATTERN = ("##.###.", ".##..#.", "#.####.", "##...##", ".###.#.", "#..##.#", "##.#.##")
_SIDE, _AT = 29, 10  # of a code, and where in it the pattern lies: clear of the eyes


@lru_cache(maxsize=3)
def drawn_choices(knob: str) -> dict[str, SafeString]:
    """A drawing for each choice of "style", "modules" or "eyes"."""
    drawn = {
        "style": {value: _patterned(replace(_ON_THEME, style=value), value) for value in get_args(Style)},
        "modules": {value: _patterned(replace(_ON_THEME, modules=value)) for value in get_args(Modules)},
        "eyes": {value: _eye(replace(_ON_THEME, eyes=value)) for value in get_args(Eyes)},
    }
    return drawn[knob]


@lru_cache(maxsize=256)
def corner_of(design: Design, name: str) -> SafeString:
    """A corner of it on its own paper. `name`: by which its gradients are told from others on the page."""
    return _patterned(replace(design, logo=None), name, margin=2, on_paper=True)


def _patterned(design: Design, name: str = "ink", *, margin: int = 0, on_paper: bool = False) -> SafeString:
    side = len(_PATTERN) + 2 * margin
    code = Code(tuple(tuple(_is_dark(x - _AT, y - _AT) for x in range(_SIDE)) for y in range(_SIDE)))

    def outlines(inset: float) -> tuple[Outline, ...]:
        return moved(modules_of(code, design, inset), margin - _AT, margin - _AT)

    shapes: tuple[Shape, ...] = (Shape(outlines(0.0), paint_of(design, 0, 0, side)),)
    if design.style == "outline":
        shapes = (Shape(outlines(0.0), design.ink), Shape(outlines(RIM), design.second))
    return _drawn(Drawing(side, side, design.paper, shapes, (0, 0, side), ""), name, on_paper=on_paper)


def _is_dark(x: int, y: int) -> bool:
    side = range(len(_PATTERN))
    return x in side and y in side and _PATTERN[y][x] == "#"


def _eye(design: Design) -> SafeString:
    code = Code(((False,) * _SIDE,) * _SIDE)
    first = tuple(outline for outline in eyes_of(code, design) if max(outline.start) <= 7)
    drawing = Drawing(7, 7, design.paper, (Shape(first, design.ink),), (0, 0, 7), "")
    return _drawn(drawing, "ink", on_paper=False)


def _drawn(drawing: Drawing, name: str, *, on_paper: bool) -> SafeString:
    return mark_safe(svg(drawing, on_paper=on_paper, gradient=f"pictured-{name}"))  # noqa: S308  drawn by us

"""The code on what it will be printed on, drawn to scale: a sticker, a card, a poster, a phone's screen."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from studio.drawing import lettering
from studio.drawing.designs import INK
from studio.drawing.outlines import Outline, box
from studio.drawing.shapes import Drawing, Shape, placed
from web.dashboard.studio.designer_words import mm_words


@dataclass(frozen=True)
class Place:
    """What a code lies on, in millimetres. `code`: how wide it is with its quiet zone; `at`: its middle, in shares."""

    width: float
    height: float
    code: float
    at: tuple[float, float]
    radius: float = 0.0


VIEWS: dict[str, Place] = {
    "sticker": Place(26, 26, 20, (0.5, 0.5), 2),
    "card": Place(85, 54, 30, (0.76, 0.5), 3),
    "poster": Place(148, 210, 43, (0.5, 0.52)),
    "screen": Place(70, 150, 56, (0.5, 0.42), 9),
}
CODE = "code"  # alone, as large as there is room
WITHIN = 0.94  # of a place's width: no frame runs over its edge
_NAMES = {
    "card": (7.0, 7.0, 0.54),
    "poster": (14.0, 15.0, 0.15),
    "screen": (8.0, 6.0, 0.12),
}  # left and size in millimetres, how far down as a share


def view_choices(chosen: str) -> list[dict[str, Any]]:
    """The tabs over the stage."""
    words = {
        CODE: pgettext("view of a code", "Code"),
        "sticker": _("Sticker 2 cm"),
        "card": pgettext("view of a code", "Card"),
        "poster": pgettext("view of a code", "Poster A5"),
        "screen": pgettext("view of a code", "Screen"),
    }
    return [{"value": value, "label": label, "checked": value == chosen} for value, label in words.items()]


def staged(drawing: Drawing, view: str, name: str) -> Drawing:
    """The drawing on its place, with the shop's name where there is room for it; as it is for a view that is none."""
    place = VIEWS.get(view)
    if place is None:
        return drawing
    scale = min(place.code / drawing.code[2], place.width * WITHIN / drawing.width)
    width = drawing.width * scale
    left = min(place.width * place.at[0] - width / 2, place.width * (1 + WITHIN) / 2 - width)
    top = place.height * place.at[1] - drawing.height * scale / 2
    ground = Shape((box(0, 0, place.width, place.height, place.radius),), drawing.paper)
    name_paint = next((shape.paint for shape in drawing.shapes if isinstance(shape.paint, str)), INK)
    shapes = (ground, Shape(_named(name, view, left), name_paint), *placed(drawing.shapes, left, top, scale))
    return Drawing(place.width, place.height, drawing.paper, shapes, drawing.code, drawing.said)


def caption_of(drawing: Drawing, view: str, width_mm: int) -> str:
    """How large it is there."""
    place = VIEWS.get(view)
    if place is None:
        return mm_words(width_mm)
    return _("%(code)s wide, on %(width)s × %(height)s mm") % {
        "code": mm_words(place.code),
        "width": round(place.width),
        "height": round(place.height),
    }


def _named(name: str, view: str, code_left: float) -> tuple[Outline, ...]:
    """The shop's name on a card, a poster and a screen; a card has room for it beside the code."""
    if view not in _NAMES or not lettering.can_write(name, "display"):
        return ()
    (left, size, down), place = _NAMES[view], VIEWS[view]
    room = (code_left if view == "card" else place.width) - 2 * left
    size = min(size, room / lettering.width_of(name, 1.0, "display"))
    middle = left + lettering.width_of(name, size, "display") / 2
    return lettering.centred(name, middle, place.height * down, size, "display")

"""What each knob offers: colours of the shop and of the studio, shapes as small drawings, and designs to begin with."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal, get_args

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from merchants.branding import palette_of
from merchants.models import Merchant
from studio.drawing import presets
from studio.drawing.checking import GOOD_RATIO
from studio.drawing.codes import Code
from studio.drawing.colours import WHITE, darkened_until
from studio.drawing.designs import INK, Design, Eyes, Modules, Style
from studio.drawing.drawings import paint_of
from studio.drawing.modules import RIM, eyes_of, modules_of
from studio.drawing.outlines import Outline, moved
from studio.drawing.shapes import Drawing, Shape
from studio.drawing.svg import svg

Swatches = Mapping[str, Mapping[str, str]]  # by knob: what each colour is called
_BRICK, _NAVY = "#7a2e1f", "#23386b"
_CURRENT = "currentColor"  # a small drawing is in the ink of the page around it
_PALE = "#a49a8f"  # what a second ink looks like on either theme
_PATTERN = ("##.###.", ".##..#.", "#.####.", "##...##", ".###.#.", "#..##.#", "##.#.##")
_SIDE, _AT = 29, 10  # of a code, and where in it the pattern lies: clear of the eyes


def swatches_of(merchant: Merchant) -> Swatches:
    """The shop's own colours first. A colour that two names fit has the first one."""
    own = merchant.brand_colour.lower()
    ink = darkened_until(own, presets.PAPER, GOOD_RATIO)
    inks = {ink: _("Your colour, dark enough for scanners"), own: _("Your colour")}
    inks |= {
        INK: pgettext("colour", "Ink"),
        _BRICK: pgettext("colour", "Brick"),
        _NAVY: pgettext("colour", "Navy"),
    }
    papers = {
        presets.PAPER: pgettext("colour", "Cream"),
        WHITE: pgettext("colour", "White"),
        palette_of(own).light.wash: _("Your colour, very pale"),
    }
    return {"ink": inks, "second": inks, "paper": papers}


def words_of(merchant: Merchant) -> str:
    """A call to action to begin with, in the language of the shop's members."""
    with override(merchant.locale):
        return _("Scan and earn")


def begun_with(merchant: Merchant, name: str) -> Design | None:
    """A preset by its name; None for one that is not there."""
    return presets.from_brand(merchant.brand_colour.lower()) if name == "brand" else presets.PRESETS.get(name)


def preset_words() -> dict[str, str]:
    """What each preset is called."""
    return {
        "brand": _("Your colour"),
        "spring": _("Spring"),
        "summer": _("Summer"),
        "autumn": _("Autumn"),
        "winter": _("Winter"),
        "bakery": _("Bakery"),
        "florist": _("Florist"),
    }


def pictured(knob: Literal["style", "modules", "eyes"]) -> list[dict[str, Any]]:
    """The choices of a knob, each with its name and a small drawing."""
    return [
        {"value": value, "label": label, "picture": _pictures(knob)[value]}
        for value, label in _labels()[knob].items()
    ]


def worded(knob: str) -> list[tuple[str, str]]:
    """The choices of a knob that are words."""
    words = {
        "logo_shape": {
            "round": pgettext("shape of a logo", "Round"),
            "square": pgettext("shape of a logo", "Square"),
        },
        "frame_kind": {
            "none": pgettext("frame of a code", "None"),
            "line": pgettext("frame of a code", "Line"),
            "band": pgettext("frame of a code", "Band"),
            "seal": pgettext("frame of a code", "Seal"),
        },
        "error": dict(zip("LMQH", "LMQH", strict=True)),
    }
    return list(words[knob].items())


def _labels() -> dict[str, dict[str, str]]:
    return {
        "style": {
            "solid": pgettext("style of ink", "Solid"),
            "outline": pgettext("style of ink", "Outline"),
            "linear": _("Gradient, straight"),
            "radial": _("Gradient, from the middle"),
        },
        "modules": {
            "square": pgettext("shape of dots", "Squares"),
            "rounded": pgettext("shape of dots", "Rounded"),
            "dots": pgettext("shape of dots", "Dots"),
            "bars": pgettext("shape of dots", "Bars"),
        },
        "eyes": {
            "square": pgettext("shape of corners", "Square"),
            "rounded": pgettext("shape of corners", "Rounded"),
            "round": pgettext("shape of corners", "Round"),
        },
    }


@lru_cache(maxsize=3)
def _pictures(knob: str) -> dict[str, SafeString]:
    """Drawn by the studio itself, once."""
    drawn = {
        "style": {value: _patterned(Design(style=value, second=_PALE), value) for value in get_args(Style)},
        "modules": {value: _patterned(Design(modules=value)) for value in get_args(Modules)},
        "eyes": {value: _eye(Design(eyes=value)) for value in get_args(Eyes)},
    }
    return drawn[knob]


def _patterned(design: Design, name: str = "ink") -> SafeString:
    side = len(_PATTERN)
    code = Code(tuple(tuple(_is_dark(x - _AT, y - _AT) for x in range(_SIDE)) for y in range(_SIDE)))

    def outlines(inset: float) -> tuple[Outline, ...]:
        return moved(modules_of(code, design, inset), -_AT, -_AT)

    if design.style == "outline":
        return _small((Shape(outlines(0.0), _CURRENT), Shape(outlines(RIM), _PALE)), side, name)
    inked = Design(ink=_CURRENT, style=design.style, second=_PALE)
    return _small((Shape(outlines(0.0), paint_of(inked, 0, 0, side)),), side, name)


def _is_dark(x: int, y: int) -> bool:
    side = range(len(_PATTERN))
    return x in side and y in side and _PATTERN[y][x] == "#"


def _eye(design: Design) -> SafeString:
    code = Code(((False,) * _SIDE,) * _SIDE)
    first = tuple(outline for outline in eyes_of(code, design) if max(outline.start) <= 7)
    return _small((Shape(first, _CURRENT),), 7, "ink")


def _small(shapes: tuple[Shape, ...], side: int, name: str) -> SafeString:
    drawing = Drawing(side, side, WHITE, shapes, (0, 0, side), "")
    return mark_safe(svg(drawing, on_paper=False, gradient=f"pictured-{name}"))  # noqa: S308  drawn by us

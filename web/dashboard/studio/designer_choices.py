"""What each knob offers: colours of the shop and of the studio, shapes as small drawings, and designs to begin with."""

from collections.abc import Mapping
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from merchants.branding import palette_of
from merchants.models import Merchant
from studio.drawing import presets
from studio.drawing.checking import GOOD_RATIO
from studio.drawing.colours import WHITE, darkened_until
from studio.drawing.designs import INK, Design
from web.dashboard.studio.designer_form import EXACT
from web.dashboard.studio.designer_pictures import corner_of, drawn_choices

Swatches = Mapping[str, Mapping[str, str]]  # by knob: what each colour is called
_BRICK, _NAVY = "#7a2e1f", "#23386b"


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


def preset_choices(merchant: Merchant) -> list[dict[str, Any]]:
    """What each preset is called, with a corner of it in its own colours."""
    words = {
        "brand": _("Your colour"),
        "spring": _("Spring"),
        "summer": _("Summer"),
        "autumn": _("Autumn"),
        "winter": _("Winter"),
        "bakery": pgettext("preset of a code", "Bakery"),
        "florist": pgettext("preset of a code", "Florist"),
    }
    found = {name: begun_with(merchant, name) for name in words}
    return [
        {"value": name, "label": words[name], "picture": corner_of(design, name)}
        for name, design in found.items()
        if design is not None
    ]


def pictured(knob: Literal["style", "modules", "eyes"]) -> list[dict[str, Any]]:
    """The choices of a knob, each with its name and a small drawing."""
    return [
        {"value": value, "label": label, "picture": drawn_choices(knob)[value]}
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
        "dpi": {"150": _("150 dpi"), "300": _("300 dpi"), "600": _("600 dpi"), EXACT: _("Exact pixels")},
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

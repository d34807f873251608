"""What the designer says: problems at their knobs, the hard days of a proof, and the changes that were tried."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from studio.drawing.checking import GOOD_RATIO, LEAST_RATIO, Problem
from studio.drawing.colours import is_colour, ratio
from studio.drawing.conditions import SIDES, Scene
from studio.drawing.designs import Design
from studio.drawing.fixing import Fix
from web.dashboard.figures import say_percent
from web.templatetags.habitue import number
from web.templatetags.habitue import ratio as say_ratio

Kind = Literal["", "warn", "bad"]
MM = "\u00a0mm"
READ_FROM = 10  # times its width: as far as a phone reads a code


@dataclass(frozen=True)
class Note:
    """A sentence at a knob; `kind` is how bad it is."""

    text: str
    kind: Kind = ""


def note_of(problem: Problem) -> Note:
    """What is wrong, with its figures."""
    values = {name: _figure(value) for name, value in problem.values.items()}
    if problem.severity == "warned":
        return Note(_warnings()[problem.code] % values, "warn")
    return Note(_sentences()[problem.code] % values, "bad")


def contrast_note(ink: str, paper: str) -> Note | None:
    """How well an ink stands on its paper; None where one of them is no colour."""
    if not (is_colour(ink) and is_colour(paper)):
        return None
    times = ratio(ink, paper)
    said = {"ratio": say_ratio(times)}
    if times >= GOOD_RATIO:
        return Note(_("%(ratio)s on its paper: plenty") % said)
    return Note(_("%(ratio)s on its paper") % said, "warn" if times >= LEAST_RATIO else "bad")


def distance_note(width_mm: int) -> Note:
    """How far away a phone reads a code so wide."""
    away = Decimal(width_mm * READ_FROM)
    if away < 1000:
        return Note(_("Read from up to %(many)s cm away.") % {"many": number(round(away / 10))})
    return Note(_("Read from up to %(many)s m away.") % {"many": number(round(away / 1000, 1))})


def repair_note(error: str) -> Note | None:
    """How much of a code may be missing, by its level (ISO/IEC 18004)."""
    share = {"L": 7, "M": 15, "Q": 25, "H": 30}.get(error)
    if share is None:
        return None
    return Note(_("Up to %(share)s of it may be lost or covered.") % {"share": say_percent(share)})


def scene_words(scene: Scene) -> tuple[str, str]:
    """What a condition is called, and what it does to the picture."""
    if scene.name == "clean":
        name = {
            "sticker": _("A 2 cm sticker"),
            "card": _("A card in the hand"),
            "screen": _("On a screen"),
            "poster": _("A poster at arm’s length"),
        }[scene.size]
        return name, _("%(many)s pixels wide") % {"many": number(SIDES[scene.size])}
    return {
        "shake": (_("A shaky hand"), _("blurred by a pixel")),
        "noise": (_("A small sensor"), _("grain of the evening")),
        "dim": (_("Dim light"), _("a third of the contrast")),
        "glare": (_("Glare on glass"), _("a lamp over the middle")),
        "tilt": (_("A little from the side"), _("15° beside")),
        "side": (_("From the side"), _("35° and turned")),
        "jpeg": (_("Sent by a messenger"), _("as a small JPEG")),
        "low_ink": (_("Ink that runs out"), _("pale, in streaks")),
        "grey": (_("The office printer"), _("grey, in dots")),
        "counter": (_("Across the counter"), _("at one metre")),
    }[scene.name]


def detail_words(scene: Scene, *, with_size: bool) -> str:
    """What a condition does, and at which size where several were tried."""
    detail = scene_words(scene)[1]
    if not with_size:
        return detail
    size = {
        "screen": _("on a screen"),
        "sticker": _("a 2 cm sticker"),
        "card": _("on a card"),
        "poster": _("on a poster"),
    }[scene.size]
    return f"{detail}, {size}"


def fix_words(fix: Fix) -> str:
    """A change, as its button says it."""
    if fix.code == "darken":
        return _("Darken by %(percent)s") % {"percent": say_percent(int(fix.value))}
    if fix.code == "logo":
        return (
            _("Logo to %(percent)s") % {"percent": say_percent(int(fix.value))} if fix.value else _("No logo")
        )
    return {
        "level": _("More repair (%(value)s)"),
        "quiet": _("Quiet zone of %(value)s"),
        "style": _("One solid ink"),
        "eyes": _("Square corners") if fix.value == "square" else _("Rounded corners"),
        "modules": _("Square dots") if fix.value == "square" else _("Rounded dots"),
    }[fix.code] % {"value": fix.value}


def why_words(fixes: list[Fix], design: Design) -> str:
    """Why it was not read, as far as what mends it tells."""
    if not fixes:
        return _("No single change mends this one. Begin with less logo, darker ink or square dots.")
    lost = _("The logo leaves too little to repair.") if design.logo else _("Too little is left to repair.")
    return {
        "darken": _("The ink is too pale for its paper."),
        "logo": lost,
        "level": lost,
        "quiet": _("There is too little paper around it."),
        "style": _("Two inks hide its squares."),
        "eyes": _("Its corners are not found."),
        "modules": _("Its dots are too loose."),
    }[fixes[0].code]


def tally_words(passed: int, of: int) -> str:
    """How many of the hard days it was read on."""
    return _("%(passed)s of %(of)s pass") % {"passed": passed, "of": of}


def verdict_words(failed: int) -> str:
    """Why it cannot be printed yet; without a failure it is what stands at a knob."""
    if not failed:
        return _("Not to be printed so: what is wrong stands beside its knob.")
    said = ngettext(
        "%(many)s check fails: mend it to print.", "%(many)s checks fail: mend them to print.", failed
    )
    return said % {"many": failed}


def _figure(value: Any) -> str:
    return value if isinstance(value, str) else number(Decimal(str(value)).normalize())


def _sentences() -> dict[str, str]:
    """Of what is refused, by code."""
    return {
        "choice_unknown": _("Choose one of these."),
        "colour_unreadable": _("Choose a colour: # and six digits."),
        "angle_outside": _("Choose a direction from 0 to 345 degrees."),
        "logo_share_outside": _("A logo is from %(least)s to %(most)s percent of the code."),
        "logo_clear_outside": _("At most %(most)s modules around the logo."),
        "quiet_outside": _("At most %(most)s modules around the code."),
        "inverted": _(
            "Lighter than its paper. Scanners look for dark on light: choose a darker ink or lighter paper."
        ),
        "contrast_low": _("Contrast %(percent)s percent; scanners need %(least)s. Choose a darker ink."),
        "ratio_low": _("%(ratio)s to 1 on its paper; it takes %(least)s to 1. Choose a darker ink."),
        "quiet_zone": _("%(modules)s modules of paper around it are too few; %(least)s are right."),
        "words_long": _("At most %(most)s letters, so that it is read in passing."),
        "words_unwritable": _("Our letters do not have all of these characters."),
        "text_too_long": _("The address is too long for a code."),
        "eye_covered": _("The logo covers a corner of the code. Make it smaller."),
    }


def _warnings() -> dict[str, str]:
    """Of what is allowed where it is read, by code."""
    return {
        "ratio_low": _("%(ratio)s to 1 on its paper: enough in good light. %(least)s to 1 is plenty."),
        "quiet_zone": _(
            "%(modules)s modules of paper around it; %(least)s are right. It is read while nothing dark is near."
        ),
    }


def mm_words(width_mm: float) -> str:
    """A width on paper."""
    return f"{number(round(width_mm))}{MM}"


def say_value(typed: str) -> str:
    """Where a slider stands, as the reader writes numbers; as it was typed where it is none."""
    try:
        return number(Decimal(typed).normalize())
    except ArithmeticError:
        return typed


def percent_unit() -> str:
    """What stands behind a share: in French with its thin space."""
    return say_percent(0).removeprefix("0")

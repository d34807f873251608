"""What is wrong with a design before anything is drawn: codes, for callers to put into words.

A refused design is never the default and never printed; a warned one may be, if it reads back. What only a reader can know
is for `preflight`.
"""

from dataclasses import dataclass, field
from typing import Literal, get_args

from studio.drawing import lettering
from studio.drawing.codes import TextTooLong, code_of, covers_an_eye
from studio.drawing.colours import is_colour, ratio, reflectance
from studio.drawing.designs import (
    LEAST_SHARE,
    MOST_CLEAR,
    MOST_QUIET,
    MOST_SHARE,
    MOST_WORDS,
    Design,
    Error,
    Eyes,
    FrameKind,
    LogoShape,
    Modules,
    Style,
)

Severity = Literal["refused", "warned"]
LEAST_CONTRAST = 30  # percent of reflected light between ink and paper: issue 7; ISO/IEC 15415 calls 40 a C
LEAST_RATIO, GOOD_RATIO = 3.0, 7.0  # WCAG 2.2, 1.4.11; and the look's own for codes
STANDARD_QUIET, LEAST_QUIET = (
    4,
    2,
)  # modules; ISO/IEC 18004, 9.1. Under two, a reader takes what is beside it for the code


@dataclass(frozen=True)
class Problem:
    """`code` never changes. `at`: the part of the design, such as "ink" or "logo.share". `values`: figures for a sentence."""

    code: str
    at: str
    severity: Severity = "refused"
    values: dict[str, float | str] = field(default_factory=dict)


def problems_of(design: Design, text: str) -> list[Problem]:
    """All that is wrong with a code of `text` drawn so, the worst first; empty when nothing is."""
    found = _shape_problems(design) or [
        *_colour_problems(design),
        *_quiet_problems(design),
        *_words_problems(design),
        *_code_problems(design, text),
    ]
    return sorted(found, key=lambda problem: problem.severity == "warned")


def is_refused(problems: list[Problem]) -> bool:
    """Whether one of them forbids the design."""
    return any(problem.severity == "refused" for problem in problems)


def _shape_problems(design: Design) -> list[Problem]:
    """What is no design at all: nothing else is asked about it."""
    choices = [
        ("style", design.style, Style),
        ("modules", design.modules, Modules),
        ("eyes", design.eyes, Eyes),
        ("error", design.error, Error),
        ("frame.kind", design.frame.kind, FrameKind),
        *([("logo.shape", design.logo.shape, LogoShape)] if design.logo else []),
    ]
    found = [Problem("choice_unknown", at) for at, value, known in choices if value not in get_args(known)]
    colours = [("ink", design.ink), ("paper", design.paper)]
    if design.second or design.style != "solid":
        colours.append(("second", design.second))
    found += [Problem("colour_unreadable", at) for at, colour in colours if not is_colour(colour)]
    if not 0 <= design.angle < 360:
        found.append(Problem("angle_outside", "angle"))
    if design.logo and not LEAST_SHARE <= design.logo.share <= MOST_SHARE:
        found.append(
            Problem("logo_share_outside", "logo.share", values={"least": LEAST_SHARE, "most": MOST_SHARE})
        )
    if design.logo and not 0 <= design.logo.clear <= MOST_CLEAR:
        found.append(Problem("logo_clear_outside", "logo.clear", values={"most": MOST_CLEAR}))
    if not 0 <= design.quiet <= MOST_QUIET:
        found.append(Problem("quiet_outside", "quiet", values={"most": MOST_QUIET}))
    return found


def _colour_problems(design: Design) -> list[Problem]:
    """Each ink is looked at: a gradient is as weak as its paler end."""
    paper = reflectance(design.paper)
    found = []
    for at, ink in zip(("ink", "second"), design.inks, strict=False):
        contrast = round(100 * (paper - reflectance(ink)))
        times = round(ratio(ink, design.paper), 1)
        if contrast < 0:
            found.append(Problem("inverted", at))
        elif contrast < LEAST_CONTRAST:
            found.append(Problem("contrast_low", at, values={"percent": contrast, "least": LEAST_CONTRAST}))
        elif times < LEAST_RATIO:
            found.append(Problem("ratio_low", at, values={"ratio": times, "least": LEAST_RATIO}))
        elif times < GOOD_RATIO:
            found.append(Problem("ratio_low", at, "warned", {"ratio": times, "least": GOOD_RATIO}))
    return found


def _quiet_problems(design: Design) -> list[Problem]:
    if design.quiet >= STANDARD_QUIET:
        return []
    severity: Severity = "refused" if design.quiet < LEAST_QUIET else "warned"
    return [Problem("quiet_zone", "quiet", severity, {"modules": design.quiet, "least": STANDARD_QUIET})]


def _words_problems(design: Design) -> list[Problem]:
    found = []
    for at, words in (("frame.words", design.frame.words), ("frame.below", design.frame.below)):
        if len(words) > MOST_WORDS:
            found.append(Problem("words_long", at, values={"most": MOST_WORDS}))
        elif not all(lettering.can_write(words, font) for font in ("display", "strong")):
            found.append(Problem("words_unwritable", at))
    return found


def _code_problems(design: Design, text: str) -> list[Problem]:
    try:
        side = code_of(text, design.error).side
    except TextTooLong:
        return [Problem("text_too_long", "text")]
    return [Problem("eye_covered", "logo.share")] if covers_an_eye(design, side) else []

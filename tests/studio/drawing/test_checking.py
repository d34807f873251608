"""Designs that are known to be bad are refused, each for its own reason."""

from dataclasses import replace
from typing import Any, cast

import pytest

from studio.drawing.checking import is_refused, problems_of
from studio.drawing.designs import Design, Frame, Logo
from tests.studio.drawing.samples import LINK, POSTER

STARS = cast(Any, "stars")
REFUSED = [
    ("pale ink", replace(POSTER, ink="#f0dcc4"), "contrast_low", "ink"),
    ("pale end of a gradient", replace(POSTER, style="linear", second="#f0dcc4"), "contrast_low", "second"),
    ("dark paper", replace(POSTER, ink="#000000", paper="#7a7a7a"), "contrast_low", "ink"),
    ("too little for eyes", replace(POSTER, ink="#ef7d00"), "ratio_low", "ink"),
    ("light on dark", replace(POSTER, ink="#ffffff", paper="#1f4d3a"), "inverted", "ink"),
    ("a logo over the eyes", replace(POSTER, logo=Logo(40, 3.0, "square"), error="L"), "eye_covered", "logo.share"),
    ("hardly any border", replace(POSTER, quiet=1), "quiet_zone", "quiet"),
    ("no border at all", replace(POSTER, quiet=0), "quiet_zone", "quiet"),
    ("half of it logo", replace(POSTER, logo=Logo(50)), "logo_share_outside", "logo.share"),
    ("a wide clearing", replace(POSTER, logo=Logo(20, 9.0)), "logo_clear_outside", "logo.clear"),
    ("a colour by name", replace(POSTER, ink="green"), "colour_unreadable", "ink"),
    ("a gradient to nowhere", replace(POSTER, style="radial", second=""), "colour_unreadable", "second"),
    ("a colour with a program", replace(POSTER, paper='#fff"><script>'), "colour_unreadable", "paper"),
    ("stars", replace(POSTER, modules=STARS), "choice_unknown", "modules"),
    ("a call nobody reads", replace(POSTER, frame=Frame("band", "a" * 33)), "words_long", "frame.words"),
    ("letters that no font has", replace(POSTER, frame=Frame("band", "ラテ")), "words_unwritable", "frame.words"),
    ("a call that nobody sees", replace(POSTER, frame=Frame("line", "\u200b")), "words_unwritable", "frame.words"),
    ("an accent on nothing", replace(POSTER, frame=Frame("band", "x", "\u0301")), "words_unwritable", "frame.below"),
    ("turned past the circle", replace(POSTER, angle=400), "angle_outside", "angle"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("design", "code", "at"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_a_bad_design_is_refused_for_its_reason(design, code, at):
    problems = problems_of(design, LINK)
    assert [(problem.code, problem.at) for problem in problems if problem.severity == "refused"] == [
        (code, at)
    ]
    assert is_refused(problems)


def test_a_text_that_no_counter_code_holds_is_refused():
    assert [problem.code for problem in problems_of(POSTER, "x" * 301)] == ["text_too_long"]


def test_the_posters_look_has_no_problem():
    assert problems_of(POSTER, LINK) == []
    assert problems_of(Design(), LINK) == []


@pytest.mark.parametrize(
    ("design", "code"),
    [(replace(POSTER, quiet=3), "quiet_zone"), (replace(POSTER, ink="#3d7f63"), "ratio_low")],
)
def test_what_is_only_weak_is_warned_of(design, code):
    problems = problems_of(design, LINK)
    assert [problem.code for problem in problems] == [code]
    assert not is_refused(problems)


def test_a_problem_tells_its_figures():
    [problem] = problems_of(replace(POSTER, ink="#f0dcc4"), LINK)
    assert problem.values == {"percent": 20, "least": 30}

"""What passes is read by another reader too; what cannot be read fails in the condition that it cannot be read in."""

import io
import random
from dataclasses import replace

import pytest
from PIL import Image

from studio.drawing import conditions, fixing, preflight
from studio.drawing.conditions import FINEST, NAMES, SIDES, Scene
from studio.drawing.designs import PLAIN, Design, Frame, Logo
from studio.drawing.drawings import draw
from studio.drawing.png import View
from studio.drawing.presets import PRESETS, from_brand
from studio.links import ALPHABET
from tests.studio.drawing.samples import GREEN, LINK, POSTER, cup, drawn
from tests.studio.drawing.second_reader import corpus, tally

COVERED = replace(POSTER, logo=Logo(34, 1.0), error="M")  # more than level M can repair
PALE = replace(POSTER, ink="#b06a3b", logo=None)


@pytest.mark.parametrize("design", [PLAIN, *PRESETS.values(), from_brand(GREEN), from_brand("#ffd400")])
def test_what_we_offer_passes_everything(design):
    result = preflight.full(design, LINK, cup(design) if design.logo else None)
    assert result.failed == ()
    assert (result.problems, result.score, result.passed) == ((), 100, True)


@pytest.mark.parametrize("design", [*PRESETS.values(), from_brand(GREEN)])
@pytest.mark.parametrize(
    "service", ["http://127.0.0.1:8000", "https://habitue.example", "https://cards.a-long-name.example"]
)
def test_what_we_offer_passes_whatever_letters_a_link_has(design, service):
    dice = random.Random(service)
    for _shop in range(8):
        shop, link = ("".join(dice.choices(ALPHABET, k=count)) for count in (7, 6))
        text = f"{service}/q/{shop}/{link}"
        assert preflight.live(design, text, cup(design) if design.logo else None).failed == (), text


def test_every_condition_is_tried_at_every_size():
    tried = set(preflight.FULL)
    assert {(scene.name, scene.size) for scene in tried} == {
        (name, size) for name in NAMES for size in SIDES if name != "counter" or size == "poster"
    }
    assert set(preflight.LIVE) <= tried


def test_a_logo_that_covers_too_much_fails_and_is_shown():
    result = preflight.live(COVERED, LINK, cup())
    assert not result.passed
    assert result.score < 100
    assert Scene("glare", "card") in result.failed
    for trial in result.trials:
        picture = Image.open(io.BytesIO(trial.picture))
        assert picture.format == "PNG"
        assert 64 < max(picture.size) <= preflight.SHOWN


def test_what_reads_as_something_else_has_not_passed():
    other = draw(PLAIN, LINK + "x")
    trial = preflight.tried(View(other, FINEST), Scene("clean", "screen"), LINK)
    assert not trial.passed


def test_a_refused_design_does_not_pass_even_where_it_is_read():
    inverted = Design(ink="#ffffff", paper="#000000")
    assert not preflight.run(inverted, LINK, None, ()).passed
    narrow = replace(PLAIN, quiet=1)
    assert not preflight.run(narrow, LINK, None, (Scene("clean", "screen"),)).passed


@pytest.mark.parametrize(
    ("design", "text"),
    [(replace(POSTER, ink="green"), LINK), (POSTER, "x" * 301), (replace(POSTER, quiet=99), LINK)],
)
def test_what_cannot_be_drawn_has_no_trials(design, text):
    result = preflight.full(design, text)
    assert (result.trials, result.score, result.passed) == ((), 0, False)
    assert result.problems


def test_the_same_design_has_the_same_result_every_time():
    assert preflight.live(PALE, LINK) == preflight.live(PALE, LINK)


def test_the_full_run_tells_how_far_it_is():
    told = []
    preflight.run(PLAIN, LINK, None, preflight.LIVE, lambda done, of: told.append((done, of)))
    assert told == [(number, 6) for number in range(1, 7)]


@pytest.mark.parametrize("name", NAMES)
def test_a_condition_changes_pixels_and_leaves_the_view_as_it_was(name):
    view = View(drawn(), FINEST)
    scene = Scene(name, "card")
    before = view.at(SIDES["card"]).copy()
    once, again = (conditions.spoilt(view, scene) for _ in range(2))
    assert (once == again).all()
    assert once.shape != before.shape or (once != before).any()
    assert (view.at(SIDES["card"]) == before).all()


def test_a_design_at_the_edge_is_read_with_all_letters_or_fails():
    edge, scene = replace(POSTER, logo=Logo(share=32)), (Scene("glare", "card"),)
    lucky = LINK[:-6] + "wwwwww"
    assert preflight.passes(edge, lucky, cup(), scene)
    assert preflight.run(edge, lucky, cup(), scene).passed
    assert not preflight.passes(edge, lucky, cup(), scene, also=(LINK,))
    result = preflight.run(edge, lucky, cup(), scene, also=(lucky, LINK))
    assert result.failed == scene
    assert (
        result.trials == preflight.run(edge, LINK, cup(), scene).trials
    )  # its picture is of the one that is not read
    assert fixing.fixes(result, edge, lucky, cup(), also=(LINK,))


def test_a_fix_is_tried_in_the_hardest_of_what_is_promised():
    for fix in fixing.fixes(preflight.live(COVERED, LINK, cup()), COVERED, LINK, cup()):
        result = preflight.run(fix.design, LINK, cup() if fix.design.logo else None, preflight.HARDEST)
        assert result.passed, fix.code
    assert set(preflight.HARDEST) < set(preflight.FULL) - set(preflight.LIVE)


def test_every_fix_that_is_offered_passes():
    result = preflight.live(COVERED, LINK, cup())
    offered = fixing.fixes(result, COVERED, LINK, cup())
    assert "logo" in {fix.code for fix in offered}
    for fix in offered:
        assert preflight.live(fix.design, LINK, cup() if fix.design.logo else None).passed
        assert fix.design != COVERED


def test_the_smallest_step_is_offered():
    result = preflight.live(COVERED, LINK, cup())
    [fix] = [fix for fix in fixing.fixes(result, COVERED, LINK, cup()) if fix.code == "logo"]
    larger = replace(COVERED, logo=replace(COVERED.logo, share=fix.value + 2))
    assert not preflight.live(larger, LINK, cup()).passed


def test_a_pale_ink_is_mended_by_darkening_and_keeps_its_hue():
    pale = replace(POSTER, ink="#d98a52", logo=None)
    result = preflight.live(pale, LINK)
    assert not result.passed
    first = fixing.fixes(result, pale, LINK)[0]
    assert first.code == "darken"
    red, green, blue = (int(first.design.ink[at : at + 2], 16) for at in (1, 3, 5))
    assert red > green > blue


def test_what_passes_needs_no_fix():
    assert fixing.fixes(preflight.live(POSTER, LINK, cup()), POSTER, LINK, cup()) == []


def test_words_in_a_frame_do_not_keep_a_code_from_being_read():
    framed = replace(POSTER, frame=Frame("seal", "Scannez, laissez un numéro", "et c’est tout"))
    assert preflight.live(framed, LINK, cup()).passed


def test_a_second_reader_reads_what_passes():
    """The short form of `bin/prove designs`: each design in some of the conditions."""
    found = tally(corpus(seed=7, count=60), lambda number: preflight.FULL[number % 11 :: 11])
    assert found.passed >= 15
    assert found.rate >= 0.99, found.missed
    assert found.at_once / found.shown >= 0.98

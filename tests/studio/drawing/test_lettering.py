"""Words become outlines: what a font lacks never stops a drawing, and lines break where a reader would break them."""

import pytest

from studio.drawing import lettering
from studio.drawing.outlines import bounds
from studio.drawing.setting import fitted


def lines(text, **options):
    return list(fitted(text, **({"width": 100.0, "size": 20.0, "most": 3} | options)).lines)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Café Hélène", "Café Hélène"),
        ("Cafe\u0301", "Café"),
        ("茶 tea", "tea"),
        ("Salon Ⅳ", "Salon IV"),
        ("\u202eAroma\u0000", "Aroma"),
    ],
)
def test_what_a_font_lacks_is_left_out(text, written):
    assert lettering.writable(text) == written
    lettering.line(lettering.writable(text), 0, 0, 10)


def test_no_break_spaces_have_a_width_in_every_font():
    for font in ("text", "strong", "display", "shout"):
        thin, blank = (lettering.width_of(f"a{space}b", 1, font) for space in ("\u202f", " "))
        assert lettering.width_of("ab", 1, font) < thin < blank


def test_letters_of_a_headline_stand_nearer_where_their_shapes_allow_it():
    pair = lettering.width_of("To", 1, "shout")
    assert pair < lettering.width_of("T", 1, "shout") + lettering.width_of("o", 1, "shout")
    left, _top, right, _bottom = bounds(lettering.line("To", 0, 0, 1, "shout"))
    assert right - left == pytest.approx(pair, abs=0.1)


def test_lines_break_so_that_the_longest_is_short():
    assert lines("the tenth coffee is on us", least=2, most=2) == ["the tenth", "coffee is on us"]


def test_nothing_begins_a_line_that_belongs_to_the_word_before():
    assert lines("Encore vous ? Tant mieux", least=3) == ["Encore", "vous\u00a0?", "Tant mieux"]
    assert lines("Comme d’habitude\u202f?", least=2) == ["Comme", "d’habitude\u202f?"]


def test_a_long_word_is_broken_at_its_hyphen_or_becomes_smaller():
    assert lines("Boulangerie-pâtisserie") == ["Boulangerie-", "pâtisserie"]
    assert fitted("Boulangerie", width=10, size=20).width <= 10.001


def test_a_line_ends_where_one_takes_breath_if_that_costs_little():
    assert lines("1 point for every euro. 100 points: a coffee.", most=2) == [
        "1 point for every euro.",
        "100 points: a coffee.",
    ]
    assert lines("14 place Croix-Rousse, 69004 Lyon", most=2, size=3.0) == [
        "14 place Croix-Rousse, 69004 Lyon"
    ]
    assert lines("14 place Croix-Rousse, 69004 Lyon", most=2, size=7.0) == [
        "14 place Croix-Rousse,",
        "69004 Lyon",
    ]
    assert lines("Two, and all the rest of it is long", most=2) == ["Two, and all the", "rest of it is long"]


def test_as_much_as_anybody_writes_fits():
    found = fitted("mot " * 200, width=100, size=20, most=3, height=30, leading=1.0)
    assert found.width <= 100.001
    assert found.size * len(found.lines) <= 30.001


def test_nothing_is_no_line():
    assert lines("") == lines("茶") == []


@pytest.mark.parametrize("text", ["\u0301", "\u00ad", "\u0302\u0301"])
def test_what_takes_no_room_is_no_line(text):
    assert not lettering.can_write(text, "display")
    assert fitted(text, width=100, size=20).lines == ()

"""What codes look like: nothing in common, read back however they are typed, and not to be guessed."""

import secrets
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.codes.sealing import ALPHABET
from loyalty.codes.texts import (
    LARGEST_NUMBER,
    LARGEST_PLACE,
    LENGTH,
    LONGEST_TYPED,
    Place,
    bare,
    code_at,
    grouped,
    place_of,
)
from tests.loyalty.codes.making import NO_TEXTS

AROMA, BLOOM = UUID(int=1), UUID(int=2)


@given(st.builds(Place, st.integers(1, LARGEST_NUMBER), st.integers(1, LARGEST_PLACE)))
def test_a_code_says_where_it_is(place):
    assert place_of(AROMA, bare(code_at(AROMA, place))) == place


def test_a_code_is_twelve_letters_without_look_alikes_in_three_groups():
    code = code_at(AROMA, Place(1, 1))
    assert [len(group) for group in code.split("-")] == [4, 4, 4]
    assert not set(code) & set("0O1ILU")


def test_however_it_is_typed_it_is_the_same_code():
    code = code_at(AROMA, Place(3, 77))
    for typed in (
        code.lower(),
        code.replace("-", ""),
        f"  {code.replace('-', ' ')} ",
        f"https://aroma.test/c/aroma/codes?code={code}",
        f"https://aroma.test/c/aroma/codes?from=carton&code={code.lower()}#x",
    ):
        assert place_of(AROMA, bare(typed)) == Place(3, 77)


def test_ten_thousand_codes_are_ten_thousand_and_look_alike_nowhere():
    codes = [code_at(AROMA, Place(1, serial)) for serial in range(1, 10_001)]
    assert len(set(codes)) == 10_000
    # Each letter stands in each place, but the first: there are fewer codes than texts.
    for position in (1, 6, 13):
        assert len({code[position] for code in codes}) == len(ALPHABET)


def test_the_code_of_one_shop_is_no_code_of_another():
    assert place_of(BLOOM, bare(code_at(AROMA, Place(1, 1)))) is None


def test_one_wrong_letter_is_no_code():
    letters = bare(code_at(AROMA, Place(1, 1)))
    for position in range(LENGTH):
        for letter in ALPHABET:
            other = letters[:position] + letter + letters[position + 1 :]
            assert (place_of(AROMA, other) is None) == (other != letters)


def test_of_a_book_the_first_lines_are_read():
    """A megabyte that unfolds to eighteen took a worker five seconds, of anybody who joins."""
    assert len(bare("A" * 1_000_000)) == LONGEST_TYPED
    assert bare("\ufdfa" * 1_000_000) == ""
    assert bare("\n SUMMER26" + " " * 1_000_000) == "SUMMER26"


def test_a_hundred_thousand_guesses_find_nothing():
    for _guess in range(100_000):
        assert place_of(AROMA, "".join(secrets.choice(ALPHABET) for _letter in range(LENGTH))) is None


def test_what_is_no_code_is_none():
    for typed in (
        "",
        "SUMMER26",
        "0" * LENGTH,
        "É" * LENGTH,
        "A" * 300,
        "https://x.test/?",
        "?code=",
        "ZZZZZZZZZZZZ",
    ):
        place_of(AROMA, bare(typed))
    assert bare("?code=") == ""
    assert bare("Été 26") == "ETE26"
    assert grouped("ABCDEFGH") == "ABCD-EFGH"


@pytest.mark.parametrize("typed", NO_TEXTS)
def test_what_no_code_can_hold_is_none_whatever_it_looks_like(typed):
    assert bare(typed) == ""

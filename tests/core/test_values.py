"""Money, days, text, ids: what is read, what is refused, what is shown."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import ids, money
from core.dates import say_date, say_hour
from core.text import TextForbidden, TextTooLong, fold, read_text


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [("12.50", "EUR", 1250), ("12.5", "EUR", 1250), ("12", "EUR", 1200), ("500", "JPY", 500), ("1.234", "TND", 1234), ("0.01", "EUR", 1), ("10000000", "EUR", 10**9)],
)  # fmt: skip
def test_amounts_are_read_exactly(text, currency, minor):
    assert money.read_amount(text, currency) == minor


@pytest.mark.parametrize(
    ("text", "currency", "code"),
    [
        ("0", "EUR", "amount_out_of_range"),
        ("0.00", "EUR", "amount_out_of_range"),
        ("-1", "EUR", "amount_out_of_range"),
        ("1000000000000", "EUR", "amount_out_of_range"),
        ("12.345", "EUR", "amount_too_precise"),
        ("1.5", "JPY", "amount_too_precise"),
        ("12.500", "EUR", "amount_too_precise"),
        ("1.000", "JPY", "amount_too_precise"),
        ("", "EUR", "amount_unreadable"),
        ("12,50", "EUR", "amount_unreadable"),
        ("1e3", "EUR", "amount_unreadable"),
        ("NaN", "EUR", "amount_unreadable"),
        ("Infinity", "EUR", "amount_unreadable"),
        ("1.2.3", "EUR", "amount_unreadable"),
        ("--1", "EUR", "amount_unreadable"),
        ("١٢", "EUR", "amount_unreadable"),
        ("1_000", "EUR", "amount_unreadable"),
        ("9" * 31, "EUR", "amount_unreadable"),
    ],
)
def test_other_amounts_are_refused_with_a_code(text, currency, code):
    with pytest.raises(money.DomainError) as refused:
        money.read_amount(text, currency)
    assert refused.value.code == code


@pytest.mark.parametrize("typed", ["12,50", "12.50", " 12,50 € ", "€12.50", "12,50 EUR"])
def test_people_type_amounts_in_their_own_way(typed):
    assert money.read_typed_amount(typed, "EUR") == 1250


@given(st.integers(1, money.LARGEST_MINOR), st.sampled_from(["EUR", "JPY", "TND"]))
def test_an_amount_survives_being_written_and_read(minor, currency):
    assert money.read_amount(money.decimal_text(minor, currency), currency) == minor


def test_money_is_said_as_the_reader_writes_it():
    assert money.say_money(1250, "EUR", "en") == "€12.50"
    assert money.say_money(125_000, "EUR", "fr").replace("\u202f", " ").replace("\xa0", " ") == "1 250,00 €"
    assert money.say_money(1200, "EUR", "en", short=True) == "€12"
    assert money.say_money(1250, "EUR", "en", short=True) == "€12.50"
    assert money.say_money(500, "JPY", "en") == "¥500"


@pytest.mark.parametrize(
    "text", ["a\x00", "\ud800", "a\u202eb", "e" + "\u0301" * 9, "bell\x07", "two\nlines"]
)
def test_text_that_lies_or_cannot_be_kept_is_refused(text):
    with pytest.raises(TextForbidden):
        read_text(text, limit=80)


def test_text_is_trimmed_composed_and_bounded():
    assert read_text("  Cafe\u0301 ", limit=4) == "Café"
    with pytest.raises(TextTooLong):
        read_text("Cafés", limit=4)
    assert fold("HÉLÈNE Œuvre") == "helene œuvre"


def test_ids_are_ordered_by_time_and_read_back():
    first, second = ids.new_id(), ids.new_id()
    assert first < second
    assert ids.read_id("mem", ids.public_id("mem", first)) == first


@pytest.mark.parametrize(
    "text",
    ["", "mem_", "pur_" + "0" * 32, "mem_" + "g" * 32, "mem_" + "0" * 33, "0" * 32, "mem_" + "０" * 32],
)
def test_other_ids_are_refused(text):
    with pytest.raises(ids.IdUnreadable):
        ids.read_id("mem", text)


def test_a_key_that_is_a_uuid_is_itself_and_another_text_a_digest():
    key = ids.new_id()
    assert ids.key_of(str(key)) == key
    assert ids.key_of("order 17") == ids.key_of("order 17") != ids.key_of("order 18")
    assert ids.key_within(key, "a") != ids.key_within(key, "b")


@pytest.mark.parametrize(
    ("typed", "currency"), [("1,000", "JPY"), ("1.000", "XOF"), ("1,250", "USD"), ("1.500", "EUR")]
)
def test_a_thousand_with_its_mark_is_asked_again_rather_than_guessed(typed, currency):
    with pytest.raises(money.TooManyDecimals):
        money.read_typed_amount(typed, currency)


@pytest.mark.parametrize(
    ("day", "pattern", "language", "said"),
    [
        ("2027-01-01", "d MMMM y", "fr", "1er janvier 2027"),
        ("2027-01-01", "EEEE d MMMM y", "fr", "vendredi 1er janvier 2027"),
        ("2027-01-02", "d MMMM", "fr", "2 janvier"),
        ("2027-01-11", "d MMM", "fr", "11 janv."),
        ("2027-01-01", "d MMMM y", "en", "1 January 2027"),
    ],
)
def test_french_counts_the_first_of_a_month(day, pattern, language, said):
    assert say_date(dt.date.fromisoformat(day), pattern, language) == said


@pytest.mark.parametrize(("day", "said"), [("2027-01-01", "14:05"), ("2027-01-02", "14:05 on 1 January")])
def test_an_hour_is_said_with_its_day_where_that_is_another_one(day, said):
    assert say_hour(dt.datetime(2027, 1, 1, 14, 5), dt.date.fromisoformat(day), "en") == said

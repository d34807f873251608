"""Opening hours: read as typed, said as read, open or not at a moment."""

import datetime as dt

import pytest
from django.utils import translation

from merchants.hours import HoursUnreadable, is_open, read_day, read_week, say_day, say_week, type_day

MORNING_AND_AFTERNOON = [[480, 750], [840, 1140]]


@pytest.mark.parametrize(
    "text",
    ["8:00–12:30, 14:00–19:00", "8-12h30; 14h-19h", "08.00 - 12.30 and 14 to 19", "8am-12:30pm, 2pm-7pm", "8 h à 12 h 30 et 14 h à 19 h"],
)  # fmt: skip
def test_hours_are_read_as_people_write_them(text):
    assert read_day(text) == MORNING_AND_AFTERNOON


@pytest.mark.parametrize("text", ["", "closed", "Fermé", " - "])
def test_a_day_without_hours_is_closed(text):
    assert read_day(text) == []


@pytest.mark.parametrize(
    "text",
    ["8", "8-", "25-26", "8:60-9", "14-19, 8-12", "8-13, 12-14", "13pm-14pm", "a-b", "٨-٩", "1-2,3-4,5-6,7-8,9-10", "8-12" * 80],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_day(text):
    with pytest.raises(HoursUnreadable) as refused:
        read_week(["", "", text, "", "", "", ""])
    assert refused.value.field == "day_2"


def test_a_bar_closes_after_midnight():
    [span] = read_day("18-2")
    assert span == [1080, 1560]
    assert type_day([span]) == "18:00–02:00"
    assert read_day(type_day([span])) == [span]
    week = [[], [], [], [], [span], [], []]
    assert is_open(week, dt.datetime(2026, 11, 20, 23, 0))  # a Friday
    assert is_open(week, dt.datetime(2026, 11, 21, 1, 59))
    assert not is_open(week, dt.datetime(2026, 11, 21, 2, 0))


def test_what_was_typed_comes_back_in_the_field():
    assert type_day(MORNING_AND_AFTERNOON) == "08:00–12:30, 14:00–19:00"
    assert read_day(type_day([[0, 1440]])) == [[0, 1440]]


def test_neighbouring_days_share_a_line_in_the_readers_language():
    week = [MORNING_AND_AFTERNOON] * 5 + [[[540, 720]], []]
    with translation.override("en"):
        assert [(line.days, line.times, line.is_today) for line in say_week(week, "en", today=6)] == [
            ("Mon–Fri", "08:00–12:30, 14:00–19:00", False),
            ("Sat", "09:00–12:00", False),
            ("Sun", "closed", True),
        ]
    with translation.override("fr"):
        assert say_day(MORNING_AND_AFTERNOON, "fr") == "8\u202fh–12\u202fh\u202f30, 14\u202fh–19\u202fh"
        assert say_week(week, "fr", today=0)[0].days == "lun.–ven."


def test_a_week_of_which_nothing_is_told_is_not_a_week_of_closed_days():
    assert read_week([""] * 7) == []
    assert read_week(["closed"] * 7) == [[]] * 7
    assert not is_open([], dt.datetime(2026, 11, 20, 12, 0))

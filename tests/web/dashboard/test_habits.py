"""When somebody usually comes, in words."""

import datetime as dt
import zoneinfo

import pytest
from django.utils import timezone

from web.dashboard.habits import comes_on

PARIS = zoneinfo.ZoneInfo("Europe/Paris")
NOW = dt.datetime(2026, 11, 20, 18, tzinfo=PARIS)  # a Friday


def visits(*when: tuple[int, int]) -> list[dt.datetime]:
    """Moments by (days ago, hour)."""
    return [(NOW - dt.timedelta(days=days)).replace(hour=hour) for days, hour in when]


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ([(4, 8), (11, 9), (18, 9), (25, 8), (32, 15)], "Mondays, before 10"),
        ([(4, 8), (11, 11), (18, 13), (25, 15), (32, 19)], "Mondays"),
        ([(5, 8), (6, 15), (13, 13), (12, 19), (3, 11), (8, 16)], "weekends"),
        ([(1, 15), (2, 15), (3, 16), (4, 15), (0, 17)], "working days, in the afternoon"),
        ([(1, 15), (2, 11), (5, 8), (6, 13), (4, 19), (0, 17)], ""),  # no habit
        ([(4, 8), (11, 9), (18, 9), (25, 8)], ""),  # too few
        ([(200, 8), (207, 9), (214, 9), (221, 8), (228, 8)], ""),  # long ago
        ([], ""),
    ],
)
def test_a_habit_is_told_when_there_is_one(when, words):
    with timezone.override(PARIS):
        assert comes_on(visits(*when), now=NOW) == words


def test_the_clock_is_the_shops():
    late = [
        moment.astimezone(zoneinfo.ZoneInfo("Asia/Tokyo"))
        for moment in visits((4, 8), (11, 8), (18, 8), (25, 8), (32, 8))
    ]
    with timezone.override(PARIS):
        assert comes_on(late, now=NOW) == "Mondays, before 10"

"""Counting tries: up to the limit and no further, each one apart, and forgotten in time."""

import time

import pytest

from core.rate_limits import TooManyTries, count_try, forget_tries

pytestmark = pytest.mark.django_db


def test_one_more_than_allowed_is_refused():
    for _i in range(3):
        count_try("door", "mia", most=3, seconds=60)
    with pytest.raises(TooManyTries):
        count_try("door", "mia", most=3, seconds=60)


def test_everybody_and_everything_is_counted_apart():
    for who in (("mia",), ("noah",), ("mia", "noah")):
        count_try("door", *who, most=1, seconds=60)
    count_try("window", "mia", most=1, seconds=60)
    with pytest.raises(TooManyTries):
        count_try("door", "mia", most=1, seconds=60)


def test_tries_are_forgotten_when_told_and_when_their_time_is_over():
    count_try("door", "mia", most=1, seconds=60)
    forget_tries("door", "mia")
    count_try("door", "mia", most=1, seconds=1)
    time.sleep(1.2)
    count_try("door", "mia", most=1, seconds=60)


def test_whatever_is_counted_makes_a_good_key():
    for who in ("", "a b\n", "☕" * 300, "\x00"):
        count_try("door", who, most=1, seconds=60)

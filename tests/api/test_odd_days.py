"""Nights on which the clocks change: an instant is an instant, whichever way a till writes it, and counts on its own day."""

import datetime as dt

import pytest
import time_machine

from tests.api.conftest import assert_refused

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


@pytest.fixture
def sold_at(till, basket):
    """What the purchases list says of a purchase at this moment."""

    def sell(text):
        with time_machine.travel(NOW, tick=False):
            made = till.post("/purchases", basket(occurred_at=text))
            assert made.status_code == 201, made.json()
            return till.get(f"/purchases/{made.json()['id']}").json()["occurred_at"]

    return sell


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2026-03-29T01:59:59+01:00", "2026-03-29T01:59:59+01:00"),  # the last second before the gap
        ("2026-03-29T02:30:00+01:00", "2026-03-29T03:30:00+02:00"),  # half past two is on no clock that night
        ("2026-03-29T02:30:00+02:00", "2026-03-29T01:30:00+01:00"),
        ("2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+02:00"),  # half past two comes twice
        ("2026-10-25T02:30:00+01:00", "2026-10-25T02:30:00+01:00"),
        ("2026-10-25T00:30:00Z", "2026-10-25T02:30:00+02:00"),
        ("2026-10-25T23:59:59+01:00", "2026-10-25T23:59:59+01:00"),  # the end of a day of 25 hours
    ],
)
def test_an_instant_is_kept_whatever_the_clocks_did(sold_at, written, said):
    assert sold_at(written) == said


def test_the_two_half_past_twos_are_an_hour_apart_in_the_list(till, sold_at):
    first, second = sold_at("2026-10-25T02:30:00+02:00"), sold_at("2026-10-25T02:30:00+01:00")
    assert dt.datetime.fromisoformat(second) - dt.datetime.fromisoformat(first) == dt.timedelta(hours=1)
    with time_machine.travel(NOW, tick=False):
        later = till.get("/purchases", since="2026-10-25T02:30:00+01:00").json()["items"]
    assert [row["occurred_at"] for row in later if row["occurred_at"] < "2026-11"] == [second]


@pytest.mark.parametrize(
    "text", ["2026-03-29T02:30:00", "2026-10-25T02:30:00 Europe/Paris", "2026-10-25T24:30:00Z"]
)
def test_a_moment_that_could_be_two_or_none_is_refused(till, basket, text, unchanged):
    with time_machine.travel(NOW, tick=False):
        assert_refused(
            till.post("/purchases", basket(occurred_at=text)), 422, "moment_unreadable", "occurred_at"
        )

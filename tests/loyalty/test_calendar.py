"""When a day ends, by the clocks of the place, where these change too."""

import datetime as dt
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.rules.calendar import end_of_day

ZONES = sorted(zoneinfo.available_timezones() - {"Factory", "localtime"})


@pytest.mark.parametrize(
    ("zone", "day", "ends_at"),
    [
        ("UTC", "2026-11-22", "2026-11-23T00:00"),
        ("Europe/Paris", "2026-07-14", "2026-07-14T22:00"),
        ("Europe/Paris", "2026-12-31", "2026-12-31T23:00"),
        ("Europe/Paris", "2027-03-28", "2027-03-28T22:00"),  # the day has 23 hours
        ("Europe/Paris", "2026-10-25", "2026-10-25T23:00"),  # and here 25
        ("America/New_York", "2027-03-14", "2027-03-15T04:00"),
        ("America/New_York", "2026-11-01", "2026-11-02T05:00"),
        ("Australia/Lord_Howe", "2026-10-04", "2026-10-04T13:00"),  # clocks change by half an hour
        ("Australia/Lord_Howe", "2027-04-04", "2027-04-04T13:30"),
        ("Asia/Kolkata", "2026-11-22", "2026-11-22T18:30"),
        ("Pacific/Kiritimati", "2026-11-22", "2026-11-22T10:00"),
        ("Pacific/Pago_Pago", "2026-11-22", "2026-11-23T11:00"),
        ("Europe/Paris", "2028-02-28", "2028-02-28T23:00"),
        ("Europe/Paris", "2028-02-29", "2028-02-29T23:00"),
    ],
)
def test_a_day_ends_where_the_next_one_begins(zone, day, ends_at):
    assert end_of_day(dt.date.fromisoformat(day), zone) == dt.datetime.fromisoformat(ends_at + "Z")


@pytest.mark.parametrize(
    ("zone", "day", "ends_at"),
    [
        # Midnight does not exist: clocks leap from 00:00 to 01:00.
        ("America/Sao_Paulo", "2018-11-03", "2018-11-04T03:00"),
        ("Asia/Beirut", "2027-03-27", "2027-03-27T22:00"),
        ("America/Havana", "2027-03-13", "2027-03-14T05:00"),
        ("Africa/Cairo", "2027-04-29", "2027-04-29T22:00"),
        # From 23:30 to 00:30: the day ends half an hour early.
        ("America/Toronto", "1919-03-30", "1919-03-31T04:30"),
        # Midnight comes twice, and both are of the next day: from 01:00 to 00:00.
        ("America/Havana", "2026-10-31", "2026-11-01T04:00"),
        ("Asia/Amman", "2021-10-28", "2021-10-28T21:00"),
        # From 00:00 to 23:00: the last hour comes twice, and midnight once.
        ("America/Sao_Paulo", "2019-02-16", "2019-02-17T03:00"),
        ("Asia/Beirut", "2026-10-24", "2026-10-24T22:00"),
        # From 00:01 to 23:01: a minute of the next day, then the old one again, which is still good.
        ("America/St_Johns", "2010-11-06", "2010-11-07T03:30"),
    ],
)
def test_a_midnight_that_is_missing_or_comes_twice(zone, day, ends_at):
    assert end_of_day(dt.date.fromisoformat(day), zone) == dt.datetime.fromisoformat(ends_at + "Z")


def test_a_day_that_a_place_left_out_is_over_as_it_begins():
    samoa = "Pacific/Apia"  # went from 29 December 2011 to the 31st
    new_year_eve = dt.datetime(2011, 12, 30, 10, tzinfo=dt.UTC)
    assert end_of_day(dt.date(2011, 12, 29), samoa) == new_year_eve
    assert end_of_day(dt.date(2011, 12, 30), samoa) == new_year_eve
    assert end_of_day(dt.date(2011, 12, 31), samoa) == new_year_eve + dt.timedelta(days=1)


@given(st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)), st.sampled_from(ZONES))
def test_a_day_is_good_to_its_last_moment_and_no_longer(day, zone):
    end, place = end_of_day(day, zone), zoneinfo.ZoneInfo(zone)
    assert (end - dt.timedelta(microseconds=1)).astimezone(place).date() <= day < end.astimezone(place).date()


def test_a_zone_that_is_none_is_refused():
    with pytest.raises(zoneinfo.ZoneInfoNotFoundError):
        end_of_day(dt.date(2026, 11, 22), "Europe/Aroma")

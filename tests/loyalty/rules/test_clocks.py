"""Days, weeks, months and hours at the edges of the calendar: clocks that change, leap days, ends of months and years."""

import datetime as dt
import zoneinfo

import pytest

from loyalty.rules.facts import Who
from loyalty.rules.periods import key_before, period_key
from loyalty.rules.types import Quota
from tests.loyalty.rules.made import PARIS, Life, purchase, rule, told, version, where


@pytest.mark.parametrize(
    ("day", "week", "month"),
    [
        ("2026-12-31", "2026-W53", "2026-12"),
        ("2027-01-01", "2026-W53", "2027-01"),  # a Friday of last year's last week
        ("2027-01-03", "2026-W53", "2027-01"),
        ("2027-01-04", "2027-W01", "2027-01"),
        ("2024-12-29", "2024-W52", "2024-12"),
        ("2024-12-30", "2025-W01", "2024-12"),  # a Monday of next year's first week
        ("2028-02-29", "2028-W09", "2028-02"),
        ("2028-03-01", "2028-W09", "2028-03"),
        ("2026-01-31", "2026-W05", "2026-01"),
        ("2026-02-01", "2026-W05", "2026-02"),
    ],
)
def test_a_day_lies_in_its_week_and_its_month(day, week, month):
    date = dt.date.fromisoformat(day)
    keys = [period_key(period, date) for period in ("day", "week", "month", "ever")]
    assert keys == [day, week, month, "ever"]


@pytest.mark.parametrize(
    ("period", "key", "before"),
    [
        ("day", "2028-03-01", "2028-02-29"),
        ("day", "2027-03-01", "2027-02-28"),
        ("day", "2027-01-01", "2026-12-31"),
        ("week", "2027-W01", "2026-W53"),
        ("week", "2026-W01", "2025-W52"),
        ("month", "2027-01", "2026-12"),
        ("month", "2026-03", "2026-02"),
        ("ever", "ever", None),
    ],
)
def test_before_a_period_is_another(period, key, before):
    assert key_before(period, key) == before


@pytest.mark.parametrize(
    ("period", "first", "second", "given"),
    [
        ("day", "2026-11-30T23:59:59.999999", "2026-12-01T00:00:00", [1, 1]),
        ("month", "2026-11-30T23:59:59.999999", "2026-12-01T00:00:00", [1, 1]),
        ("month", "2028-02-01T00:00:00", "2028-02-29T23:59:59", [1, 0]),
        ("week", "2026-12-28T00:00:00", "2027-01-03T23:59:59", [1, 0]),  # one week in two years
        ("week", "2027-01-03T23:59:59", "2027-01-04T00:00:00", [1, 1]),
        # the day of 23 hours and the day of 25 are each one day
        ("day", "2026-03-29T00:00:00", "2026-03-29T23:59:59", [1, 0]),
        ("day", "2026-10-25T00:00:00", "2026-10-25T23:59:59", [1, 0]),
        ("day", "2026-10-25T23:59:59", "2026-10-26T00:00:00", [1, 1]),
    ],
)
def test_once_a_period_is_once_by_the_shops_own_calendar(period, first, second, given):
    life = Life(version(rule(quotas=(Quota(1, "times", period),))))
    moments = [dt.datetime.fromisoformat(text).replace(tzinfo=PARIS) for text in (first, second)]
    assert [life.gets(at=at) for at in moments] == given


@pytest.mark.parametrize(
    ("utc", "holds"),
    [
        # 29 March 2026: at 01:00 UTC clocks in Paris leap from 02:00 to 03:00
        ("2026-03-29T00:59:59", False),  # 01:59:59
        ("2026-03-29T01:00:00", False),  # 03:00: the hour from two to three was none
        # 25 October 2026: at 01:00 UTC they go back from 03:00 to 02:00
        ("2026-10-24T23:59:59", False),  # 01:59:59
        ("2026-10-25T00:00:00", True),  # 02:00
        ("2026-10-25T00:59:59", True),
        ("2026-10-25T01:00:00", True),  # 02:00 again
        ("2026-10-25T01:59:59", True),
        ("2026-10-25T02:00:00", False),  # 03:00
    ],
)
def test_hours_are_those_of_the_clock_on_the_wall(utc, holds):
    night = rule(conditions=where("hours", **{"from": "02:00", "to": "03:00"}))
    moment = dt.datetime.fromisoformat(utc).replace(tzinfo=dt.UTC).astimezone(PARIS)
    assert (told(purchase(moment=moment), night).units == 1) is holds


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        ("2026-11-20T21:59", "wrong_hours"),
        ("2026-11-20T22:00", "flat"),  # a Friday
        ("2026-11-21T01:59", "flat"),  # Saturday by the calendar, Friday night for everybody
        ("2026-11-21T02:00", "wrong_hours"),
        ("2026-11-20T01:00", "wrong_day"),  # Thursday night
        ("2026-11-21T23:00", "wrong_day"),
        ("2026-11-28T01:00", "over"),  # the night of the 27th, the day after the last
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_began(moment, code):
    night = rule(
        conditions=(
            *where("hours", **{"from": "22:00", "to": "02:00"}),
            *where("dates", to="2026-11-26"),
            *where("weekday", any=[5]),
        )
    )
    assert told(purchase(moment=dt.datetime.fromisoformat(moment).replace(tzinfo=PARIS)), night).code == code


def test_a_treat_around_the_birthday_is_had_once_with_a_pause_of_half_a_year():
    born = Who(birthday=dt.date(1990, 12, 31))
    half_a_year = 183 * 24 * 60
    life = Life(version(rule(conditions=where("birthday", days=3), pause_minutes=half_a_year)))
    days = ["2026-12-29", "2026-12-31", "2027-01-02", "2027-12-28", "2028-01-03"]
    moments = [dt.datetime.fromisoformat(day).replace(tzinfo=PARIS) for day in days]
    assert [life.gets(at=at, who=born) for at in moments] == [1, 0, 0, 1, 0]


def test_a_pause_is_of_time_that_passed_whatever_clocks_say():
    """Half past two comes twice in the night of 25 October: an hour lies between."""
    life = Life(version(rule(pause_minutes=30)))
    first = dt.datetime(2026, 10, 25, 2, 30, tzinfo=PARIS)
    assert [life.gets(at=first), life.gets(at=first.replace(fold=1))] == [1, 1]


def test_what_was_taken_back_in_the_hour_that_comes_twice_begins_no_pause():
    life = Life(version(rule(pause_minutes=30)))
    for fold in (0, 1):
        moment = dt.datetime(2026, 10, 25, 2, 30, tzinfo=PARIS, fold=fold)
        life.takes_back(life.buys(at=moment), at=moment)
    assert life.remembered == {}


@pytest.mark.parametrize(
    ("zone", "weekday"),
    [("Europe/Paris", 6), ("Pacific/Auckland", 7), ("America/Los_Angeles", 6), ("Asia/Tokyo", 6)],
)
def test_the_same_moment_is_another_day_elsewhere(zone, weekday):
    moment = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC).astimezone(zoneinfo.ZoneInfo(zone))
    assert told(purchase(moment=moment), rule(conditions=where("weekday", any=[weekday]))).units == 1


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        ("2028-02-28T23:59:59", "not_yet"),
        ("2028-02-29T00:00:00", "flat"),
        ("2028-02-29T23:59:59", "flat"),
        ("2028-03-01T00:00:00", "over"),
    ],
)
def test_an_offer_of_one_day_lasts_for_all_of_it(moment, code):
    leap_day = rule(conditions=where("dates", **{"from": "2028-02-29", "to": "2028-02-29"}))
    assert (
        told(purchase(moment=dt.datetime.fromisoformat(moment).replace(tzinfo=PARIS)), leap_day).code == code
    )

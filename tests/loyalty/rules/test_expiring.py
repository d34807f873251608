"""When units vest and die: every policy by a table, month ends, leap days, clock changes, and what a merchant can get wrong."""

import datetime as dt
from dataclasses import replace

import pytest

from loyalty.rules.checking import check_version
from loyalty.rules.definition import read_definition, write_definition
from loyalty.rules.editing import with_returns
from loyalty.rules.expiring import dies_at, last_day, shortest_days, vests_at
from loyalty.rules.types import Expiry, Worth
from tests.loyalty.rules.made import POINT, STAMP, version

PARIS = "Europe/Paris"


def day(text):
    return dt.date.fromisoformat(text)


def utc(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("kind", "count", "given", "last"),
    [
        ("days", 30, "2026-11-22", "2026-12-22"),
        ("days", 1, "2026-12-31", "2027-01-01"),
        ("inactivity", 180, "2026-11-22", "2027-05-21"),
        ("days", 365, "2027-03-01", "2028-02-29"),
        ("months", 1, "2026-11-22", "2026-12-22"),
        ("months", 1, "2027-01-31", "2027-02-28"),
        ("months", 1, "2028-01-31", "2028-02-29"),
        ("months", 12, "2028-02-29", "2029-02-28"),
        ("months", 48, "2028-02-29", "2032-02-29"),
        ("months", 2, "2026-12-31", "2027-02-28"),
        ("end_of_month", 0, "2026-11-01", "2026-11-30"),
        ("end_of_month", 0, "2026-11-30", "2026-11-30"),
        ("end_of_month", 3, "2026-11-30", "2027-02-28"),
        ("end_of_month", 1, "2028-01-31", "2028-02-29"),
        ("end_of_quarter", 0, "2026-10-01", "2026-12-31"),
        ("end_of_quarter", 0, "2026-03-31", "2026-03-31"),
        ("end_of_quarter", 6, "2026-11-22", "2027-06-30"),
        ("end_of_year", 0, "2026-12-31", "2026-12-31"),
        ("end_of_year", 0, "2026-01-01", "2026-12-31"),
        ("end_of_year", 12, "2026-11-22", "2027-12-31"),
        ("end_of_year", 1, "2026-12-31", "2027-12-31"),
    ],
)
def test_the_last_day_of_a_unit(kind, count, given, last):
    assert last_day(Expiry(kind, count), day(given)) == day(last)


def test_units_without_an_expiry_never_die():
    assert dies_at(POINT, day("2026-11-22"), PARIS) is None


@pytest.mark.parametrize(
    ("zone", "given", "dead"),
    [
        (PARIS, "2026-11-21", "2026-11-22T23:00"),
        (PARIS, "2026-06-20", "2026-06-21T22:00"),
        (PARIS, "2026-03-28", "2026-03-29T22:00"),  # clocks leap on the last day: it has 23 hours
        (PARIS, "2026-10-24", "2026-10-25T23:00"),  # and 25
        ("America/New_York", "2026-11-21", "2026-11-23T05:00"),
        ("Africa/Cairo", "2026-04-22", "2026-04-23T22:00"),  # the midnight after it does not exist
    ],
)
def test_expiry_hours_early(zone, given, dead):
    """A pain of others: units gone in the evening of their last day, for the server's day was over. Ours live to its end."""
    assert dies_at(replace(POINT, expiry=Expiry("days", 1)), day(given), zone) == utc(dead)


@pytest.mark.parametrize(
    ("days", "given", "usable"),
    [
        (1, "2026-11-22", "2026-11-22T23:00"),
        (14, "2026-03-20", "2026-04-02T22:00"),
        (1, "2028-02-28", "2028-02-28T23:00"),
    ],
)
def test_units_vest_as_a_day_begins(days, given, usable):
    unit = replace(POINT, vesting="days", vesting_days=days)
    assert vests_at(unit, day(given), PARIS) == utc(usable)


@pytest.mark.parametrize("vesting", ["at_once", "on_confirmation"])
def test_without_days_no_moment_is_that_of_vesting(vesting):
    assert vests_at(replace(POINT, vesting=vesting), day("2026-11-22"), PARIS) is None


@pytest.mark.parametrize("kind", ["days", "months", "end_of_month", "end_of_quarter", "end_of_year"])
def test_no_unit_lives_shorter_than_the_shortest_and_a_later_one_never_dies_earlier(kind):
    expiry, first = Expiry(kind, 2), day("2027-12-01")
    lasts = [last_day(expiry, first + dt.timedelta(days=number)) for number in range(500)]
    assert lasts == sorted(lasts)
    for number, last in enumerate(lasts):
        assert (last - first - dt.timedelta(days=number)).days >= shortest_days(expiry)


def problems_of(unit):
    return [(problem.code, problem.field) for problem in check_version(version(units=(POINT, unit)))]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"expiry": Expiry("sometimes", 1)}, ("unknown_kind", "units.1.expiry.kind")),  # type: ignore[arg-type]
        ({"expiry": Expiry("days", 0)}, ("out_of_range", "units.1.expiry.count")),
        ({"expiry": Expiry("inactivity", 3651)}, ("out_of_range", "units.1.expiry.count")),
        ({"expiry": Expiry("months", 0)}, ("out_of_range", "units.1.expiry.count")),
        ({"expiry": Expiry("end_of_year", 121)}, ("out_of_range", "units.1.expiry.count")),
        ({"vesting": "later"}, ("unknown_kind", "units.1.vesting")),
        ({"vesting": "days"}, ("out_of_range", "units.1.vesting_days")),
        (
            {"vesting": "days", "vesting_days": 8, "expiry": Expiry("days", 7)},
            ("dies_before_it_vests", "units.1.vesting_days"),
        ),
        ({"worth": Worth(0, 500)}, ("out_of_range", "units.1.worth.units")),
        ({"worth": Worth(100, 0)}, ("out_of_range", "units.1.worth.minor")),
    ],
)
def test_what_can_be_wrong_with_a_unit_is_told_at_its_field(changes, problem):
    assert problems_of(replace(STAMP, **changes)) == [problem]


def test_what_becomes_of_returns_is_checked_too():
    wrong = check_version(version(returns="nothing"))
    assert [(problem.code, problem.field) for problem in wrong] == [("unknown_kind", "returns")]


def test_a_version_keeps_how_long_its_units_live():
    unit = replace(
        POINT, expiry=Expiry("end_of_quarter", 6), vesting="days", vesting_days=14, worth=Worth(100, 500)
    )
    made = with_returns(version(units=(unit, STAMP)), "within_balance")
    assert check_version(made) == []
    assert read_definition(made.number, write_definition(made)) == made
    assert made.unit("points") == unit

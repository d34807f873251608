"""Groups that every shop has, day by day."""

import datetime as dt

import pytest

from loyalty.rules.facts import Who
from loyalty.rules.segments import is_in

TODAY = dt.date(2026, 11, 22)


def ago(days):
    return TODAY - dt.timedelta(days=days)


@pytest.mark.parametrize(
    ("name", "who", "fits"),
    [
        ("new", Who(joined_on=TODAY), True),
        ("new", Who(joined_on=ago(29)), True),
        ("new", Who(joined_on=ago(30)), False),
        ("new", Who(), False),
        ("regular", Who(joined_on=ago(89), visits=3, last_on=ago(1)), True),
        ("regular", Who(joined_on=ago(90), visits=3, last_on=ago(1)), True),
        ("regular", Who(joined_on=ago(91), visits=3, last_on=ago(1)), False),
        ("regular", Who(joined_on=ago(2), visits=2, last_on=ago(1)), False),
        ("regular", Who(joined_on=ago(365), visits=50, last_on=ago(60)), False),
        ("regular", Who(visits=50), False),
        ("away", Who(joined_on=ago(365), last_on=ago(60)), True),
        ("away", Who(joined_on=ago(365), last_on=ago(59)), False),
        ("away", Who(joined_on=ago(365)), False),
        ("vip", Who(segments=frozenset({"vip"})), True),
        ("vip", Who(), False),
    ],
)
def test_who_is_in_a_segment_follows_from_what_is_known(name, who, fits):
    assert is_in([name], who, TODAY) is fits


def test_one_of_several_is_enough():
    assert is_in(["away", "vip", "new"], Who(joined_on=TODAY), TODAY)

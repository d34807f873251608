"""What is to be reached by a day: set on its page, told on home while it lasts and when it is done or missed."""

import datetime as dt

import pytest

from analytics.aims import open_aim
from analytics.models import Aim
from core import tenancy
from tests.web.desk import HOME, desk_of, text_of, trips
from tests.world import signed_in, today_at

PAGE = f"{HOME}goal/"
FORM = {"kind": "members", "target": "3"}


def in_days(world, days):
    return (today_at(world.aroma) + dt.timedelta(days=days)).isoformat()


def stands(world, *, since, by, **aim):
    """What home says of it."""
    today = today_at(world.aroma)
    with tenancy.scope(world.aroma.id):
        Aim.objects.create(since=today + dt.timedelta(days=since), by=today + dt.timedelta(days=by), **aim)
    return text_of(desk_of(world).get(HOME))


def test_a_goal_is_set_and_stands_on_home_with_what_to_do(world):
    desk_of(world).post(PAGE, FORM | {"by": in_days(world, 30)})
    page = text_of(desk_of(world).get(HOME))
    assert "3 members by" in page
    assert "2 of 3" in page
    assert "30 days left" in page
    assert "Print the poster" in page


def test_reached_and_missed_are_told(world):
    page = stands(world, since=-9, by=9, kind="members", target=2)
    assert "2 of 2" in page
    assert ">reached<" in page


def test_a_day_that_is_over_is_told_and_another_can_be_set(world):
    page = stands(world, since=-9, by=-1, kind="visits", target=500)
    assert ">missed<" in page
    assert "Set another goal" in page


def test_a_limit_that_was_kept_is_no_miss(world):
    assert ">kept<" in stands(world, since=-9, by=-1, kind="units", target=10**6)


def test_it_is_changed_and_removed(world):
    client = desk_of(world)
    client.post(PAGE, FORM | {"by": in_days(world, 30)})
    client.post(PAGE, {"kind": "came_back", "target": "40", "by": in_days(world, 31)})
    with tenancy.scope(world.aroma.id):
        known = open_aim()
        assert known is not None
        assert (known.kind, known.target) == ("came_back", 40)
    assert "The goal is gone." in text_of(client.post(f"{PAGE}removal/", follow=True))
    with tenancy.scope(world.aroma.id):
        assert open_aim() is None


def test_saving_what_is_set_already_begins_nothing_anew(world):
    client = desk_of(world)
    for _press in range(2):
        client.post(PAGE, FORM | {"by": in_days(world, 30)})
    with tenancy.scope(world.aroma.id):
        assert Aim.objects.count() == 1


REFUSED = [
    ("target", ""), ("target", "0"), ("target", "x"), ("target", "9999999999"), ("by", ""), ("by", "tomorrow"),
    ("by", "2020-01-01"), ("kind", "money"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value"), REFUSED)
def test_what_cannot_be_is_said_at_its_field(world, field, value):
    response = desk_of(world).post(PAGE, FORM | {"by": in_days(world, 30)} | {field: value})
    assert response.status_code == 422
    assert f'id="aim_{field}_error"' in text_of(response)
    with tenancy.scope(world.aroma.id):
        assert open_aim() is None


def test_home_asks_the_database_twelve_times_at_most(world):
    desk_of(world).post(PAGE, FORM | {"by": in_days(world, 30)})
    assert trips(desk_of(world), HOME) <= 12


def test_a_cashier_sets_no_goal(world):
    assert signed_in(world.sam).get(PAGE).status_code == 403

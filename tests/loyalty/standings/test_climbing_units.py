"""A ladder of units counts the programme's first unit: also where another one was first when it was given."""

import dataclasses
import datetime as dt
from uuid import UUID

import pytest
import time_machine
from django.utils import timezone

from core import tenancy
from core.ids import new_id
from loyalty.models import Standing
from loyalty.programme.publishing import change_programme
from loyalty.programme.versions import version_in_force
from loyalty.purchases import cancelling
from loyalty.rehearsal.recalling import Recall
from loyalty.rules.editing import moved_unit
from tests.loyalty.ruled import STAMPS, per_euro, stamps, with_rules
from tests.loyalty.standings.test_climbing import FRIEND, PARIS, bought, climb_by, in_june, newest, stands

__all__ = ["in_june"]


@pytest.fixture
def points_and_stamps(world):
    """Aroma gives a point a euro and a stamp a purchase, and its ladder counts the first unit: points."""
    stamp = dataclasses.replace(
        per_euro(world.aroma, "stamp"), unit=STAMPS, gives="flat", amount=1, multiplied=False
    )
    with_rules(world.aroma, units=(stamps(),))
    rules = (per_euro(world.aroma, "spending"), stamp)
    climb_by(
        world.aroma, 100, 400, rules=rules, climbing="units", window="calendar_year", downgrade="one_step"
    )
    return world.aroma


def stamps_first(merchant, *, up: bool) -> None:
    with tenancy.scope(merchant.id):
        change_programme(
            merchant=merchant, actor=None, change=lambda version: moved_unit(version, STAMPS, up=up)
        )


def test_a_ladder_of_units_counts_the_first_unit_alone_whichever_was_first_before(points_and_stamps, world):
    aroma, noah = points_and_stamps, world.noah
    bought(aroma, noah, 50_000)
    assert stands(aroma, noah)[1] == 500
    stamps_first(aroma, up=True)
    bought(aroma, noah, 100)
    assert stands(aroma, noah)[1] == 2
    with tenancy.scope(aroma.id):
        cancelling.cancel_purchase(
            merchant=aroma, purchase_id=newest(aroma, noah).id, key=new_id(), actor_id=None
        )
    assert stands(aroma, noah)[1] == 1
    stamps_first(aroma, up=False)
    assert stands(aroma, noah)[1] == 500


def test_a_draft_with_another_unit_first_knows_how_much_of_that_one_was_given(points_and_stamps, world):
    aroma, noah = points_and_stamps, world.noah
    bought(aroma, noah, 50_000)
    with tenancy.scope(aroma.id):
        points = version_in_force()
        known = [
            sum(added for _day, added in Recall(aroma, version, timezone.now()).members[noah.id].dated)
            for version in (points, moved_unit(points, STAMPS, up=True))
        ]
    assert known == [550, 1]  # joining gave 50, last year


def test_who_climbed_by_another_unit_keeps_the_tier_for_a_whole_window(points_and_stamps, world):
    """As under any other ladder: nobody loses by a day's change what was good for the year."""
    aroma, noah = points_and_stamps, world.noah
    bought(aroma, noah, 50_000)
    with time_machine.travel(timezone.now() + dt.timedelta(days=7)):
        stamps_first(aroma, up=True)
        today = timezone.now().astimezone(PARIS).date()
        with tenancy.scope(aroma.id):
            standing = Standing.objects.get(member=noah)
        assert (standing.tier_id, standing.tier_since) == (UUID(FRIEND), today)

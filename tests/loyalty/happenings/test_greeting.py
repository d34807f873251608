"""Birthdays and anniversaries: once a year, from midnight where the shop is, and late rather than never."""

import datetime as dt

import pytest
import time_machine

from config.tasks import greet_members
from core import tenancy
from core.ids import new_id
from loyalty.happenings import greeting
from loyalty.ledger import statements
from loyalty.membership import leaving, merging
from loyalty.membership.joining import enrol_member
from loyalty.models import Happening, Programme
from loyalty.rules.types import Rule
from members import profiles
from members.models import Member
from merchants.models import Merchant
from tests.loyalty.ruled import rule_id, with_rules
from tests.world import points_of


def flat(merchant, trigger, amount):
    """So many points when it happens."""
    with tenancy.scope(merchant.id):
        unit = statements_unit()
    return Rule(rule_id(trigger), trigger, unit, amount=amount, gives="flat")


def statements_unit():
    from loyalty.programme.versions import version_in_force

    return version_in_force().units[0].id


def joins(merchant, *, birthday=None, at=None, phone="+33611223344", name="Ada"):
    """A member who was not greeted by anybody yet, and came long before the days of these tests."""
    at = at or dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC)
    with tenancy.scope(merchant.id):
        return enrol_member(
            merchant=merchant, name=name, phone=phone, birthday=birthday, source="join", joined_at=at
        ).member


def greeted(merchant, now):
    """How many were greeted at this moment, an ISO text with its offset."""
    with time_machine.travel(dt.datetime.fromisoformat(now), tick=False):
        return greeting.greet_members(merchant.id)


@pytest.fixture
def aroma(world):
    """In Lyon: 30 points on a birthday, 7 on the day of joining. It was greeted until the last day of January 2027."""
    with_rules(world.aroma, flat(world.aroma, "birthday", 30), flat(world.aroma, "anniversary", 7))
    with tenancy.scope(world.aroma.id):
        Programme.objects.update(greeted_on=dt.date(2027, 1, 31))
    return world.aroma


def test_a_birthday_begins_at_midnight_where_the_shop_is_and_comes_once_a_year(aroma):
    ada = joins(aroma, birthday="1990-02-05")
    assert greeted(aroma, "2027-02-04T23:59:59+01:00") == 0
    assert greeted(aroma, "2027-02-05T00:00:00+01:00") == 1
    assert greeted(aroma, "2027-02-05T00:10:00+01:00") == 0
    assert points_of(aroma, ada) == 30
    with tenancy.scope(aroma.id):
        happening = Happening.objects.get(member=ada, trigger="birthday")
        assert happening.occurred_at == dt.datetime(2027, 2, 4, 23, tzinfo=dt.UTC)
        assert statements.prove() == []


def test_a_birthday_moved_to_today_again_and_again_is_given_once_a_year(aroma):
    ada = joins(aroma, birthday="1990-02-05")
    assert greeted(aroma, "2027-02-05T09:00:00+01:00") == 1
    with tenancy.scope(aroma.id):
        profiles.change_profile(
            member=ada, merchant=aroma, changes={"birthday": "1990-02-06"}, actor="member"
        )
    assert greeted(aroma, "2027-02-06T09:00:00+01:00") == 0
    assert points_of(aroma, ada) == 30


def test_after_a_week_of_silence_everybody_of_that_week_is_greeted(aroma):
    members = [joins(aroma, birthday=f"1990-02-0{day}", phone=f"+3361122334{day}") for day in range(1, 9)]
    assert greeted(aroma, "2027-02-08T10:00:00+01:00") == 8
    assert [points_of(aroma, member) for member in members] == [30] * 8
    with tenancy.scope(aroma.id):
        assert Happening.objects.filter(trigger="birthday").earliest("occurred_at").occurred_at.day == 31
        assert Programme.objects.get().greeted_on == dt.date(2027, 2, 8)


def test_what_is_over_for_more_than_a_month_is_not_made_up_for(aroma):
    ada = joins(aroma, birthday="1990-02-05")
    assert greeted(aroma, "2027-03-09T10:00:00+01:00") == 0
    assert points_of(aroma, ada) == 0


@pytest.mark.parametrize(
    ("day", "given"),
    [("2027-02-28", 30), ("2028-02-28", 0), ("2028-02-29", 30), ("2027-03-01", 0), ("2028-03-01", 0)],
)
def test_who_was_born_on_29_february_has_the_28th_where_there_is_no_29th(aroma, day, given):
    ada = joins(aroma, birthday="2000-02-29")
    before = dt.date.fromisoformat(day) - dt.timedelta(days=1)
    with tenancy.scope(aroma.id):
        Programme.objects.update(greeted_on=before)
    greeted(aroma, f"{day}T12:00:00+01:00")
    with tenancy.scope(aroma.id):
        assert Happening.objects.filter(member=ada, trigger="birthday").count() == bool(given)


def test_an_anniversary_counts_from_the_day_of_joining_where_the_shop_is(aroma):
    # 23:30 UTC on the 9th is the 10th in Lyon.
    ada = joins(aroma, at=dt.datetime(2026, 2, 9, 23, 30, tzinfo=dt.UTC))
    assert greeted(aroma, "2027-02-09T23:00:00+01:00") == 0
    assert greeted(aroma, "2027-02-10T00:00:00+01:00") == 1
    assert points_of(aroma, ada) == 7


def test_who_joins_on_a_birthday_has_the_next_one(aroma):
    ada = joins(aroma, birthday="1990-02-05", at=dt.datetime(2027, 2, 5, 8, tzinfo=dt.UTC))
    assert greeted(aroma, "2027-02-06T00:00:00+01:00") == 0
    assert points_of(aroma, ada) == 0


def test_who_was_erased_is_not_greeted_and_who_was_merged_once_alone(aroma, world):
    ada = joins(aroma, birthday="1990-02-05")
    twin = joins(aroma, birthday="1990-02-05", phone="+33611223355")
    gone = joins(aroma, birthday="1990-02-05", phone="+33611223366")
    with tenancy.scope(aroma.id):
        leaving.erase_member(member=gone, actor="member")
        merging.merge_members(stays_id=ada.id, goes_id=twin.id, key=new_id(), actor_id=None)
    assert greeted(aroma, "2027-02-05T09:00:00+01:00") == 1
    assert points_of(aroma, ada) == 30


def test_who_was_greeted_before_a_merge_is_not_greeted_again_after_it(aroma):
    ada = joins(aroma, birthday="1990-02-05")
    twin = joins(aroma, birthday="1990-02-07", phone="+33611223355")
    assert greeted(aroma, "2027-02-05T09:00:00+01:00") == 1
    with tenancy.scope(aroma.id):
        merging.merge_members(stays_id=twin.id, goes_id=ada.id, key=new_id(), actor_id=None)
    assert greeted(aroma, "2027-02-07T09:00:00+01:00") == 0
    assert points_of(aroma, twin) == 30


def test_a_shop_without_such_a_rule_notes_nothing(world):
    joins(world.aroma, birthday="1990-02-05")
    with tenancy.scope(world.aroma.id):
        Programme.objects.update(greeted_on=dt.date(2027, 1, 31))
    assert greeted(world.aroma, "2027-02-05T09:00:00+01:00") == 0
    with tenancy.scope(world.aroma.id):
        assert not Happening.objects.filter(trigger="birthday").exists()


def test_one_task_greets_every_shop_by_its_own_clocks(committed_db, world):
    for merchant, zone in ((world.aroma, "Pacific/Auckland"), (world.bloom, "America/New_York")):
        with tenancy.scope(merchant.id):
            Merchant.objects.filter(id=merchant.id).update(time_zone=zone)
            Programme.objects.update(greeted_on=dt.date(2027, 2, 3))
            Member.objects.update(birthday=dt.date(1990, 2, 5))
        with_rules(merchant, flat(merchant, "birthday", 30))
    with time_machine.travel(dt.datetime(2027, 2, 4, 12, tzinfo=dt.UTC), tick=False):
        assert greet_members() == 2  # Mia and Noah, where it is one o'clock in the night of the fifth
        assert greet_members() == 0
    with time_machine.travel(dt.datetime(2027, 2, 5, 6, tzinfo=dt.UTC), tick=False):
        assert greet_members() == 1  # Zoe, in New York
    assert points_of(world.bloom, world.zoe) == 30
    assert points_of(world.aroma, world.noah) == 80

"""One measurable thing by a day: how far it is, when it is done, when it is missed."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from analytics import aims
from analytics.aims import AimDayOutOfRange, TargetOutOfRange, drop_aim, open_aim, progress_of, set_aim
from analytics.models import Aim, DailyFigure
from core import tenancy
from core.models import Event
from loyalty.rules.calendar import local_day
from tests.loyalty.purchases.test_cancelling_at_once import while_uncommitted

DAY = dt.date(2026, 11, 22)
BY = dt.date(2026, 12, 24)


@pytest.fixture
def aroma(world):
    """Inside Aroma's scope."""
    with tenancy.scope(world.aroma.id):
        DailyFigure.objects.all().delete()
        yield world.aroma


def aim(kind, target):
    return Aim.objects.create(kind=kind, target=target, since=DAY, by=BY)


def figure(day, **counts):
    DailyFigure.objects.create(day=dt.date.fromisoformat(day), **counts)


def seen(which, merchant, day, members=0):
    """value, state, days left; at noon in Paris."""
    noon = dt.datetime.fromisoformat(f"{day}T11:00:00+00:00")
    rows = DailyFigure.objects.filter(day__range=(aims.first_day(which, merchant, now=noon), noon.date()))
    found = progress_of(which, merchant, members=members, rows=rows, now=noon)
    return found.value, found.state, found.days_left


def test_members_by_a_day(aroma):
    which = aim("members", 100)
    figure("2026-12-26", joined=7)
    assert seen(which, aroma, "2026-11-22", members=40) == (40, "open", 32)
    assert seen(which, aroma, "2026-12-24", members=99) == (99, "open", 0)
    assert seen(which, aroma, "2026-12-01", members=100) == (100, "done", 23)
    # Seven of the 103 joined after the day.
    assert seen(which, aroma, "2026-12-27", members=103) == (96, "missed", 0)


def test_visits_are_those_of_the_thirty_days_up_to_today(aroma):
    which = aim("visits", 50)
    Aim.objects.update(since=dt.date(2026, 10, 1))
    which.refresh_from_db()
    for day, purchases in (("2026-11-03", 900), ("2026-11-04", 20), ("2026-12-03", 29), ("2026-12-25", 900)):
        figure(day, purchases=purchases)
    assert seen(which, aroma, "2026-12-03") == (49, "open", 21)  # 4 November is the thirtieth day back
    assert seen(which, aroma, "2026-12-30") == (29, "missed", 0)  # from 25 November to the day itself


def test_a_share_is_not_told_while_few_came(aroma):
    which = aim("came_back", 40)
    figure("2026-11-25", visitors=19, returned=19)
    assert seen(which, aroma, "2026-11-26") == (None, "open", 28)
    figure("2026-11-26", visitors=21, returned=0)
    assert seen(which, aroma, "2026-11-26") == (48, "done", 28)  # 19 of 40


def test_what_is_not_to_be_exceeded_is_done_when_its_day_is_over(aroma):
    which = aim("units", 1_000)
    figure("2026-11-21", units_given=5_000)  # before it was set
    figure("2026-11-22", units_given=1_000)
    assert seen(which, aroma, "2026-12-24") == (1_000, "open", 0)
    assert seen(which, aroma, "2026-12-25") == (1_000, "done", 0)
    figure("2026-12-01", units_given=1)
    assert seen(which, aroma, "2026-12-02") == (1_001, "missed", 22)


def test_the_bar_is_full_at_most(aroma):
    noon = dt.datetime(2026, 11, 22, 11, tzinfo=dt.UTC)
    found = progress_of(aim("members", 40), aroma, members=50, rows=[], now=noon)
    assert (found.percent, found.missing) == (100, 0)
    found = progress_of(
        Aim(kind="members", target=40, since=DAY, by=BY), aroma, members=39, rows=[], now=noon
    )
    assert (found.percent, found.missing) == (97, 1)


def test_the_day_is_the_shops_own(aroma):
    """Half past eleven at night in Paris is the day itself; an hour later it is over."""
    which = aim("members", 100)
    for moment, state in (("2026-12-24T22:30:00+00:00", "open"), ("2026-12-24T23:30:00+00:00", "missed")):
        assert (
            progress_of(which, aroma, members=1, rows=[], now=dt.datetime.fromisoformat(moment)).state
            == state
        )


def tomorrow(merchant):
    return local_day(dt.datetime.now(dt.UTC), merchant.time_zone) + dt.timedelta(days=1)


def test_one_at_a_time_and_each_change_is_told(aroma):
    set_aim(merchant=aroma, kind="members", target=100, by=tomorrow(aroma), actor=None)
    set_aim(merchant=aroma, kind="visits", target=50, by=tomorrow(aroma), actor=None)
    [now] = Aim.objects.filter(closed_on=None)
    assert (now.kind, now.target) == ("visits", 50)
    drop_aim(merchant=aroma, actor=None)
    drop_aim(merchant=aroma, actor=None)
    assert open_aim() is None
    assert list(Event.objects.filter(name__startswith="aim.").order_by("id").values_list("name", flat=True)) == [
        "aim.set", "aim.set", "aim.dropped",
    ]  # fmt: skip


def test_the_database_keeps_a_second_one_out(aroma):
    aim("members", 100)
    with pytest.raises(IntegrityError), transaction.atomic():
        aim("visits", 100)


@pytest.mark.parametrize(
    ("kind", "target"), [("members", 0), ("members", aims.LARGEST + 1), ("came_back", 101)]
)
def test_a_target_of_nothing_or_too_much_is_refused(aroma, kind, target):
    with pytest.raises(TargetOutOfRange):
        set_aim(merchant=aroma, kind=kind, target=target, by=tomorrow(aroma), actor=None)
    assert open_aim() is None


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_a_day_that_is_over_or_too_far_is_refused(aroma, days):
    day = tomorrow(aroma) + dt.timedelta(days=days - 1)
    with pytest.raises(AimDayOutOfRange):
        set_aim(merchant=aroma, kind="members", target=9, by=day, actor=None)
    assert open_aim() is None


def test_two_set_at_once_are_one_after_the_other(committed_db, world):
    """A double click: the second waits, and is the one that counts."""

    def set_one(target):
        with tenancy.scope(world.aroma.id):
            today = local_day(timezone.now(), world.aroma.time_zone)
            set_aim(
                merchant=world.aroma,
                kind="members",
                target=target,
                by=today + dt.timedelta(days=9),
                actor=None,
            )

    while_uncommitted(world, lambda: set_one(100), lambda: set_one(200))
    with tenancy.scope(world.aroma.id):
        assert list(Aim.objects.order_by("id").values_list("target", "closed_on")) == [
            (100, local_day(timezone.now(), world.aroma.time_zone)),
            (200, None),
        ]

"""Figures after a refund, a return, a correction: lower on the day of what was undone, in whatever order they are counted."""

import datetime as dt
import random

import pytest

from analytics import rollups
from analytics.models import DailyFigure
from config.subscriptions import SUBSCRIPTIONS
from core import outbox, tenancy
from core.ids import new_id
from core.models import Event
from loyalty.ledger import postings, statements
from loyalty.purchases import refunding
from loyalty.units import adjusting
from tests.analytics.test_rollups import all_figures, bought_on, cancel, deliver_all, figures
from tests.world import today_at

WHOLE = (dt.date(2020, 1, 1), dt.date(2100, 1, 1))


def refund(world, purchase_id, amount_minor=None):
    with tenancy.scope(world.aroma.id):
        refunding.refund_purchase(
            merchant=world.aroma,
            purchase_id=purchase_id,
            amount_minor=amount_minor,
            key=new_id(),
            actor_id=None,
        )


def use(world, units, *, cause_id=None):
    with tenancy.scope(world.aroma.id):
        postings.spend(
            account_id=statements.balances(world.noah.id)[0].account_id, amount=units, key=new_id(), reasons={},
            cause_id=cause_id, actor_id=None,
        )  # fmt: skip


def adjust(world, amount):
    with tenancy.scope(world.aroma.id):
        return adjusting.adjust_units(
            member_id=world.noah.id, unit="points", amount=amount, reason="test", key=new_id(), actor_id=None
        )


def assert_rebuilding_gives_the_same(world):
    with tenancy.scope(world.aroma.id):
        counted = all_figures()
        rollups.rebuild(*WHOLE)
        assert all_figures() == counted


def test_a_refund_lowers_the_day_of_its_purchase_and_the_last_one_takes_the_visit_too(world):
    deliver_all(world.aroma)
    [purchase_id] = bought_on(world, world.noah, 20)
    deliver_all(world.aroma)
    day = today_at(world.aroma) - dt.timedelta(days=20)
    refund(world, purchase_id, 450)
    deliver_all(world.aroma)
    with tenancy.scope(world.aroma.id):
        assert figures(day) == (1, 550, 6, 0, 0, 1, 0)
    assert_rebuilding_gives_the_same(world)
    refund(world, purchase_id)
    deliver_all(world.aroma)
    with tenancy.scope(world.aroma.id):
        assert figures(day) == (0, 0, 0, 0, 0, 0, 0)
    assert_rebuilding_gives_the_same(world)


def test_units_given_back_are_used_less_and_corrections_count_as_given(world):
    deliver_all(world.aroma)
    with tenancy.scope(world.aroma.id):
        [before] = DailyFigure.objects.values_list("units_given", "units_used")
    [purchase_id] = bought_on(world, world.noah, 0)
    use(world, 30, cause_id=purchase_id)
    refund(world, purchase_id, 500)
    adjust(world, 40)
    adjust(world, -15)
    deliver_all(world.aroma)
    with tenancy.scope(world.aroma.id):
        [row] = DailyFigure.objects.values_list("units_given", "units_used")
    assert row == (before[0] + 10 - 5 + 40 - 15, 15)
    assert_rebuilding_gives_the_same(world)


@pytest.mark.parametrize("seed", range(6))
def test_figures_are_the_same_in_whatever_order_and_however_late_events_are_delivered(world, seed):
    deliver_all(world.aroma)
    one, other, third = bought_on(world, world.noah, 20, 20, 12)
    use(world, 25, cause_id=other)
    refund(world, one, 300)
    refund(world, other)
    adjust(world, 9)
    refund(world, one)
    refund(world, third, 1)
    cancel(world, third)
    bought_on(world, world.noah, 20, 15)
    with tenancy.scope(world.aroma.id):
        ids = list(Event.objects.order_by("id").values_list("id", flat=True))
    random.Random(seed).shuffle(ids)
    for event_id in ids:
        outbox.deliver(world.aroma.id, event_id, SUBSCRIPTIONS)
    deliver_all(world.aroma)
    assert_rebuilding_gives_the_same(world)

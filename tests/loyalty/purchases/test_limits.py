"""How often a member may buy: the pure rule in a table, and the limits where purchases are made."""

import datetime as dt
import json

import pytest
import time_machine
from django.utils import timezone

from core import tenancy
from core.ids import new_id, read_id
from loyalty.happenings.happening import record_happening
from loyalty.ledger import statements
from loyalty.membership.merging import merge_members, part_members
from loyalty.models import Purchase
from loyalty.purchases.earning import NewPurchase, record_purchase
from loyalty.purchases.velocity import (
    DayLimitReached,
    LimitOutOfRange,
    StaticLimitReached,
    TooSoon,
    change_limits,
)
from loyalty.rules.limits import Habit, Limits, limit_reached
from members.cards import Scanned
from members.models import Card
from tests.loyalty.happenings.test_taking_back import OLIVIA, take_back
from tests.loyalty.purchases.test_earning_at_once import at_once
from tests.world import buy, points_of

MINUTE = dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("limits", "habit", "is_static", "reached"),
    [
        (Limits(), Habit(dt.timedelta(), 99, 99), True, None),
        (Limits(cool_down_minutes=5), Habit(5 * MINUTE, 0, 0), False, None),
        (Limits(cool_down_minutes=5), Habit(4.9 * MINUTE, 0, 0), False, "cool_down"),
        (Limits(cool_down_minutes=5), Habit(-4.9 * MINUTE, 0, 0), False, "cool_down"),
        (Limits(cool_down_minutes=5), Habit(None, 0, 0), False, None),
        (Limits(purchases_a_day=2), Habit(None, 1, 0), False, None),
        (Limits(purchases_a_day=2), Habit(None, 2, 0), False, "day"),
        (Limits(static_a_day=2), Habit(None, 9, 2), True, "static_day"),
        (Limits(static_a_day=2), Habit(None, 9, 2), False, None),
    ],
)
def test_a_limit_is_reached_when_it_is(limits, habit, is_static, reached):
    assert limit_reached(limits, habit, is_static=is_static) == reached


@pytest.fixture
def limited(world):
    """Aroma with limits: `limited(purchases_a_day=2)`."""

    def limit(**limits):
        with tenancy.scope(world.aroma.id):
            change_limits(merchant=world.aroma, limits=Limits(**limits), actor=None)

    return limit


def test_a_second_purchase_within_the_pause_is_declined_for_ever_under_its_key(world, limited):
    limited(cool_down_minutes=5)
    with time_machine.travel(timezone.now() + MINUTE, tick=False) as clock:
        buy(world.aroma, world.noah, 1000)
        early, before = new_id(), points_of(world.aroma, world.noah)
        clock.shift(4 * MINUTE)
        for _again in range(2):
            with pytest.raises(TooSoon):
                buy(world.aroma, world.noah, 1000, key=early)
        clock.shift(2 * MINUTE)
        with pytest.raises(TooSoon) as declined:
            buy(world.aroma, world.noah, 1000, key=early)
        assert "5 min" in declined.value.detail
        assert points_of(world.aroma, world.noah) == before
        buy(world.aroma, world.noah, 1000)
    assert points_of(world.aroma, world.noah) > before


def test_a_day_begins_anew_at_the_shops_midnight(world, limited):
    limited(purchases_a_day=1)
    paris = dt.timezone(dt.timedelta(hours=1))
    evening = (timezone.now() + dt.timedelta(days=1)).astimezone(paris).replace(hour=23, minute=50)
    with time_machine.travel(evening, tick=False) as clock:
        buy(world.aroma, world.noah, 1000)
        with pytest.raises(DayLimitReached):
            buy(world.aroma, world.noah, 1000)
        clock.shift(20 * MINUTE)
        buy(world.aroma, world.noah, 1000)
    with tenancy.scope(world.aroma.id):
        assert statements.prove() == []


def test_a_printed_card_has_a_limit_of_its_own(world, limited):
    limited(static_a_day=2)
    card = printed_card(world)
    scan(world, card)
    scan(world, card)
    with pytest.raises(StaticLimitReached):
        scan(world, card)
    buy(world.aroma, world.noah, 1000)  # by another code
    with tenancy.scope(world.aroma.id):
        assert Purchase.objects.filter(member=world.noah).count() == 3


def printed_card(world, member=None):
    with tenancy.scope(world.aroma.id):
        card = Card.objects.get(member=member or world.noah)
    return Scanned(serial=card.serial, generation=card.generation)


def scan(world, card):
    bought = NewPurchase(who=card, amount_minor=1000, channel="scanner", asked=[])
    return record_purchase(merchant=world.aroma, bought=bought, key=new_id())


def given(world, card):
    """A gift by that card: its id."""
    told = {"trigger": "gift", "key": new_id(), "asked": None, "actor_id": OLIVIA}
    with tenancy.scope(world.aroma.id):
        answered = record_happening(merchant=world.aroma, who=card, **told)
    return read_id("evt", json.loads(answered.body)["id"])


def test_what_a_printed_card_did_but_buy_counts_for_its_purchases_too(world, limited):
    limited(static_a_day=2)
    card = printed_card(world)
    gift = given(world, card)
    scan(world, card)
    with pytest.raises(StaticLimitReached):
        scan(world, card)
    with pytest.raises(StaticLimitReached):
        given(world, card)
    take_back(world, gift)
    scan(world, card)
    with time_machine.travel(timezone.now() + dt.timedelta(days=1)):
        scan(world, card)
        given(world, card)
        with pytest.raises(StaticLimitReached):
            scan(world, card)


def test_of_two_who_were_one_each_has_what_their_own_card_did(world, limited):
    limited(static_a_day=2)
    noahs, mias = printed_card(world), printed_card(world, world.mia)
    given(world, noahs)
    scan(world, mias)
    with tenancy.scope(world.aroma.id):
        merge = merge_members(stays_id=world.mia.id, goes_id=world.noah.id, key=new_id(), actor_id=None)
    for card in (noahs, mias):
        with pytest.raises(StaticLimitReached):
            scan(world, card)
    with tenancy.scope(world.aroma.id):
        part_members(merge_id=merge.id, actor_id=None)
    for card in (noahs, mias):
        scan(world, card)
        with pytest.raises(StaticLimitReached):
            scan(world, card)


def test_two_tills_at_once_cannot_both_be_the_last_of_the_day(committed_db, world, limited):
    limited(purchases_a_day=1)
    told = at_once(8, lambda _till: buy(world.aroma, world.noah, 1000))
    assert sum(isinstance(answer, str) for answer in told) == 1
    assert sum(isinstance(answer, DayLimitReached) for answer in told) == 7
    with tenancy.scope(world.aroma.id):
        assert Purchase.objects.filter(member=world.noah).count() == 1
        assert statements.prove() == []


@pytest.mark.parametrize("limits", [{"cool_down_minutes": 1441}, {"purchases_a_day": -1}])
def test_a_limit_that_nobody_means_is_refused(limited, limits):
    with pytest.raises(LimitOutOfRange):
        limited(**limits)

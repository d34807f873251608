"""Rewards that come by themselves at a balance, where units move between two cards, or come back with a purchase."""

import json

import pytest

from config.subscriptions import SUBSCRIPTIONS
from core import outbox, tenancy
from core.ids import new_id, read_id
from core.models import Event
from loyalty.ledger import statements
from loyalty.membership.merging import merge_members, part_members
from loyalty.purchases.refunding import refund_purchase
from rewards.handing import capture_redemption
from rewards.models import Redemption
from tests.analytics.test_rollups import deliver_all
from tests.rewards.test_crossings import at_balance, came, give, release_the_last
from tests.world import buy


@pytest.fixture(autouse=True)
def told(world):
    """What the cast's own beginning brought is told already. The books are proven at the end of the test."""
    deliver_all(world.aroma)
    yield
    with tenancy.scope(world.aroma.id):
        assert statements.prove() == []


def merged(world, stays, goes):
    with tenancy.scope(world.aroma.id):
        merge = merge_members(stays_id=stays.id, goes_id=goes.id, key=new_id(), actor_id=None)
    deliver_all(world.aroma)
    return merge


def parted(world, merge):
    with tenancy.scope(world.aroma.id):
        part_members(merge_id=merge.id, actor_id=None)
    deliver_all(world.aroma)


def test_what_was_counted_on_one_card_is_no_crossing_on_another_by_merging_or_parting(world):
    at_balance(world, cost=2000)
    give(world, 2000, world.mia)
    release_the_last(world)
    merge = merged(world, world.noah, world.mia)
    assert came(world) == (1, 3250)
    parted(world, merge)
    assert came(world) == (1, 50)


def test_what_two_cards_reach_together_alone_is_a_crossing(world):
    at_balance(world, cost=1250)  # Mia has 1200, Noah 50
    merged(world, world.noah, world.mia)
    assert came(world) == (1, 0)


@pytest.mark.parametrize("first", ["points.returned", "purchase.refunded"])
def test_what_a_refund_brings_back_is_a_crossing_in_whatever_order_it_is_told(world, first):
    at_balance(world, most=1)
    give(world, 50)
    purchase_id = read_id("pur", json.loads(buy(world.aroma, world.noah, 1000))["id"])
    deliver_all(world.aroma)
    with tenancy.scope(world.aroma.id):
        one = Redemption.objects.get()
        capture_redemption(merchant=world.aroma, redemption_id=one.id, key=new_id(), purchase_id=purchase_id)
    deliver_all(world.aroma)
    with tenancy.scope(world.aroma.id):
        refund_purchase(
            merchant=world.aroma, purchase_id=purchase_id, amount_minor=None, key=new_id(), actor_id=None
        )
        for event_id in list(Event.objects.filter(name=first).values_list("id", flat=True)):
            outbox.deliver(world.aroma.id, event_id, SUBSCRIPTIONS)
    deliver_all(world.aroma)
    with tenancy.scope(world.aroma.id):
        assert sorted(Redemption.objects.values_list("status", flat=True)) == ["held", "voided"]

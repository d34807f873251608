"""Rewards that come by themselves: a voucher for each crossing of a balance, and for each tier that is reached; once."""

import pytest

from core import tenancy
from core.ids import new_id
from core.models import Event
from loyalty.ledger import statements
from loyalty.locking import lock_member
from loyalty.membership.joining import enrol_member
from loyalty.membership.merging import merge_members, part_members
from loyalty.models import Standing, Tier, Unit
from loyalty.rules.types import Condition
from loyalty.units.adjusting import adjust_units
from rewards import crossings, vouchers
from rewards.catalogue import move_reward
from rewards.handing import capture_redemption
from rewards.models import Crossing, Redemption, Reward
from rewards.redemption import release_redemption
from tests.analytics.test_rollups import deliver_all
from tests.rewards.offering import offered
from tests.world import buy, points_of


@pytest.fixture
def aroma(world):
    """What the cast's own beginning brought is told already. The books are proven at the end of the test."""
    deliver_all(world.aroma)
    yield world.aroma
    with tenancy.scope(world.aroma.id):
        assert statements.prove() == []


def at_balance(world, **said):
    with tenancy.scope(world.aroma.id):
        unit = Unit.objects.get(code="points")
        return offered(**{"name": "Five euros", "unit_id": unit.id, "cost": 100, "auto": "at_balance"} | said)


def on_tier(world, tier="Gold", **said):
    with tenancy.scope(world.aroma.id):
        unit, held = Unit.objects.get(code="points"), Tier.objects.get(name=tier)
        only = (Condition("tier", {"any": [str(held.id)]}),)
        return offered(name="A gift", unit_id=unit.id, cost=0, auto="on_tier", conditions=only, **said)


def give(world, amount, member=None):
    with tenancy.scope(world.aroma.id):
        adjust_units(
            member_id=(member or world.noah).id,
            unit="points",
            amount=amount,
            reason="for a test",
            key=new_id(),
            actor_id=None,
        )
    deliver_all(world.aroma)


def came(world):
    """How many vouchers came to anybody, and what Noah can still use."""
    with tenancy.scope(world.aroma.id):
        assert Crossing.objects.count() == Redemption.objects.count()
        return Redemption.objects.exclude(serial=None).count(), points_of(world.aroma, world.noah)


def use_all(world):
    with tenancy.scope(world.aroma.id):
        waiting = list(Redemption.objects.filter(status="held"))
    for one in waiting:
        capture_redemption(merchant=world.aroma, redemption_id=one.id, key=new_id())


def release_the_last(world):
    with tenancy.scope(world.aroma.id):
        last = Redemption.objects.latest("id")
        release_redemption(merchant=world.aroma, redemption_id=last.id, key=new_id(), actor_id=None)
    deliver_all(world.aroma)


def test_at_a_balance_a_voucher_comes_and_its_units_are_set_aside(world, aroma):
    at_balance(world)
    give(world, 49)
    assert came(world) == (0, 99)
    give(world, 1)
    assert came(world) == (1, 0)
    with tenancy.scope(world.aroma.id):
        [voucher] = vouchers.vouchers_of(world.noah, world.aroma)
    assert (voucher.state, voucher.redemption.cost) == ("issued", 100)


def test_each_crossing_gives_one_and_a_large_gift_as_many_as_it_crosses(world, aroma):
    at_balance(world)
    give(world, 260)
    assert came(world) == (3, 10)
    give(world, 80)
    assert came(world) == (3, 90)
    give(world, 10)
    assert came(world) == (4, 0)


def test_a_crossing_after_a_merge_was_parted_gives_one_as_any_other(world, aroma):
    at_balance(world)
    with tenancy.scope(world.aroma.id):
        other = enrol_member(
            merchant=world.aroma, name="Noah Two", phone="+33611111111", source="join"
        ).member
    deliver_all(world.aroma)
    for member in (world.noah, other):
        give(world, 100 - points_of(world.aroma, member), member)
    use_all(world)
    with tenancy.scope(world.aroma.id):
        done = merge_members(stays_id=world.noah.id, goes_id=other.id, key=new_id(), actor_id=None)
    give(world, 100)
    assert came(world) == (3, 0)
    use_all(world)
    with tenancy.scope(world.aroma.id):
        part_members(merge_id=done.id, actor_id=None)
    give(world, 100)
    assert came(world) == (4, 0)


def test_what_comes_back_is_no_crossing(world, aroma):
    at_balance(world)
    give(world, 50)
    release_the_last(world)
    with tenancy.scope(world.aroma.id):
        assert points_of(world.aroma, world.noah) == 100
    give(world, 20)
    assert came(world)[0] == 1
    give(world, 80)
    assert came(world) == (2, 100)


def test_what_is_sold_out_or_not_for_the_member_does_not_come(world, aroma):
    at_balance(world, stock=1)
    at_balance(world, conditions=(Condition("segment", {"any": ["vip"]}),))
    give(world, 260)
    assert came(world) == (1, 210)


def test_reaching_a_tier_brings_its_voucher_once_whatever_is_bought_then(world, aroma):
    on_tier(world, valid_days=10)
    buy(world.aroma, world.noah, 60_000)
    deliver_all(world.aroma)
    assert came(world)[0] == 1
    buy(world.aroma, world.noah, 60_000)
    deliver_all(world.aroma)
    assert came(world)[0] == 1
    with tenancy.scope(world.aroma.id):
        assert Redemption.objects.get().cost == 0


def test_whoever_falls_and_climbs_again_within_a_window_had_it(world, aroma):
    buy(world.aroma, world.noah, 60_000)  # Gold
    on_tier(world)
    with tenancy.scope(world.aroma.id):
        gold = str(Tier.objects.get(name="Gold").id)
        for _time in range(2):
            crossings.follow_tier(Event(payload={"member": str(world.noah.id), "tier": gold}))
        bronze = str(Tier.objects.exclude(name="Gold").first().id)
        crossings.follow_tier(Event(payload={"member": str(world.mia.id), "tier": bronze}))
    assert came(world)[0] == 1


def test_who_has_gone_gets_nothing(world, aroma):
    on_tier(world)
    with tenancy.scope(world.aroma.id):
        gold = str(Tier.objects.get(name="Gold").id)
        crossings.follow_tier(Event(payload={"member": str(new_id()), "tier": gold}))
    assert came(world)[0] == 0


def test_what_is_taken_off_while_one_waits_for_the_member_does_not_come(world, aroma, monkeypatch):
    on_tier(world)
    at_balance(world)

    def locked_late(member_id):
        Reward.objects.update(status="archived")
        return lock_member(member_id)

    monkeypatch.setattr(crossings, "lock_member", locked_late)
    give(world, 50)
    with tenancy.scope(world.aroma.id):
        assert Reward.objects.filter(status="archived").count() == 2
        Reward.objects.update(status="live")
        gold = str(Tier.objects.get(name="Gold").id)
        Standing.objects.filter(member=world.noah).update(tier_id=gold)
        crossings.follow_tier(Event(payload={"member": str(world.noah.id), "tier": gold}))
    assert came(world) == (0, 100)


def test_what_comes_with_a_tier_is_taken_from_stock_in_one_order_whatever_place_it_has(world, aroma):
    """Two members who climb at once must not wait for each other in a circle."""
    buy(world.aroma, world.noah, 60_000)
    first, second = on_tier(world), on_tier(world)
    with tenancy.scope(world.aroma.id):
        move_reward(reward_id=second.id, place=0, actor=None)
        gold = str(Tier.objects.get(name="Gold").id)
        crossings.follow_tier(Event(payload={"member": str(world.noah.id), "tier": gold}))
        told = Event.objects.filter(name="reward.held").order_by("id")
        assert [event.payload["reward"] for event in told] == sorted([str(first.id), str(second.id)])

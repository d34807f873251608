"""Rewards wanted, handed over, let go, given back and out of time at the same instant: whoever wins, it is one of them."""

import datetime as dt
import json

import pytest
from django.utils import timezone

from config.tasks import settle_due
from core import tenancy
from core.ids import new_id, read_id
from loyalty.ledger import statements
from loyalty.ledger.postings import InsufficientUnits
from loyalty.models import Unit
from loyalty.purchases.refunding import refund_purchase
from rewards import taking
from rewards.declines import RedemptionClosed, RewardSoldOut
from rewards.handing import capture_redemption, hand_over
from rewards.models import Redemption, Reward
from rewards.redemption import release_redemption
from rewards.taking import take_reward
from rewards.voiding import NotHandedOver, void_redemption
from tests.loyalty.purchases.test_earning_at_once import at_once
from tests.rewards.offering import offered
from tests.servers import wait_for
from tests.world import buy, points_of


@pytest.fixture
def cake(committed_db, world):
    """At Aroma, for 40 points, the last one."""
    with tenancy.scope(world.aroma.id):
        return offered(name="Cake", unit_id=Unit.objects.get(code="points").id, cost=40, stock=1)


def set_aside(world, reward, member):
    with tenancy.scope(world.aroma.id):
        body = take_reward(
            merchant=world.aroma, reward_id=reward.id, member_id=member.id, key=new_id(), actor_id=None
        ).body
    return read_id("red", json.loads(body)["id"])


def each(world, redemption_id, *verbs):
    """All of these by clients that begin together: whether each was done, verb by verb; else it was declined as closed."""

    def client(number):
        verb = verbs[number % len(verbs)]
        with tenancy.scope(world.aroma.id):
            return verb(merchant=world.aroma, redemption_id=redemption_id, key=new_id(), actor_id=None)

    told = at_once(4 * len(verbs), client)
    problems = {type(one) for one in told if isinstance(one, Exception)}
    assert problems <= {NotHandedOver, RedemptionClosed}, told
    return [
        sum(not isinstance(one, Exception) for one in told[place :: len(verbs)])
        for place in range(len(verbs))
    ]


def adds_up(world, reward):
    """The books prove themselves, and what is out is what is held or was handed over."""
    with tenancy.scope(world.aroma.id):
        assert statements.prove() == []
        kept = Redemption.objects.filter(reward=reward, status__in=["held", "captured"]).count()
        assert Reward.objects.get(id=reward.id).taken == kept


def test_twenty_parallel_spends(world, cake):
    """The pain: twenty tills at once, and the same points were spent more than once."""
    with tenancy.scope(world.aroma.id):
        Reward.objects.filter(id=cake.id).update(stock=None)

    def till(_number):
        with tenancy.scope(world.aroma.id):
            return hand_over(
                merchant=world.aroma, reward_id=cake.id, member_id=world.noah.id, key=new_id(), actor_id=None
            )

    told = at_once(20, till)
    assert sum(isinstance(one, InsufficientUnits) for one in told) == 19, told
    assert points_of(world.aroma, world.noah) == 10
    adds_up(world, cake)


def test_handed_over_or_let_go_but_not_both_and_given_back_at_most_once(world, cake):
    redemption_id = set_aside(world, cake, world.noah)
    captured, released, voided = each(
        world, redemption_id, capture_redemption, release_redemption, void_redemption
    )
    assert captured + released == 1
    assert voided <= captured
    assert points_of(world.aroma, world.noah) == (10 if captured > voided else 50)
    adds_up(world, cake)


def test_handed_over_as_its_time_runs_out_while_others_wait_for_it(world, cake, monkeypatch):
    monkeypatch.setattr(taking, "HELD_FOR", dt.timedelta(milliseconds=400))
    redemption_id = set_aside(world, cake, world.noah)
    with tenancy.scope(world.aroma.id):
        until = Redemption.objects.get(id=redemption_id).held_until

    def client(number):
        if number % 3 == 1:  # just then
            wait_for(lambda: timezone.now() >= until, what="the time to run out")
        if number % 4 == 3:
            return settle_due()
        with tenancy.scope(world.aroma.id):
            asked = {"merchant": world.aroma, "key": new_id(), "actor_id": None}
            if number % 4 == 2:
                return hand_over(reward_id=cake.id, member_id=world.mia.id, **asked)
            return (capture_redemption if number % 4 else void_redemption)(
                redemption_id=redemption_id, **asked
            )

    told = at_once(16, client)
    problems = [one for one in told if isinstance(one, Exception)]
    assert {type(one) for one in problems} <= {NotHandedOver, RedemptionClosed, RewardSoldOut}, told
    wait_for(lambda: timezone.now() >= until, what="the time to run out")
    settle_due()
    with tenancy.scope(world.aroma.id):
        kept = Redemption.objects.get(id=redemption_id)
        others = Redemption.objects.filter(member=world.mia, status="captured").count()
        assert others + (kept.status == "captured") <= 1
    assert points_of(world.aroma, world.noah) == (10 if kept.status == "captured" else 50)
    adds_up(world, cake)


def test_a_void_and_the_refunds_of_the_purchase_that_used_it_give_back_once(world, cake):
    purchase_id = read_id("pur", json.loads(buy(world.aroma, world.noah, 1000))["id"])
    before = points_of(world.aroma, world.noah)
    redemption_id = set_aside(world, cake, world.noah)
    with tenancy.scope(world.aroma.id):
        capture_redemption(
            merchant=world.aroma, redemption_id=redemption_id, key=new_id(), purchase_id=purchase_id
        )

    def client(number):
        with tenancy.scope(world.aroma.id):
            asked = {"merchant": world.aroma, "key": new_id(), "actor_id": None}
            if number % 2:
                return refund_purchase(purchase_id=purchase_id, amount_minor=250, **asked)
            return void_redemption(redemption_id=redemption_id, **asked)

    told = at_once(8, client)
    assert sum(not isinstance(one, Exception) for one in told[1::2]) == 4, told
    assert sum(not isinstance(one, Exception) for one in told[::2]) == 1, told
    assert points_of(world.aroma, world.noah) == before - 10  # what the purchase itself had given
    adds_up(world, cake)

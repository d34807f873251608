"""Who may take a reward is asked under the member's lock; whoever may not is told why, and nothing happened."""

import datetime as dt
import json

import pytest
import time_machine
from django.db import ProgrammingError, transaction
from django.utils import timezone

from core import tenancy
from core.ids import new_id
from core.models import Event
from loyalty.ledger import statements
from loyalty.locking import lock_member
from loyalty.membership.merging import merge_members
from loyalty.models import Tier, Unit
from loyalty.purchases.earning import LocationUnknown
from loyalty.rules.types import Condition
from merchants import locations
from rewards import catalogue, taking
from rewards.catalogue import RewardUnknown
from rewards.declines import (
    RewardElsewhere,
    RewardLimitReached,
    RewardNotForMember,
    RewardNotNow,
    RewardWithdrawn,
)
from rewards.handing import capture_redemption
from rewards.models import Redemption, Reward
from rewards.redemption import release_redemption
from rewards.taking import HELD_FOR, take_reward
from rewards.voiding import void_redemption
from tests.loyalty.purchases.test_earning_at_once import at_once
from tests.rewards.offering import offered
from tests.world import points_of

SATURDAY = dt.datetime(2026, 11, 21, 11, tzinfo=dt.UTC)  # noon in Lyon; before the cast joined


def cake(*conditions, cost=10, **said):
    unit = Unit.objects.get(code="points")
    return offered(name="Cake", unit_id=unit.id, cost=cost, conditions=conditions, **said)


def take(world, reward, member, **more):
    return take_reward(
        merchant=world.aroma, reward_id=reward.id, member_id=member.id, key=new_id(), actor_id=None, **more
    )


def end(world, ending, **more):
    redemption = Redemption.objects.latest("id")
    asked = {"merchant": world.aroma, "redemption_id": redemption.id, "key": new_id(), "actor_id": None}
    return ending(**asked | more)


def gold():
    return str(Tier.objects.get(name="Gold").id)


def said(refused):
    return refused.value.detail.replace("\xa0", " ")


def nothing_happened(world, reward):
    assert points_of(world.aroma, world.noah) == 50
    assert Redemption.objects.count() == 0
    assert Reward.objects.get(id=reward.id).taken == 0
    assert not Event.objects.filter(name="reward.held").exists()


@pytest.mark.parametrize(
    ("condition", "refusal", "sentence"),
    [
        (
            Condition("weekday", {"any": [7]}),
            RewardNotNow,
            "Cake: only on Sundays, possible tomorrow.",
        ),
        (
            Condition("dates", {"from": "2026-12-01"}),
            RewardNotNow,
            "Cake: only from 1 December 2026, possible on 1 December 2026.",
        ),
        (
            Condition("hours", {"from": "14:00", "to": "17:00"}),
            RewardNotNow,
            "Cake: only between 14:00 and 17:00, possible later today.",
        ),
        (Condition("dates", {"to": "2026-11-20"}), RewardNotNow, "Cake: over since 20 November 2026."),
        (Condition("birthday", {"days": 7}), RewardNotForMember, "Cake: no birthday is known."),
        (
            Condition("segment", {"any": ["vip"]}),
            RewardNotForMember,
            "Cake: only for chosen members.",
        ),
    ],
)
def test_who_may_not_take_it_is_told_why_and_from_when(world, aroma, condition, refusal, sentence):
    with time_machine.travel(SATURDAY, tick=False):
        reward = cake(condition)
        with pytest.raises(refusal) as refused:
            take(world, reward, world.noah)
    assert said(refused) == sentence
    nothing_happened(world, reward)


def test_what_is_for_a_tier_is_taken_by_that_tier_alone(world, aroma):
    reward = cake(Condition("tier", {"any": [gold()]}))
    with pytest.raises(RewardNotForMember) as refused:
        take(world, reward, world.noah)
    assert said(refused) == "Cake: only for Gold members."
    nothing_happened(world, reward)


def test_a_tier_pays_its_own_price(world, aroma):
    reward = cake(cost=40, costs={gold(): 30})
    take(world, reward, world.noah)
    take(world, reward, world.mia)
    costs = dict(Redemption.objects.values_list("member_id", "cost"))
    assert costs == {world.noah.id: 40, world.mia.id: 30}


def test_elsewhere_it_is_refused_and_where_the_place_is_not_known_it_is_not(world, aroma):
    reward = cake(Condition("location", {"any": [str(world.croix_rousse.id)]}))
    with pytest.raises(RewardElsewhere) as refused:
        take(world, reward, world.noah, location_id=locations.add_location(name="Bellecour").id)
    assert said(refused) == "Cake: only at Croix-Rousse."
    nothing_happened(world, reward)
    take(world, reward, world.noah)
    take(world, reward, world.noah, location_id=world.croix_rousse.id)
    assert Redemption.objects.count() == 2


def test_what_was_taken_on_the_card_is_handed_over_where_it_is_offered_and_that_is_kept(world, aroma):
    reward, by = cake(Condition("location", {"any": [str(world.croix_rousse.id)]})), new_id()
    elsewhere = locations.add_location(name="Bellecour").id
    take(world, reward, world.noah)
    catalogue.put_reward(reward_id=reward.id, status="archived", actor=None)
    with pytest.raises(LocationUnknown):
        end(world, capture_redemption, location_id=new_id())
    with pytest.raises(RewardElsewhere) as refused:
        end(world, capture_redemption, location_id=elsewhere)
    assert said(refused) == "Cake: only at Croix-Rousse."
    assert Redemption.objects.get().status == "held"
    end(world, capture_redemption, location_id=world.croix_rousse.id, actor_id=by)
    end(world, void_redemption, actor_id=new_id())
    kept = Redemption.objects.get()
    assert (kept.status, kept.location_id, kept.captured_by) == ("voided", world.croix_rousse.id, by)
    assert by != kept.closed_by is not None
    assert kept.captured_at < kept.closed_at
    assert points_of(world.aroma, world.noah) == 50


def test_once_a_day_is_once_a_day_of_the_shops_calendar(world, aroma):
    reward, tomorrow = cake(most_in=1, period="day"), timezone.now() + dt.timedelta(days=1)
    noon = dt.datetime.combine(tomorrow, dt.time(11), dt.UTC)  # in Lyon, or one
    with time_machine.travel(noon, tick=False):
        take(world, reward, world.noah)
        end(world, capture_redemption)
    with time_machine.travel(noon + dt.timedelta(hours=10), tick=False):  # of the same evening
        with pytest.raises(RewardLimitReached) as refused:
            take(world, reward, world.noah)
        assert said(refused) == "Cake: taken today already, possible tomorrow."
    with time_machine.travel(noon + dt.timedelta(hours=13), tick=False):
        take(world, reward, world.noah)


@pytest.mark.parametrize("ways", [[release_redemption], [capture_redemption, void_redemption]])
def test_what_was_given_back_may_be_taken_again(world, aroma, ways):
    reward = cake(most=1)
    take(world, reward, world.noah)
    for ending in ways:
        end(world, ending)
    take(world, reward, world.noah)
    with pytest.raises(RewardLimitReached):
        take(world, reward, world.noah)


def test_what_nobody_came_for_does_not_count_though_no_sweep_was_by(world, aroma):
    reward = cake(most=1, stock=1)
    take(world, reward, world.noah)
    with time_machine.travel(timezone.now() + HELD_FOR + dt.timedelta(seconds=1), tick=False):
        take(world, reward, world.noah)


def test_two_cards_that_became_one_have_taken_it_once(world, aroma):
    reward = cake(most=1)
    take(world, reward, world.noah)
    end(world, capture_redemption)
    merge_members(stays_id=world.mia.id, goes_id=world.noah.id, key=new_id(), actor_id=None)
    with pytest.raises(RewardLimitReached):
        take(world, reward, world.mia)


def test_of_twenty_tills_one_gives_what_is_there_once_for_each_member(committed_db, world):
    with tenancy.scope(world.aroma.id):
        reward = cake(cost=1, most=1)

    def till(_number):
        with tenancy.scope(world.aroma.id):
            return take(world, reward, world.noah)

    told = at_once(20, till)
    assert sum(isinstance(answer, RewardLimitReached) for answer in told) == 19, told
    with tenancy.scope(world.aroma.id):
        assert Redemption.objects.count() == 1
        assert statements.prove() == []


def test_a_draft_is_unknown_and_what_was_taken_off_says_so(world, aroma):
    reward = cake(status="draft")
    with pytest.raises(RewardUnknown):
        take(world, reward, world.noah)
    catalogue.put_reward(reward_id=reward.id, status="archived", actor=None)
    with pytest.raises(RewardWithdrawn):
        take(world, reward, world.noah)
    nothing_happened(world, reward)


def test_what_comes_with_a_tier_is_not_taken(world, aroma):
    reward = cake(Condition("tier", {"any": [gold()]}), cost=0, auto="on_tier")
    with pytest.raises(RewardNotForMember) as refused:
        take(world, reward, world.noah)
    assert said(refused) == "Cake: it comes by itself with Gold."
    nothing_happened(world, reward)


def test_what_was_taken_stays_as_it_was_whatever_becomes_of_the_reward(world, aroma):
    reward = cake(kind="donation", value={"to": "The lifeboats", "minor": 100})
    take(world, reward, world.noah)
    unit = Unit.objects.get(code="points")
    other = catalogue.Offer({"en": "Tea"}, str(unit.id), 99, kind="gift", status="archived")
    catalogue.change_reward(reward_id=reward.id, offer=other, actor=None)
    answer = json.loads(end(world, capture_redemption).body)
    assert (answer["reward"]["name"], answer["cost"]["amount"]) == ("Cake", 10)
    assert Redemption.objects.get().what == {
        "names": {"en": "Cake"},
        "terms": {},
        "kind": "donation",
        "value": {"to": "The lifeboats", "minor": 100},
        "conditions": [],
        "cost_minor": 0,
    }


@pytest.mark.parametrize("ways", [[], [capture_redemption], [capture_redemption, void_redemption]])
@pytest.mark.parametrize(
    "change",
    [
        {"what": {}},
        {"cost": 1},
        {"reward_id": new_id()},
        {"captured_by": new_id()},
        {"location_id": new_id()},
    ],
)
def test_the_database_keeps_what_was_taken_from_being_changed(world, aroma, change, ways):
    take(world, cake(), world.noah)
    for ending in ways:
        end(world, ending)
    with pytest.raises(ProgrammingError, match="redemption: UPDATE is refused"), transaction.atomic():
        Redemption.objects.update(**change)


def test_what_is_taken_off_while_one_waits_for_the_member_is_not_taken(world, aroma, monkeypatch):
    reward = cake()

    def locked_late(member_id):
        Reward.objects.filter(id=reward.id).update(status="archived")
        return lock_member(member_id)

    monkeypatch.setattr(taking, "lock_member", locked_late)
    with pytest.raises(RewardWithdrawn):
        take(world, reward, world.noah)
    nothing_happened(world, reward)

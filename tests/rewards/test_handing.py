"""Rewards handed over: what was taken before, or in one act; on a purchase; in as few statements as a purchase takes."""

import datetime as dt
import json

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import idempotency, tenancy
from core.idempotency import KeyReused, fingerprint_of
from core.ids import new_id, public_id, read_id
from core.models import Event
from loyalty.ledger import postings, statements
from loyalty.models import Unit
from loyalty.rules.types import Condition
from merchants import locations
from merchants.access import Scope
from merchants.api_keys import make_key
from rewards.declines import PurchaseNotOpen, RedemptionClosed, RewardElsewhere
from rewards.handing import capture_redemption, hand_over
from rewards.models import Redemption, Reward
from rewards.taking import take_reward
from rewards.voiding import void_redemption
from tests.api.conftest import Till, assert_refused
from tests.rewards.offering import left, offered
from tests.world import points_of


@pytest.fixture
def cake(aroma):
    """For 40 points, two of them."""
    return offered(name="Cake", unit_id=Unit.objects.get(code="points").id, cost=40, stock=2)


def held(world, reward, member):
    take_reward(merchant=world.aroma, reward_id=reward.id, member_id=member.id, key=new_id(), actor_id=None)
    return Redemption.objects.latest("id")


def capture(world, redemption, key=None, **more):
    return capture_redemption(merchant=world.aroma, redemption_id=redemption.id, key=key or new_id(), **more)


def void(world, redemption, key, **more):
    asked = {"merchant": world.aroma, "actor_id": None} | more
    return void_redemption(redemption_id=redemption.id, key=key, **asked)


def hand(world, reward, member, key=None, **more):
    return hand_over(
        merchant=world.aroma,
        reward_id=reward.id,
        member_id=member.id,
        key=key or new_id(),
        actor_id=None,
        **more,
    )


def test_a_capture_takes_two_statements_and_a_repetition_one(world):
    with tenancy.scope(world.aroma.id):
        cake = offered(name="Cake", unit_id=Unit.objects.get(code="points").id, cost=5, stock=9)
        path = f"/redemptions/{public_id('red', held(world, cake, world.noah).id)}/capture"
    till, key = Till(world.aroma_key), str(new_id())
    till.get("/rewards")  # a process that has served this merchant before
    answers, counts = [], []
    for _time in range(2):
        with CaptureQueriesContext(connection) as queries:
            answers.append(till.post(path, {}, key=key))
        counts.append(len(queries))
    assert (answers[0].status_code, answers[1].content) == (201, answers[0].content)
    assert counts == [2, 1]


def test_a_capture_answers_what_is_so_afterwards_and_the_same_for_ever(world, cake):
    redemption, key = held(world, cake, world.noah), new_id()
    first = capture(world, redemption, key)
    said = json.loads(first.body)
    assert (said["status"], said["member"]["name"], said["cost"]) == (
        "captured",
        "Noah",
        {"unit": "points", "amount": 40},
    )
    assert said["balances"]["points"]["available"] == points_of(world.aroma, world.noah) == 10
    assert (said["balances"]["points"]["held"], said["returned"], left(cake)) == (0, 0, 1)
    again = capture(world, redemption, key)
    assert (again.body, again.replayed) == (first.body, True)
    with pytest.raises(KeyReused):
        capture(world, held(world, offered(name="Tea", unit_id=cake.unit_id, cost=1), world.noah), key)
    with pytest.raises(RedemptionClosed):
        capture(world, redemption)
    assert Event.objects.filter(name="reward.captured").count() == 1


def test_a_capture_while_something_is_due_answers_what_is_so_afterwards(world, cake):
    redemption = held(world, cake, world.noah)
    account_id = statements.balances(world.noah.id)[0].account_id
    now = timezone.now()
    postings.award(
        account_id=account_id,
        amount=7,
        key=new_id(),
        reasons={},
        cause_id=None,
        actor_id=None,
        occurred_at=now,
        vests_at=now + dt.timedelta(minutes=1),
    )
    with time_machine.travel(now + dt.timedelta(minutes=2), tick=False):
        said = json.loads(capture(world, redemption).body)
    points = said["balances"]["points"]
    assert (points["available"], points["pending"], points["held"]) == (17, 0, 0)
    assert points_of(world.aroma, world.noah) == 17


def test_what_is_taken_and_handed_over_in_one_act_is_used_at_once_and_once(world, cake):
    key = new_id()
    first = hand(world, cake, world.noah, key, location_id=world.croix_rousse.id)
    assert hand(world, cake, world.noah, key, location_id=world.croix_rousse.id).body == first.body
    redemption = Redemption.objects.get()
    assert (redemption.status, redemption.location_id) == ("captured", world.croix_rousse.id)
    assert json.loads(first.body)["id"] == public_id("red", redemption.id)
    assert (points_of(world.aroma, world.noah), left(cake)) == (10, 1)
    names = Event.objects.filter(name__startswith="reward.").exclude(name="reward.offered")
    assert sorted(names.values_list("name", flat=True)) == ["reward.captured", "reward.held"]


def test_what_cannot_be_handed_over_is_not_taken_either(world, cake):
    Reward.objects.filter(id=cake.id).update(
        conditions=[{"kind": "location", "any": [str(world.croix_rousse.id)]}]
    )
    other = locations.add_location(name="Bellecour")
    with pytest.raises(RewardElsewhere):
        hand(world, cake, world.noah, location_id=other.id)
    assert Redemption.objects.count() == 0
    assert (points_of(world.aroma, world.noah), left(cake)) == (50, 2)


def test_a_key_that_may_not_or_is_none_hands_nothing_over(world, cake):
    redemption = held(world, cake, world.noah)
    path = f"/redemptions/{public_id('red', redemption.id)}/capture"
    _key, reading = make_key(name="Shelf", scopes=[Scope.READ_REWARDS], actor=None)
    assert Till(reading).post(path, {}).json()["code"] == "scope_missing"
    unknown = world.aroma_key[:-4] + ("aaaa" if world.aroma_key[-4:] != "aaaa" else "bbbb")
    assert Till(unknown).post(path, {}).json()["code"] == "key_refused"
    assert Till(reading).post(path, {"colour": "red"}).json()["code"] == "scope_missing"
    assert Till(world.aroma_key).post(path, {"colour": "red"}).json()["code"] == "field_unknown"
    redemption.refresh_from_db()
    assert redemption.status == "held"


def test_the_purchase_must_be_the_members_own_and_whole(world, cake):
    till, bought = Till(world.aroma_key), {}
    for member in (world.noah, world.mia):
        sale = {"member": public_id("mem", member.id), "amount": "10.00", "currency": "EUR"}
        bought[member] = read_id("pur", till.post("/purchases", sale).json()["id"])
    redemption = held(world, cake, world.noah)
    with pytest.raises(PurchaseNotOpen):
        capture(world, redemption, purchase_id=bought[world.mia])
    till.post(f"/purchases/{public_id('pur', bought[world.noah])}/refunds", {"amount": "1.00"})
    with pytest.raises(PurchaseNotOpen):
        capture(world, redemption, purchase_id=bought[world.noah])
    path = f"/redemptions/{public_id('red', redemption.id)}/capture"
    for nowhere in (public_id("pur", new_id()), "pur_x"):
        refused = till.post(path, {"purchase": nowhere})
        assert (refused.status_code, refused.json()["code"]) == (404, "purchase_not_found")
    redemption.refresh_from_db()
    assert redemption.status == "held"


def test_a_capture_says_where_it_may_be(world, aroma):
    here = Condition("location", {"any": [str(world.croix_rousse.id)]})
    unit = Unit.objects.get(code="points")
    redemption = held(world, offered(name="Cake", unit_id=unit.id, cost=5, conditions=(here,)), world.noah)
    path = f"/redemptions/{public_id('red', redemption.id)}/capture"
    other, till = locations.add_location(name="Bellecour"), Till(world.aroma_key)
    refused = till.post(path, {"location": public_id("loc", other.id)})
    assert (refused.status_code, refused.json()["detail"]) == (409, "Cake: only at Croix-Rousse.")
    key = str(new_id())
    unsaid = till.post(path, {}, key=key)
    assert_refused(unsaid, 422, "location_needed", "location")
    assert till.post(path, {"location": public_id("loc", world.croix_rousse.id)}, key=key).status_code == 201


def test_what_was_answered_before_there_was_a_where_and_a_why_is_repeated(world, cake):
    """A till that asks again after the upgrade what it asked before it."""
    redemption = held(world, cake, world.noah)
    for verb, event in ((capture, "reward.captured"), (void, "reward.voided")):
        key = new_id()
        kept = fingerprint_of(event, redemption.id)
        idempotency.answer_once(key, kept, lambda: (201, {"id": "as it was"}, None))
        again = verb(world, redemption, key)
        assert (again.replayed, json.loads(again.body)) == (True, {"id": "as it was"})


@pytest.mark.parametrize("said", ["location_id", "purchase_id"])
def test_where_and_on_which_purchase_are_part_of_what_is_asked(world, cake, said):
    redemption, key = held(world, cake, world.noah), new_id()
    capture(world, redemption, key)
    with pytest.raises(KeyReused):
        capture(world, redemption, key, **{said: new_id()})


@pytest.mark.parametrize("said", [{"reason": "mistake"}, {"note": "mistake"}])
def test_why_it_came_back_is_part_of_what_is_asked(world, cake, said):
    redemption, key = held(world, cake, world.noah), new_id()
    capture(world, redemption)
    void(world, redemption, key, **said)
    for other in {"reason": "mistake"}, {"note": "mistake"}, {}:
        if other == said:
            assert void(world, redemption, key, **other).replayed
        else:
            with pytest.raises(KeyReused):
                void(world, redemption, key, **other)

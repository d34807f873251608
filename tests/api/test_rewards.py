"""Taking rewards by the API: why not, in a code and a sentence; where; and what it would do."""

import datetime as dt

import pytest
import time_machine

from core import tenancy
from core.ids import new_id, public_id
from core.models import Event
from loyalty.ledger import statements
from loyalty.models import Unit
from loyalty.rules.types import Condition
from members.models import Member
from merchants import locations
from rewards import catalogue
from rewards.models import Redemption, Reward
from tests.api.conftest import Till
from tests.rewards.offering import offered
from tests.world import points_of


@pytest.fixture
def aroma(world):
    """Inside Aroma's scope. The books are proven at the end of the test."""
    with tenancy.scope(world.aroma.id):
        yield world.aroma
    with tenancy.scope(world.aroma.id):
        assert statements.prove() == []


def cake(*conditions, **said):
    unit = Unit.objects.get(code="points")
    return offered(name="Cake", unit_id=unit.id, cost=10, conditions=conditions, **said)


def nothing_happened(world, reward):
    assert points_of(world.aroma, world.noah) == 50
    assert Redemption.objects.count() == 0
    assert Reward.objects.get(id=reward.id).taken == 0
    assert not Event.objects.filter(name="reward.held").exists()


def test_a_program_is_told_why_in_a_code_and_a_sentence_for_ever(world, aroma):
    reward, till, key = cake(Condition("dates", {"to": "2026-11-20"})), Till(world.aroma_key), str(new_id())
    body = {"reward": public_id("rwd", reward.id), "member": public_id("mem", world.noah.id)}
    first = till.post("/redemptions", body, key=key)
    assert (first.status_code, first.json()["code"]) == (409, "reward_not_now")
    catalogue.put_reward(reward_id=reward.id, status="archived", actor=None)
    assert till.post("/redemptions", body, key=key).content == first.content


def test_a_dry_run_answers_the_same_and_changes_nothing(world, aroma):
    reward, till = cake(stock=1, most=1), Till(world.aroma_key)
    body = {"reward": public_id("rwd", reward.id), "member": public_id("mem", world.noah.id)}
    preview = till.post("/redemptions?dry_run=true", body, key=None)
    assert preview.status_code == 200
    nothing_happened(world, reward)
    real = till.post("/redemptions", body).json()
    said = preview.json()
    del real["id"], real["held_until"], said["held_until"]
    assert said == {"dry_run": True} | real
    refused = till.post("/redemptions?dry_run=true", body, key=None)
    assert (refused.status_code, refused.json()["code"]) == (409, "reward_limit_reached")


def test_a_program_says_where_and_is_told_that_it_is_elsewhere(world, aroma):
    reward = cake(Condition("location", {"any": [str(world.croix_rousse.id)]}))
    other = locations.add_location(name="Bellecour")
    till = Till(world.aroma_key)
    body = {"reward": public_id("rwd", reward.id), "member": public_id("mem", world.noah.id)}
    there = body | {"location": public_id("loc", other.id)}
    refused = till.post("/redemptions", there)
    assert (refused.status_code, refused.json()["code"]) == (409, "reward_elsewhere")
    assert refused.json()["detail"] == "Cake: only at Croix-Rousse."
    unknown = till.post("/redemptions", body | {"location": public_id("loc", new_id())})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "location_not_found")
    nothing_happened(world, reward)
    key, here = str(new_id()), body | {"location": public_id("loc", world.croix_rousse.id)}
    assert till.post("/redemptions", here, key=key).status_code == 201
    assert till.post("/redemptions", body, key=key).json()["code"] == "idempotency_key_reused"


@pytest.mark.parametrize(
    ("born", "why"),
    [(dt.date(1990, 3, 14), "not_birthday"), (dt.date(1990, 11, 21), "had_lately")],  # in spring; today
)
def test_a_program_is_not_told_a_birthday_by_the_day_from_which_it_is_possible(world, aroma, born, why):
    Member.objects.filter(id=world.noah.id).update(birthday=born)
    reward = cake(Condition("birthday", {"days": 3}), most_in=1)
    till, member = Till(world.aroma_key), public_id("mem", world.noah.id)
    with time_machine.travel("2026-11-21T12:00:00Z", tick=False):
        till.post("/redemptions", {"reward": public_id("rwd", reward.id), "member": member})
        [shown] = till.get("/rewards", member=member).json()["items"]
    assert ([one["code"] for one in shown["refusals"]], shown["possible_on"]) == ([why], None)

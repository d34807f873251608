"""What there is to know of a member who looks at rewards, and what it is shown: through the verbs and the API."""

import pytest
from django.utils import timezone

from core import tenancy
from core.ids import new_id, public_id
from loyalty.models import Tier, Unit
from loyalty.rules.calendar import local_day
from loyalty.rules.types import Condition
from rewards import catalogue
from rewards.asking import guest, shown_to
from rewards.taking import take_reward
from rewards.terms import refusals
from tests.api.conftest import Till
from tests.rewards.offering import offered


@pytest.fixture
def aroma(world):
    """Inside Aroma's scope."""
    with tenancy.scope(world.aroma.id):
        yield world.aroma


def cake(cost=10, **said):
    return offered(name="Cake", unit_id=Unit.objects.get(code="points").id, cost=cost, **said)


def gold():
    return str(Tier.objects.get(name="Gold").id)


def test_a_guest_knows_what_it_has_and_had(world, aroma):
    reward = cake(cost=40, stock=2)
    take_reward(merchant=aroma, reward_id=reward.id, member_id=world.noah.id, key=new_id(), actor_id=None)
    asks = guest(world.noah, aroma)
    asking = asks.asking(catalogue.find_reward(reward.id))
    assert (asking.usable, asking.left, len(asking.had_on)) == (10, 1, 1)
    offer = catalogue.offer_of(reward)
    assert [(one.code, one.figures["short"]) for one in refusals(offer, asking)] == [("too_few_units", 30)]


def test_whoever_has_no_account_in_a_unit_has_none_of_it(world, aroma):
    reward = cake()
    reward.unit_id = new_id()
    assert guest(world.noah, aroma).asking(reward).usable == 0


def test_a_guest_takes_five_questions(world, aroma, django_assert_max_num_queries):
    cake()
    with django_assert_max_num_queries(5):
        guest(world.noah, aroma)


def listed(world, member):
    rows = Till(world.aroma_key).get("/rewards", member=public_id("mem", member.id)).json()
    return {row["name"]: row for row in rows["items"]}


def test_a_program_lists_what_a_member_sees_and_why_it_cannot_be_taken(world, aroma):
    unit = Unit.objects.get(code="points").id
    offered(name="Tea", unit_id=unit, cost=10, kind="amount_off", value={"minor": 200}, terms={"en": "Hot."})
    offered(name="Feast", unit_id=unit, cost=82, most=1, conditions=(Condition("tier", {"any": [gold()]}),))
    offered(name="Hidden", unit_id=unit, cost=100, seen_from=60)
    offered(name="Press", unit_id=unit, cost=10, conditions=(Condition("segment", {"any": ["press"]}),))
    offered(name="Draft", unit_id=unit, cost=10, status="draft")
    rows = listed(world, world.noah)
    assert list(rows) == ["Tea", "Feast"]
    tea, feast = rows.values()
    assert (tea["brings"], tea["asks"], tea["terms"], tea["in_reach"]) == ("€2 off", "", "Hot.", True)
    assert (tea["refusals"], tea["possible_on"]) == (
        [],
        local_day(timezone.now(), aroma.time_zone).isoformat(),
    )
    assert (feast["missing"], feast["possible_on"]) == (32, None)
    assert feast["refusals"] == [
        {"code": "other_tier", "detail": "only for Gold members"},
        {"code": "too_few_units", "detail": "32 more points"},
    ]
    assert [row["name"] for row in Till(world.aroma_key).get("/rewards").json()["items"]] == [
        "Tea",
        "Feast",
        "Hidden",
        "Press",
    ]


def test_a_list_for_a_member_shows_its_tiers_price(world, aroma):
    cake(cost=40, costs={gold(): 30})
    assert [listed(world, each)["Cake"]["cost"]["amount"] for each in (world.noah, world.mia)] == [40, 30]


def test_a_list_of_fifty_rewards_asks_no_more_than_of_one(world, aroma, django_assert_max_num_queries):
    for _each in range(50):
        cake()
    asks = guest(world.noah, aroma)
    with django_assert_max_num_queries(1):
        assert len(shown_to(asks)) == 50

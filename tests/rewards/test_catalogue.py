"""The catalogue: offered, changed, put in order, taken off. Whatever is refused leaves nothing behind."""

from dataclasses import replace

import pytest

from core import tenancy
from core.ids import new_id
from core.models import Event
from core.text import TextForbidden
from loyalty.ledger import statements
from loyalty.models import Tier
from loyalty.programme.versions import version_in_force
from loyalty.rules.types import Condition
from rewards import catalogue
from rewards.catalogue import OfferWrong, RewardUnknown
from rewards.models import Reward
from rewards.offers import Offer
from rewards.taking import take_reward
from tests.loyalty.purchases.test_earning_at_once import at_once
from tests.rewards.offering import offered


@pytest.fixture
def aroma(world):
    """Inside Aroma's scope."""
    with tenancy.scope(world.aroma.id):
        yield world.aroma


@pytest.fixture
def whole(aroma):
    """An offer that says something of everything."""
    gold = str(Tier.objects.get(name="Gold").id)
    return Offer(
        {"en": "Cake", "fr": "Gâteau"},
        version_in_force().units[0].id,
        200,
        terms={"en": "Until we close.", "fr": "Jusqu’à la fermeture."},
        kind="free_product",
        value={"any": ["cake"], "of": 3},
        costs={gold: 150},
        seen_from=100,
        conditions=(Condition("weekday", {"any": [6, 7]}), Condition("tier", {"any": [gold]})),
        stock=20,
        most=5,
        most_in=1,
        period="week",
        auto="at_balance",
        cost_minor=120,
        price_minor=450,
        status="draft",
    )


def offer(whole, **said):
    return catalogue.offer_reward(offer=replace(whole, **said), actor=None)


def change(reward, offer):
    return catalogue.change_reward(reward_id=reward.id, offer=offer, actor=None)


def told():
    return [event.name for event in Event.objects.filter(name__startswith="reward.").order_by("id")]


def names():
    return [reward.names["en"] for reward in catalogue.live_rewards()]


def test_what_was_said_is_kept_and_reads_back(whole):
    reward = offer(whole)
    assert catalogue.offer_of(Reward.objects.get(id=reward.id)) == whole
    assert told() == ["reward.drafted"]


def test_a_draft_is_not_offered_until_it_is_put_there_and_not_any_more_once_it_is_archived(whole):
    reward = offer(whole)
    assert names() == []
    for status in ("live", "live", "archived"):
        catalogue.put_reward(reward_id=reward.id, status=status, actor=None)
    assert names() == []
    assert told() == ["reward.drafted", "reward.offered", "reward.archived"]


def test_a_change_says_what_changed_and_saying_it_again_changes_nothing(whole):
    reward = offer(whole)
    for _again in range(2):
        change(reward, replace(whole, cost=210, stock=None))
    assert told() == ["reward.drafted", "reward.changed"]
    assert Event.objects.get(name="reward.changed").payload["changed"] == ["cost", "stock"]
    assert catalogue.offer_of(catalogue.find_reward(reward.id)).cost == 210


def test_a_change_leaves_the_count_of_those_taken_alone(whole):
    reward = offer(whole)
    Reward.objects.filter(id=reward.id).update(taken=3)
    change(reward, replace(whole, stock=3))
    assert Reward.objects.get(id=reward.id).taken == 3


def test_the_stock_cannot_be_less_than_what_members_have(whole):
    reward = offer(whole)
    Reward.objects.filter(id=reward.id).update(taken=3)
    with pytest.raises(OfferWrong, match="3 of them are with members already") as refused:
        change(reward, replace(whole, stock=2))
    assert refused.value.field == "stock"
    assert Reward.objects.get(id=reward.id).stock == 20


def test_nothing_is_kept_of_an_offer_that_is_wrong_and_all_of_it_is_told(whole):
    with pytest.raises(OfferWrong, match="Free for all") as refused:
        offer(whole, cost=0, stock=-1)
    assert [problem.field for problem in refused.value.problems] == ["cost", "stock"]
    assert Reward.objects.count() == 0
    assert told() == []


@pytest.mark.parametrize(
    "said",
    [
        {"names": {"en": "Cake\x00"}},
        {"terms": {"fr": "\u202eetâG"}},
        {"kind": "donation", "value": {"to": "\ud800", "minor": 5}},
        {"conditions": (Condition("segment", {"any": ["v\x00"]}),)},
    ],
)
def test_a_text_that_cannot_be_kept_is_refused(whole, said):
    with pytest.raises(TextForbidden):
        offer(whole, **said)
    assert Reward.objects.count() == 0


def test_one_whose_tier_is_gone_can_be_archived_and_not_brought_back(whole):
    reward = offer(whole)
    Reward.objects.filter(id=reward.id).update(costs={str(new_id()): 5})
    catalogue.put_reward(reward_id=reward.id, status="archived", actor=None)
    with pytest.raises(OfferWrong, match="This tier is not there any more"):
        catalogue.put_reward(reward_id=reward.id, status="live", actor=None)
    assert Reward.objects.get(id=reward.id).status == "archived"


def test_another_merchants_reward_is_unknown(world):
    with tenancy.scope(world.aroma.id):
        reward = offered(name="Cake", unit_id=version_in_force().units[0].id, cost=10)
    with tenancy.scope(world.bloom.id), pytest.raises(RewardUnknown):
        catalogue.put_reward(reward_id=reward.id, status="archived", actor=None)


@pytest.mark.parametrize(
    ("moved", "place", "expected"),
    [
        ("A", 0, "ABC"),
        ("A", 1, "BAC"),
        ("A", 2, "BCA"),
        ("A", 99, "BCA"),
        ("C", 0, "CAB"),
        ("C", -1, "CAB"),
        ("B", 1, "ABC"),
    ],
)
def test_a_reward_is_moved_among_those_beside_it(aroma, moved, place, expected):
    unit = version_in_force().units[0].id
    rewards = {}
    for name in "AxByC":  # the small ones are drafts, and are not counted
        rewards[name] = offered(
            name=name, unit_id=unit, cost=10, status="draft" if name.islower() else "live"
        )
    catalogue.move_reward(reward_id=rewards[moved].id, place=place, actor=None)
    assert "".join(names()) == expected
    drafts = [row.names["en"] for row in catalogue.all_rewards() if row.status == "draft"]
    assert drafts == ["x", "y"]
    positions = list(Reward.objects.order_by("position").values_list("position", flat=True))
    assert positions == [1, 2, 3, 4, 5]
    assert ("reward.moved" in told()) is (expected != "ABC")


def test_units_buy_the_cheapest_first_whatever_the_shops_order(aroma):
    unit = version_in_force().units[0]
    for name, cost in (("Cake", 30), ("Tea", 10), ("Coffee", 20)):
        offered(name=name, unit_id=unit.id, cost=cost)
    assert names() == ["Cake", "Tea", "Coffee"]
    [prizes] = catalogue.prizes_by_unit().values()
    assert [(prize.name, prize.cost) for prize in prizes] == [("Tea", 10), ("Coffee", 20), ("Cake", 30)]


def test_what_is_not_there_cannot_be_changed_moved_or_put_anywhere(whole):
    for act in (
        lambda: catalogue.change_reward(reward_id=new_id(), offer=whole, actor=None),
        lambda: catalogue.put_reward(reward_id=new_id(), status="live", actor=None),
        lambda: catalogue.move_reward(reward_id=new_id(), place=0, actor=None),
    ):
        with pytest.raises(RewardUnknown):
            act()


def test_tills_and_the_desk_at_once_wait_for_each_other_in_no_circle_and_lose_no_count(committed_db, world):
    with tenancy.scope(world.aroma.id):
        unit = version_in_force().units[0].id
        rewards = [offered(name=name, unit_id=unit, cost=1, stock=20) for name in "ABC"]

    def act(number):
        reward = rewards[number % 3]
        with tenancy.scope(world.aroma.id):
            if number % 4 == 0:
                return catalogue.move_reward(reward_id=reward.id, place=number % 3, actor=None)
            if number % 4 == 1:
                said = replace(catalogue.offer_of(reward), cost_minor=number)
                return catalogue.change_reward(reward_id=reward.id, offer=said, actor=None)
            who = (world.noah, world.mia)[number % 2]
            return take_reward(
                merchant=world.aroma, reward_id=reward.id, member_id=who.id, key=new_id(), actor_id=None
            )

    told = at_once(24, act)
    assert [answer for answer in told if isinstance(answer, Exception)] == []
    with tenancy.scope(world.aroma.id):
        assert sum(Reward.objects.values_list("taken", flat=True)) == 12
        assert sorted(Reward.objects.values_list("position", flat=True)) == [1, 2, 3]
        assert statements.prove() == []

"""Three for the price of two, on a purchase: handed over once there are three, and else told how many are missing."""

import json

import pytest

from core import tenancy
from core.ids import new_id, public_id, read_id
from loyalty.models import Unit
from loyalty.purchases import earning
from members import cards
from rewards.declines import BasketShort
from rewards.handing import capture_redemption, hand_over
from rewards.models import Redemption
from rewards.taking import take_reward
from tests.api.conftest import Till
from tests.rewards.offering import offered
from tests.world import points_of


@pytest.fixture
def three_for_two(world):
    """For 40 points, the cheapest of three coffees."""
    with tenancy.scope(world.aroma.id):
        unit_id = Unit.objects.get(code="points").id
        value = {"any": ["coffee"], "of": 3}
        return offered(name="Three for two", unit_id=unit_id, cost=40, kind="free_product", value=value)


def bought(world, *items):
    who = cards.Scanned(member_id=world.mia.id)
    new = earning.NewPurchase(who=who, amount_minor=900, channel="api", asked=[], items=items)
    answered = earning.record_purchase(merchant=world.aroma, bought=new, key=new_id())
    return read_id("pur", json.loads(answered.body)["id"])


def coffees(quantity):
    return {"sku": "latte", "category": "coffee", "quantity": quantity, "amount": "9.00"}


def hand(world, reward, purchase_id):
    with tenancy.scope(world.aroma.id):
        return hand_over(
            merchant=world.aroma, reward_id=reward.id, member_id=world.mia.id, key=new_id(), actor_id=None,
            purchase_id=purchase_id,
        )  # fmt: skip


@pytest.mark.parametrize(
    "items", [[coffees(3)], [coffees(2), coffees(1)], []], ids=["three", "lines", "untold"]
)
def test_it_is_handed_over_where_the_bill_has_enough_or_says_nothing(world, three_for_two, items):
    assert hand(world, three_for_two, bought(world, *items)).status == 201


def test_the_answer_says_which_piece_is_free_where_the_items_were_told(world, three_for_two):
    purchase_id = bought(world, coffees(2), {"sku": "espresso", "category": "coffee", "amount": "2.20"})
    said = json.loads(hand(world, three_for_two, purchase_id).body)
    assert said["free"] == {"sku": "espresso", "category": "coffee", "amount": "2.20"}
    till = Till(world.aroma_key)
    assert till.get(f"/redemptions/{said['id']}").json()["free"] == said["free"]
    assert json.loads(hand(world, three_for_two, bought(world)).body)["free"] is None


def test_a_capture_says_so_in_one_answer_for_ever(world, three_for_two):
    till = Till(world.aroma_key)
    mia = {"reward": public_id("rwd", three_for_two.id), "member": public_id("mem", world.mia.id)}
    purchase = public_id("pur", bought(world, coffees(3)))
    taken = till.post("/redemptions", mia)
    path, key = f"/redemptions/{taken.json()['id']}/capture", str(new_id())
    first, again = (till.post(path, {"purchase": purchase}, key=key) for _time in range(2))
    assert first.json()["free"] == {"sku": "latte", "category": "coffee", "amount": "3.00"}
    assert again.content == first.content


def test_one_more_latte(world, three_for_two):
    purchase_id = bought(world, coffees(2), {"sku": "bread", "category": "bakery", "quantity": 4})
    before = points_of(world.aroma, world.mia)
    with pytest.raises(BasketShort) as refused:
        hand(world, three_for_two, purchase_id)
    assert refused.value.detail == "Three for two: 1 more on the bill and it fits (coffee)."
    assert points_of(world.aroma, world.mia) == before


def test_what_was_taken_on_the_card_asks_the_bill_too(world, three_for_two):
    purchase_id = bought(world, coffees(1))
    with tenancy.scope(world.aroma.id):
        take_reward(
            merchant=world.aroma,
            reward_id=three_for_two.id,
            member_id=world.mia.id,
            key=new_id(),
            actor_id=None,
        )
        taken = Redemption.objects.latest("id")
    asked = {"merchant": world.aroma, "redemption_id": taken.id, "key": new_id(), "purchase_id": purchase_id}
    for _again in range(2):
        with pytest.raises(BasketShort):
            capture_redemption(**asked)
    with tenancy.scope(world.aroma.id):
        assert Redemption.objects.get(id=taken.id).status == "held"

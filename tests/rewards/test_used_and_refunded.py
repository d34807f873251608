"""A purchase on which units paid a part and rewards were used: what a refund gives back of each, whatever was undone before."""

import json

import pytest

from core import tenancy
from core.ids import new_id, read_id
from loyalty import queries
from loyalty.ledger import statements
from loyalty.ledger.models import Entry
from loyalty.models import Purchase, Unit
from loyalty.programme.versions import version_in_force
from loyalty.purchases.foreseeing import foresee_undoing
from loyalty.purchases.refunding import refund_purchase
from loyalty.rules.editing import changed_unit, with_least_in_money
from loyalty.rules.shares import share_of
from loyalty.rules.types import Worth
from loyalty.units.adjusting import adjust_units
from rewards.models import Redemption
from rewards.voiding import void_redemption
from tests.loyalty.purchases.test_paying import pay, units
from tests.loyalty.ruled import publish, stamps, with_rules
from tests.rewards.offering import left, offered
from tests.rewards.test_voiding import bought_by, delivered, handed
from tests.world import points_of


@pytest.fixture
def aroma(world):
    """Inside Aroma's scope, where 100 points pay €5. The books are proven at the end of the test."""

    def change(version):
        worth = changed_unit(version, version.units[0].id, worth=Worth(100, 500))
        return with_least_in_money(worth, 100)

    with tenancy.scope(world.aroma.id):
        publish(world.aroma, change)
        yield world.aroma
    with tenancy.scope(world.aroma.id):
        assert statements.prove() == []


@pytest.fixture
def cake(aroma):
    """For 100 points, three of them."""
    return offered(name="Cake", unit_id=Unit.objects.get(code="points").id, cost=100, stock=3)


def paid(world, count):
    """Mia pays so much of a bill of €10 with points."""
    return read_id("pur", json.loads(pay(world, units(count), amount_minor=1000).body)["id"])


def void(world, redemption):
    void_redemption(merchant=world.aroma, redemption_id=redemption.id, key=new_id(), actor_id=None)


def refund(world, purchase_id, part=None):
    """What is told of it, once it is as it was foreseen: (points given back, money given back)."""
    purchase = Purchase.objects.get(id=purchase_id)
    standing = queries.standing_of(world.mia.id)
    follows = foresee_undoing(purchase=purchase, standing=standing, by_minor=part or purchase.left_minor)
    answer = refund_purchase(
        merchant=world.aroma, purchase_id=purchase_id, amount_minor=part, key=new_id(), actor_id=None
    )
    delivered(world)
    told = json.loads(answer.body)
    given_back = sum(one["amount"] for one in told["given_back"])
    assert given_back == follows.units[0].given_back
    return given_back, told["in_money"]


def test_units_that_paid_come_back_though_the_reward_on_it_was_given_back_before(world, cake):
    purchase_id = paid(world, 50)  # €2.50 with points, €7.50 in money
    void(world, handed(world, cake, world.mia, purchase_id=purchase_id))
    assert refund(world, purchase_id, 500) == (25, "3.75")


@pytest.mark.parametrize("voided_after", [0, 1, 2, None])
@pytest.mark.parametrize("parts", [(333, 333, None), (1, 998, None)])
def test_refunds_in_any_parts_with_a_void_between_end_where_it_began(world, cake, parts, voided_after):
    before = points_of(world.aroma, world.mia)
    purchase_id = paid(world, 50)
    first, _second = (handed(world, cake, world.mia, purchase_id=purchase_id) for _time in range(2))
    paying, money, refunded = Entry.objects.get(kind="spend", cause_id=purchase_id), 0, 0
    for number, part in enumerate(parts):
        if number == voided_after:
            void(world, first)
        refunded += part or 1000 - refunded
        money += round(float(refund(world, purchase_id, part)[1]) * 100)
        assert statements.undone([paying.id], "return").get(paying.id, 0) == share_of(50, refunded, 1000)
    assert (money, points_of(world.aroma, world.mia)) == (750, before)
    assert set(Redemption.objects.values_list("status", flat=True)) == {"voided"}
    assert left(cake) == 3


def test_a_reward_in_a_unit_that_is_newer_than_the_purchase_comes_back_with_it(world, aroma):
    purchase_id = bought_by(world, world.mia)
    with_rules(world.aroma, *version_in_force().rules, units=(stamps(),))
    adjust_units(
        member_id=world.mia.id, unit="stamps", amount=10, reason="a test", key=new_id(), actor_id=None
    )
    tea = offered(name="Tea", unit_id=stamps().id, cost=5, stock=1)
    handed(world, tea, world.mia, purchase_id=purchase_id)
    answer = refund_purchase(
        merchant=world.aroma, purchase_id=purchase_id, amount_minor=None, key=new_id(), actor_id=None
    )
    assert {"unit": "stamps", "amount": 5} in json.loads(answer.body)["given_back"]
    assert queries.standing_of(world.mia.id).balances["stamps"]["available"] == 10

"""Whoever takes and puts back the stock of several rewards does it in one order: nobody waits for another in a circle."""

from core import tenancy
from core.ids import new_id
from core.models import Event
from loyalty.membership.leaving import erase_member
from loyalty.models import Unit
from loyalty.units.adjusting import adjust_units
from rewards import crossings
from rewards.catalogue import move_reward
from rewards.models import Redemption, Reward
from rewards.redemption import take_from_stock
from rewards.vouchers import issue_voucher
from tests.analytics.test_rollups import deliver_all
from tests.loyalty.purchases.test_cancelling_at_once import while_uncommitted
from tests.rewards.offering import offered
from tests.world import points_of


def two_in_the_shops_order(world, **said):
    """The one with the higher id comes first in the list."""
    with tenancy.scope(world.aroma.id):
        unit = Unit.objects.get(code="points")
        first, second = (offered(name="Cake", unit_id=unit.id, cost=50, stock=9, **said) for _two in "ab")
        move_reward(reward_id=second.id, place=0, actor=None)
    return first, second


def test_what_comes_at_a_balance_does_not_wait_in_a_circle_with_an_undo(committed_db, world):
    deliver_all(world.aroma)
    first, second = two_in_the_shops_order(world, auto="at_balance")
    with tenancy.scope(world.aroma.id):
        adjust_units(
            member_id=world.noah.id, unit="points", amount=50, reason="a test", key=new_id(), actor_id=None
        )
        event = Event.objects.get(name="points.adjusted")

    def follow():
        with tenancy.scope(world.aroma.id):
            crossings.follow_units(event)

    while_uncommitted(
        world,
        lambda: take_from_stock(first.id),
        follow,
        then=lambda: take_from_stock(second.id),
    )
    with tenancy.scope(world.aroma.id):
        assert dict(Reward.objects.values_list("id", "taken")) == {first.id: 2, second.id: 2}
    assert points_of(world.aroma, world.noah) == 0


def test_what_one_who_leaves_had_set_aside_is_in_stock_again_in_that_order(db, world):
    first, second = two_in_the_shops_order(world)
    with tenancy.scope(world.aroma.id):
        for reward in (second, first):
            issue_voucher(
                merchant=world.aroma,
                reward_id=reward.id,
                member_id=world.noah.id,
                key=new_id(),
                actor_id=None,
            )
        erase_member(member=world.noah, actor="member")
    deliver_all(world.aroma)
    with tenancy.scope(world.aroma.id):
        assert set(Redemption.objects.values_list("status", flat=True)) == {"released"}
        closed = Redemption.objects.order_by("closed_at").values_list("reward_id", flat=True)
        assert list(closed) == [first.id, second.id]

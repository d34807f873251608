"""Chance is asked once: whoever takes a purchase back and makes it again is told the same."""

import orjson
import pytest

from core.ids import read_id
from loyalty.rules.conditions import drawn
from loyalty.rules.types import Condition, Quota
from tests.loyalty.happenings.test_taking_back import gives, take_back, tell
from tests.loyalty.purchases.test_cancelling import cancel, problems
from tests.loyalty.purchases.test_refunding import refund
from tests.loyalty.ruled import memory_of, per_euro, rule_id, with_rules
from tests.world import buy, points_of

CHANCE = Condition("chance", {"seed": "pastry", "one_in": 2})


def bought(world):
    """A purchase of Noah's: its id, and whether he won, as chance says of it by itself and as it was told."""
    answer = orjson.loads(buy(world.aroma, world.noah, 1_000))
    purchase = read_id("pur", answer["id"])
    return purchase, drawn("pastry", str(purchase), 2), bool(answer["awards"])


def until(world, wanted):
    """The first purchase that chance treats so, those before it left as they are."""
    for _try in range(64):
        purchase, drew, won = bought(world)
        assert drew == won
        if won == wanted:
            return purchase
    raise AssertionError("a coin fell 64 times on one side")


@pytest.mark.parametrize("won", [True, False])
def test_what_was_drawn_is_drawn_again_after_an_undo_and_then_anew(world, won):
    with_rules(world.aroma, per_euro(world.aroma, "surprise", conditions=(CHANCE,)))
    taken = until(world, won)
    for _again in range(3):
        cancel(world, taken)
        taken, _drew, told = bought(world)
        assert told is won
    assert not any(memory_of(world.aroma, world.noah).values())
    _next, drew, told = bought(world)
    assert drew == told
    assert problems(world) == []


def test_several_are_drawn_again_each_and_a_full_refund_is_an_undo(world):
    with_rules(world.aroma, per_euro(world.aroma, "surprise", conditions=(CHANCE,)))
    lost, won = until(world, False), until(world, True)
    refund(world, won, 400)
    refund(world, won)
    cancel(world, lost)
    assert memory_of(world.aroma, world.noah) == {rule_id("surprise"): {"drawn": "12"}}
    assert [bought(world)[2] for _each in range(2)] == [False, True]


def test_what_was_not_asked_is_not_put_back(world):
    rich = Condition("spend", {"minor": 100_000})
    with_rules(world.aroma, per_euro(world.aroma, "surprise", conditions=(CHANCE, rich)))
    purchase, _drew, won = bought(world)
    cancel(world, purchase)
    assert (won, memory_of(world.aroma, world.noah)) == (False, {})


def test_a_gift_by_chance_is_no_second_try_either(world):
    with_rules(
        world.aroma, gives(world, "gift", 20, conditions=(CHANCE,), quotas=(Quota(9, "times", "ever"),))
    )
    before = points_of(world.aroma, world.noah)
    given = tell(world)
    after = points_of(world.aroma, world.noah)
    for _again in range(4):
        take_back(world, given)
        assert points_of(world.aroma, world.noah) == before
        given = tell(world)
        assert points_of(world.aroma, world.noah) == after

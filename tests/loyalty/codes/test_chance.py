"""A code for which chance was asked is used, won or lost: nobody draws until they win."""

import pytest

from core import tenancy
from loyalty.codes import using
from loyalty.models import CodeBatch, CodeUse
from loyalty.rules.types import Condition
from tests.loyalty.codes.making import code, enter, gives_by_chance, made, told
from tests.loyalty.purchases.test_cancelling import problems
from tests.world import points_of

TOSSES = 20


def uses(merchant):
    with tenancy.scope(merchant.id):
        return CodeUse.objects.count(), sum(CodeBatch.objects.values_list("used", flat=True))


def test_a_code_that_was_not_drawn_is_used_and_says_so(world):
    gives_by_chance(world.aroma)
    batch, lost = made(world.aroma, size=TOSSES), 0
    for serial in range(1, TOSSES + 1):
        typed = code(world.aroma, batch, serial)
        answer = told(enter(world.aroma, world.noah, typed))
        if not answer["awards"]:
            lost += 1
            assert [line["reason"] for line in answer["nearly"]] == ["not drawn this time"]
        for member in (world.noah, world.mia):
            with pytest.raises(using.CodeUsed):
                enter(world.aroma, member, typed)
    assert 0 < lost < TOSSES
    assert uses(world.aroma) == (TOSSES, TOSSES)
    assert points_of(world.aroma, world.noah) == 50 + 20 * (TOSSES - lost)
    assert problems(world) == []


def test_where_chance_was_not_asked_the_code_stays_good(world):
    gives_by_chance(world.aroma, Condition("batch", {"any": ["Milk cartons"]}))
    with pytest.raises(using.CodeGivesNothing):
        enter(world.aroma, world.noah, code(world.aroma, made(world.aroma)))
    assert uses(world.aroma) == (0, 0)

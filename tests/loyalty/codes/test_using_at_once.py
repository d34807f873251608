"""One code from 32 tills gives once."""

import pytest

from core import tenancy
from loyalty.membership.joining import enrol_member
from loyalty.models import CodeBatch, CodeUse, Happening
from loyalty.programme import versions
from tests.loyalty.codes.making import code, enter, gives, made
from tests.loyalty.purchases.test_cancelling import problems
from tests.loyalty.purchases.test_refunding_at_once import all_at_once
from tests.world import make_world, points_of

TILLS = 32


@pytest.fixture
def committed(committed_db):
    """The cast and 32 members, committed, so that threads see them."""
    versions.forget_versions()
    world = make_world()
    gives(world.aroma)
    with tenancy.scope(world.aroma.id):
        members = [
            enrol_member(merchant=world.aroma, phone=f"+336111111{number:02}", source="join").member
            for number in range(TILLS)
        ]
    return world, members


def counted(merchant):
    with tenancy.scope(merchant.id):
        happened = Happening.objects.filter(trigger="code").count()
        return CodeUse.objects.count(), CodeBatch.objects.get().used, happened


def test_one_code_from_32_tills_for_32_members_gives_once(committed):
    world, members = committed
    typed = code(world.aroma, made(world.aroma))
    ends = all_at_once(*[lambda m=m: enter(world.aroma, m, typed) for m in members])
    assert sorted(map(str, ends)) == ["201"] + ["code_used"] * (TILLS - 1)
    assert counted(world.aroma) == (1, 1, 1)
    assert sum(points_of(world.aroma, member) for member in members) == 20
    assert problems(world) == []


def test_one_code_from_32_tills_for_one_member_gives_once(committed):
    world, members = committed
    typed = code(world.aroma, made(world.aroma))
    ends = all_at_once(*[lambda: enter(world.aroma, members[0], typed)] * TILLS)
    assert sorted(map(str, ends)) == ["201"] + ["code_used"] * (TILLS - 1)
    assert counted(world.aroma) == (1, 1, 1)
    assert points_of(world.aroma, members[0]) == 20


def test_a_word_for_seven_from_32_tills_gives_seven_times(committed):
    world, members = committed
    made(world.aroma, word="SUMMER26", size=7)
    ends = all_at_once(*[lambda m=m: enter(world.aroma, m, "summer 26") for m in members])
    assert sorted(map(str, ends)) == ["201"] * 7 + ["code_used_up"] * (TILLS - 7)
    assert counted(world.aroma) == (7, 7, 7)
    assert sum(points_of(world.aroma, member) for member in members) == 7 * 20
    assert problems(world) == []


def test_one_for_each_member_holds_from_32_tills(committed):
    world, members = committed
    batch = made(world.aroma, size=TILLS, per_member=1)
    typed = [code(world.aroma, batch, serial) for serial in range(1, TILLS + 1)]
    ends = all_at_once(*[lambda t=t: enter(world.aroma, members[0], t) for t in typed])
    assert sorted(map(str, ends)) == ["201"] + ["too_many_codes"] * (TILLS - 1)
    assert counted(world.aroma) == (1, 1, 1)

"""Trying words until one counts: at the card, at the till, by a program, and while nobody counts the tries."""

import pytest

from core import tenancy
from core.ids import new_id
from core.rate_limits import TooManyTries
from loyalty.codes import using
from loyalty.locking import TooBusy
from loyalty.membership.joining import enrol_member
from tests.loyalty.codes.making import code, enter, gives, made
from tests.world import points_of


@pytest.fixture
def crowd(world):
    """Four members beside the cast: who guesses for one after the other is one who guesses."""
    with tenancy.scope(world.aroma.id):
        return [
            enrol_member(merchant=world.aroma, phone=f"+3361111111{number}", source="join").member
            for number in range(4)
        ]


def tries(world, members, each, **by):
    """So many words apiece that are none: one by one, nobody is stopped for so few."""
    for member in members:
        for number in range(each):
            with pytest.raises(using.CodeUnknown):
                enter(world.aroma, member, f"WORD{number}", **by)


def test_a_cashier_who_tries_words_for_one_member_after_the_other_is_stopped(world, crowd):
    gives(world.aroma)
    made(world.aroma, word="SUMMER26", size=100)
    sam = {"actor_id": new_id(), "channel": "scanner"}
    tries(world, crowd[:3], 9, **sam)
    tries(world, crowd[3:], 3, **sam)
    for typed in ("WORD", "SUMMER26"):  # a guess that is right does not tell itself
        with pytest.raises(TooManyTries):
            enter(world.aroma, world.noah, typed, **sam)
    assert points_of(world.aroma, world.noah) == 50
    enter(world.aroma, world.noah, "SUMMER26", actor_id=new_id(), channel="scanner")  # a colleague goes on
    assert points_of(world.aroma, world.noah) == 70


def test_a_web_shop_is_not_stopped_by_some_of_its_members(world, crowd):
    gives(world.aroma)
    made(world.aroma, word="SUMMER26", size=100)
    shop = {"actor_id": new_id(), "channel": "api"}
    tries(world, crowd, 9, **shop)
    enter(world.aroma, world.noah, "SUMMER26", **shop)
    assert points_of(world.aroma, world.noah) == 70


def test_while_nobody_counts_no_word_is_tried_and_codes_count_as_ever(world, settings):
    """With Redis away nothing limits tries. A code cannot be guessed; a word can."""
    gives(world.aroma)
    made(world.aroma, word="SUMMER26", size=100)
    batch = made(world.aroma, name="Milk")
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}}
    for typed in ("SUMMER26", "WORD"):
        with pytest.raises(TooBusy):
            enter(world.aroma, world.noah, typed)
    assert points_of(world.aroma, world.noah) == 50
    with pytest.raises(using.CodeUnknown):
        enter(world.aroma, world.noah, "ABCD-EFGH-JKMN")
    enter(world.aroma, world.noah, code(world.aroma, batch))
    assert points_of(world.aroma, world.noah) == 70

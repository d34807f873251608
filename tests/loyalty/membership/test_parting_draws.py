"""Parting two members leaves no draw of chance with one of them that came by the other."""

import datetime as dt

from loyalty.rules.memory import LOST, Trace, forget, joined, parted
from loyalty.rules.types import Condition, Rule
from tests.loyalty.happenings.test_taking_back import gives, take_back, tell
from tests.loyalty.membership.test_parting import merged, part
from tests.loyalty.ruled import memory_of, rule_id, with_rules

NEVER = Condition("chance", {"seed": "cake", "one_in": 10_000})


def test_a_draw_that_was_put_back_stays_with_whose_it_was(world):
    with_rules(world.aroma, gives(world, "gift", 20, conditions=(NEVER,)))
    take_back(world, tell(world))
    noahs = {rule_id("gift"): {"drawn": "1"}}
    merge = merged(world.aroma, world.mia, world.noah)
    assert memory_of(world.aroma, world.mia) == noahs
    part(world.aroma, merge)
    assert (memory_of(world.aroma, world.mia), memory_of(world.aroma, world.noah)) == ({}, noahs)


def test_of_draws_that_came_along_those_left_go_again():
    def drawn(text):
        return {"cake": {"drawn": text} if text else {}}

    assert parted(joined(drawn("21"), drawn("1")), drawn("1")) == drawn("21")
    assert parted(drawn("1"), drawn("21")) == drawn("")  # one of theirs was said meanwhile
    assert parted(drawn("212"), drawn("1")) == drawn("212")  # as were all; these are of later


def test_what_is_put_back_in_between_leaves_those_that_came_along_in_their_place():
    """Twenty are kept, whoever's they are; what is put back beyond those is drawn anew."""
    cake = Rule("cake", "gift", "points", 1, gives="flat", conditions=(NEVER,))
    both = joined({"cake": {"drawn": "21"}}, {"cake": {"drawn": "12" * 10}})
    lost = Trace(draws=LOST)
    more = forget(both, cake, lost, dt.datetime(2028, 5, 1, tzinfo=dt.UTC))
    assert parted({"cake": more}, {"cake": {"drawn": "12" * 10}}) == {"cake": {"drawn": "21"}}


def test_what_is_put_back_of_one_who_went_goes_with_them():
    """What was of Noah is taken back while he is Mia: it is said to him again, and no more to her."""
    cake = Rule("cake", "gift", "points", 1, gives="flat", conditions=(NEVER,))
    noahs, moment = {"cake": {"drawn": "1"}}, dt.datetime(2028, 5, 1, tzinfo=dt.UTC)
    both = joined({"cake": {"drawn": "2"}}, noahs)
    both = {"cake": forget(both, cake, Trace(draws=LOST), moment, noahs)}
    noahs = {"cake": forget(noahs, cake, Trace(draws=LOST), moment)}
    assert (both, noahs) == ({"cake": {"drawn": "211"}}, {"cake": {"drawn": "11"}})
    assert parted(both, noahs) == {"cake": {"drawn": "2"}}

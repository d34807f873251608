"""What was told by hand is taken back: all that it gave, whatever it left behind, and once."""

import datetime as dt
from dataclasses import replace

import orjson
import pytest
import time_machine
from django.utils import timezone

from core import tenancy
from core.ids import new_id, read_id
from core.models import Event
from loyalty.happenings.happening import record_happening
from loyalty.happenings.taking_back import HappeningCancelled, HappeningUnknown, cancel_happening
from loyalty.membership.merging import merge_members
from loyalty.models import Happening, Standing
from loyalty.rules.types import Quota
from members.cards import Scanned
from merchants.access import ManagerNeeded
from tests.loyalty.purchases.test_cancelling import problems, use
from tests.loyalty.ruled import budget_of, memory_of, per_euro, with_rules
from tests.loyalty.standings.test_climbing import climb_by, stands
from tests.world import points_of

OLIVIA = new_id()
MOMENT = dt.timedelta(seconds=30)


def gives(world, trigger, amount, **more):
    """A rule that gives so many points, once each time."""
    plain = per_euro(world.aroma, trigger)
    return replace(plain, trigger=trigger, gives="flat", amount=amount, per_minor=0, multiplied=False, **more)


def tell(world, trigger="gift", member=None, actor=OLIVIA):
    """What happened to Noah, told by hand: its id."""
    with tenancy.scope(world.aroma.id):
        who = Scanned(member_id=(member or world.noah).id)
        answered = record_happening(
            merchant=world.aroma, who=who, trigger=trigger, key=new_id(), asked=None, actor_id=actor
        )
    return read_id("evt", orjson.loads(answered.body)["id"])


def take_back(world, happening_id, key=None, **more):
    with tenancy.scope(world.aroma.id):
        return cancel_happening(
            merchant=world.aroma, happening_id=happening_id, key=key or new_id(), actor_id=OLIVIA, **more
        )


def test_a_gift_is_taken_back_with_all_that_it_left(world):
    quotas = (Quota(2, "times", "day"), Quota(100, "units", "ever", whose="programme"))
    with_rules(world.aroma, gives(world, "gift", 20, quotas=quotas))
    given = tell(world)
    assert points_of(world.aroma, world.noah) == 70
    answer = orjson.loads(take_back(world, given).body)
    assert (answer["taken_back"], answer["balances"]["points"]["available"]) == (
        [{"unit": "points", "amount": 20}],
        50,
    )
    assert memory_of(world.aroma, world.noah) == {}
    assert budget_of(world.aroma, "gift") == [(0, 0)]
    with tenancy.scope(world.aroma.id):
        assert Happening.objects.get(id=given).cancelled_at is not None
        told = Event.objects.get(name="happening.cancelled").payload
    assert (told["happening"], told["actor"]) == (str(given), str(OLIVIA))
    assert problems(world) == []


def test_once_however_often_it_is_asked(world):
    with_rules(world.aroma, gives(world, "gift", 20))
    given, key = tell(world), new_id()
    first = take_back(world, given, key)
    again = take_back(world, given, key)
    assert (again.body, again.replayed) == (first.body, True)
    with pytest.raises(HappeningCancelled):
        take_back(world, given)
    assert points_of(world.aroma, world.noah) == 50


def test_what_is_used_meanwhile_is_owed(world):
    with_rules(world.aroma, gives(world, "gift", 20))
    given = tell(world)
    use(world, world.noah, 60)
    answer = orjson.loads(take_back(world, given).body)
    assert answer["balances"]["points"]["debt"] == 10
    assert problems(world) == []


def test_a_visit_is_none_any_more(world):
    visit = tell(world, "visit")
    take_back(world, visit)
    with tenancy.scope(world.aroma.id):
        assert Standing.objects.get(member=world.noah).visits == 0


def test_a_tier_that_a_gift_or_a_visit_lifted_to_is_left_with_it(world):
    climb_by(world.aroma, 60, 90, rules=(gives(world, "gift", 20),), climbing="units")
    first, second = tell(world), tell(world)
    assert stands(world.aroma, world.noah) == ("Friend", 90)
    answer = orjson.loads(take_back(world, first).body)
    assert (answer["moved_down"], stands(world.aroma, world.noah)) == (True, ("Regular", 70))
    take_back(world, second)
    assert stands(world.aroma, world.noah) == (None, 50)
    climb_by(world.aroma, 1, 3, climbing="visits")
    visit = tell(world, "visit")
    assert stands(world.aroma, world.noah) == ("Regular", 1)
    take_back(world, visit)
    assert stands(world.aroma, world.noah) == (None, 0)
    assert problems(world) == []


def test_a_cashier_takes_back_their_own_and_for_a_moment(world):
    with_rules(world.aroma, gives(world, "gift", 20))
    own, other = tell(world), tell(world, actor=new_id())
    take_back(world, own, own_within=MOMENT)
    with pytest.raises(ManagerNeeded):
        take_back(world, other, own_within=MOMENT)
    late = tell(world)
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=31)), pytest.raises(ManagerNeeded):
        take_back(world, late, own_within=MOMENT)


def test_what_happens_by_itself_stays(world):
    with_rules(world.aroma, gives(world, "birthday", 20))
    by_itself = tell(world, "birthday", actor=None)
    for unknown in (by_itself, new_id()):
        with pytest.raises(HappeningUnknown):
            take_back(world, unknown)
    assert points_of(world.aroma, world.noah) == 70


def test_of_one_who_was_merged_since_it_comes_out_of_both(world):
    with_rules(world.aroma, gives(world, "gift", 20, quotas=(Quota(2, "times", "ever"),)))
    given = tell(world)
    with tenancy.scope(world.aroma.id):
        merge_members(stays_id=world.mia.id, goes_id=world.noah.id, key=new_id(), actor_id=None)
    take_back(world, given)
    assert points_of(world.aroma, world.mia) == 1250
    assert (memory_of(world.aroma, world.mia), memory_of(world.aroma, world.noah)) == ({}, {})
    assert problems(world) == []

"""What rules ask of who somebody is: groups that follow from what members do, and tags."""

import datetime as dt

import orjson
import time_machine
from django.utils import timezone

from core import tenancy
from loyalty.rules.types import Condition
from members.tags import set_tags
from tests.loyalty.happenings.test_taking_back import gives, tell
from tests.loyalty.ruled import per_euro, with_rules
from tests.world import buy, points_of


def for_segment(*names):
    return (Condition("segment", {"any": list(names)}),)


def awards(body):
    return [award["amount"] for award in orjson.loads(body)["awards"]]


def test_new_members_earn_for_thirty_days(world):
    with_rules(world.aroma, per_euro(world.aroma, "new", conditions=for_segment("new")))
    assert awards(buy(world.aroma, world.noah, 1_000)) == [10]
    with time_machine.travel(timezone.now() + dt.timedelta(days=31)):
        assert awards(buy(world.aroma, world.noah, 1_000)) == []


def test_who_comes_back_after_two_months_earns_once(world):
    with_rules(world.aroma, per_euro(world.aroma, "away", conditions=for_segment("away")))
    assert awards(buy(world.aroma, world.noah, 1_000)) == []
    with time_machine.travel(timezone.now() + dt.timedelta(days=61)):
        assert awards(buy(world.aroma, world.noah, 1_000)) == [10]
        assert awards(buy(world.aroma, world.noah, 1_000)) == []


def test_a_purchase_of_whom_the_shop_has_marked_earns_more(world):
    with_rules(world.aroma, per_euro(world.aroma, "vip", conditions=for_segment("vip", "press")))
    assert awards(buy(world.aroma, world.noah, 1_000)) == []
    with tenancy.scope(world.aroma.id):
        set_tags(member=world.noah, tags=["vip"], actor="olivia")
    assert awards(buy(world.aroma, world.noah, 1_000)) == [10]


def test_a_gift_is_for_whom_the_shop_has_marked(world):
    with_rules(world.aroma, gives(world, "gift", 20, conditions=for_segment("vip")))
    tell(world)
    assert points_of(world.aroma, world.noah) == 50
    with tenancy.scope(world.aroma.id):
        set_tags(member=world.noah, tags=["vip"], actor="olivia")
    tell(world)
    assert points_of(world.aroma, world.noah) == 70

"""Cards that become one and two again just as what they have set aside is handed over, let go, given back, or runs out."""

import datetime as dt

import pytest
from django.utils import timezone

from config.tasks import settle_due
from core import tenancy
from core.ids import new_id
from loyalty.locking import TooBusy
from loyalty.models import Unit
from rewards import taking
from rewards.declines import RedemptionClosed
from rewards.handing import capture_redemption
from rewards.models import Redemption
from rewards.redemption import release_redemption
from rewards.voiding import NotHandedOver, void_redemption
from tests.loyalty.membership.test_merging import merge, part
from tests.loyalty.purchases.test_earning_at_once import at_once
from tests.rewards.offering import offered
from tests.rewards.test_at_once import adds_up, set_aside
from tests.servers import wait_for
from tests.world import points_of

LEGAL = {
    NotHandedOver,
    RedemptionClosed,
    TooBusy,
}  # what a till may be told, which then asks again or shows why


@pytest.fixture
def cake(committed_db, world):
    """At Aroma, for 40 points."""
    with tenancy.scope(world.aroma.id):
        return offered(name="Cake", unit_id=Unit.objects.get(code="points").id, cost=40, stock=1)


def back_and_forth(world, *, times):
    for _time in range(times):
        part(world, merge(world, world.mia, world.noah))


def told_of(world, redemption_id, verb):
    with tenancy.scope(world.aroma.id):
        return verb(merchant=world.aroma, redemption_id=redemption_id, key=new_id(), actor_id=None)


def units_of_both(world):
    return points_of(world.aroma, world.mia) + points_of(world.aroma, world.noah)


def problems(told):
    return [one for one in told if isinstance(one, Exception) and type(one) not in LEGAL]


def status_of(world, redemption_id):
    with tenancy.scope(world.aroma.id):
        return Redemption.objects.get(id=redemption_id).status


def test_handed_over_let_go_or_given_back_while_they_are_merged_and_parted(world, cake):
    redemption_id = set_aside(world, cake, world.noah)
    verbs = [capture_redemption, release_redemption, void_redemption]

    def client(number):
        if number == 0:
            return back_and_forth(world, times=3)
        return told_of(world, redemption_id, verbs[number % 3])

    assert problems(at_once(10, client)) == []
    is_out = status_of(world, redemption_id) in (
        "captured",
        "held",
    )  # held: all of them came while it was busy
    assert units_of_both(world) == (1210 if is_out else 1250)
    adds_up(world, cake)


def test_its_time_runs_out_while_they_are_merged_and_parted(world, cake, monkeypatch):
    monkeypatch.setattr(taking, "HELD_FOR", dt.timedelta(milliseconds=400))
    redemption_id = set_aside(world, cake, world.noah)
    with tenancy.scope(world.aroma.id):
        until = Redemption.objects.get(id=redemption_id).held_until

    def client(number):
        if number == 0:
            return back_and_forth(world, times=4)
        if number < 4:
            wait_for(lambda: timezone.now() >= until, what="the time to run out")
            return settle_due()
        return told_of(world, redemption_id, capture_redemption)

    assert problems(at_once(6, client)) == []
    wait_for(lambda: timezone.now() >= until, what="the time to run out")
    settle_due()
    assert units_of_both(world) == (1210 if status_of(world, redemption_id) == "captured" else 1250)
    adds_up(world, cake)


def test_what_was_handed_over_while_they_were_one_is_given_back_while_they_become_one_again(world, cake):
    redemption_id = set_aside(world, cake, world.noah)
    done = merge(world, world.mia, world.noah)
    told_of(world, redemption_id, capture_redemption)
    part(world, done)

    def client(number):
        if number % 2:
            return told_of(world, redemption_id, void_redemption)
        return back_and_forth(world, times=2) if number == 0 else settle_due()

    assert problems(at_once(8, client)) == []
    if status_of(world, redemption_id) == "captured":  # each of them was told to come again
        told_of(world, redemption_id, void_redemption)
    assert units_of_both(world) == 1250  # what is given back while they are one stays with the one who stays
    adds_up(world, cake)

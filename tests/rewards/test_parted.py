"""What was set aside when two cards became one, once they are two again: as it was, and what became of it meanwhile is fair."""

import pytest
import time_machine
from django.utils import timezone

from core.ids import new_id, public_id
from loyalty.ledger import postings, statements
from loyalty.locking import TooBusy, lock_member
from loyalty.models import Unit
from loyalty.purchases.cancelling import cancel_purchase
from rewards import redemption
from rewards.declines import PurchaseNotOpen
from rewards.handing import capture_redemption
from rewards.queries import waiting_for
from rewards.redemption import release_redemption
from rewards.taking import HELD_FOR
from rewards.voiding import give_back_with, void_redemption
from tests.loyalty.membership.test_merging import enrolled
from tests.rewards.test_merged import (
    aroma,
    bought,
    end,
    has,
    merge,
    part,
    points,
    redeem,
    settle,
    status,
    take,
    taken,
)

__all__ = ["aroma", "taken"]


def test_parting_brings_all_of_it_back_as_it_was(world, taken):
    part(merge(world))
    assert (has(world.mia), has(world.noah)) == ((1200, 0), (5, 45))
    assert [one.id for one in waiting_for(world.mia.id)] == []
    assert points(end(world, capture_redemption, taken[0])) == (5, 15)
    assert points(end(world, release_redemption, taken[1])) == (20, 0)


def test_merged_and_parted_and_merged_again(world, taken):
    part(merge(world))
    done = merge(world)
    assert has(world.mia) == (1205, 45)
    redeem(world, taken[1])
    part(done)
    assert (has(world.mia), has(world.noah)) == ((1200, 0), (5, 30))
    assert points(end(world, release_redemption, taken[0])) == (35, 0)


def test_what_was_handed_over_meanwhile_stays_used_and_costs_the_other_nothing(world, taken):
    done = merge(world)
    redeem(world, taken[1])
    part(done)
    assert (has(world.mia), has(world.noah)) == ((1200, 0), (5, 30))
    assert status(taken[1]) == "captured"


def test_what_was_let_go_meanwhile_goes_home(world, taken):
    done = merge(world)
    end(world, release_redemption, taken[0])
    part(done)
    assert (has(world.mia), has(world.noah)) == ((1200, 0), (35, 15))


def test_what_ran_out_meanwhile_goes_home(world, taken):
    done = merge(world)
    with time_machine.travel(taken[0].held_until + HELD_FOR, tick=False):
        settle(world)
        part(done)
        assert (has(world.mia), has(world.noah)) == ((1200, 0), (35, 15))


def test_what_runs_out_afterwards_is_its_own_members(world, taken):
    part(merge(world))
    with time_machine.travel(taken[0].held_until + HELD_FOR, tick=False):
        settle(world)
        assert (has(world.mia), has(world.noah)) == ((1200, 0), (35, 15))
        assert status(taken[0]) == "expired"


def test_what_was_given_back_meanwhile_goes_home(world, taken):
    done = merge(world)
    end(world, capture_redemption, taken[0])
    end(world, void_redemption, taken[0])
    part(done)
    assert (has(world.mia), has(world.noah)) == ((1200, 0), (35, 15))


def test_what_was_handed_over_meanwhile_and_is_given_back_afterwards_goes_to_whose_it_was(world, taken):
    done = merge(world)
    end(world, capture_redemption, taken[0])
    part(done)
    said = end(world, void_redemption, taken[0])
    assert (said["member"]["id"], points(said)) == (public_id("mem", world.noah.id), (35, 15))
    assert has(world.mia) == (1200, 0)
    again = enrolled(world, phone="+33611111111")
    merge(world, stays=again)
    assert has(again) == (85, 15)


def test_or_to_the_one_that_it_has_become_since(world, taken):
    done = merge(world)
    end(world, capture_redemption, taken[0])
    part(done)
    again = enrolled(world, phone="+33611111111")
    merge(world, stays=again)
    assert points(end(world, void_redemption, taken[0])) == (85, 15)
    assert has(world.mia) == (1200, 0)


def test_whoever_gives_back_what_is_parted_as_they_wait_is_told_to_come_again(world, taken, monkeypatch):
    done = merge(world)
    end(world, capture_redemption, taken[0])

    def locked_late(member_id):
        part(done)
        return lock_member(member_id)

    monkeypatch.setattr(redemption, "lock_member", locked_late)
    with pytest.raises(TooBusy):  # to lock the other's accounts now would be the wrong order
        end(world, void_redemption, taken[0])
    assert (status(taken[0]), has(world.mia)[1] + has(world.noah)[1]) == ("captured", 15)


def test_what_was_used_on_a_purchase_of_then_comes_back_with_it_to_whose_the_purchase_is(world, taken):
    done = merge(world)
    purchase_id = bought(world, world.noah)
    redeem(world, taken[1], purchase_id=purchase_id)
    part(done)
    cancel_purchase(merchant=world.aroma, purchase_id=purchase_id, key=new_id(), actor_id=None)
    give_back_with(purchase_id, actor_id=None)
    assert (has(world.mia), has(world.noah)) == ((1215, 0), (5, 30))
    assert status(taken[1]) == "voided"


def test_a_voucher_that_went_home_is_used_on_no_purchase_of_the_other(world, taken):
    done = merge(world)
    purchase_id = bought(world, world.mia)
    part(done)
    with pytest.raises(PurchaseNotOpen):
        end(world, capture_redemption, taken[1], purchase_id=purchase_id)
    assert status(taken[1]) == "held"


def test_what_the_one_who_stays_took_since_stays_with_it(world, taken):
    done = merge(world)
    since = take(world, "Pie", cost=1205)
    part(done)
    assert (has(world.mia), has(world.noah)) == ((0, 1205), (0, 45))
    assert since.member_id == world.mia.id


def test_of_two_who_were_merged_each_takes_its_own_home(world, taken):
    other = enrolled(world, phone="+33611111111")
    pie = take(world, "Pie", other, cost=20)
    done, _second = merge(world), merge(world, goes=other)
    part(done)
    assert (has(world.mia), has(world.noah)) == ((1230, 20), (5, 45))
    assert points(end(world, capture_redemption, pie)) == (1230, 0)


def test_a_visit_meanwhile_lets_what_is_set_aside_live_longer_too(world, taken):
    take(world, "Roll", cost=5)  # so that all he has is set aside
    done = merge(world)
    until = timezone.now() + HELD_FOR * 1000
    postings.renew(unit_id=Unit.objects.get(code="points").id, until=until, after=None, most=100)
    part(done)
    end(world, release_redemption, taken[0])
    [balance] = statements.balances(world.noah.id)
    assert (balance.available, balance.expiring) == (30, [(until, 30)])

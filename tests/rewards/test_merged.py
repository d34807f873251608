"""What two cards have set aside as they become one: it goes on for the one who stays, and parting brings it back."""

import json

import pytest
import time_machine
from django.utils import timezone

from core import tenancy
from core.ids import new_id, public_id, read_id
from loyalty.ledger import postings, statements
from loyalty.ledger.models import Account, Hold
from loyalty.membership.leaving import erase_member
from loyalty.membership.merging import merge_members, part_members
from loyalty.models import Unit
from loyalty.purchases.cancelling import cancel_purchase
from rewards import vouchers
from rewards.declines import PurchaseNotOpen
from rewards.handing import capture_redemption
from rewards.models import Redemption, Reward
from rewards.queries import waiting_for
from rewards.redemption import release_redemption
from rewards.taking import HELD_FOR, take_reward
from rewards.voiding import give_back_with, void_redemption
from rewards.voucher_codes import code_of
from tests.analytics.test_rollups import deliver_all
from tests.loyalty.membership.test_merging import enrolled
from tests.rewards.offering import offered
from tests.world import buy


@pytest.fixture
def aroma(world):
    """Inside Aroma's scope. The books are proven at the end of the test."""
    with tenancy.scope(world.aroma.id):
        yield world.aroma
    with tenancy.scope(world.aroma.id):
        assert statements.prove() == []


@pytest.fixture
def taken(world, aroma):
    """Of his 50 points Noah has 30 set aside for a cake, and 15 for a tea that is a voucher: its code is printed."""
    return take(world, "Cake", cost=30), take(world, "Tea", cost=15, valid_days=30)


def take(world, name, member=None, **said):
    reward = offered(name=name, unit_id=Unit.objects.get(code="points").id, stock=1, **said)
    who = {"reward_id": reward.id, "member_id": (member or world.noah).id}
    body = take_reward(merchant=world.aroma, key=new_id(), actor_id=None, **who).body
    return Redemption.objects.get(id=read_id("red", json.loads(body)["id"]))


def merge(world, stays=None, goes=None):
    both = {"stays_id": (stays or world.mia).id, "goes_id": (goes or world.noah).id}
    return merge_members(**both, key=new_id(), actor_id=None)


def part(done):
    part_members(merge_id=done.id, actor_id=None)


def end(world, verb, redemption, **said):
    body = verb(merchant=world.aroma, redemption_id=redemption.id, key=new_id(), actor_id=None, **said).body
    return json.loads(body)


def redeem(world, voucher, **said):
    """By the code as it was printed."""
    code = code_of(world.aroma.id, voucher.serial)
    return json.loads(vouchers.redeem_voucher(merchant=world.aroma, text=code, key=new_id(), **said).body)


def has(member):
    """What can be used, and what is set aside."""
    account = Account.objects.get(member_id=member.id)
    return account.available, account.held


def status(redemption):
    return Redemption.objects.get(id=redemption.id).status


def points(said):
    return said["balances"]["points"]["available"], said["balances"]["points"]["held"]


def bought(world, member):
    return read_id("pur", json.loads(buy(world.aroma, member, 1000))["id"])


def settle(world):
    """As a sweep does, and all that it tells."""
    for account in Account.objects.filter(member_id__in=(world.mia.id, world.noah.id)):
        postings.settle(account_id=account.id, now=timezone.now())
    deliver_all(world.aroma)


def test_the_one_who_stays_has_what_was_set_aside_until_the_same_moment(world, taken):
    assert has(world.noah) == (5, 45)
    merge(world)
    assert (has(world.mia), has(world.noah)) == ((1205, 45), (0, 0))
    assert {one.id for one in waiting_for(world.mia.id)} == {one.id for one in taken}
    assert {(hold.id, hold.until) for hold in Hold.objects.filter(closed_by=None)} == {
        (one.id, one.held_until) for one in taken
    }


def test_what_both_have_set_aside_stays_apart(world, taken):
    own = take(world, "Pie", world.mia, cost=100)
    merge(world)
    assert has(world.mia) == (1105, 145)
    end(world, capture_redemption, own)
    end(world, release_redemption, taken[0])
    assert has(world.mia) == (1135, 15)


def test_it_is_handed_over_to_the_one_who_stays(world, taken):
    merge(world)
    said = end(world, capture_redemption, taken[0])
    assert (said["member"]["id"], points(said)) == (public_id("mem", world.mia.id), (1205, 15))


def test_a_code_that_was_printed_before_goes_on_working(world, taken):
    merge(world)
    said = redeem(world, taken[1])
    assert (said["member"]["name"], said["status"], points(said)) == ("Mia", "captured", (1205, 30))


def test_it_takes_two_statements_as_before(world, taken, django_assert_num_queries):
    merge(world)
    with django_assert_num_queries(2):
        end(world, capture_redemption, taken[0])


def test_what_is_let_go_is_the_one_who_stays(world, taken):
    merge(world)
    said = end(world, release_redemption, taken[0])
    assert points(said) == (1235, 15)
    assert Reward.objects.get(id=taken[0].reward_id).taken == 0


def test_what_was_handed_over_and_comes_back_is_the_one_who_stays(world, taken):
    merge(world)
    end(world, capture_redemption, taken[0])
    assert points(end(world, void_redemption, taken[0])) == (1235, 15)


def test_it_repays_what_the_one_who_stays_owes_once_it_is_let_go_and_not_before(world, taken):
    other = enrolled(world, phone="+33611111111")
    spent = bought(world, other)
    account = Account.objects.get(member_id=other.id)
    postings.spend(account_id=account.id, amount=60, key=new_id(), reasons={}, cause_id=None, actor_id=None)
    cancel_purchase(merchant=world.aroma, purchase_id=spent, key=new_id(), actor_id=None)
    merge(world, stays=other)
    account.refresh_from_db()
    assert (account.available, account.held, account.debt) == (0, 45, 5)
    end(world, release_redemption, taken[0])
    account.refresh_from_db()
    assert (account.available, account.held, account.debt) == (25, 15, 0)


def test_its_time_runs_out_for_the_one_who_stays(world, taken):
    merge(world)
    with time_machine.travel(taken[0].held_until + HELD_FOR, tick=False):
        settle(world)
        assert (has(world.mia), status(taken[0])) == ((1235, 15), "expired")
        assert Reward.objects.get(id=taken[0].reward_id).taken == 0


def test_it_is_used_on_a_purchase_of_the_one_who_stays_and_comes_back_with_it(world, taken):
    merge(world)
    purchase_id = bought(world, world.noah)
    before = has(world.mia)[0]
    assert points(redeem(world, taken[1], purchase_id=purchase_id)) == (before, 30)
    cancel_purchase(merchant=world.aroma, purchase_id=purchase_id, key=new_id(), actor_id=None)
    give_back_with(purchase_id, actor_id=None)
    assert (has(world.mia), status(taken[1])) == ((1220, 30), "voided")


def test_on_what_was_bought_before_it_is_not_used_and_the_till_is_told_why(world, taken):
    purchase_id = bought(world, world.noah)
    merge(world)
    with pytest.raises(PurchaseNotOpen, match="was made before two cards became one"):
        redeem(world, taken[1], purchase_id=purchase_id)
    assert status(taken[1]) == "held"


def test_whoever_stays_and_is_erased_leaves_nothing_set_aside(world, taken):
    merge(world)
    erase_member(member=world.mia, actor="member")
    deliver_all(world.aroma)
    assert {status(one) for one in taken} == {"released"}
    assert has(world.mia)[1] == 0

"""Rewards taken, handed over, let go and given back: through the verbs and the API; and the last one, from many tills."""

import datetime as dt
import json

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from config.subscriptions import SUBSCRIPTIONS
from config.tasks import settle_due
from core import outbox, tenancy
from core.ids import new_id, public_id
from core.models import Answer, AuditRow, Event
from loyalty.ledger import postings, statements
from loyalty.ledger.postings import InsufficientUnits
from loyalty.membership.leaving import erase_member
from loyalty.membership.merging import merge_members
from loyalty.models import Unit
from merchants.access import Scope
from merchants.api_keys import make_key
from rewards.declines import RedemptionClosed, RewardSoldOut
from rewards.handing import capture_redemption
from rewards.models import Redemption, Reward
from rewards.redemption import release_redemption
from rewards.taking import HELD_FOR, take_reward
from rewards.voiding import NotHandedOver, void_redemption
from tests.analytics.test_rollups import deliver_all
from tests.api.conftest import Till
from tests.loyalty.purchases.test_earning_at_once import at_once
from tests.rewards.offering import left, offered
from tests.world import points_of


@pytest.fixture
def cake(world):
    """At Aroma, for 40 points, two of them. The books are proven at the end of the test."""
    with tenancy.scope(world.aroma.id):
        unit = Unit.objects.get(code="points")
        yield offered(name="Cake", unit_id=unit.id, cost=40, stock=2, actor=None)
    with tenancy.scope(world.aroma.id):
        assert statements.prove() == []


def take(world, reward, member, key=None):
    return take_reward(
        merchant=world.aroma, reward_id=reward.id, member_id=member.id, key=key or new_id(), actor_id=None
    )


def held(world, reward, member):
    take(world, reward, member)
    return Redemption.objects.latest("id")


def end(ending, world, redemption, key=None):
    return ending(merchant=world.aroma, redemption_id=redemption.id, key=key or new_id(), actor_id=None)


def test_who_set_aside_and_let_go_is_in_the_audit_and_a_member_and_the_clock_are_not(world, cake):
    till, key = Till(world.aroma_key), {"reward": public_id("rwd", cake.id)}
    taken = till.post("/redemptions", key | {"member": public_id("mem", world.noah.id)}).json()
    assert till.post(f"/redemptions/{taken['id']}/release", {}).status_code == 201
    end(release_redemption, world, held(world, cake, world.mia))  # on her own card
    deliver_all(world.aroma)
    rows = AuditRow.objects.filter(name__in=["reward.held", "reward.released"])
    kept = {row.name: row for row in rows}
    assert len(rows) == len(kept) == 2
    assert {row.member_id for row in kept.values()} == {world.noah.id}
    assert all(row.payload["actor"] for row in kept.values())


def test_a_reward_is_set_aside_and_handed_over_once(world, cake):
    redemption = held(world, cake, world.noah)
    assert (points_of(world.aroma, world.noah), left(cake)) == (10, 1)
    end(capture_redemption, world, redemption)
    for ending in (capture_redemption, release_redemption):
        with pytest.raises(RedemptionClosed):
            end(ending, world, redemption)
    assert (points_of(world.aroma, world.noah), left(cake)) == (10, 1)


def test_what_is_let_go_is_in_stock_again_and_so_are_the_points(world, cake):
    end(release_redemption, world, held(world, cake, world.noah))
    assert (points_of(world.aroma, world.noah), left(cake)) == (50, 2)


def test_what_was_handed_over_comes_back_whole_and_once(world, cake):
    redemption = held(world, cake, world.noah)
    with pytest.raises(NotHandedOver):
        end(void_redemption, world, redemption)
    end(capture_redemption, world, redemption)
    end(void_redemption, world, redemption)
    with pytest.raises(RedemptionClosed):
        end(void_redemption, world, redemption)
    assert (points_of(world.aroma, world.noah), left(cake)) == (50, 2)


def test_too_few_points_are_declined_for_ever_and_take_nothing(world, cake):
    held(world, cake, world.noah)
    key = new_id()
    for _again in range(2):
        with pytest.raises(InsufficientUnits):
            take(world, cake, world.noah, key)
    assert left(cake) == 1


def test_a_reward_whose_time_is_out_is_free_for_the_next_though_no_sweep_was_by(world, cake):
    Reward.objects.filter(id=cake.id).update(stock=1)
    redemption = held(world, cake, world.noah)
    with pytest.raises(RewardSoldOut):
        take(world, cake, world.mia)
    with time_machine.travel(timezone.now() + HELD_FOR + dt.timedelta(seconds=1), tick=False):
        take(world, cake, world.mia)
        with pytest.raises(RedemptionClosed, match="redemption_closed"):
            end(capture_redemption, world, redemption)
        account_id = statements.balances(world.noah.id)[0].account_id
        assert postings.settle(account_id=account_id, now=timezone.now()) == 1
    redemption.refresh_from_db()
    assert redemption.status == "expired"


@pytest.mark.parametrize("ending", [capture_redemption, release_redemption])
def test_of_what_the_books_let_go_a_moment_before_it_is_said_that_it_ran_out(world, cake, ending):
    """It was asked in time and had to wait: by the time it is its turn, a sweep has been by in the books."""
    redemption, key = held(world, cake, world.noah), new_id()
    account_id = statements.balances(world.noah.id)[0].account_id
    later = timezone.now() + HELD_FOR + dt.timedelta(seconds=1)
    assert postings.settle(account_id=account_id, now=later) == 1
    for _again in range(2):
        with pytest.raises(RedemptionClosed) as refused:
            ending(merchant=world.aroma, redemption_id=redemption.id, key=key, actor_id=None)
    assert "“Time ran out”" in refused.value.answered.body
    deliver_all(world.aroma)
    redemption.refresh_from_db()
    assert (redemption.status, points_of(world.aroma, world.noah)) == ("expired", 50)


def test_the_sweep_frees_what_nobody_came_for(committed_db, world, servers_of_this_run):
    with tenancy.scope(world.aroma.id):
        unit = Unit.objects.get(code="points")
        cake = offered(name="Cake", unit_id=unit.id, cost=40, stock=1, actor=None)
        redemption = held(world, cake, world.noah)
    with servers_of_this_run.administrator(connection.settings_dict["NAME"]) as session:
        session.execute(
            "SET session_replication_role = replica"
        )  # time passes for the hold and the redemption
        for table, column in (("ledger_hold", "until"), ("rewards_redemption", "held_until")):
            session.execute(f"UPDATE {table} SET {column} = '2026-01-01T00:00:00Z'")
    assert settle_due() == 1
    for merchant_id, events in outbox.lease_due().items():
        for event in events:
            outbox.deliver(merchant_id, event, SUBSCRIPTIONS)
    with tenancy.scope(world.aroma.id):
        redemption.refresh_from_db()
        assert (redemption.status, left(cake)) == ("expired", 1)
        assert Event.objects.filter(name="reward.expired").count() == 1
        assert statements.prove() == []
    assert points_of(world.aroma, world.noah) == 50


def test_of_twenty_tills_one_gets_the_last_reward(committed_db, world):
    with tenancy.scope(world.aroma.id):
        unit = Unit.objects.get(code="points")
        cake = offered(name="Cake", unit_id=unit.id, cost=1, stock=1, actor=None)
    members = [world.noah, world.mia]

    def till(number):
        with tenancy.scope(world.aroma.id):
            return take(world, cake, members[number % 2])

    told = at_once(20, till)
    assert sum(isinstance(answer, RewardSoldOut) for answer in told) == 19, told
    with tenancy.scope(world.aroma.id):
        assert (left(cake), Redemption.objects.count()) == (0, 1)
        assert statements.prove() == []


def test_the_api_takes_and_closes_with_the_same_answer_for_ever(world, cake):
    till, key = Till(world.aroma_key), str(new_id())
    body = {"reward": public_id("rwd", cake.id), "member": public_id("mem", world.noah.id)}
    in_reach = till.get("/rewards", member=body["member"]).json()["items"][0]
    assert (in_reach["in_reach"], in_reach["missing"], in_reach["left"]) == (True, 0, 2)
    first = till.post("/redemptions", body, key=key)
    again = till.post("/redemptions", body, key=key)
    assert (first.status_code, again.content, again["Idempotency-Replayed"]) == (201, first.content, "true")
    taken = first.json()
    assert (taken["status"], taken["balances"]["points"]["held"]) == ("held", 40)
    assert till.post(f"/redemptions/{taken['id']}/capture", {}).json()["status"] == "captured"
    refused = till.post(f"/redemptions/{taken['id']}/release", {}, key=key + "r")
    assert (refused.status_code, refused.json()["code"]) == (409, "redemption_closed")
    assert till.post(f"/redemptions/{taken['id']}/void", {}).json()["status"] == "voided"
    assert till.post("/redemptions", {"reward": "rwd_x", "member": body["member"]}).status_code == 404
    assert points_of(world.aroma, world.noah) == 50


def test_another_merchants_reward_and_redemption_do_not_exist(world):
    with tenancy.scope(world.aroma.id):
        unit = Unit.objects.get(code="points")
        cake = offered(name="Cake", unit_id=unit.id, cost=40, stock=2, actor=None)
        redemption = held(world, cake, world.noah)
    bloom_till = Till(world.bloom_key)
    asked = {"reward": public_id("rwd", cake.id), "member": public_id("mem", world.zoe.id)}
    assert bloom_till.post("/redemptions", asked).json()["code"] == "reward_not_found"
    assert bloom_till.post(f"/redemptions/{public_id('red', redemption.id)}/capture", {}).status_code == 404
    assert bloom_till.get("/rewards").json()["items"] == []


def test_a_reward_voided_after_a_merge_comes_back_to_the_one_who_stays(world, cake):
    redemption = held(world, cake, world.noah)
    end(capture_redemption, world, redemption)
    merge_members(stays_id=world.mia.id, goes_id=world.noah.id, key=new_id(), actor_id=None)
    before = points_of(world.aroma, world.mia)
    told = json.loads(end(void_redemption, world, redemption).body)
    assert told["member"]["id"] == public_id("mem", world.mia.id)
    assert told["balances"]["points"]["available"] == before + 40
    assert points_of(world.aroma, world.mia) == before + 40


def test_what_is_in_reach_is_told_only_to_a_key_that_may_read_members(world):
    with tenancy.scope(world.aroma.id):
        _key, text = make_key(name="Shelf", scopes=[Scope.READ_REWARDS], actor=None)
    shelf = Till(text)
    assert shelf.get("/rewards").status_code == 200
    assert shelf.get("/rewards", member=public_id("mem", world.noah.id)).json()["code"] == "scope_missing"


def test_an_erasure_and_a_reward_at_once_leave_no_name_in_an_answer(committed_db, world):
    with tenancy.scope(world.aroma.id):
        unit = Unit.objects.get(code="points")
        cake = offered(name="Cake", unit_id=unit.id, cost=1, stock=None, actor=None)

    def one(number):
        with tenancy.scope(world.aroma.id):
            if number == 3:
                return erase_member(member=world.noah, actor="member")
            return take(world, cake, world.noah)

    at_once(6, one)
    with tenancy.scope(world.aroma.id):
        assert not Answer.objects.filter(body__contains="Noah").exists()
        assert statements.prove() == []

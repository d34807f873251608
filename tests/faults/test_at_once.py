"""Everybody at the same instant: one key, one last reward, one account in every way at once."""

import datetime as dt

import pytest
from django.utils import timezone

from tests.faults import truth
from tests.faults.storm import at_once
from tests.servers import wait_for

pytestmark = [pytest.mark.slow, pytest.mark.fault]

SAME = 32
CLIENTS = 200
DIES_IN = dt.timedelta(seconds=1)


@pytest.mark.parametrize("what", ["purchase", "cancellation", "spend"])
def test_the_same_key_32_times_at_once_is_one_operation_and_one_answer(stage, what):
    if what == "cancellation":
        bought = stage.buy()
        bought.ask()
        asked = stage.keep(stage.till.cancellation(bought))
    else:
        asked = stage.buy() if what == "purchase" else stage.spend(stage.members[0], 10)
    told = at_once(SAME, [asked] * SAME)
    assert {(one.status, one.body) for one in told} == {(asked.told[0].status, asked.told[0].body)}
    assert asked.done
    truth.check(stage)


def test_the_last_reward_goes_to_one_of_two_hundred_clients(stage):
    reward = stage.offer(cost=10, stock=1)
    members = stage.members * (CLIENTS // len(stage.members))
    asked = [stage.keep(stage.till.redemption(member.id, reward)) for member in members]
    told = at_once(CLIENTS, asked)
    assert sorted(one.status for one in told) == [201] + [409] * (CLIENTS - 1)
    assert {one.content["code"] for one in told if one.status == 409} == {"reward_sold_out"}
    truth.check(stage)


def test_refunds_against_redemptions_against_expiry_on_one_account(stage, dice):
    member = stage.members[0]
    bought = [stage.buy(member, 2000) for _purchase in range(4)]
    assert {one.status for one in at_once(4, bought)} == {201}
    reward, expiry = stage.offer(cost=20, stock=50), timezone.now() + DIES_IN
    gift = stage.door(
        "award", member, amount=200, cause_id=None, occurred_at=timezone.now(), expires_at=expiry
    )
    assert gift.ask().status == 200
    asked = [stage.keep(stage.till.refund(purchase, 500)) for purchase in bought * 4]
    asked += [stage.keep(stage.till.redemption(member.id, reward)) for _time in range(8)]
    asked += [stage.spend(member, 7) for _time in range(30)]
    asked += [stage.keep(stage.books.settling(member.id, stage.accounts[member.id])) for _time in range(30)]
    dice.shuffle(asked)
    at_once(8, asked[: len(asked) // 2])
    wait_for(lambda: timezone.now() > expiry, what="the gift to die")
    at_once(8, asked[len(asked) // 2 :])
    truth.check(stage)

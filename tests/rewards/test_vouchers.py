"""Vouchers: taken, given and come by themselves; read by their code, used once, and told why they are not good any more."""

import datetime as dt
import json

import pytest
import time_machine

from config.tasks import expire_vouchers
from core import tenancy
from core.ids import new_id, read_id
from core.models import AuditRow, Event
from loyalty.ledger import statements
from loyalty.locking import lock_member
from loyalty.membership.leaving import erase_member
from loyalty.membership.merging import merge_members
from loyalty.models import Unit
from loyalty.rules.calendar import local_day
from loyalty.rules.types import Condition
from rewards import catalogue, vouchers
from rewards.declines import RewardSoldOut, RewardWithdrawn, VoucherClosed
from rewards.models import Redemption, Reward
from rewards.redemption import release_redemption
from rewards.taking import take_reward
from rewards.voiding import void_redemption
from rewards.voucher_codes import code_of, serial_of
from tests.analytics.test_rollups import deliver_all
from tests.loyalty.purchases.test_earning_at_once import at_once
from tests.rewards.offering import offered
from tests.world import buy, points_of


def cake(*conditions, cost=40, valid_days=30, **said):
    unit = Unit.objects.get(code="points")
    return offered(
        name="Cake", unit_id=unit.id, cost=cost, conditions=conditions, valid_days=valid_days, **said
    )


def take(world, reward, member):
    who = {"reward_id": reward.id, "member_id": member.id}
    return take_reward(merchant=world.aroma, key=new_id(), actor_id=None, **who)


def give(world, reward, member, **more):
    who = {"reward_id": reward.id, "member_id": member.id}
    return vouchers.issue_voucher(**{"merchant": world.aroma, "key": new_id(), "actor_id": None} | who | more)


def taken(world, member=None, **said):
    """One voucher in Noah's hands, as it is read by its code."""
    take(world, cake(**said), member or world.noah)
    return newest(world)


def newest(world):
    serial = Redemption.objects.exclude(serial=None).latest("id").serial
    return vouchers.read_voucher(code_of(world.aroma.id, serial), world.aroma)


def use(world, voucher, key=None):
    return vouchers.redeem_voucher(merchant=world.aroma, text=voucher.code, key=key or new_id())


def end(world, verb, voucher):
    return verb(merchant=world.aroma, redemption_id=voucher.redemption.id, key=new_id(), actor_id=new_id())


def points(world, member):
    return points_of(world.aroma, member)


def last_day(voucher, days):
    return local_day(voucher.redemption.held_at, "Europe/Paris") + dt.timedelta(days=days)


def test_taking_makes_a_voucher_whose_units_wait_until_it_is_used(world, aroma):
    voucher = taken(world)
    assert (voucher.state, voucher.why, points(world, world.noah)) == ("issued", "", 10)
    assert voucher.last_on == last_day(voucher, 30)
    said = json.loads(use(world, voucher).body)
    assert (said["status"], said["reward"]["name"]) == ("captured", "Cake")
    assert points(world, world.noah) == 10
    assert newest(world).state == "redeemed"


def test_without_days_it_is_set_aside_for_a_moment_and_no_voucher(world, aroma):
    take(world, cake(valid_days=0), world.noah)
    assert Redemption.objects.get().serial is None


@pytest.mark.parametrize("written", ["{code}", " {code} ", "{lower}", "{bare}"])
def test_a_code_is_read_as_people_write_it(world, aroma, written):
    code = taken(world).code
    text = written.format(code=code, lower=code.lower(), bare=code.replace("-", ""))
    assert vouchers.read_voucher(text, world.aroma).code == code


def test_no_letter_of_a_code_can_be_another_and_no_other_shop_reads_it(world, aroma):
    code = taken(world).code
    for place in range(0, len(code), 5):
        other = "3" if code[place] != "3" else "4"
        assert serial_of(world.aroma.id, code[:place] + other + code[place + 1 :]) is None
    assert serial_of(world.bloom.id, code) is None


def test_no_table_and_no_kept_answer_holds_a_code(world, aroma):
    answered = take(world, cake(), world.noah)
    assert newest(world).code not in answered.body
    assert newest(world).code.replace("-", "") not in json.dumps(
        list(Event.objects.values_list("payload", flat=True))
    )


@pytest.mark.parametrize(
    ("verbs", "state", "why"),
    [
        (["use"], "redeemed", "This was used on"),
        ([release_redemption], "voided", "This does not count any more: it was let go on"),
        (["use", void_redemption], "voided", "This was used, and given back on"),
    ],
)
def test_one_that_is_not_good_any_more_says_why_and_stays_so(world, aroma, verbs, state, why):
    voucher = taken(world)
    for verb in verbs:
        use(world, voucher) if verb == "use" else end(world, verb, voucher)
    after = newest(world)
    assert (after.state, after.why.startswith(why)) == (state, True)
    with pytest.raises(VoucherClosed) as refused:
        use(world, voucher)
    assert refused.value.detail == after.why
    assert points(world, world.noah) == (10 if state == "redeemed" else 50)


def test_the_voucher_of_an_erased_member_is_good_no_more_and_is_let_go(world, aroma):
    voucher = taken(world, stock=1)
    erase_member(member=world.noah, actor="member")
    read = newest(world)
    assert (read.state, "whoever had it has left" in read.why) == ("voided", True)
    with pytest.raises(VoucherClosed, match="whoever had it has left"):
        use(world, voucher)
    deliver_all(aroma)
    assert newest(world).state == "voided"
    assert Reward.objects.get(id=voucher.redemption.reward_id).taken == 0
    with pytest.raises(VoucherClosed, match="it was let go on"):
        use(world, voucher)


@pytest.mark.parametrize("by_hand", [False, True])
def test_one_whose_days_are_over_says_so_before_any_sweep_and_after(world, aroma, by_hand):
    reward = cake(stock=1)
    (give if by_hand else take)(world, reward, world.noah)
    voucher = newest(world)
    with time_machine.travel(voucher.redemption.held_until + dt.timedelta(seconds=1), tick=False):
        assert newest(world).state == "expired"
        with pytest.raises(VoucherClosed):
            use(world, voucher)
        with tenancy.scope(world.aroma.id):
            assert "This ran out: its last day was" in newest(world).why


def test_one_for_nothing_is_ended_by_the_sweep_and_is_in_stock_again(committed_db, world):
    with tenancy.scope(world.aroma.id):
        reward = cake(stock=1)
        give(world, reward, world.noah)
        until = newest(world).redemption.held_until
    assert expire_vouchers() == 0
    with time_machine.travel(until + dt.timedelta(seconds=1), tick=False):
        assert expire_vouchers() == 1
        assert expire_vouchers() == 0
    with tenancy.scope(world.aroma.id):
        assert Redemption.objects.get().status == "expired"
        assert Reward.objects.get(id=reward.id).taken == 0
        assert statements.prove() == []


def test_by_hand_it_costs_nothing_and_asks_nothing(world, aroma):
    reward, key = cake(Condition("segment", {"any": ["vip"]}), stock=1), new_id()
    first = give(world, reward, world.noah, key=key, days=7)
    assert give(world, reward, world.noah, key=key, days=7).body == first.body
    assert (points(world, world.noah), Redemption.objects.count()) == (50, 1)
    assert newest(world).last_on == last_day(newest(world), 7)
    with pytest.raises(RewardSoldOut):
        give(world, reward, world.mia)
    use(world, newest(world))
    assert points(world, world.noah) == 50
    end(world, void_redemption, newest(world))
    assert (points(world, world.noah), Reward.objects.get(id=reward.id).taken) == (50, 0)


def test_one_for_nothing_of_a_merged_card_is_used_on_a_purchase_of_who_stays(world, aroma):
    give(world, cake(), world.noah)
    merge_members(stays_id=world.mia.id, goes_id=world.noah.id, key=new_id(), actor_id=None)
    bought = read_id("pur", json.loads(buy(aroma, world.mia, 1000))["id"])
    used = vouchers.redeem_voucher(merchant=aroma, text=newest(world).code, key=new_id(), purchase_id=bought)
    assert json.loads(used.body)["member"]["name"] == "Mia"
    assert newest(world).redemption.purchase_id == bought


@pytest.mark.parametrize("days", [0, -1, 3661])
def test_no_voucher_is_over_before_it_begins(world, aroma, days):
    with pytest.raises(vouchers.DaysOutOfRange):
        give(world, cake(), world.noah, days=days)
    assert Redemption.objects.count() == 0


def test_of_what_was_taken_off_none_is_given(world, aroma):
    reward = cake()
    catalogue.put_reward(reward_id=reward.id, status="archived", actor=None)
    with pytest.raises(RewardWithdrawn):
        give(world, reward, world.noah)


def test_of_what_is_taken_off_while_one_waits_for_the_member_none_is_given(world, aroma, monkeypatch):
    reward = cake()

    def locked_late(member_id):
        Reward.objects.filter(id=reward.id).update(status="archived")
        return lock_member(member_id)

    monkeypatch.setattr(vouchers, "lock_member", locked_late)
    with pytest.raises(RewardWithdrawn):
        give(world, reward, world.noah)
    assert Redemption.objects.count() == 0


def test_one_voucher_on_two_tills_is_used_once(committed_db, world):
    with tenancy.scope(world.aroma.id):
        voucher = taken(world)
    told = at_once(8, lambda _till: use(world, voucher))
    assert sum(isinstance(answer, VoucherClosed) for answer in told) == 7, told
    with tenancy.scope(world.aroma.id):
        assert points(world, world.noah) == 10
        assert Event.objects.filter(name="reward.captured").count() == 1
        assert statements.prove() == []


def test_what_becomes_of_a_voucher_is_told_and_audited(world):
    with tenancy.scope(world.aroma.id):
        used, stopped, given_back = (taken(world, cost=10) for _each in range(3))
    with tenancy.scope(world.aroma.id):
        end(world, release_redemption, stopped)
    for voucher in (used, given_back):
        use(world, voucher)
    with tenancy.scope(world.aroma.id):
        end(world, void_redemption, given_back)
    with tenancy.scope(world.aroma.id):
        take(world, cake(valid_days=0, cost=1), world.noah)  # no voucher
    deliver_all(world.aroma)
    with tenancy.scope(world.aroma.id):
        told = AuditRow.objects.filter(name__startswith="voucher.").values_list("name", flat=True)
        assert sorted(told) == ["voucher.issued"] * 3 + ["voucher.redeemed"] * 2 + ["voucher.voided"] * 2

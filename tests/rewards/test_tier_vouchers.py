"""Vouchers that came with a tier: taken back with what had brought the tier, and given by a ladder that lifts."""

import dataclasses
import datetime as dt
import json

import pytest
import time_machine
from django.utils import timezone

from config.subscriptions import SUBSCRIPTIONS
from core import tenancy
from core.ids import new_id, read_id
from core.models import AuditRow, Event
from loyalty.ledger import statements
from loyalty.models import Standing
from loyalty.purchases.cancelling import cancel_purchase
from loyalty.purchases.refunding import refund_purchase
from loyalty.rules.tiers import Ladder
from rewards.handing import capture_redemption
from rewards.models import Crossing, Redemption, Reward
from rewards.voucher_codes import code_of
from rewards.vouchers import find_voucher, issue_voucher
from tests.analytics.test_rollups import deliver_all
from tests.loyalty.happenings.test_taking_back import gives, take_back, tell
from tests.loyalty.purchases.test_cancelling import raise_gold_to
from tests.loyalty.ruled import publish
from tests.loyalty.standings.test_climbing import climb_by
from tests.rewards.test_crossings import on_tier
from tests.web.desk import desk_of, text_of
from tests.web.scanner.conftest import Till, words_of
from tests.world import buy

DAY = dt.timedelta(days=1)


@pytest.fixture
def gift(world):
    """One of three, with Gold. What the cast's own beginning brought is told already; the books are proven at the end."""
    deliver_all(world.aroma)
    yield on_tier(world, stock=3)
    with tenancy.scope(world.aroma.id):
        assert statements.prove() == []


def climbs(world, minor=60_000):
    """Noah, who is nobody yet, buys what brings Gold: the id of the purchase, of which nothing is told yet."""
    return read_id("pur", json.loads(buy(world.aroma, world.noah, minor))["id"])


def cancelled(world, purchase_id):
    with tenancy.scope(world.aroma.id):
        cancel_purchase(merchant=world.aroma, purchase_id=purchase_id, key=new_id(), actor_id=None)
    told(world)


def refunded(world, purchase_id, part=None):
    with tenancy.scope(world.aroma.id):
        refund_purchase(
            merchant=world.aroma, purchase_id=purchase_id, amount_minor=part, key=new_id(), actor_id=None
        )


def told(world):
    deliver_all(world.aroma)


def vouchers(world):
    """What became of those that came, in their order, and how many are out of stock."""
    with tenancy.scope(world.aroma.id):
        return statuses(world), Reward.objects.get().taken


def statuses(world):
    """Of the vouchers, in their order."""
    with tenancy.scope(world.aroma.id):
        return list(Redemption.objects.order_by("id").values_list("status", flat=True))


def test_it_is_taken_back_with_the_purchase_that_brought_the_tier_and_everybody_says_why(world, gift):
    bought = climbs(world)
    told(world)
    assert vouchers(world) == (["held"], 1)
    refunded(world, bought)
    told(world)
    assert vouchers(world) == (["released"], 0)
    with tenancy.scope(world.aroma.id):
        taken = Redemption.objects.get()
        code = code_of(world.aroma.id, taken.serial)
        voucher = find_voucher(code, world.aroma)
        payload = AuditRow.objects.get(name="voucher.voided").payload
    assert (voucher.state, taken.void_reason, payload["reason"]) == ("voided", "tier_lost", "tier_lost")
    assert "what had brought its tier was taken back on" in voucher.why
    assert "what had brought its tier was taken back" in words_of(Till(world.sam).look_up(code))
    story = text_of(desk_of(world).get(f"/dashboard/aroma/members/{world.noah.id}/"))
    assert "Voucher taken back: A gift" in story


def test_a_later_climb_brings_it_again_on_the_same_day_too(world, gift):
    for _time in range(2):
        bought = climbs(world)
        told(world)
        with tenancy.scope(world.aroma.id):
            cancel_purchase(merchant=world.aroma, purchase_id=bought, key=new_id(), actor_id=None)
        told(world)
    climbs(world)
    told(world)
    assert vouchers(world) == (["released", "released", "held"], 1)


@pytest.mark.parametrize("is_one_by_one", [True, False])
def test_whoever_falls_two_tiers_keeps_the_voucher_of_neither(world, gift, is_one_by_one):
    on_tier(world, "Silver", stock=3)
    first = climbs(world, 30_000 if is_one_by_one else 45_000)
    told(world)
    with time_machine.travel(timezone.now() + 3 * DAY, tick=True):
        second = climbs(world, 25_000 if is_one_by_one else 9_000)
        told(world)
        assert statuses(world) == ["held", "held"]
        if is_one_by_one:
            cancelled(world, second)
            assert statuses(world) == ["held", "released"]
        cancelled(world, first)
    assert statuses(world) == ["released", "released"]


def test_a_new_ladder_meanwhile_leaves_no_voucher_with_whoever_loses_the_tier(world, gift):
    bought = climbs(world)
    told(world)
    with time_machine.travel(timezone.now() + 3 * DAY, tick=True):
        with tenancy.scope(world.aroma.id):
            publish(
                world.aroma,
                lambda version: dataclasses.replace(version, ladder=Ladder(window="calendar_year")),
            )
        told(world)
        assert statuses(world) == ["held"]
        cancelled(world, bought)
    assert statuses(world) == ["released"]


def test_so_it_is_with_gifts_that_are_taken_back(world, gift):
    climb_by(world.aroma, 60, 90, rules=(gives(world, "gift", 20),), climbing="units")
    told(world)
    on_tier(world, "Regular"), on_tier(world, "Friend")
    first = tell(world)
    told(world)
    with time_machine.travel(timezone.now() + 3 * DAY, tick=True):
        second = tell(world)
        told(world)
        assert statuses(world) == ["held", "held"]
        for one, left in ((second, ["held", "released"]), (first, ["released", "released"])):
            take_back(world, one)
            told(world)
            assert statuses(world) == left


def test_what_was_used_stays_and_does_not_come_twice(world, gift):
    bought = climbs(world)
    told(world)
    with tenancy.scope(world.aroma.id):
        used = Redemption.objects.get()
    capture_redemption(merchant=world.aroma, redemption_id=used.id, key=new_id())
    refunded(world, bought)
    told(world)
    climbs(world)
    told(world)
    assert vouchers(world) == (["captured"], 1)


def test_while_the_tier_is_held_it_stays_and_so_does_what_was_given_by_hand(world, gift):
    bought = climbs(world, 120_000)
    told(world)
    refunded(world, bought, 1_000)
    with tenancy.scope(world.aroma.id):
        issue_voucher(
            merchant=world.aroma, reward_id=gift.id, member_id=world.noah.id, key=new_id(), actor_id=None
        )
    told(world)
    assert vouchers(world) == (["held", "held"], 2)
    refunded(world, bought)
    told(world)
    assert vouchers(world) == (["released", "held"], 1)


@pytest.mark.parametrize("is_again", [False, True])
@pytest.mark.parametrize("backwards", [False, True])
def test_it_ends_the_same_in_whatever_order_and_however_often_it_is_told(world, gift, backwards, is_again):
    refunded(world, climbs(world))
    if is_again:
        climbs(world)
    with tenancy.scope(world.aroma.id):
        names = ["tier.reached", "purchase.refunded"]
        events = list(Event.objects.filter(name__in=names).order_by("-id" if backwards else "id"))
    for _time in range(2):
        with tenancy.scope(world.aroma.id):
            for event in events:
                SUBSCRIPTIONS[event.name]["vouchers"](event)
        statuses, taken = vouchers(world)
        assert statuses.count("held") == taken == int(is_again)


def test_whoever_a_new_ladder_lifts_gets_it_as_who_climbs_does_and_once(world, gift):
    climbs(world, 30_000)  # Silver; Mia is Gold already
    told(world)
    for threshold in (29_000, 28_000):
        raise_gold_to(world, threshold)
        told(world)
    with tenancy.scope(world.aroma.id):
        assert list(Redemption.objects.values_list("member_id", flat=True)) == [world.noah.id]
        assert Crossing.objects.count() == 1
    story = text_of(desk_of(world).get(f"/dashboard/aroma/members/{world.noah.id}/"))
    assert "Now Gold" in story
    assert "The tiers were changed, and this one is reached." in story


def test_a_tier_that_is_lost_by_itself_or_told_of_before_brings_none(world, gift):
    with tenancy.scope(world.aroma.id):
        gold = str(Standing.objects.get(member=world.mia).tier_id)
        for why in ({"why": "not_earned"}, {"why": "season_over"}, {}):
            lost = {"member": str(world.mia.id), "tier": gold} | why
            SUBSCRIPTIONS["tier.changed"]["vouchers"](Event(name="tier.changed", payload=lost))
    assert vouchers(world) == ([], 0)

"""Bringing a friend: both have something of it, once, after the friend's first purchase; and nobody brings themselves."""

import dataclasses

import pytest

from config.subscriptions import SUBSCRIPTIONS
from core import outbox, tenancy
from core.ids import new_id
from core.models import Event
from loyalty.ledger import statements
from loyalty.membership import leaving, merging
from loyalty.membership.joining import enrol_member
from loyalty.models import Happening, Referral
from loyalty.programme import publishing
from loyalty.programme.versions import version_in_force
from loyalty.rules.editing import with_returns
from members.referring import ReferrerUnknown, friend_code, read_referrer
from tests.loyalty.happenings.test_greeting import flat
from tests.loyalty.purchases.test_cancelling import bought, cancel, use
from tests.loyalty.purchases.test_refunding import refund
from tests.loyalty.ruled import with_rules
from tests.world import buy, points_of

MINE = {
    name: {who: what for who, what in subscribers.items() if who == "referral"}
    for name, subscribers in SUBSCRIPTIONS.items()
}


@pytest.fixture
def aroma(world):
    """100 points for bringing a friend, 40 for being one, and nothing for money."""
    rules = (flat(world.aroma, "referrer", 100), flat(world.aroma, "friend", 40))
    with_rules(world.aroma, *rules)
    deliver(world.aroma)
    return world.aroma


def deliver(merchant, events=()):
    """What waits, and these once more. Returns what was delivered."""
    with tenancy.scope(merchant.id):
        Event.objects.bulk_create(events, ignore_conflicts=True)
        waiting = list(Event.objects.order_by("id"))
    for event in waiting:
        outbox.deliver(merchant.id, event.id, MINE)
    return waiting


def brought_by(merchant, referrer, phone="+33611223344"):
    """A new member who joined by that one's link."""
    with tenancy.scope(merchant.id):
        return enrol_member(merchant=merchant, phone=phone, source="join", referred_by=referrer).member


def merge(merchant, stays, goes):
    with tenancy.scope(merchant.id):
        merging.merge_members(stays_id=stays.id, goes_id=goes.id, key=new_id(), actor_id=None)


def told_of(merchant):
    """Which of the two triggers were noted, and how often."""
    with tenancy.scope(merchant.id):
        assert statements.prove() == []
        assert not Event.objects.filter(last_error__gt="").exists()
        noted = Happening.objects.filter(trigger__in=("friend", "referrer")).order_by("trigger")
        return list(noted.values_list("trigger", flat=True))


def test_both_are_rewarded_after_the_first_purchase_and_never_again(world, aroma):
    ada = brought_by(aroma, world.noah)
    deliver(aroma)
    assert (points_of(aroma, world.noah), points_of(aroma, ada)) == (50, 0)
    buy(aroma, ada, 300)
    told = deliver(aroma)
    assert (points_of(aroma, world.noah), points_of(aroma, ada)) == (150, 40)
    buy(aroma, ada, 300)
    deliver(aroma, told)
    assert (points_of(aroma, world.noah), points_of(aroma, ada)) == (150, 40)
    assert told_of(aroma) == ["friend", "referrer"]


def test_each_friend_counts_for_who_brought_them(world, aroma):
    for phone in ("+33611223344", "+33611223355"):
        buy(aroma, brought_by(aroma, world.noah, phone), 300)
    deliver(aroma)
    assert points_of(aroma, world.noah) == 250


def test_who_was_brought_by_nobody_changes_nothing(world, aroma):
    buy(aroma, world.mia, 300)
    deliver(aroma)
    assert told_of(aroma) == []


def test_who_brought_themselves_gets_nothing_once_it_is_known(world, aroma):
    twin = brought_by(aroma, world.noah)
    merge(aroma, world.noah, twin)
    buy(aroma, world.noah, 300)
    deliver(aroma)
    assert points_of(aroma, world.noah) == 50
    assert told_of(aroma) == []


def test_nobody_brings_whoever_brought_them(world, aroma):
    """Noah brought Ada, and Ada somebody who turns out to be Noah."""
    ada = brought_by(aroma, world.noah)
    again = brought_by(aroma, ada, "+33611223355")
    merge(aroma, world.noah, again)
    buy(aroma, world.noah, 300)
    deliver(aroma)
    assert told_of(aroma) == []


def test_an_old_customer_in_a_new_row_is_no_friend(world, aroma):
    friend = brought_by(aroma, world.noah)
    merge(aroma, world.mia, friend)
    buy(aroma, world.mia, 300)
    deliver(aroma)
    assert points_of(aroma, world.noah) == 50
    assert told_of(aroma) == []


def test_a_friend_who_was_merged_since_still_counts_for_who_brought_them_as_that_one_is_today(world, aroma):
    stays = brought_by(aroma, None)
    friend = brought_by(aroma, world.noah, "+33611223355")
    merge(aroma, stays, friend)
    merge(aroma, world.mia, world.noah)
    buy(aroma, stays, 300)
    deliver(aroma)
    assert points_of(aroma, world.mia) == 1200 + 50 + 100
    assert points_of(aroma, stays) == 40


def test_who_was_erased_gets_nothing_and_the_friend_does(world, aroma):
    ada = brought_by(aroma, world.noah)
    with tenancy.scope(aroma.id):
        leaving.erase_member(member=world.noah, actor="member")
    buy(aroma, ada, 300)
    deliver(aroma)
    assert points_of(aroma, ada) == 40
    assert told_of(aroma) == ["friend"]


def test_a_purchase_that_was_taken_back_before_anybody_heard_is_none(world, aroma):
    ada = brought_by(aroma, world.noah)
    cancel(world, bought(world, ada, 300))
    deliver(aroma)
    assert told_of(aroma) == []
    buy(aroma, ada, 300)
    deliver(aroma)
    assert told_of(aroma) == ["friend", "referrer"]


def test_a_rule_that_comes_after_the_first_purchase_comes_too_late(world):
    with tenancy.scope(world.aroma.id):
        rules = version_in_force().rules
    ada = brought_by(world.aroma, world.noah)
    buy(world.aroma, ada, 300)
    deliver(world.aroma)
    with_rules(world.aroma, *rules, flat(world.aroma, "referrer", 100))
    buy(world.aroma, ada, 300)
    deliver(world.aroma)
    assert points_of(world.aroma, world.noah) == 50


def test_a_rule_that_is_switched_off_gives_nothing(world):
    off = dataclasses.replace(flat(world.aroma, "referrer", 100), active=False)
    with_rules(world.aroma, off, flat(world.aroma, "friend", 40))
    buy(world.aroma, brought_by(world.aroma, world.noah), 300)
    deliver(world.aroma)
    assert told_of(world.aroma) == ["friend"]


def test_a_code_names_its_member_whatever_becomes_of_the_card_and_nobody_elsewhere(world, aroma):
    code = friend_code(world.noah_card)
    with tenancy.scope(aroma.id):
        assert read_referrer(code.lower()).id == world.noah.id
        assert read_referrer(f"mem_{world.noah.id.hex}").id == world.noah.id
        for text in (code[:-1], "7" * 13, "mem_1", "hello", friend_code(world.zoe_card)):
            with pytest.raises(ReferrerUnknown):
                read_referrer(text)
    merge(aroma, world.mia, world.noah)
    with tenancy.scope(aroma.id):
        assert read_referrer(code).id == world.mia.id
        leaving.erase_member(member=world.mia, actor="member")
        with pytest.raises(ReferrerUnknown):
            read_referrer(code)


def test_joining_by_a_members_link_notes_who_brought_whom(world, aroma, client):
    address = f"/c/{aroma.slug}/join"
    page = client.get(address, {"by": friend_code(world.noah_card)}).content.decode()
    assert friend_code(world.noah_card) in page
    said = {"name": "Ada", "phone": "+33611223344", "by": friend_code(world.noah_card)}
    assert client.post(address, said).status_code == 302
    with tenancy.scope(aroma.id):
        assert Referral.objects.get().referrer_id == world.noah.id


def test_a_link_that_names_nobody_is_no_hindrance(world, aroma, client):
    said = {"name": "Ada", "phone": "+33611223344", "by": friend_code(world.zoe_card)}
    assert client.post(f"/c/{aroma.slug}/join", said).status_code == 302
    with tenancy.scope(aroma.id):
        assert not Referral.objects.exists()


def test_where_nothing_is_left_of_what_the_friend_bought_both_give_it_back_and_may_have_it_anew(world, aroma):
    ada = brought_by(aroma, world.noah)
    first = bought(world, ada, 300)
    deliver(aroma)
    assert (points_of(aroma, world.noah), points_of(aroma, ada)) == (150, 40)
    refund(world, first, 100)
    deliver(aroma)
    assert (points_of(aroma, world.noah), points_of(aroma, ada)) == (150, 40)
    refund(world, first)
    told = deliver(aroma)
    deliver(aroma, told)
    assert (points_of(aroma, world.noah), points_of(aroma, ada)) == (50, 0)
    cancel(world, bought(world, ada, 300))
    buy(aroma, ada, 300)
    told = deliver(aroma)
    deliver(aroma, told)
    assert (points_of(aroma, world.noah), points_of(aroma, ada)) == (150, 40)
    assert told_of(aroma) == ["friend", "friend", "referrer", "referrer"]


@pytest.mark.parametrize("returns", ["within_balance", "only_pending"])
def test_who_is_let_keep_it_does_not_have_it_again(world, aroma, returns):
    """The pain: a friend who buys and brings back, again and again, where what was given stays given. Noah has spent his."""
    with tenancy.scope(aroma.id):
        publishing.change_programme(
            merchant=aroma, change=lambda version: with_returns(version, returns), actor=None
        )
    ada = brought_by(aroma, world.noah)
    first = bought(world, ada, 300)
    deliver(aroma)
    use(world, world.noah, 150)
    for _again in range(2):
        cancel(world, first)
        deliver(aroma)
        first = bought(world, ada, 300)
        deliver(aroma)
        assert (points_of(aroma, world.noah), points_of(aroma, ada)) == (0, 40)


def test_a_cancellation_takes_it_back_and_another_purchase_keeps_it(world, aroma):
    ada = brought_by(aroma, world.noah)
    first, second = bought(world, ada, 300), bought(world, ada, 300)
    deliver(aroma)
    cancel(world, first)
    deliver(aroma)
    assert points_of(aroma, world.noah) == 150
    cancel(world, second)
    deliver(aroma)
    assert (points_of(aroma, world.noah), points_of(aroma, ada)) == (50, 0)


def test_it_is_taken_from_whom_they_are_today(world, aroma):
    ada = brought_by(aroma, world.noah)
    first = bought(world, ada, 300)
    deliver(aroma)
    merge(aroma, world.mia, world.noah)
    cancel(world, first)
    deliver(aroma)
    assert points_of(aroma, world.mia) == 1200 + 50

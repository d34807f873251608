"""A changed expiry gives everybody one full period from its day on, and takes nothing back that was promised."""

import threading

import pytest
from django.db import transaction

from config.subscriptions import SUBSCRIPTIONS
from core import outbox, tenancy
from core.ids import new_id
from core.models import Event
from loyalty.ledger import postings
from loyalty.ledger.models import Account, Lot
from loyalty.membership.merging import merge_members, part_members
from loyalty.programme import renewing
from loyalty.rules.types import Expiry
from tests.loyalty.membership.test_merging_at_once import all_at_once
from tests.loyalty.programme.test_lasting import ago, balance, buy, end, ends, living


def deliver(world):
    """All that waits, and what follows from it. Returns how often the books were asked."""
    asked = 0
    while waiting := due(world):
        asked += len(waiting)
        for event_id in waiting:
            outbox.deliver(world.aroma.id, event_id, SUBSCRIPTIONS)
    return asked


def due(world):
    with tenancy.scope(world.aroma.id):
        names = ("programme.published", "expiry.changed")
        return list(Event.objects.filter(name__in=names).order_by("id").values_list("id", flat=True))


def test_a_newly_enabled_expiry_bites_one_full_period_later(world):
    buy(world, world.noah, when=ago(300))
    living(world, expiry=Expiry("days", 90))
    deliver(world)
    assert ends(world, world.noah) == [(end(90), 50), (end(90), 10)]
    assert balance(world, world.noah)["expiring"][0]["amount"] == 60


def test_what_was_promised_is_kept_and_what_is_longer_is_given_to_all(world):
    living(world, expiry=Expiry("days", 30))
    deliver(world)
    buy(world, world.noah)
    living(world, expiry=Expiry("days", 10))
    deliver(world)
    assert {moment for moment, _units in ends(world, world.noah)} == {end(30)}
    living(world, expiry=Expiry("inactivity", 60))
    deliver(world)
    assert {moment for moment, _units in ends(world, world.noah)} == {end(60)}


def test_an_expiry_that_goes_lets_all_live_for_ever_but_wakes_no_dead(world):
    living(world, expiry=Expiry("days", 30))
    deliver(world)
    buy(world, world.noah, when=ago(31))
    buy(world, world.noah, when=ago(29))
    living(world, expiry=Expiry())
    deliver(world)
    assert [moment for moment, _units in ends(world, world.noah)] == [end(-1), None, None]
    assert balance(world, world.noah)["available"] == 60


def test_done_late_and_twice_it_comes_to_what_is_in_force_now(world):
    living(world, expiry=Expiry("days", 30))
    living(world, expiry=Expiry())
    deliver(world)
    assert ends(world, world.noah) == [(None, 50)]
    living(world, expiry=Expiry("months", 1))
    with tenancy.scope(world.aroma.id):
        event = Event.objects.filter(name="programme.published").last()
    deliver(world)
    given = ends(world, world.noah)
    with tenancy.scope(world.aroma.id):
        renewing.renew_after_publishing(event)
    deliver(world)
    assert ends(world, world.noah) == given


def test_a_version_that_leaves_the_expiry_alone_asks_nobody(world):
    living(world, names={"en": ("bean", "beans"), "fr": ("grain", "grains")})
    with tenancy.scope(world.aroma.id):
        before = set(due(world))
    for event_id in before:
        outbox.deliver(world.aroma.id, event_id, SUBSCRIPTIONS)
    assert due(world) == []


def test_many_accounts_are_done_some_at_a_time(world, monkeypatch):
    monkeypatch.setattr(renewing, "AT_ONCE", 1)
    living(world, expiry=Expiry("days", 90))
    accounts = 2  # Mia's and Noah's
    published = len(due(world))
    assert deliver(world) == published + accounts + 1
    for member in (world.mia, world.noah):
        assert {moment for moment, _units in ends(world, member)} == {end(90)}


@pytest.mark.parametrize("kind", ["inactivity", "days"])
def test_units_given_after_the_change_live_by_it_from_the_first(world, kind):
    living(world, expiry=Expiry(kind, 30))
    buy(world, world.noah)
    deliver(world)
    assert {moment for moment, _units in ends(world, world.noah)} == {end(30)}
    assert balance(world, world.noah)["available"] == 60


@pytest.mark.parametrize(
    ("given", "renewed", "lives"),
    [
        (Expiry("days", 30), Expiry("days", 90), 90),
        (Expiry("days", 30), Expiry(), None),
        (Expiry(), Expiry("days", 90), 90),
    ],
)
@pytest.mark.parametrize("vesting", ["at_once", "days"])
def test_what_was_renewed_while_merged_keeps_its_end_when_they_part(world, given, renewed, lives, vesting):
    living(world, expiry=given, vesting=vesting, vesting_days=14)
    buy(world, world.noah)
    with tenancy.scope(world.aroma.id):
        done = merge_members(stays_id=world.mia.id, goes_id=world.noah.id, key=new_id(), actor_id=None)
    living(world, expiry=renewed)
    deliver(world)
    with tenancy.scope(world.aroma.id):
        part_members(merge_id=done.id, actor_id=None)
        bought = Lot.objects.filter(account_id=account(world.noah), granted=10).get()
    assert bought.expires_at == (end(lives) if lives else None)
    assert bought.available + bought.pending == 10
    balance(world, world.noah)


def test_what_still_waits_is_not_given_an_end_before_its_day(world):
    living(world, vesting="days", vesting_days=60)
    buy(world, world.noah)
    living(world, expiry=Expiry("days", 30), vesting="at_once")
    deliver(world)
    with tenancy.scope(world.aroma.id):
        waiting = Lot.objects.get(account_id=account(world.noah), pending__gt=0)
    assert waiting.expires_at is None
    assert ends(world, world.noah) == [(end(30), 50)]


def account(member):
    return Account.objects.get(member_id=member.id).id


def test_whoever_has_locks_waits_for_nobody(committed_db, world):
    with tenancy.scope(world.aroma.id):
        first, last = Account.objects.filter(member_id__in=[world.mia.id, world.noah.id]).order_by("id")
    both, said = threading.Barrier(2, timeout=5), []

    def till():  # locks the last account, then the first: the other order
        with tenancy.scope(world.aroma.id):
            postings.lock(last.member_id)
            both.wait()
            both.wait()
            postings.lock(first.member_id)

    def renew():
        both.wait()
        with tenancy.scope(world.aroma.id), transaction.atomic():
            named = {"unit_id": first.unit_id, "until": end(90), "most": 500}
            said.append(postings.renew(after=None, **named))
            both.wait()
        with tenancy.scope(world.aroma.id):
            said.append(postings.renew(after=said[0], **named))

    assert all_at_once(till, renew) == [None, None]
    assert said == [first.id, last.id]
    for member in (world.mia, world.noah):
        assert {moment for moment, _units in ends(world, member)} == {end(90)}

"""Merges and un-merges at once with purchases, erasures, refunds and each other: the books right, nobody lost."""

import threading

from django.db import connections

from core import tenancy
from core.errors import DomainError
from core.ids import new_id
from loyalty.locking import TooBusy
from loyalty.membership.joining import enrol_member
from loyalty.membership.leaving import erase_member
from loyalty.models import Merge, Purchase, Standing
from loyalty.programme import versions
from loyalty.purchases import earning
from members.cards import MemberUnknown, Scanned
from members.models import Member
from tests.loyalty.membership.test_merging import merge, part, problems
from tests.loyalty.purchases.test_cancelling import cancel
from tests.world import buy, make_world, points_of


def a_world_with_a_double(spent=10_000):
    versions.forget_versions()
    world = make_world()
    with tenancy.scope(world.aroma.id):
        double = enrol_member(merchant=world.aroma, name="Mia", phone="+33611111111", source="join").member
    buy(world.aroma, double, spent)
    return world, double


def all_at_once(*works):
    """Each in a thread of its own, all started together. What each was refused with, or None."""
    start, ends = threading.Barrier(len(works)), [None] * len(works)

    def run(place, work):
        start.wait()
        try:
            work()
        except DomainError as refusal:
            ends[place] = refusal
        except Exception as problem:  # noqa: BLE001  a deadlock, say: the assertion shows it
            ends[place] = problem
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def patiently(work, *said, **named):
    """As a till does that is told "busy": again with the same key, until it is done."""
    while True:
        try:
            return work(*said, **named)
        except TooBusy:
            continue


def merged_count(world):
    with tenancy.scope(world.aroma.id):
        return Member.objects.filter(merged_into__isnull=False).count()


def test_each_into_the_other_at_once_leaves_one_who_stays(committed_db):
    world, double = a_world_with_a_double()
    ends = all_at_once(lambda: merge(world, world.mia, double), lambda: merge(world, double, world.mia))
    assert sorted(type(end).__name__ for end in ends) == ["AlreadyMerged", "NoneType"]
    assert merged_count(world) == 1
    assert points_of(world.aroma, world.mia) + points_of(world.aroma, double) == 1350
    assert problems(world) == []


def test_the_same_key_sixteen_times_at_once_merges_once(committed_db):
    world, double = a_world_with_a_double()
    key = new_id()
    assert all_at_once(*[lambda: merge(world, world.mia, double, key=key)] * 16) == [None] * 16
    with tenancy.scope(world.aroma.id):
        assert Merge.objects.count() == 1
    assert points_of(world.aroma, world.mia) == 1350
    assert problems(world) == []


def test_purchases_of_both_while_they_are_merged_and_parted_all_count(committed_db):
    world, double = a_world_with_a_double()
    done = []

    def back_and_forth():
        for _time in range(4):
            done.append(merge(world, world.mia, double))
            part(world, done[-1])
        done.append(merge(world, world.mia, double))

    def shop(member):
        for _time in range(6):
            patiently(buy, world.aroma, member, 1_000, key=new_id())

    ends = all_at_once(back_and_forth, lambda: shop(world.mia), lambda: shop(double))
    assert ends == [None, None, None]
    with tenancy.scope(world.aroma.id):
        assert Purchase.objects.count() == 4 + 12
        assert Standing.objects.get(member=world.mia).progress_minor == 93_400 + 10_000 + 12_000
    assert points_of(world.aroma, double) == 0
    assert problems(world) == []


def test_a_purchase_judged_before_a_merge_is_written_for_the_one_who_stays(committed_db, world, monkeypatch):
    read, merged = earning._read, []

    def merge_after_reading(*args):
        state = read(*args)
        if not merged:
            merged.append(merge(world, world.mia, world.noah))
        return state

    monkeypatch.setattr(earning, "_read", merge_after_reading)
    buy(world.aroma, world.noah, 1_000)
    with tenancy.scope(world.aroma.id):
        assert Purchase.objects.latest("id").member_id == world.mia.id
    assert points_of(world.aroma, world.mia) == 1200 + 50 + 15
    assert problems(world) == []


def test_a_member_erased_while_it_is_merged_is_gone_either_way(committed_db):
    world, double = a_world_with_a_double()

    def erase():
        with tenancy.scope(world.aroma.id):
            erase_member(member=world.mia, actor="member")

    ends = all_at_once(lambda: merge(world, world.mia, double), erase)
    assert ends[1] is None
    assert ends[0] is None or isinstance(ends[0], MemberUnknown)
    with tenancy.scope(world.aroma.id):
        rows = Member.objects.in_bulk([world.mia.id, double.id])
    assert rows[world.mia.id].erased_at is not None
    assert (rows[double.id].erased_at is not None) == (rows[double.id].merged_into_id is not None)
    assert problems(world) == []


def test_refunds_of_both_while_they_are_merged_and_parted(committed_db):
    world, double = a_world_with_a_double()
    for _time in range(4):
        buy(world.aroma, double, 2_000)
        buy(world.aroma, world.mia, 2_000)
    with tenancy.scope(world.aroma.id):
        bought = list(Purchase.objects.filter(amount_minor=2_000).values_list("id", flat=True))

    def back_and_forth():
        for _time in range(4):
            part(world, merge(world, world.mia, double))

    def take_back(ids):
        for purchase_id in ids:
            patiently(cancel, world, purchase_id, key=new_id())

    ends = all_at_once(back_and_forth, lambda: take_back(bought[::2]), lambda: take_back(bought[1::2]))
    assert ends == [None, None, None]
    assert points_of(world.aroma, world.mia) + points_of(world.aroma, double) == 1350
    assert problems(world) == []


def test_a_card_of_the_merged_one_earns_for_the_one_who_stays(committed_db, world):
    merge(world, world.mia, world.noah)
    for who in (
        Scanned(serial=world.noah_card.serial, generation=world.noah_card.generation),
        Scanned(spoken_code=world.noah_card.spoken_code),
        Scanned(phone="+33698765432"),
        Scanned(member_id=world.noah.id),
    ):
        bought = earning.NewPurchase(who=who, amount_minor=1_000, channel="api", asked=[str(who)])
        answered = earning.record_purchase(merchant=world.aroma, bought=bought, key=new_id())
        assert '"name":"Mia"' in answered.body
    assert points_of(world.aroma, world.mia) == 1200 + 50 + 4 * 15
    assert problems(world) == []

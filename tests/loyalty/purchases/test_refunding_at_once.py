"""Refunds at once with others: with themselves, a cancellation, purchases, an erasure, a correction."""

import threading

import orjson
import pytest
from django.db import connections

from core import tenancy
from core.errors import DomainError
from core.ids import new_id
from core.models import Answer
from loyalty.membership.leaving import erase_member
from loyalty.membership.story import story_of
from loyalty.models import Note, Purchase, Refund, Standing
from loyalty.units.adjusting import adjust_units
from tests.loyalty.membership.test_merging import enrolled, merge, part
from tests.loyalty.purchases.test_cancelling import bought, cancel, problems, standing, use
from tests.loyalty.purchases.test_cancelling_at_once import while_uncommitted
from tests.loyalty.purchases.test_refunding import balance_of, refund
from tests.world import World, buy


@pytest.fixture
def committed(committed_db, world) -> World:
    """The cast, committed, so that threads see it."""
    return world


def all_at_once(*works):
    """Run these in threads that begin together; how each ended: a status, or the code of its refusal."""
    ends, start = [], threading.Barrier(len(works))

    def run(work):
        start.wait()
        try:
            ends.append(getattr(work(), "status", 200))
        except DomainError as refusal:
            ends.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def test_twelve_halves_at_once_refund_two(committed):
    purchase_id = bought(committed, committed.mia, 1_200)
    ends = all_at_once(*[lambda: refund(committed, purchase_id, 600)] * 12)
    assert sorted(map(str, ends)) == ["201"] * 2 + ["refund_exceeds_purchase"] * 10
    assert balance_of(committed, committed.mia) == 1200
    assert problems(committed) == []


def test_one_key_at_once_refunds_once(committed):
    purchase_id, key = bought(committed, committed.mia, 1_200), new_id()
    assert all_at_once(*[lambda: refund(committed, purchase_id, 100, key=key)] * 12) == [201] * 12
    with tenancy.scope(committed.aroma.id):
        assert Refund.objects.count() == 1
    assert problems(committed) == []


def test_refunds_of_what_was_used_already_are_owed_one_after_the_other(committed):
    purchase_id = bought(committed, committed.noah, 1_000)
    use(committed, committed.noah, 60)
    assert all_at_once(*[lambda: refund(committed, purchase_id, 100)] * 10) == [201] * 10
    assert standing(committed, committed.noah).debt == 10
    assert problems(committed) == []


def test_a_refund_and_a_cancellation_at_once_take_back_once(committed):
    ids = [bought(committed, committed.mia, 1_200) for _i in range(6)]
    works = [
        work
        for each in ids
        for work in (lambda i=each: refund(committed, i, 500), lambda i=each: cancel(committed, i))
    ]
    ends = all_at_once(*works)
    assert [end for end in ends if end not in {201, "purchase_cancelled"}] == []
    with tenancy.scope(committed.aroma.id):
        assert not Purchase.objects.filter(id__in=ids, cancelled_at=None).exists()
    assert balance_of(committed, committed.mia) == 1200
    assert problems(committed) == []


def test_refunds_purchases_and_corrections_of_one_member_at_once_leave_the_books_right(committed):
    ids = [bought(committed, committed.mia, 1_200) for _i in range(5)]

    def correct():
        with tenancy.scope(committed.aroma.id):
            return adjust_units(
                member_id=committed.mia.id,
                unit="points",
                amount=-7,
                reason="test",
                key=new_id(),
                actor_id=None,
            )

    works = [lambda i=each: refund(committed, i) for each in ids]
    works += [lambda: buy(committed.aroma, committed.mia, 1_200)] * 5
    ends = all_at_once(*works, *[correct] * 5)
    assert {200, 201} >= set(ends)
    assert balance_of(committed, committed.mia) == 1200 + 5 * 18 - 5 * 7
    with tenancy.scope(committed.aroma.id):
        assert Standing.objects.get(member=committed.mia).purchases == 8
    assert problems(committed) == []


def test_a_member_erased_while_a_purchase_is_refunded_is_named_nowhere(committed):
    purchase_id, key = bought(committed, committed.mia, 1_200), new_id()
    while_uncommitted(
        committed,
        lambda: erase_member(member=committed.mia, actor="member"),
        lambda: refund(committed, purchase_id, 500, key=key, reason="Mia was unhappy"),
    )
    with tenancy.scope(committed.aroma.id):
        kept = orjson.loads(Answer.objects.get(key=key).body)
        assert not Note.objects.exists()
    assert kept["member"]["name"] == ""
    assert problems(committed) == []


def test_debts_are_told_in_the_order_of_the_books_whoever_began_first(committed):
    purchase_id = bought(committed, committed.noah, 1_000)
    use(committed, committed.noah, 60)
    with tenancy.scope(committed.aroma.id):  # began, and does its own only when the other is done
        assert all_at_once(lambda: refund(committed, purchase_id, 300)) == [201]
        refund(committed, purchase_id, 200)
        lines = story_of(committed.noah.id, limit=2)
    assert [(line.amount, line.balance) for line in lines] == [(-2, -5), (-3, -3)]
    assert problems(committed) == []


def test_a_purchase_refunded_while_its_member_is_merged_is_refunded_to_the_one_who_stays(committed):
    double = enrolled(committed, phone="+33611111111")
    purchase_id = bought(committed, double, 1_000)
    while_uncommitted(
        committed,
        lambda: merge(committed, committed.noah, double),
        lambda: refund(committed, purchase_id),
    )
    assert (balance_of(committed, committed.noah), balance_of(committed, double)) == (100, 0)
    assert standing(committed, committed.noah).progress == 0
    assert problems(committed) == []


def test_a_purchase_refunded_while_its_member_is_parted_again_is_refunded_to_its_own(committed):
    double = enrolled(committed, phone="+33611111111")
    purchase_id = bought(committed, double, 1_000)
    merged = merge(committed, committed.noah, double)
    while_uncommitted(committed, lambda: part(committed, merged), lambda: refund(committed, purchase_id))
    assert (balance_of(committed, committed.noah), balance_of(committed, double)) == (50, 50)
    assert problems(committed) == []

"""Cancellations at once with others: with themselves, purchases, an erasure, a published ladder."""

import threading

import orjson
from django.db import connection, connections

from core import tenancy
from core.ids import new_id
from core.models import Answer
from loyalty.ledger.models import Account
from loyalty.membership.leaving import erase_member
from loyalty.models import Standing, Tier
from loyalty.programme import tiers
from loyalty.purchases import undoing
from loyalty.purchases.cancelling import PurchaseCancelled, cancel_purchase
from loyalty.standings import lifting
from tests.loyalty.purchases.test_cancelling import bought, cancel, problems, raise_gold_to, standing
from tests.loyalty.ruled import publish
from tests.world import buy, points_of


def test_twenty_at_once_take_back_once(committed_db, world):
    purchase_id = bought(world, world.mia, 1_200)
    ends, start = [], threading.Barrier(20)

    def press():
        start.wait()
        try:
            ends.append(cancel(world, purchase_id).status)
        except PurchaseCancelled:
            ends.append(409)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _i in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == [201] + [409] * 19
    assert points_of(world.aroma, world.mia) == 1200
    assert problems(world) == []


def test_purchases_and_cancellations_of_one_member_at_once_leave_the_books_right(committed_db, world):
    ids = [bought(world, world.mia, 1_200) for _i in range(6)]
    threads = [threading.Thread(target=_closing, args=(cancel, world, one)) for one in ids]
    threads += [threading.Thread(target=_closing, args=(buy, world.aroma, world.mia, 1_200)) for _i in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert points_of(world.aroma, world.mia) == 1200 + 6 * 18
    with tenancy.scope(world.aroma.id):
        assert Standing.objects.get(member=world.mia).purchases == 9
        assert Account.objects.get(member_id=world.mia.id).debt == 0
    assert problems(world) == []


def _closing(work, *said):
    try:
        work(*said)
    finally:
        connections.close_all()


def while_uncommitted(world, change, work, then=lambda: None):
    """Run `work` in another thread against a `change` that is made, and commits once `work` waits for it; `then` before."""
    thread = threading.Thread(target=_closing, args=(work,))
    with tenancy.scope(world.aroma.id), connection.cursor() as cursor:
        change()
        thread.start()
        while thread.is_alive():
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                break
        then()
    thread.join()


def test_a_member_erased_while_a_purchase_is_cancelled_is_not_named_in_the_answer(committed_db, world):
    purchase_id, key = bought(world, world.mia, 1_200), new_id()
    while_uncommitted(
        world,
        lambda: erase_member(member=world.mia, actor="member"),
        lambda: cancel(world, purchase_id, key=key),
    )
    with tenancy.scope(world.aroma.id):
        kept = orjson.loads(Answer.objects.get(key=key).body)
    assert kept["member"]["name"] == ""
    assert problems(world) == []


def test_a_ladder_published_while_a_purchase_is_cancelled_leaves_no_tier_too_high(committed_db, world):
    bought(world, world.noah, 40_000)
    purchase_id = bought(world, world.noah, 8_000)

    def cancel_uncommitted():
        cancel_purchase(merchant=world.aroma, purchase_id=purchase_id, key=new_id(), actor_id=None)

    def publish():  # 480 earns Gold now, 400 does not
        raise_gold_to(world, 45_000)

    while_uncommitted(world, cancel_uncommitted, publish)
    with tenancy.scope(world.aroma.id):
        lifting.lift_standings()
    assert standing(world, world.noah).tier.name == "Silver"


def test_a_tier_removed_while_a_purchase_is_cancelled_is_not_given(committed_db, monkeypatch, world):
    bought(world, world.noah, 30_000)
    purchase_id = bought(world, world.noah, 30_000)
    judge, removed = undoing.step_back, []

    def remove_meanwhile():
        with tenancy.scope(world.aroma.id):
            publish(world.aroma, tiers.removing(tier_id=Tier.objects.get(name="Silver").id))
        removed.append(True)

    def judge_then_remove(*facts, **today):
        judged = judge(*facts, **today)
        if not removed:
            thread = threading.Thread(target=_closing, args=(remove_meanwhile,))
            thread.start()
            thread.join()
        return judged

    monkeypatch.setattr(undoing, "step_back", judge_then_remove)
    answer = orjson.loads(cancel(world, purchase_id).body)
    assert (removed, answer["tier"]["name"]) == ([True], "Bronze")

"""Purchases at once: racing each other, the same key, a published programme, a spend."""

import json
import threading
from uuid import UUID

from django.db import connections

from core import tenancy
from core.idempotency import KeyReused
from core.ids import new_id
from loyalty.ledger import postings, statements
from loyalty.models import Standing
from loyalty.programme import tiers, versions
from loyalty.purchases import earning
from members import cards
from tests.loyalty.purchases.test_earning import purchase_of, record, rotating
from tests.loyalty.ruled import publish
from tests.world import buy, points_of


def at_once(count, work):
    """Run `work(index)` in so many threads that start together; their results, exceptions included."""
    barrier, results = threading.Barrier(count), [None] * count

    def run(index):
        barrier.wait()
        try:
            results[index] = work(index)
        except Exception as problem:  # noqa: BLE001  the test looks at it
            results[index] = problem
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_the_same_purchase_twenty_times_at_once_is_one_purchase(committed_db, world):
    key, bought = new_id(), purchase_of(rotating(world, world.mia_card))
    results = at_once(20, lambda _index: record(world, bought, key))
    assert {result.body for result in results} == {results[0].body}
    assert sum(not result.replayed for result in results) == 1
    assert points_of(world.aroma, world.mia) == 1218


def test_twenty_purchases_of_one_member_at_once_all_land(committed_db, world):
    results = at_once(
        20, lambda _index: record(world, purchase_of(cards.Scanned(member_id=world.noah.id), 1000))
    )
    balances = sorted(json.loads(result.body)["balances"]["points"]["available"] for result in results)
    assert balances == [60 + 10 * index for index in range(20)]
    with tenancy.scope(world.aroma.id):
        assert statements.prove() == []


def test_one_rotating_code_at_two_tills_at_once_is_one_purchase(committed_db, world):
    scanned = rotating(world, world.mia_card)
    results = at_once(4, lambda _index: record(world, purchase_of(scanned)))
    assert sum(isinstance(result, cards.CardAlreadyUsed) for result in results) == 3
    assert points_of(world.aroma, world.mia) == 1218


def test_the_same_key_for_two_members_at_once_serves_one_of_them(committed_db, world):
    key = new_id()
    members = [world.mia, world.noah]
    results = at_once(
        8, lambda index: record(world, purchase_of(cards.Scanned(member_id=members[index % 2].id)), key)
    )
    assert sum(isinstance(result, KeyReused) for result in results) == 4
    assert points_of(world.aroma, world.mia) + points_of(world.aroma, world.noah) in (1268, 1262)


def test_publishing_while_purchases_land_loses_no_standing(committed_db, world):

    def work(index):
        if index % 2:
            return record(world, purchase_of(cards.Scanned(member_id=world.noah.id), 10_000))
        with tenancy.scope(world.aroma.id):
            ladder = versions.version_in_force().tiers
            lower = tiers.setting(
                tier_id=ladder[1].id, name="Silver", threshold_minor=20_000 + index, multiplier_percent=125
            )
            return publish(world.aroma, lower)

    results = at_once(8, work)
    assert not [result for result in results if isinstance(result, Exception)]
    with tenancy.scope(world.aroma.id):
        assert Standing.objects.select_related("tier").get(member=world.noah).tier.name == "Silver"
        assert statements.prove() == []


def test_points_spent_while_a_purchase_is_judged_show_in_its_answer(committed_db, monkeypatch, world):
    """Also when the purchase itself earns nothing: the balance it tells must be true."""
    read = earning._read
    spent = []

    def spend_after_reading(*args):
        state = read(*args)
        if not spent:
            spent.append(True)
            with tenancy.scope(world.aroma.id):
                account = statements.balances(world.mia.id)[0]
                postings.spend(
                    account_id=account.account_id,
                    amount=1000,
                    key=new_id(),
                    reasons={},
                    cause_id=None,
                    actor_id=None,
                )
        return state

    monkeypatch.setattr(earning, "_read", spend_after_reading)
    answer = json.loads(buy(world.aroma, world.mia, 50))
    assert answer["balances"]["points"]["available"] == 200


def test_a_purchase_judged_before_its_tier_left_the_ladder_is_judged_again(committed_db, monkeypatch, world):
    read = earning._read
    removed = []

    def remove_after_reading(*args):
        state = read(*args)
        if not removed:
            removed.append(True)
            with tenancy.scope(world.aroma.id):
                silver = next(tier for tier in versions.version_in_force().tiers if tier.name == "Silver")
                publish(world.aroma, tiers.removing(tier_id=UUID(silver.id)))
        return state

    monkeypatch.setattr(earning, "_read", remove_after_reading)
    answer = json.loads(buy(world.aroma, world.noah, 30_000))
    assert answer["tier"]["name"] == "Bronze"
    with tenancy.scope(world.aroma.id):
        assert statements.prove() == []

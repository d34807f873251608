"""What was used while two were one, and is given back by hand and with its purchase at once, after they were parted."""

import json
import threading
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, connections

from core import tenancy
from core.errors import DomainError
from core.ids import new_id, read_id
from core.models import Event
from loyalty.ledger import statements
from loyalty.locking import lock_member
from loyalty.models import Unit
from loyalty.purchases.cancelling import cancel_purchase
from rewards import crossings, voiding
from rewards.declines import VoucherClosed
from rewards.handing import capture_redemption
from rewards.models import Redemption
from rewards.voiding import give_back_with, void_redemption
from rewards.vouchers import issue_voucher
from tests.analytics.test_rollups import deliver_all
from tests.loyalty.membership.test_merging import merge, part
from tests.loyalty.purchases.test_cancelling_at_once import while_uncommitted
from tests.rewards.offering import left, offered
from tests.rewards.test_at_once import set_aside
from tests.servers import wait_for
from tests.world import buy

WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"


@pytest.fixture
def aroma(committed_db, world):
    """All that its cast began with is told; the books are proven at the end."""
    deliver_all(world.aroma)
    yield world.aroma
    with tenancy.scope(world.aroma.id):
        assert statements.prove() == []


def a_reward(aroma, name, **said):
    with tenancy.scope(aroma.id):
        return offered(name=name, unit_id=Unit.objects.get(code="points").id, stock=5, **said)


def used_as_one(world, *redemption_ids) -> UUID:
    """On one purchase of Mia's, while Noah was one with her."""
    done = merge(world, world.mia, world.noah)
    purchase_id = read_id("pur", json.loads(buy(world.aroma, world.mia, 1_000))["id"])
    for one in redemption_ids:
        capture_redemption(merchant=world.aroma, redemption_id=one, key=new_id(), purchase_id=purchase_id)
    part(world, done)
    return purchase_id


def cancel(world, purchase_id):
    cancel_purchase(merchant=world.aroma, purchase_id=purchase_id, key=new_id(), actor_id=None)


def void(world, redemption_id):
    with tenancy.scope(world.aroma.id):
        void_redemption(merchant=world.aroma, redemption_id=redemption_id, key=new_id(), actor_id=None)


def is_waited_for():
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return cursor.fetchone()[0] > 0


def test_what_cost_nothing_waits_in_no_circle(aroma, world, monkeypatch):
    reward = a_reward(aroma, "Tea", cost=10, valid_days=30)
    with tenancy.scope(aroma.id):
        who = {"reward_id": reward.id, "member_id": world.noah.id}
        issue_voucher(merchant=aroma, key=new_id(), actor_id=None, **who)
        free = Redemption.objects.get()
    purchase_id = used_as_one(world, free.id)
    failed, lock_stock = [], voiding.lock_stock

    def by_hand():
        try:
            void(world, free.id)
        except (DomainError, DatabaseError) as problem:
            failed.append(problem)
        finally:
            connections.close_all()

    till = threading.Thread(target=by_hand)

    def locked_as_the_till_comes(reward_ids):
        lock_stock(reward_ids)
        till.start()
        wait_for(is_waited_for, what="the till to wait for us")

    monkeypatch.setattr(voiding, "lock_stock", locked_as_the_till_comes)
    with tenancy.scope(aroma.id):
        cancel(world, purchase_id)
    with tenancy.scope(aroma.id):
        give_back_with(purchase_id, actor_id=None)
    till.join()
    assert [type(one) for one in failed] == [VoucherClosed]
    with tenancy.scope(aroma.id):
        assert (Redemption.objects.get().status, left(reward)) == ("voided", 5)


def test_what_comes_at_a_balance_meanwhile_waits_for_no_member_with_the_stock(aroma, world):
    by_itself = a_reward(aroma, "By itself", cost=5_000, auto="at_balance")
    his = set_aside(world, a_reward(aroma, "Tea", cost=15), world.noah)
    hers = set_aside(world, a_reward(aroma, "Pie", cost=100), world.mia)
    purchase_id = used_as_one(world, his, hers)
    void(world, his)
    with tenancy.scope(aroma.id):
        cancel(world, purchase_id)
        event = Event.objects.get(
            name="points.returned", payload__member=str(world.noah.id), payload__cause=str(purchase_id)
        )
    failed = []

    def follow():
        try:
            with tenancy.scope(aroma.id):
                crossings.follow_units(event)
        except (DomainError, DatabaseError) as problem:
            failed.append(problem)

    while_uncommitted(
        world,
        lambda: lock_member(world.noah.id),  # as whoever gives him one does first
        follow,
        then=lambda: issue_voucher(
            merchant=aroma, reward_id=by_itself.id, member_id=world.noah.id, key=new_id(), actor_id=None
        ),
    )
    assert failed == []
    with tenancy.scope(aroma.id):
        statuses = Redemption.objects.order_by("id").values_list("status", flat=True)
        assert list(statuses) == ["voided", "voided", "held"]
        assert left(by_itself) == 4

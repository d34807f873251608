"""The outbox: every event delivered, each subscriber once, one failure alone."""

import threading

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, connections, transaction

from analytics.models import DailyFigure
from config.subscriptions import SUBSCRIPTIONS
from core import events, outbox, tenancy
from core.models import AuditRow, Event
from tests.world import buy


def clear(merchant):
    with tenancy.scope(merchant.id):
        Event.objects.all().delete()


def record(merchant, name="thing.happened"):
    with tenancy.scope(merchant.id):
        return events.record(name, {"n": 1})


def test_an_event_goes_when_every_subscriber_has_had_it(world):
    clear(world.aroma)
    event, had = record(world.aroma), []
    outbox.deliver(world.aroma.id, event.id, {"thing.happened": {"a": had.append, "b": had.append}})
    assert [one.payload for one in had] == [{"n": 1}, {"n": 1}]
    with tenancy.scope(world.aroma.id):
        assert not Event.objects.exists()


def test_an_event_nobody_listens_to_goes_too(world):
    clear(world.aroma)
    outbox.deliver(world.aroma.id, record(world.aroma).id, {"thing.happened": {}})
    with tenancy.scope(world.aroma.id):
        assert not Event.objects.exists()


def test_an_event_of_a_newer_program_waits_for_a_newer_worker(world):
    clear(world.aroma)
    outbox.deliver(world.aroma.id, record(world.aroma).id, {"another.thing": {}})
    with tenancy.scope(world.aroma.id):
        assert Event.objects.get().attempts == 1


def test_an_error_that_cannot_be_kept_does_not_stop_the_events_behind_it(world):
    clear(world.aroma)
    event = record(world.aroma)

    def fails(_event):
        raise RuntimeError("bad\x00byte")

    outbox.deliver(world.aroma.id, event.id, {"thing.happened": {"fails": fails}})
    with tenancy.scope(world.aroma.id):
        assert Event.objects.get().last_error == "fails: badbyte"


def test_a_failing_subscriber_loses_its_effect_and_is_tried_again_alone(world):
    clear(world.aroma)
    event, had = record(world.aroma), []

    def fails(_event):
        DailyFigure.objects.create(day="2026-01-01")
        raise RuntimeError("mail server away")

    subscriptions = {"thing.happened": {"fails": fails, "works": had.append}}
    outbox.deliver(world.aroma.id, event.id, subscriptions)
    with tenancy.scope(world.aroma.id):
        waiting = Event.objects.get()
        assert waiting.done == ["works"]
        assert (waiting.attempts, waiting.last_error) == (1, "fails: mail server away")
        assert waiting.due_at > waiting.recorded_at
        assert not DailyFigure.objects.filter(day="2026-01-01").exists()
    subscriptions["thing.happened"]["fails"] = had.append
    outbox.deliver(world.aroma.id, event.id, subscriptions)
    assert len(had) == 2
    with tenancy.scope(world.aroma.id):
        assert not Event.objects.exists()


def test_delivering_twice_is_having_it_once(world):
    clear(world.aroma)
    event, had = record(world.aroma), []
    for _time in range(2):
        outbox.deliver(world.aroma.id, event.id, {"thing.happened": {"a": had.append}})
    assert len(had) == 1


def test_two_workers_with_the_same_event_deliver_it_once(committed_db, world):
    clear(world.aroma)
    event, had, first_is_in, go_on = record(world.aroma), [], threading.Event(), threading.Event()

    def slow(one):
        had.append(one)
        first_is_in.set()
        go_on.wait(10)

    def deliver():
        outbox.deliver(world.aroma.id, event.id, {"thing.happened": {"a": slow}})
        connections.close_all()

    first = threading.Thread(target=deliver)
    first.start()
    assert first_is_in.wait(10)
    outbox.deliver(world.aroma.id, event.id, {"thing.happened": {"a": slow}})
    go_on.set()
    first.join()
    assert len(had) == 1


def test_the_relay_leases_due_events_of_all_merchants_once(committed_db, world):
    leased = outbox.lease_due()
    assert set(leased) == {world.aroma.id, world.bloom.id}
    assert sum(map(len, leased.values())) == outbox.waiting()
    assert outbox.lease_due() == {}


def test_an_event_of_another_merchant_cannot_be_delivered_under_ones_name(world):
    clear(world.aroma)
    event, had = record(world.aroma), []
    outbox.deliver(world.bloom.id, event.id, {"thing.happened": {"a": had.append}})
    assert had == []


def test_an_event_is_written_with_its_change_or_not_at_all(world):
    clear(world.aroma)

    def change_and_fail():
        with tenancy.scope(world.aroma.id):
            events.record("thing.happened", {})
            connection.cursor().execute("SELECT 1/0")

    with pytest.raises(DatabaseError, match="division by zero"):
        change_and_fail()
    with tenancy.scope(world.aroma.id):
        assert not Event.objects.exists()


def test_every_event_that_the_code_records_is_in_the_list_of_subscriptions():
    import re
    from pathlib import Path

    root = Path(__file__).resolve().parents[2]
    sources = [*root.glob("*/**/*.py"), *root.glob("loyalty/**/*.sql")]
    text = "".join(
        path.read_text()
        for path in sources
        if not {".venv", "tests", "subscriptions.py"} & set(path.parts)  # the list itself proves nothing
    )
    recorded = set(re.findall(r'(?:events\.|\b_)record\(\s*"([a-z_.]+)"', text))
    recorded |= (
        set(re.findall(r'"(reward\.[a-z_]+|voucher\.[a-z]+ed|link\.[a-z]+ed)"', text))
        | set(re.findall(r"'(points\.[a-z_]+)'", text))
        | set(re.findall(r'Event\(name="([a-z_.]+)"', text))
        | {"purchase.recorded", "tier.reached"}
    )
    assert recorded == set(SUBSCRIPTIONS)


def test_a_real_worker_empties_the_outbox_and_redis_may_forget_everything(committed_db, worker, world):
    buy(world.aroma, world.noah, 1000)
    outbox.lease_due()  # a relay took the hints …
    cache.clear()  # … and Redis lost them
    with tenancy.scope(world.aroma.id):
        Event.objects.update(due_at="2026-01-01T00:00:00Z")  # what the lease's end does, a minute later
    with tenancy.scope(world.bloom.id):
        Event.objects.update(due_at="2026-01-01T00:00:00Z")
    worker.deliver()
    assert outbox.waiting() == 0
    with tenancy.scope(world.aroma.id):
        assert sum(DailyFigure.objects.values_list("purchases", flat=True)) == 4


def test_what_staff_and_keys_changed_stays_in_the_audit_when_the_outbox_has_forgotten(world):
    from tests.analytics.test_rollups import deliver_all

    deliver_all(world.aroma)
    with tenancy.scope(world.aroma.id):
        kept = set(AuditRow.objects.values_list("name", flat=True))
        assert {"merchant.opened", "programme.published", "api_key.made", "member.joined"} <= kept
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            AuditRow.objects.update(name="nothing happened")

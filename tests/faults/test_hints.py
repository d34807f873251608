"""Hints may be lost, repeated and reordered, and Redis may forget everything or be away: the outbox is in the database."""

import pytest

from tests.faults import truth
from tests.faults.stage import DUE_NOW
from tests.faults.storm import Storm
from tests.servers import wait_for

pytestmark = [pytest.mark.slow, pytest.mark.fault]

TEN_MINUTES_LATER = """
UPDATE core_event SET due_at = due_at - interval '10 min', recorded_at = recorded_at - interval '10 min'
WHERE merchant_id = %s
"""


def some_events(stage, count=30):
    """So many answers of clients, and what follows from them waiting."""
    with Storm(stage, clients=3) as storm:
        storm.until(count)


def test_hints_repeated_and_out_of_order_have_each_effect_once(stage, house, dice):
    some_events(stage)
    ids = [str(event) for event in stage.event_ids() * 3]
    dice.shuffle(ids)
    while ids:  # batches that overlap, taken by four threads at once
        part, ids = ids[:7], ids[7:]
        house.hint("deliver_events", str(stage.id), part)
    truth.check(stage)


def test_a_hint_under_another_merchants_name_delivers_nothing(stage, open_shop, house):
    other = open_shop()
    other.deliver()
    stage.deliver()
    assert stage.buy().ask().status == 201
    assert other.buy().ask().status == 201
    before, theirs = stage.event_ids(), other.event_ids()
    house.hint("deliver_events", str(other.id), [str(event) for event in before + theirs])
    wait_for(lambda: not set(theirs) & set(other.event_ids()), what="the hint to be taken")
    assert stage.event_ids() == before != []
    truth.check(stage)


def test_flushall_with_hints_under_way_loses_none(stage, house):
    some_events(stage)
    house.stop("worker")
    house.hint("deliver_events", str(stage.id), [str(event) for event in stage.event_ids()])
    house.flush()
    house.start("worker")
    assert stage.event_ids()
    truth.check(stage)


def test_ten_minutes_without_redis_tills_are_answered_and_the_relay_recovers_by_itself(stage, house):
    house.start("beat")
    house.kill_valkey()
    with Storm(stage, clients=3) as storm:
        storm.until(30)
    assert not [told for asked in stage.asked for told in asked.told if not told.is_clear]
    with house.administrator() as hands:
        hands.execute(TEN_MINUTES_LATER, [stage.id])
    house.valkey.start()
    with house.administrator() as hands:

        def delivered():
            house.mend()
            hands.execute(DUE_NOW)  # what is held, and what a relay leased while it could tell nobody
            return not stage.waiting()

        wait_for(delivered, seconds=60, what="beat, relay and worker to come back")
    house.stop("beat")
    truth.check(stage)


def test_a_worker_that_ended_by_itself_is_started_again_and_finds_what_waits(stage, house):
    assert stage.buy().ask().status == 201
    house.children["worker"].kill()
    stage.deliver()

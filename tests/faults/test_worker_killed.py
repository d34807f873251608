"""`kill -9` of a Celery worker at every step of a delivery. Database effects happen once, a letter at least once.

A letter's message is written once and marked as sent once. Killed before the mail server took the letter, it goes once;
killed between that and the mark, it goes again, under the same Message-ID. At most once would be to lose letters.
"""

import datetime as dt

import pytest
from django.utils import timezone

from tests.faults import truth
from tests.faults.gates import held_at, locked
from tests.servers import PATIENCE_SECONDS, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.fault]


@pytest.fixture
def stage(stage):
    """A purchase of somebody who gets letters waits to be delivered, and nothing else."""
    stage.deliver()
    assert stage.buy().ask().status == 201
    assert names(stage) == ["points.earned", "purchase.recorded"]
    return stage


def names(stage):
    """The events that wait."""
    return sorted(event.name for event in stage.waiting())


def hint(stage, name):
    """Send what the relay would send, for the event of this name alone."""
    ids = [str(event.id) for event in stage.waiting() if event.name == name]
    stage.house.hint("deliver_events", str(stage.id), ids)


@pytest.mark.parametrize(
    ("table", "moment", "event"),
    [
        ("analytics_dailyfigure", "BEFORE INSERT", "purchase.recorded"),  # before the first effect
        ("notifications_message", "BEFORE INSERT", "points.earned"),  # between the effects of two subscribers
        ("core_event", "BEFORE DELETE", "purchase.recorded"),  # when all have had it
    ],
)
def test_killed_before_the_commit_no_effect_remains_and_the_next_worker_does_it(
    stage, house, table, moment, event
):
    with held_at(house, stage.id, table, moment) as gate:
        hint(stage, event)
        gate.wait()
        house.kill("worker")
    assert names(stage) == ["points.earned", "purchase.recorded"]
    house.start("worker")
    truth.check(stage)


def test_killed_before_it_reads_the_event_nothing_happened(stage, house):
    ids = [str(event) for event in stage.event_ids()]
    with locked(house, "LOCK TABLE core_event IN ACCESS EXCLUSIVE MODE") as gate:
        house.hint("deliver_events", str(stage.id), ids)
        gate.wait()
        house.kill("worker")
    assert names(stage) == ["points.earned", "purchase.recorded"]
    house.start("worker")
    truth.check(stage)


def test_killed_within_the_commit_it_is_done_once(stage, house):
    with held_at(house, stage.id, "core_event", "COMMIT OF DELETE") as gate:
        hint(stage, "purchase.recorded")
        gate.wait()
        house.kill("worker")
    wait_for(lambda: names(stage) == ["points.earned"], what="the database to finish its commit")
    house.start("worker")
    truth.check(stage)


def test_killed_after_the_commit_and_before_the_acknowledgement_the_hint_comes_again_and_does_nothing(
    stage, house
):
    with held_at(house, stage.id, "core_event", "COMMIT OF DELETE") as gate:
        hint(stage, "purchase.recorded")
        gate.wait()
        house.freeze("worker")
    wait_for(lambda: names(stage) == ["points.earned"], what="the commit")
    house.kill("worker")
    with house.redis() as broker:
        unacknowledged = broker.zrange("unacked_index", 0, -1)
        assert unacknowledged
        broker.zadd(
            "unacked_index", dict.fromkeys(unacknowledged, 0)
        )  # the hour is over: Celery sends it again
    house.start("worker")
    with house.redis() as broker:
        wait_for(
            lambda: broker.zcard("unacked_index") == 0, what="the hint to come again and be acknowledged"
        )
    truth.check(stage)


def test_a_relay_killed_between_lease_and_hint_loses_a_minute_and_no_event(stage, house):
    with held_at(house, stage.id, "core_event", "COMMIT OF UPDATE") as gate:
        house.hint("relay_outbox")
        gate.wait("jobs")
        house.freeze("worker")
    with house.administrator() as eyes:
        leased = "SELECT bool_and(due_at > now() + interval '50 s') FROM core_event WHERE merchant_id = %s"
        wait_for(lambda: eyes.execute(leased, [stage.id]).fetchone() == (True,), what="the lease")
    house.kill("worker")
    house.start("worker")
    house.hint("relay_outbox")
    truth.check(stage)


def test_killed_in_the_middle_of_a_sweep_units_die_once(stage, house):
    member, now = stage.members[-1], timezone.now()
    expiry = now + dt.timedelta(seconds=0.2)
    given = stage.door("award", member, amount=70, cause_id=None, occurred_at=now, expires_at=expiry)
    assert given.ask().status == 200
    wait_for(lambda: timezone.now() > expiry, what="the gift to die")
    with held_at(house, stage.id, "ledger_entry", "BEFORE INSERT") as gate:
        house.hint("settle_due")
        gate.wait()
        house.kill("worker")
    assert deaths(stage) == []
    house.start("worker")
    house.hint("settle_due")
    wait_for(lambda: deaths(stage) == [70], what="the next sweep")
    truth.check(stage)


def deaths(stage):
    """What died of itself, an entry each."""
    return [
        amount
        for [amount] in stage.house.look(
            "SELECT amount FROM ledger_entry WHERE merchant_id = %s AND kind = 'expire'", [stage.id]
        )
    ]


@pytest.mark.parametrize(("command", "letters"), [("DATA", 1), ("QUIT", 2)])
def test_killed_while_sending_a_letter_goes_at_least_once_and_its_message_is_marked_once(
    stage, house, command, letters
):
    for name in names(stage):
        hint(stage, name)
    wait_for(lambda: names(stage) == ["message.written"], what="the message")
    before = house.mail.kept.total()
    house.mail.hold(command)
    hint(stage, "message.written")
    assert house.mail.is_holding.wait(PATIENCE_SECONDS)
    house.kill("worker")
    house.mail.release()
    assert names(stage) == ["message.written"]
    house.start("worker")
    truth.check(stage)
    assert house.mail.kept.total() - before == letters

"""`kill -9` of the web process at moments that are certain: before the commit, within it, after it and before the answer."""

import os
import signal
import threading

import pytest
from django.db import connections

from tests.faults import truth
from tests.faults.gates import held_at, locked
from tests.servers import wait_for

pytestmark = [pytest.mark.slow, pytest.mark.fault]

ACCOUNT = "SELECT FROM ledger_account WHERE merchant_id = %s AND id = %s FOR UPDATE"


@pytest.fixture
def account_locked(stage, house):
    """The first member's account is somebody else's: whoever wants to write to it waits."""

    def lock():
        return locked(house, ACCOUNT, [stage.id, stage.accounts[stage.members[0].id]])

    return lock


class Asking:
    """Somebody who asks in a thread, and hears nothing."""

    def __init__(self, asked):
        self.asked = asked
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self):
        try:
            self.asked.ask()
        finally:
            connections.close_all()

    def heard_nothing(self):
        """Wait for the end; the connection must have broken."""
        self.thread.join(30)
        assert [told.status for told in self.asked.told] == [0]


def times(stage, asked):
    """How often it happened."""
    return truth.purchases_by_reference(stage)[asked.key.hex]


def test_killed_before_the_commit_nothing_happened_and_the_retry_does_it(stage, house, account_locked):
    asked = stage.buy()
    with account_locked() as gate:
        asking, session = Asking(asked), gate.wait()
        house.kill_web(house.web_workers())
        asking.heard_nothing()
        gate.turn_away(session)
    assert times(stage, asked) == 0
    house.wait_for_web()
    assert asked.ask().status == 201
    truth.check(stage)


def test_killed_with_the_statement_under_way_it_happens_once_and_the_retry_is_told(
    stage, house, account_locked
):
    asked = stage.buy()
    with account_locked() as gate:
        asking, _session = Asking(asked), gate.wait()
        house.kill_web(house.web_workers())
        asking.heard_nothing()
    wait_for(lambda: times(stage, asked) == 1, what="the database to finish what it was asked")
    house.wait_for_web()
    assert asked.ask().status == 201
    truth.check(stage)


def test_killed_after_the_commit_and_before_the_answer_the_retry_gets_that_answer(
    stage, house, account_locked
):
    asked = stage.buy()
    with account_locked() as gate:
        asking, _session = Asking(asked), gate.wait()
        web = house.web_workers()
        for pid in web:  # frozen, it cannot answer what the database is about to tell it
            os.kill(pid, signal.SIGSTOP)
    wait_for(lambda: times(stage, asked) == 1, what="the commit")
    house.kill_web(web)
    asking.heard_nothing()
    house.wait_for_web()
    assert asked.ask().status == 201
    truth.check(stage)


def test_killed_in_the_middle_of_a_cancellation_nothing_of_it_remains(stage, house):
    bought = stage.buy()
    assert bought.ask().status == 201
    asked = stage.keep(stage.till.cancellation(bought))
    with held_at(house, stage.id, "core_answer", "BEFORE INSERT") as gate:  # all else is written by then
        asking, _session = Asking(asked), gate.wait()
        house.kill_web(house.web_workers())
        asking.heard_nothing()
    house.wait_for_web()
    assert "purchase.cancelled" not in {event.name for event in stage.waiting()}
    assert asked.ask().status == 201
    truth.check(stage)

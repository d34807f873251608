"""The suites can fail: each guard is broken once, in the database of the house, and `truth` must see it."""

from contextlib import contextmanager

import pytest
from django.utils import timezone

from tests.faults import truth

pytestmark = [pytest.mark.slow, pytest.mark.fault]

FORGET = "CREATE FUNCTION faults_break() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$;"
NOT_AT_ALL = "RETURN NULL;"
TWICE = """
    IF OLD.attempts = 7 THEN RETURN OLD; END IF;
    UPDATE core_event SET attempts = 7 WHERE merchant_id = OLD.merchant_id AND id = OLD.id;
    RETURN NULL;
"""


@contextmanager
def broken(house, stage, table, moment, body=NOT_AT_ALL, *, when=""):
    """A trigger of this shop's that spoils something."""
    row = "OLD" if "DELETE" in moment else "NEW"
    with house.administrator() as hands:
        hands.execute(FORGET.format(body=body))
        hands.execute(
            f"CREATE TRIGGER a_faults_break BEFORE {moment} ON {table} FOR EACH ROW "
            f"WHEN ({row}.merchant_id = '{stage.id}' {when}) EXECUTE FUNCTION faults_break()"
        )
        try:
            yield
        finally:
            hands.execute("DROP FUNCTION faults_break CASCADE")


def test_an_answer_that_is_not_kept_is_seen(stage, house):
    bought = stage.buy()
    bought.ask()
    with broken(house, stage, "core_answer", "INSERT"):
        assert stage.keep(stage.till.cancellation(bought)).ask().status == 201
        with pytest.raises(AssertionError, match="was told 2 things"):
            truth.check(stage)


def test_an_answer_that_is_kept_in_other_words_is_seen(stage, house):
    with broken(house, stage, "core_answer", "INSERT", "NEW.body := NEW.body || ' '; RETURN NEW;"):
        assert stage.buy().ask().status == 201
        with pytest.raises(AssertionError, match="was told 2 things"):
            truth.check(stage)


def test_an_event_that_is_not_written_is_seen(stage, house):
    with broken(house, stage, "core_event", "INSERT", when="AND NEW.name = 'points.earned'"):
        assert stage.buy().ask().status == 201
        with pytest.raises(AssertionError, match="0 messages written"):
            truth.check(stage)


def test_an_event_delivered_twice_is_seen(stage, house):
    """Its row does not go the first time: neither does the note of who has had it."""
    stage.deliver()
    assert stage.buy().ask().status == 201
    with broken(house, stage, "core_event", "DELETE", TWICE), pytest.raises(AssertionError, match="figures"):
        truth.check(stage)


def test_a_message_written_and_not_sent_is_seen(stage, house):
    unsent = "NEW.sent_at := now(); DELETE FROM core_event WHERE name = 'message.written'; RETURN NEW;"
    with broken(house, stage, "notifications_message", "INSERT", unsent):
        assert stage.buy().ask().status == 201
        with pytest.raises(AssertionError, match="no letter came"):
            truth.check(stage)


def test_a_purchase_that_was_answered_and_is_gone_is_seen(stage, house):
    asked = stage.buy()
    assert asked.ask().status == 201
    with house.administrator() as hands:
        hands.execute("SET session_replication_role = replica")  # even the owner may not change a purchase
        hands.execute("UPDATE loyalty_purchase SET reference = '' WHERE reference = %s", [asked.key.hex])
    with pytest.raises(AssertionError, match="0 purchases under"):
        truth.check(stage)


def test_a_point_too_many_is_seen(stage):
    """An operation of the books that no client was told of."""
    stage.door("award", stage.members[-1], amount=1, cause_id=None, occurred_at=timezone.now()).ask()
    stage.asked.clear()
    with pytest.raises(AssertionError, match="not what clients were told"):
        truth.check(stage)

"""Another ladder is published while somebody is on the way up the one before: what was judged by that is looked at again."""

import datetime as dt
import threading

from django.db import connection, connections

from core import tenancy
from loyalty import queries
from loyalty.ledger import postings
from loyalty.models import Standing
from loyalty.standings.lifting import lift_after_publishing
from tests.loyalty.standings.test_climbing import bought, climb_by, stands
from tests.loyalty.standings.test_reviewing import at, looked

WAITING = """
SELECT count(*) FROM pg_locks waiting
WHERE NOT granted AND pid IN (SELECT pid FROM pg_locks WHERE relation = 'ledger_account'::regclass AND database = (
    SELECT oid FROM pg_database WHERE datname = current_database()))
"""
RULES = {"downgrade": "one_step", "warn_days": 20}


def overtaken(merchant, member, work, publish) -> None:
    """`work` has judged the member and waits for its account while `publish` is done and committed; then it writes."""

    def closing(do):
        try:
            do()
        finally:
            connections.close_all()

    waits, publishes = (threading.Thread(target=closing, args=(do,)) for do in (work, publish))
    with tenancy.scope(merchant.id), connection.cursor() as cursor:
        postings.lock(member.id)
        waits.start()
        while waits.is_alive():
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                break
        publishes.start()
        publishes.join()
    waits.join()


def test_a_tier_reached_by_the_ladder_before_is_lost_under_the_new_one(committed_db, world):
    aroma = world.aroma
    with at("2028-01-01T09:00:00+01:00"):
        climb_by(aroma, 10_000, 30_000)
    with at("2028-03-01T10:00:00+01:00"):
        overtaken(
            aroma,
            world.noah,
            lambda: bought(aroma, world.noah, 30_000),
            lambda: climb_by(aroma, 10_000, 30_000, window="calendar_year", **RULES),
        )
        assert stands(aroma, world.noah) == ("Friend", 30_000)
        with tenancy.scope(aroma.id):
            lift_after_publishing(None)
            assert queries.problems_in_books() == []
    looked(aroma, "2029-12-31T10:00:00+01:00")
    assert stands(aroma, world.noah)[0] == "Friend"
    looked(aroma, "2030-01-01T10:00:00+01:00")
    assert stands(aroma, world.noah)[0] == "Regular"


def test_a_day_that_the_ladder_before_set_is_not_waited_for(committed_db, world):
    """Of twelve rolling months it is a whole year away."""
    aroma = world.aroma
    with at("2028-01-01T09:00:00+01:00"):
        climb_by(aroma, 10_000, 30_000, window="rolling_12_months", downgrade="one_step")
    looked(aroma, "2028-01-02T09:00:00+01:00")
    with at("2028-11-01T10:00:00+01:00"):
        overtaken(
            aroma,
            world.noah,
            lambda: bought(aroma, world.noah, 30_000),
            lambda: climb_by(aroma, 10_000, 30_000, window="calendar_year", **RULES),
        )
        with tenancy.scope(aroma.id):
            lift_after_publishing(None)
            assert Standing.objects.get(member=world.noah).review_on == dt.date(2028, 11, 1)

"""A season that begins beside whoever publishes and whoever holds several members: nobody waits in a circle."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from core import tenancy
from core.ids import new_id
from loyalty.happenings.by_hand import Act
from loyalty.happenings.together import record_for_all
from loyalty.locking import lock_member
from loyalty.models import Standing
from loyalty.programme import drafting
from loyalty.standings.lifting import lift_standings
from loyalty.standings.seasons import begin_seasons
from tests.loyalty.standings.test_climbing import stands
from tests.loyalty.standings.test_reviewing import at, buys, joins
from tests.loyalty.standings.test_seasons import REGULAR, SUMMER, with_tiers
from tests.servers import wait_for
from tests.world import make_world

HELD_UP = "SELECT count(*) FROM pg_locks WHERE NOT granted"
FIRST_OF_JUNE = "2027-06-01T00:00:10+02:00"


@pytest.fixture
def aroma(committed_db):
    """Regular from €50, Summer from €100 in June, July and August."""
    aroma = make_world().aroma
    with_tiers(aroma, REGULAR, SUMMER)
    return aroma


@pytest.fixture
def pair(aroma):
    """Two who spent €100 in May, by their ids; the row of the first lies behind that of the second."""
    phones = ("+33611223344", "+33611223355")
    people = [joins(aroma, "2027-05-03T10:00:00+02:00", phone) for phone in phones]
    first, second = sorted(people, key=lambda member: member.id)
    for each in (second, first):
        buys(aroma, each, 10_000, "2027-05-20T10:00:00+02:00")
    return first, second


def beside(pool: ThreadPoolExecutor, work: Callable[[], Any]) -> "Future[Any]":
    """Begin it on a connection of its own."""

    def run() -> Any:
        try:
            return work()
        finally:
            connection.close()

    return pool.submit(run)


def publishes(merchant) -> None:
    """Regular from €40."""
    tiers = (replace(REGULAR, threshold_minor=4_000), SUMMER)
    with tenancy.scope(merchant.id):
        drafting.change_draft(
            merchant=merchant, change=lambda version: replace(version, tiers=tiers), actor=None
        )
        drafting.publish_draft(merchant=merchant, actor=None)


def lifts(merchant) -> int:
    """As publishing does it."""
    with tenancy.scope(merchant.id):
        return lift_standings()


def test_a_season_and_who_publishes_wait_for_each_other_in_one_order(aroma, pair, servers_of_this_run):
    """A till holds one of the two; the season waits for it, and the new version for the season."""
    with tenancy.scope(aroma.id):
        held = [Standing.objects.get(member=member).id for member in pair]
    database = connection.settings_dict["NAME"]
    with (
        at(FIRST_OF_JUNE),
        ThreadPoolExecutor(2) as pool,
        servers_of_this_run.administrator(database) as other,
    ):
        with other.transaction():
            other.execute("SELECT FROM loyalty_standing WHERE id = %s FOR UPDATE", [held[1]])
            season = beside(pool, lambda: begin_seasons(aroma.id))
            wait_for(lambda: other.execute(HELD_UP).fetchone()[0] >= 1, what="the season to wait")
            published = beside(pool, lambda: publishes(aroma))
            wait_for(lambda: other.execute(HELD_UP).fetchone()[0] >= 2, what="publishing to wait")
        assert season.result() >= len(pair)
        published.result()
    assert [stands(aroma, member)[0] for member in pair] == ["Summer", "Summer"]


@pytest.mark.parametrize("what", ["season", "lift"])
def test_one_thing_told_of_many_waits_for_all_in_their_order(aroma, pair, what, servers_of_this_run):
    """As the list locks them, one after the other, while all of them are lifted."""
    first, second = pair
    with tenancy.scope(aroma.id):
        if what == "lift":
            Standing.objects.filter(member__in=pair).update(tier=None)
    work = {"season": lambda: begin_seasons(aroma.id), "lift": lambda: lifts(aroma)}[what]
    database = connection.settings_dict["NAME"]
    with (
        at(FIRST_OF_JUNE),
        ThreadPoolExecutor(1) as pool,
        servers_of_this_run.administrator(database) as other,
    ):
        with tenancy.scope(aroma.id):
            lock_member(first.id)
            lifted = beside(pool, work)
            wait_for(lambda: other.execute(HELD_UP).fetchone()[0] >= 1, what="the lift to wait")
            record_for_all(
                merchant=aroma,
                member_ids=[first.id, second.id],
                act=Act("attendance", "", ()),
                key=new_id(),
                actor_id=new_id(),
                channel="desk",
            )
        assert isinstance(lifted.result(), int)

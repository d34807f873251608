"""Sweeps beside each other and beside tills, on committed books."""

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from config.tasks import review_tiers
from core import tenancy
from loyalty import queries
from loyalty.membership.joining import enrol_member
from loyalty.models import Standing
from loyalty.programme.opening import open_for_business
from loyalty.standings.reviewing import MOST_FAILING, review_all, review_shop
from merchants.models import Merchant
from tests.loyalty.standings.test_climbing import bought, climb_by, stands
from tests.loyalty.standings.test_reviewing import at, buys, joins, told
from tests.servers import wait_for
from tests.world import make_world, user

HELD_UP = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def test_a_worker_finds_the_shops_where_a_day_has_come(committed_db):
    made = make_world()
    with at("2027-01-01T09:00:00+01:00"):
        climb_by(made.aroma, 10_000, 30_000, window="calendar_year", downgrade="by_standing")
    ada = joins(made.aroma, "2027-02-03T10:00:00+01:00")
    buys(made.aroma, ada, 30_000, "2027-03-01T10:00:00+01:00")
    with at("2028-12-31T23:59:59+01:00"):
        review_tiers()
        assert review_tiers() == 0
        assert stands(made.aroma, ada)[0] == "Friend"
    with at("2029-01-01T00:00:00+01:00"):
        assert review_tiers() >= 1
        assert review_tiers() == 0
        assert stands(made.aroma, ada)[0] is None


def test_reviews_and_purchases_at_once_leave_one_truth(committed_db):
    """Four sweeps and eight tills as the year begins: the tier is lost once, and what is bought counts all of it."""
    made = make_world()
    aroma = made.aroma
    with at("2027-01-01T09:00:00+01:00"):
        climb_by(aroma, 10_000, 30_000, window="calendar_year", downgrade="by_standing")
    ada = joins(aroma, "2027-02-03T10:00:00+01:00")
    buys(aroma, ada, 30_000, "2027-03-01T10:00:00+01:00")

    def work(place: int) -> str | None:
        try:
            if place % 3 == 0:
                review_shop(aroma.id)
                return None
            tier: str | None = json.loads(bought(aroma, ada, 1_500).body)["tier"]["name"]
            return tier
        finally:
            connection.close()

    with at("2029-01-01T00:00:01+01:00"):
        with ThreadPoolExecutor(12) as pool:
            tiers = list(pool.map(work, range(12)))
        assert set(tiers) <= {None, "Regular"}
        assert stands(aroma, ada) == ("Regular", 8 * 1_500)
    assert len([each for each in told(aroma, "tier.changed") if each["member"] == str(ada.id)]) == 1
    with tenancy.scope(aroma.id):
        assert queries.problems_in_books() == []


def crowd(merchant: Merchant, size: int) -> None:
    """So many members at least, each of whom is to be looked at since long ago."""
    with tenancy.scope(merchant.id):
        for number in range(size - Standing.objects.count()):
            enrol_member(merchant=merchant, name="Ada", phone=f"+3361122{number:04}", source="join")
        Standing.objects.update(review_on=dt.date(2026, 1, 1))


def waiting(merchant: Merchant) -> int:
    """How many of its members are still to be looked at."""
    with tenancy.scope(merchant.id):
        return Standing.objects.exclude(review_on=None).count()


def test_shops_take_turns_and_the_largest_does_not_keep_the_others_waiting(committed_db):
    made = make_world()
    corner = open_for_business(
        owner=user("nina@corner.test", "Nina Roy"), name="Corner", location_name="Quay"
    )
    shops = {made.aroma: 7, made.bloom: 3, corner: 1}
    for shop, size in shops.items():
        crowd(shop, size)
    left = []
    for _sweep in range(4):
        review_all(most=2)
        left.append([waiting(shop) for shop in shops])
    assert left == [[5, 1, 0], [3, 0, 0], [1, 0, 0], [0, 0, 0]]


def test_who_cannot_be_looked_at_keeps_nobody_waiting(committed_db, servers_of_this_run):
    """Two whose row somebody else holds come first in the line; the two behind them have their turn all the same."""
    aroma = make_world().aroma
    crowd(aroma, 4)
    with tenancy.scope(aroma.id):
        first = list(Standing.objects.order_by("review_on", "id").values_list("id", flat=True)[:2])
    database = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '100ms'")
    with servers_of_this_run.administrator(database) as other, other.transaction():
        other.execute("SELECT FROM loyalty_standing WHERE id = ANY(%s) FOR UPDATE", [first])
        review_all(most=2)
    with tenancy.scope(aroma.id):
        still = Standing.objects.exclude(review_on=None).order_by("review_on", "id")
        assert list(still.values_list("id", flat=True)) == first


def test_where_many_fail_a_sweep_ends_and_says_it_once(committed_db, servers_of_this_run, caplog):
    """The pain: those who failed were not counted, and each wrote a page into the log, minute by minute."""
    aroma = make_world().aroma
    crowd(aroma, MOST_FAILING + 4)
    with tenancy.scope(aroma.id):
        in_line = Standing.objects.order_by("review_on", "id").values_list("id", flat=True)
        held = list(in_line[: MOST_FAILING + 2])
    database = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '5ms'")
    with servers_of_this_run.administrator(database) as other, other.transaction():
        other.execute("SELECT FROM loyalty_standing WHERE id = ANY(%s) FOR UPDATE", [held])
        review_all()
        first, rest = (record for record in caplog.records if "not looked at" in record.getMessage())
        assert first.exc_info
        assert rest.getMessage() == f"{MOST_FAILING - 1} more tiers were not looked at at merchant {aroma.id}"
        # Whoever is behind more of them than a sweep bears has a turn in one of the next.
        wait_for(lambda: review_all() or waiting(aroma) == len(held), what="the turn of the other two")


def test_a_sweep_does_not_run_beside_itself(committed_db, servers_of_this_run):
    """The pain: 1 January made more due than one sweep could look at in its minute, and soon every worker was at it."""
    aroma = make_world().aroma
    crowd(aroma, 2)

    def sweep() -> int:
        try:
            return review_tiers()
        finally:
            connection.close()

    database = connection.settings_dict["NAME"]
    with ThreadPoolExecutor(1) as pool, servers_of_this_run.administrator(database) as other:
        with other.transaction():
            other.execute("SELECT FROM loyalty_standing WHERE merchant_id = %s FOR UPDATE", [aroma.id])
            one = pool.submit(sweep)
            wait_for(
                lambda: other.execute(HELD_UP).fetchone()[0], what="the sweep to come to the first member"
            )
            assert review_tiers() == 0
            assert waiting(aroma) == 2
        one.result()
    assert waiting(aroma) == 0

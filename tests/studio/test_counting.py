"""What came of a link: each person once a day, from the scan to the first purchase, and nobody followed."""

import datetime as dt
import zoneinfo

import orjson
import pytest
import time_machine

from config.tasks import forget_visits
from core import tenancy
from core.ids import new_id, read_id
from loyalty.membership.joining import enrol_member
from loyalty.membership.leaving import erase_member
from loyalty.membership.merging import merge_members
from loyalty.purchases.cancelling import cancel_purchase
from studio.counting import (
    Figures,
    count_opened,
    count_scan,
    figures_by_day,
    figures_of,
    seconds_of_day_left,
    visitor_of,
)
from studio.links import NewLink, make_link, stop_link
from studio.models import Arrival, LinkDay, Visit
from tests.analytics.test_rollups import deliver_all
from tests.world import buy

PARIS = zoneinfo.ZoneInfo("Europe/Paris")
NOON = dt.datetime(2026, 3, 2, 12, tzinfo=PARIS)
LATE = dt.datetime(2026, 3, 2, 23, 59, 30, tzinfo=PARIS)
NEXT = dt.datetime(2026, 3, 3, 0, 0, 30, tzinfo=PARIS)


@pytest.fixture
def window(world):
    with tenancy.scope(world.aroma.id):
        return make_link(asked=NewLink("join", "Window"), actor_id=None)


@pytest.fixture
def scans(world, window):
    """`scans(word, at)`: that browser's camera, at that moment."""

    def scan(word, at=NOON):
        with tenancy.scope(world.aroma.id):
            count_scan(window, world.aroma, word, at)

    return scan


def came(world, link, since=None):
    with tenancy.scope(world.aroma.id):
        return figures_of([link], since)[link.id]


def newcomer(world, link, phone="+33611223344"):
    """Somebody who joined by it, with what follows delivered."""
    with tenancy.scope(world.aroma.id):
        member = enrol_member(merchant=world.aroma, phone=phone, source="join", link_id=link.id).member
    deliver_all(world.aroma)
    return member


def test_a_person_counts_once_a_day_by_the_shops_clock(world, window, scans):
    for word, at in (("one", NOON), ("one", LATE), ("two", NOON), ("one", NEXT)):
        scans(word, at)
    with tenancy.scope(world.aroma.id):
        days = figures_by_day(window)
    assert days == {NOON.date(): Figures(scans=2), NEXT.date(): Figures(scans=1)}
    assert came(world, window) == Figures(scans=3)
    assert came(world, window, NEXT.date()) == Figures(scans=1)


def test_the_first_scan_of_a_day_deletes_what_told_second_scans_of_all_links(world, window, scans):
    with tenancy.scope(world.aroma.id):
        count_scan(make_link(asked=NewLink("table", "Table 7"), actor_id=None), world.aroma, "one", NOON)
    scans("one", NOON)
    scans("two", NEXT)
    with tenancy.scope(world.aroma.id):
        assert set(Visit.objects.values_list("day", flat=True)) == {NEXT.date()}
    assert came(world, window).scans == 2


def test_what_tells_a_second_scan_is_gone_after_the_shops_midnight_though_nobody_scans_again(
    committed_db, world, window, scans
):
    scans("one", NOON)
    with tenancy.scope(world.aroma.id):
        stop_link(link_id=window.id, actor_id=None)
    with time_machine.travel(LATE, tick=False):
        assert forget_visits() == 0
    with time_machine.travel(NEXT, tick=False):
        assert forget_visits() == 1
        assert forget_visits() == 0
    with tenancy.scope(world.aroma.id):
        assert not Visit.objects.exists()
    assert came(world, window).scans == 1


@pytest.mark.parametrize("kept", [Visit, LinkDay])
def test_nothing_that_is_kept_of_a_scan_says_its_moment(world, scans, kept):
    scans("one")
    with tenancy.scope(world.aroma.id):
        assert kept.objects.get().id.version == 4  # random; our others tell the millisecond


def test_only_who_scanned_it_today_has_opened_it_and_once(world, window, scans):
    scans("one")
    with tenancy.scope(world.aroma.id):
        for word, at in (("one", NOON), ("one", LATE), ("two", NOON), ("one", NEXT)):
            count_opened(window, world.aroma, word, at)
    assert came(world, window) == Figures(scans=1, opened=1)


def test_a_browser_looks_like_another_one_at_the_next_link_and_on_the_next_day(world, window):
    with tenancy.scope(world.aroma.id):
        table = make_link(asked=NewLink("table", "Table 7"), actor_id=None)
    kept = visitor_of(window, "one", NOON.date())
    assert kept == visitor_of(window, "one", NOON.date())
    assert kept != visitor_of(table, "one", NOON.date())
    assert kept != visitor_of(window, "one", NEXT.date())
    assert b"one" not in kept


def test_a_browser_keeps_its_word_until_the_shops_midnight(world):
    assert seconds_of_day_left(world.aroma, LATE) == 30
    clocks_go_forward = dt.datetime(2026, 3, 29, 0, 0, tzinfo=PARIS)
    assert seconds_of_day_left(world.aroma, clocks_go_forward) == 23 * 3600


def test_who_joins_by_it_and_buys_is_counted_and_others_are_not(world, window):
    lea = newcomer(world, window)
    assert came(world, window) == Figures(joined=1)
    buy(world.aroma, world.noah, 500)
    assert came(world, window) == Figures(joined=1)
    for _twice in range(2):
        buy(world.aroma, lea, 500)
    assert came(world, window) == Figures(joined=1, bought=1)


def test_a_purchase_that_was_taken_back_is_none(world, window):
    lea = newcomer(world, window)
    bought = read_id("pur", orjson.loads(buy(world.aroma, lea, 500))["id"])
    with tenancy.scope(world.aroma.id):
        cancel_purchase(purchase_id=bought, merchant=world.aroma, key=new_id(), actor_id=None)
    assert came(world, window) == Figures(joined=1)


def test_who_became_one_with_another_member_buys_as_that_one(world, window):
    lea = newcomer(world, window)
    with tenancy.scope(world.aroma.id):
        merge_members(stays_id=world.mia.id, goes_id=lea.id, key=new_id(), actor_id=None)
    assert came(world, window) == Figures(joined=1)  # what Mia bought before was nobody's doing
    buy(world.aroma, world.mia, 500)
    assert came(world, window) == Figures(joined=1, bought=1)


def test_who_is_erased_was_there_all_the_same_and_is_nobody(world, window):
    lea = newcomer(world, window)
    with tenancy.scope(world.aroma.id):
        erase_member(member=lea, actor="member")
        assert Arrival.objects.get().member.name == ""
    assert came(world, window) == Figures(joined=1)


def test_figures_of_many_links_take_two_queries(world, window, django_assert_num_queries):
    with tenancy.scope(world.aroma.id):
        links = [
            window,
            *(make_link(asked=NewLink("table", f"Table {n}"), actor_id=None) for n in range(5)),
        ]
        with django_assert_num_queries(2):
            figures_of(links)

"""Daily figures: counted by events, rebuilt from the books, the same both ways."""

import datetime as dt
import zoneinfo
from dataclasses import replace

import orjson
import pytest
from django.utils import timezone

from analytics import kpis, rollups
from analytics.models import DailyFigure
from config.subscriptions import SUBSCRIPTIONS
from core import outbox, tenancy
from core.ids import new_id, read_id
from core.models import Event
from loyalty.models import Purchase
from loyalty.programme.versions import version_in_force
from loyalty.purchases import cancelling, earning, history
from members import cards
from merchants import shop
from tests.loyalty.ruled import per_euro, stamps, with_rules
from tests.world import buy

PARIS = zoneinfo.ZoneInfo("Europe/Paris")


def deliver_all(merchant):
    """What relay and worker do, in this transaction."""
    while True:
        with tenancy.scope(merchant.id):
            ids = list(Event.objects.order_by("id").values_list("id", flat=True))
        if not ids:
            return
        for event_id in ids:
            outbox.deliver(merchant.id, event_id, SUBSCRIPTIONS)


def buy_at(world, moment, amount_minor=1000):
    past = history.PastPurchase(world.noah.id, amount_minor, moment)
    with tenancy.scope(world.aroma.id):
        assert sum(history.record_history(merchant=world.aroma, purchases=[past])) == 1


def figures(day):
    return DailyFigure.objects.values_list(*rollups.COUNTS).get(day=day)


def test_a_days_figures_are_its_visits_money_units_and_newcomers(world):
    deliver_all(world.aroma)
    with tenancy.scope(world.aroma.id):
        [row] = DailyFigure.objects.values_list(*rollups.COUNTS)
        # Mia's three purchases; her 1,200 points and Noah's 50; two members; one visitor, here for the first time
        assert row == (3, 93_400, 1250, 0, 2, 1, 0)


def test_a_purchase_counts_on_the_local_day(world):
    deliver_all(world.aroma)
    just_before = dt.datetime(2026, 3, 28, 23, 30, tzinfo=PARIS)  # the night the clocks go forward
    for moment in (just_before, just_before + dt.timedelta(hours=1)):
        buy_at(world, moment.astimezone(dt.UTC))
    deliver_all(world.aroma)
    with tenancy.scope(world.aroma.id):
        assert figures("2026-03-28") == (1, 1000, 10, 0, 0, 1, 0)
        assert figures("2026-03-29") == (1, 1000, 10, 0, 0, 1, 1)


def test_a_visitor_counts_once_a_day_and_comes_back_within_thirty_days(world):
    first = dt.datetime(2026, 5, 1, 9, tzinfo=PARIS)
    for days, hours in ((0, 0), (0, 1), (30, 0), (61, 0), (62, 0), (62, 2)):
        buy_at(world, first + dt.timedelta(days=days, hours=hours))
    deliver_all(world.aroma)
    with tenancy.scope(world.aroma.id):
        came = {
            str(day.day): (day.visitors, day.returned) for day in DailyFigure.objects.filter(day__year=2026)
        }
    assert came["2026-05-01"] == (1, 0)
    assert came["2026-05-31"] == (1, 1)  # the thirtieth day
    assert came["2026-07-01"] == (1, 0)  # the thirty-first
    assert came["2026-07-02"] == (1, 1)


def test_rebuilding_gives_what_the_events_counted(world):
    for day in range(1, 6):
        buy_at(world, dt.datetime(2026, 10, day, 9, tzinfo=PARIS), day * 333)
    deliver_all(world.aroma)
    with tenancy.scope(world.aroma.id):
        counted = list(DailyFigure.objects.order_by("day").values_list("day", *rollups.COUNTS))
        DailyFigure.objects.update(purchases=99)
        assert rollups.rebuild(dt.date(2026, 1, 1), dt.date(2100, 1, 1)) == len(counted)
        assert list(DailyFigure.objects.order_by("day").values_list("day", *rollups.COUNTS)) == counted


def test_units_of_another_kind_are_not_added_to_the_points(world):
    stamp = replace(per_euro(world.aroma, "stamps", per_minor=100), unit=stamps().id)
    with_rules(world.aroma, per_euro(world.aroma, "points"), stamp, units=(stamps(),))
    deliver_all(world.aroma)
    with tenancy.scope(world.aroma.id):
        before = sum(day.units_given for day in DailyFigure.objects.all())
    buy(world.aroma, world.noah, 2_000)
    deliver_all(world.aroma)
    with tenancy.scope(world.aroma.id):
        counted = list(DailyFigure.objects.order_by("day").values_list("day", "units_given"))
        assert sum(units for _day, units in counted) - before == 20
        rollups.rebuild(counted[0][0], counted[-1][0])
        assert list(DailyFigure.objects.order_by("day").values_list("day", "units_given")) == counted


def test_home_compares_seven_days_with_the_seven_before(world, django_assert_num_queries):
    deliver_all(world.aroma)
    now = dt.datetime(2026, 10, 20, 18, tzinfo=PARIS)
    with tenancy.scope(world.aroma.id):
        DailyFigure.objects.all().delete()
    for days_ago in (0, 0, 6, 7, 13, 14):
        buy_at(world, now - dt.timedelta(days=days_ago))
    deliver_all(world.aroma)
    with tenancy.scope(world.aroma.id), django_assert_num_queries(1):
        home = kpis.home_figures(world.aroma, now=now)
    assert home.first_day == dt.date(2026, 10, 14)
    assert (home.today.purchases, home.period.purchases, home.before.purchases) == (2, 3, 2)
    assert [day.purchases for day in home.days] == [1, 0, 0, 0, 0, 0, 2]
    assert [day.purchases for day in home.days_before] == [1, 0, 0, 0, 0, 0, 1]
    assert [home.ending(place).purchases for place in (0, 6)] == [2, 3]
    with tenancy.scope(world.aroma.id):
        assert kpis.home_figures(world.aroma, now=now, days=28).period.purchases == 6


def test_the_tier_mix_counts_every_member_once(world):
    with tenancy.scope(world.aroma.id):
        assert [(share.name, share.members) for share in kpis.tier_mix(version_in_force())] == [
            ("Gold", 1),
            ("Silver", 0),
            ("Bronze", 1),
        ]


def cancel_newest_of(world, member):
    with tenancy.scope(world.aroma.id):
        newest = Purchase.objects.filter(member=member).order_by("-id")[0]
        cancelling.cancel_purchase(
            merchant=world.aroma, purchase_id=newest.id, key=new_id(), actor_id=None, own_within=None
        )


def test_a_cancelled_purchase_leaves_its_day_as_if_it_had_not_been_made(world):
    deliver_all(world.aroma)
    day = dt.datetime(2026, 5, 1, 9, tzinfo=PARIS)
    for moment in (day, day + dt.timedelta(days=10)):
        buy_at(world, moment)
    deliver_all(world.aroma)
    cancel_newest_of(world, world.noah)
    deliver_all(world.aroma)
    with tenancy.scope(world.aroma.id):
        assert figures("2026-05-01") == (1, 1000, 10, 0, 0, 1, 0)
        assert figures("2026-05-11") == (0, 0, 0, 0, 0, 0, 0)
        kept = DailyFigure.objects.filter(purchases__gt=0).order_by("day").values_list("day", *rollups.COUNTS)
        before = list(kept)
        rollups.rebuild(dt.date(2020, 1, 1), dt.date(2030, 1, 1))
        assert list(kept.all()) == before


def bought_on(world, member, *days):
    """A purchase on each of these days of last month, recorded now; their ids."""
    made = []
    for day in days:
        moment = timezone.now() - dt.timedelta(days=day)
        bought = earning.NewPurchase(
            who=cards.Scanned(member_id=member.id), amount_minor=1000, channel="api", asked=None, occurred_at=moment
        )  # fmt: skip
        body = earning.record_purchase(merchant=world.aroma, bought=bought, key=new_id()).body
        made.append(read_id("pur", orjson.loads(body)["id"]))
    return made


def cancel(world, purchase_id):
    with tenancy.scope(world.aroma.id):
        cancelling.cancel_purchase(merchant=world.aroma, purchase_id=purchase_id, key=new_id(), actor_id=None)


def all_figures():
    kept = DailyFigure.objects.exclude(purchases=0, joined=0, units_given=0)
    return list(kept.order_by("day").values_list("day", *rollups.COUNTS))


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (1, 0, 3, 2), (2, 3, 1, 0)])
def test_figures_are_the_same_in_whatever_order_events_are_delivered(world, order):
    deliver_all(world.aroma)
    one, other = bought_on(world, world.noah, 20, 20)
    bought_on(world, world.noah, 10)
    deliver_all(world.aroma)
    for purchase_id in (one, other):
        cancel(world, purchase_id)
    bought_on(world, world.noah, 20, 15)
    with tenancy.scope(world.aroma.id):
        ids = list(
            Event.objects.filter(name__startswith="purchase.").order_by("id").values_list("id", flat=True)
        )
    assert len(ids) == 4
    for place in order:
        outbox.deliver(world.aroma.id, ids[place], SUBSCRIPTIONS)
    deliver_all(world.aroma)
    with tenancy.scope(world.aroma.id):
        counted = all_figures()
        rollups.rebuild(dt.date(2020, 1, 1), dt.date(2100, 1, 1))
        assert all_figures() == counted


def test_a_cancelled_first_visit_makes_the_second_nobodys_return(world):
    first, _second = bought_on(world, world.noah, 20, 10)
    deliver_all(world.aroma)
    cancel(world, first)
    deliver_all(world.aroma)
    with tenancy.scope(world.aroma.id):
        counted = all_figures()
        rollups.rebuild(dt.date(2020, 1, 1), dt.date(2100, 1, 1))
        assert all_figures() == counted


def test_a_cancellation_before_its_purchase_was_counted_does_not_wait_for_it(world):
    cancel_newest_of(world, world.mia)
    with tenancy.scope(world.aroma.id):
        early = Event.objects.get(name="purchase.cancelled")
    outbox.deliver(world.aroma.id, early.id, SUBSCRIPTIONS)
    with tenancy.scope(world.aroma.id):
        assert not Event.objects.filter(id=early.id).exists()
        assert kpis.figures_today(world.aroma) == kpis.Figures()  # and nobody reads of less than nothing
    deliver_all(world.aroma)
    with tenancy.scope(world.aroma.id):
        [row] = DailyFigure.objects.values_list(*rollups.COUNTS)
        assert row[:4] == (2, 93_300, 1249, 0)


def move_to(world, time_zone):
    with tenancy.scope(world.aroma.id):
        shop.change_shop(
            merchant=world.aroma, name="Aroma", tagline="", trade=world.aroma.trade, locale="en",
            time_zone=time_zone, actor=None,
        )  # fmt: skip


def test_days_follow_the_merchant_to_another_time_zone(world):
    deliver_all(world.aroma)
    buy_at(world, dt.datetime(2026, 5, 1, 23, tzinfo=PARIS))
    deliver_all(world.aroma)
    move_to(world, "Asia/Tokyo")
    deliver_all(world.aroma)
    with tenancy.scope(world.aroma.id):
        assert not DailyFigure.objects.filter(day="2026-05-01").exists()
        assert figures("2026-05-02") == (1, 1000, 10, 0, 0, 1, 0)
    cancel_newest_of(world, world.noah)
    deliver_all(world.aroma)
    with tenancy.scope(world.aroma.id):
        assert figures("2026-05-02") == (0, 0, 0, 0, 0, 0, 0)


def test_a_move_waits_for_what_is_not_counted_yet(world):
    deliver_all(world.aroma)
    move_to(world, "Asia/Tokyo")
    bought_on(world, world.noah, 10)
    with tenancy.scope(world.aroma.id):
        moved = Event.objects.get(name="merchant.changed")
    outbox.deliver(world.aroma.id, moved.id, SUBSCRIPTIONS)
    with tenancy.scope(world.aroma.id):
        assert "rollups" not in Event.objects.get(id=moved.id).done
    deliver_all(world.aroma)
    with tenancy.scope(world.aroma.id):
        counted = all_figures()
        rollups.rebuild(dt.date(2020, 1, 1), dt.date(2100, 1, 1))
        assert all_figures() == counted

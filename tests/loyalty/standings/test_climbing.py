"""Ladders by visits, units and windows: what counts on a day, on every surface, and after it was taken back."""

import dataclasses
import datetime as dt
import json
import zoneinfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import tenancy
from core.ids import new_id
from loyalty import queries
from loyalty.happenings import happening
from loyalty.membership import merging
from loyalty.models import Purchase, Standing
from loyalty.programme import drafting, versions
from loyalty.programme.trying import Basket, try_for_member
from loyalty.programme.versions import version_in_force
from loyalty.purchases import cancelling, earning, refunding
from loyalty.purchases.foreseeing import foresee_undoing
from loyalty.purchases.history import PastPurchase, record_history
from loyalty.rules.climb import first_day
from loyalty.rules.tiers import Ladder, Tier
from loyalty.rules.types import Rule
from members.cards import Scanned
from tests.loyalty.ruled import per_euro, rule_id
from tests.world import buy

PARIS = zoneinfo.ZoneInfo("Europe/Paris")
REGULAR, FRIEND = rule_id("Regular"), rule_id("Friend")


@pytest.fixture(autouse=True)
def in_june(world):
    """The cast joined last year or earlier; there are days before and after in this one."""
    june = timezone.now().astimezone(PARIS)
    with time_machine.travel(june.replace(year=june.year + 1, month=6, day=15)):
        yield


def climb_by(merchant, *thresholds: int, rules: tuple[Rule, ...] | None = None, **ladder) -> None:
    """Publish a ladder of two tiers above none: Regular and Friend. Whoever held a tier of the stage's begins with none."""
    tiers = tuple(
        Tier(tier_id, name, threshold, 100)
        for tier_id, name, threshold in zip((REGULAR, FRIEND), ("Regular", "Friend"), thresholds, strict=True)
    )
    with tenancy.scope(merchant.id):
        Standing.objects.exclude(tier_id__in=[REGULAR, FRIEND]).update(tier_id=None)
        drafting.change_draft(
            merchant=merchant,
            change=lambda version: dataclasses.replace(
                version,
                tiers=tiers,
                ladder=Ladder(**ladder),
                rules=version.rules if rules is None else rules,
            ),
            actor=None,
        )
        drafting.publish_draft(merchant=merchant, actor=None)


def bought(merchant, member, amount_minor: int, occurred_at: dt.datetime | None = None):
    """A purchase, perhaps of an earlier day; its answer."""
    new = earning.NewPurchase(
        who=Scanned(member_id=member.id),
        amount_minor=amount_minor,
        channel="api",
        asked=[str(new_id())],
        occurred_at=occurred_at,
    )
    return earning.record_purchase(merchant=merchant, bought=new, key=new_id())


def told(answer) -> dict:
    """What is answered."""
    return json.loads(answer.body)


def visited(merchant, member) -> dict:
    """A visit without a purchase; its answer."""
    with tenancy.scope(merchant.id):
        answer = happening.record_happening(
            merchant=merchant,
            who=Scanned(member_id=member.id),
            trigger="visit",
            key=new_id(),
            asked=str(new_id()),
        )
    return told(answer)


def stands(merchant, member) -> tuple[str | None, int]:
    """The tier's name and the progress."""
    with tenancy.scope(merchant.id):
        standing = queries.standing_of(member.id)
        return standing.tier.name if standing.tier else None, standing.progress


def newest(merchant, member) -> Purchase:
    with tenancy.scope(merchant.id):
        return Purchase.objects.filter(member=member).latest("id")


def this_year() -> dt.datetime:
    """The first moment of the shop's year."""
    return timezone.now().astimezone(PARIS).replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)


def test_visits_count_with_and_without_a_purchase(world):
    climb_by(world.aroma, 1, 3, climbing="visits")
    bought(world.aroma, world.noah, 500)
    assert stands(world.aroma, world.noah) == ("Regular", 1)
    assert visited(world.aroma, world.noah)["tier"]["progress"] == {
        "current": "2",
        "next": "3",
        "of": "visits",
    }
    answer = visited(world.aroma, world.noah)
    assert (answer["tier"]["name"], answer["tier"]["next_tier"]) == ("Friend", None)
    assert "tier.reached" in answer["events"]


def test_units_count_as_rules_give_them(world):
    aroma = world.aroma
    stars = (
        per_euro(aroma, "spending"),
        Rule(rule_id("visit"), "visit", per_euro(aroma, "spending").unit, 5, gives="flat"),
    )
    climb_by(aroma, 10, 30, rules=stars, climbing="units")
    bought(aroma, world.noah, 700)  # 7 and 5, after the welcome of 50, which joining gave: that is 62
    assert stands(aroma, world.noah) == ("Friend", 62)
    visited(aroma, world.noah)
    assert stands(aroma, world.noah) == ("Friend", 67)


def test_what_is_refunded_counts_no_more_to_the_unit(world):
    aroma, noah = world.aroma, world.noah
    climb_by(aroma, 60, 100, rules=(per_euro(aroma, "spending"),), climbing="units", window="calendar_year")
    bought(aroma, noah, 10_000)
    assert stands(aroma, noah) == ("Friend", 100)
    purchase = newest(aroma, noah)
    with tenancy.scope(aroma.id):
        refunding.refund_purchase(
            merchant=aroma, purchase_id=purchase.id, amount_minor=3_339, key=new_id(), actor_id=None
        )
    assert stands(aroma, noah) == ("Regular", 67)  # 100 × 3,339 // 10,000 went back


@pytest.mark.parametrize(
    ("window", "counted"),
    [("calendar_year", 900), ("rolling_12_months", 1600), ("lifetime", 1600)],
)
def test_a_window_counts_by_the_days_of_the_shop(world, window, counted):
    """€7 a minute before the year, €9 as it begins: the shop's midnight parts them, not that of London."""
    climb_by(world.aroma, 900, 100_000, window=window)
    bought(world.aroma, world.noah, 700, this_year() - dt.timedelta(minutes=1))
    bought(world.aroma, world.noah, 900, this_year())
    assert stands(world.aroma, world.noah) == ("Regular", counted)


def test_a_purchase_by_a_yearly_ladder_takes_two_statements(world):
    climb_by(world.aroma, 900, 100_000, window="calendar_year")
    connection.run_on_commit.clear()  # as if publishing had committed: this process may know the version
    bought(world.aroma, world.noah, 100)
    with CaptureQueriesContext(connection) as done:
        answer = told(bought(world.aroma, world.noah, 950))
    assert len(done) == 2
    assert answer["moved_up"]
    assert answer["tier"]["progress"] == {"current": "10.50", "next": "1000.00", "of": "spend"}


def test_a_purchase_that_is_cancelled_takes_its_tier_along(world):
    aroma, noah = world.aroma, world.noah
    climb_by(aroma, 900, 2000, window="calendar_year")
    bought(aroma, noah, 1000)
    bought(aroma, noah, 1500)
    assert stands(aroma, noah) == ("Friend", 2500)
    purchase = newest(aroma, noah)
    with tenancy.scope(aroma.id):
        foreseen = foresee_undoing(purchase=purchase, standing=queries.standing_of(noah.id), by_minor=1500)
        answer = told(
            cancelling.cancel_purchase(merchant=aroma, purchase_id=purchase.id, key=new_id(), actor_id=None)
        )
    assert foreseen.tier is not None
    assert foreseen.tier.name == answer["tier"]["name"] == "Regular"
    assert answer["moved_down"]
    assert stands(aroma, noah) == ("Regular", 1000)


def test_a_tier_of_last_year_goes_when_what_reached_it_is_refunded(world):
    """The pain “tiers wrong for years”: bought on New Year's Eve, given back in January."""
    aroma, noah = world.aroma, world.noah
    climb_by(aroma, 900, 2000, window="calendar_year")
    bought(aroma, noah, 2500, this_year() - dt.timedelta(hours=12))
    assert stands(aroma, noah) == ("Friend", 0)
    purchase = newest(aroma, noah)
    with tenancy.scope(aroma.id):
        refunding.refund_purchase(
            merchant=aroma, purchase_id=purchase.id, amount_minor=None, key=new_id(), actor_id=None
        )
    assert stands(aroma, noah) == (None, 0)


def test_members_who_are_one_have_climbed_together(world):
    aroma = world.aroma
    climb_by(aroma, 2, 4, climbing="visits")
    bought(aroma, world.noah, 500)
    visited(aroma, world.noah)
    with tenancy.scope(aroma.id):
        merge = merging.merge_members(
            stays_id=world.mia.id, goes_id=world.noah.id, key=new_id(), actor_id=None
        )
    assert stands(aroma, world.mia) == ("Friend", 5)
    with tenancy.scope(aroma.id):
        merging.part_members(merge_id=merge.id, actor_id=None)
    assert stands(aroma, world.mia) == ("Regular", 3)
    assert stands(aroma, world.noah) == ("Regular", 2)


def test_another_ladder_counts_everybody_anew(world):
    aroma = world.aroma
    bought(aroma, world.noah, 30_000, this_year() - dt.timedelta(days=1))
    bought(aroma, world.noah, 5_000)
    climb_by(aroma, 4_000, 20_000, window="calendar_year")
    assert stands(aroma, world.noah) == ("Regular", 5_000)
    with tenancy.scope(aroma.id):
        assert Standing.objects.get(member=world.noah).progress_minor == 35_000
    climb_by(aroma, 4_000, 20_000, window="rolling_12_months")
    assert stands(aroma, world.noah) == ("Friend", 35_000)


def test_history_climbs_as_purchases_do(world):
    aroma = world.aroma
    climb_by(aroma, 900, 2000, window="calendar_year")
    days = [this_year() - dt.timedelta(days=1), this_year(), this_year() + dt.timedelta(days=1)]
    with tenancy.scope(aroma.id):
        list(
            record_history(
                merchant=aroma,
                purchases=[
                    PastPurchase(world.noah.id, amount, day)
                    for amount, day in zip((800, 700, 600), days, strict=True)
                ],
            )
        )
    assert stands(aroma, world.noah) == ("Regular", 1300)
    with tenancy.scope(aroma.id):
        assert queries.problems_in_books() == []


@pytest.mark.parametrize("window", ["lifetime", "calendar_year", "rolling_12_months", "from_joining"])
def test_the_database_knows_the_first_day_of_a_window_as_the_rules_do(window):
    days = [dt.date(2023, 1, 1) + dt.timedelta(days=many) for many in range(0, 1500, 3)]
    joined = [dt.date(2020, 2, 29), dt.date(2021, 12, 31), dt.date(2022, 3, 1), dt.date(2022, 1, 1)]
    days += [dt.date(2024, 2, 28), dt.date(2024, 2, 29), dt.date(2024, 3, 1), dt.date(2025, 2, 28)]
    with connection.cursor() as cursor:
        for each in joined:
            cursor.execute(
                "SELECT array_agg(loyalty_first_day(%s, day, %s) ORDER BY place)"
                " FROM unnest(%s::date[]) WITH ORDINALITY d (day, place)",
                [window, each, days],
            )
            assert cursor.fetchone()[0] == [first_day(window, day, each) for day in days]


def test_a_version_in_force_counts_what_it_says(world):
    climb_by(world.aroma, 2, 4, climbing="visits")
    with tenancy.scope(world.aroma.id):
        assert versions.version_in_force().ladder.climbing == "visits"
    assert '"of":"visits"' in buy(world.aroma, world.noah, 100)


def test_a_draft_is_tried_by_its_own_ladder(world):
    visits = Ladder("visits", "calendar_year")
    bought(world.aroma, world.noah, 700)
    with tenancy.scope(world.aroma.id):
        draft = dataclasses.replace(
            version_in_force(), tiers=(Tier(REGULAR, "Regular", 2, 100),), ladder=visits
        )
    basket = Basket(500, timezone.now().astimezone(PARIS))
    who = Scanned(member_id=world.noah.id)
    _name, verdict = try_for_member(merchant=world.aroma, version=draft, basket=basket, who=who)
    assert (verdict.progress_minor, verdict.moved_up) == (2, True)

"""Tiers of a season: they begin and end by themselves, on their days where the shop is, whoever buys or not."""

import datetime as dt
from dataclasses import replace

import pytest

from core import tenancy
from core.ids import new_id
from loyalty import queries
from loyalty.models import Programme, Standing
from loyalty.programme import drafting
from loyalty.programme.versions import version_in_force
from loyalty.purchases import refunding
from loyalty.rules.facts import Facts, Who
from loyalty.rules.playing import Life, Refund
from loyalty.rules.tiers import Ladder, Season, Tier
from tests.loyalty.ruled import rule_id
from tests.loyalty.standings.test_climbing import newest, stands
from tests.loyalty.standings.test_reviewing import at, buys, joins, looked, moves_to, told

REGULAR = Tier(rule_id("Regular"), "Regular", 5_000, 100)
SUMMER = Tier(rule_id("Summer"), "Summer", 10_000, 150, season=Season("06-01", "08-31"))
WINTER = Tier(rule_id("Winter"), "Winter", 10_001, 150, season=Season("12-01", "01-06"))


def with_tiers(merchant, *tiers: Tier, moment: str = "2027-05-01T09:00:00+02:00", **ladder) -> None:
    """Publish these tiers then."""
    with at(moment), tenancy.scope(merchant.id):
        drafting.change_draft(
            merchant=merchant,
            change=lambda version: replace(version, tiers=tiers, ladder=Ladder(**ladder)),
            actor=None,
        )
        drafting.publish_draft(merchant=merchant, actor=None)


@pytest.fixture
def aroma(world):
    """Regular from €50, Summer from €100 in June, July and August."""
    with_tiers(world.aroma, REGULAR, SUMMER)
    return world.aroma


@pytest.fixture
def ada(aroma):
    """Who spent €100 in May."""
    ada = joins(aroma, "2027-05-03T10:00:00+02:00")
    buys(aroma, ada, 10_000, "2027-05-20T10:00:00+02:00")
    return ada


def tiers_told(merchant, member) -> list[tuple[str | None, str | None]]:
    """From which tier to which, as told of this member."""
    names = {REGULAR.id: "Regular", SUMMER.id: "Summer", WINTER.id: "Winter"}
    return [
        (names.get(event["before"]), names.get(event["tier"]))
        for event in told(merchant, "tier.changed")
        if event["member"] == str(member.id)
    ]


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("Europe/Paris", "2027-05-31T23:59:59+02:00", "2027-06-01T00:00:00+02:00"),
        ("Pacific/Auckland", "2027-05-31T23:59:59+12:00", "2027-06-01T00:00:00+12:00"),
    ],
)
def test_a_season_begins_by_itself_where_the_shop_is(aroma, ada, zone, before, after):
    moves_to(aroma, zone)
    looked(aroma, before)
    assert stands(aroma, ada)[0] == "Regular"
    assert looked(aroma, after) > 0
    assert stands(aroma, ada)[0] == "Summer"
    with at(after), tenancy.scope(aroma.id):
        assert queries.standing_of(ada.id).tier_since == dt.date(2027, 6, 1)
    assert looked(aroma, after) == 0
    assert tiers_told(aroma, ada) == [("Regular", "Summer")]


def test_a_season_begins_for_nobody_below(aroma, ada):
    bob = joins(aroma, "2027-05-03T10:00:00+02:00", phone="+33611223355")
    buys(aroma, bob, 9_999, "2027-05-20T10:00:00+02:00")
    looked(aroma, "2027-06-01T09:00:00+02:00")
    assert stands(aroma, bob)[0] == "Regular"
    assert tiers_told(aroma, bob) == []


def test_a_season_begins_after_a_week_of_silence_and_ends_on_its_day(aroma, ada):
    looked(aroma, "2027-06-08T03:00:00+02:00")
    assert stands(aroma, ada)[0] == "Summer"
    looked(aroma, "2027-08-31T23:59:00+02:00")
    assert stands(aroma, ada)[0] == "Summer"
    looked(aroma, "2027-09-01T00:00:00+02:00")
    assert stands(aroma, ada)[0] == "Regular"
    assert tiers_told(aroma, ada) == [("Regular", "Summer"), ("Summer", "Regular")]


def test_a_season_comes_back_each_year(aroma, ada):
    for moment in ("2027-06-01T00:00:00+02:00", "2027-09-01T00:00:00+02:00", "2028-06-01T00:00:00+02:00"):
        looked(aroma, moment)
    assert stands(aroma, ada)[0] == "Summer"
    assert tiers_told(aroma, ada)[2:] == [("Regular", "Summer")]


def test_a_season_that_nobody_saw_is_over(aroma, ada):
    assert looked(aroma, "2027-10-01T00:00:00+02:00") == 0
    assert stands(aroma, ada)[0] == "Regular"
    assert tiers_told(aroma, ada) == []


def test_one_season_follows_another(world):
    autumn = replace(WINTER, season=Season("09-01", "11-30"))
    with_tiers(world.aroma, REGULAR, SUMMER, autumn)
    ada = joins(world.aroma, "2027-05-03T10:00:00+02:00")
    buys(world.aroma, ada, 20_000, "2027-05-20T10:00:00+02:00")
    looked(world.aroma, "2027-06-01T00:00:00+02:00")
    looked(world.aroma, "2027-09-01T00:00:00+02:00")
    assert stands(world.aroma, ada)[0] == "Winter"
    assert tiers_told(world.aroma, ada) == [("Regular", "Summer"), ("Summer", "Winter")]


def test_a_season_begins_by_what_counts_in_the_window(world):
    """Last year's purchases reach no tier of this year's winter."""
    with_tiers(world.aroma, REGULAR, WINTER, window="calendar_year", downgrade="by_standing")
    ada = joins(world.aroma, "2027-05-03T10:00:00+02:00")
    bob = joins(world.aroma, "2027-05-03T10:00:00+02:00", phone="+33611223355")
    buys(world.aroma, ada, 20_000, "2027-05-20T10:00:00+02:00")
    buys(world.aroma, bob, 20_000, "2028-05-20T10:00:00+02:00")
    looked(world.aroma, "2028-12-01T00:00:00+01:00")
    assert stands(world.aroma, ada)[0] == "Regular"
    assert stands(world.aroma, bob)[0] == "Winter"


def test_a_season_that_is_published_while_it_runs_begins(world):
    aroma = world.aroma
    with_tiers(aroma, REGULAR)
    ada = joins(aroma, "2027-05-03T10:00:00+02:00")
    buys(aroma, ada, 10_000, "2027-05-20T10:00:00+02:00")
    with_tiers(aroma, REGULAR, SUMMER, moment="2027-07-01T10:00:00+02:00")
    looked(aroma, "2027-07-01T10:01:00+02:00")
    assert stands(aroma, ada)[0] == "Summer"
    with_tiers(aroma, REGULAR, moment="2027-07-02T10:00:00+02:00")
    with tenancy.scope(aroma.id):
        assert Programme.objects.get().season_on is None


def test_a_purchase_before_the_sweep_is_judged_by_the_season(aroma, ada):
    answer = buys(aroma, ada, 1_000, "2027-06-01T00:00:01+02:00")
    assert (answer["tier"]["name"], answer["moved_up"]) == ("Summer", True)
    looked(aroma, "2027-06-01T00:01:00+02:00")
    assert tiers_told(aroma, ada) == []  # the answer was told
    with tenancy.scope(aroma.id):
        standing = Standing.objects.get(member=ada)
    assert (standing.tier_since, standing.review_on) == (dt.date(2027, 6, 1), dt.date(2027, 9, 1))


def test_a_rehearsed_season_begins_as_it_does(aroma, ada):
    """The same life by the rules alone: a purchase in May, and in June half of it back."""
    with tenancy.scope(aroma.id):
        life = Life(version_in_force(), Who(joined_on=dt.date(2027, 5, 3)))
    may, june = "2027-05-20T10:00:00+02:00", "2027-06-05T10:00:00+02:00"
    life.judge(Facts("purchase", 10_000, moment=dt.datetime.fromisoformat(may), draw="may"))
    looked(aroma, "2027-06-01T00:00:00+02:00")
    with at(june), tenancy.scope(aroma.id):
        refunding.refund_purchase(
            merchant=aroma,
            purchase_id=newest(aroma, ada).id,
            amount_minor=4_900,
            key=new_id(),
            actor_id=None,
        )
    life.refund(Refund("may", 4_900, dt.datetime.fromisoformat(june)))
    assert life.tier is not None
    assert stands(aroma, ada)[0] == life.tier.name == "Regular"


def test_the_day_on_which_a_season_begins_next_is_kept(aroma, ada):
    looked(aroma, "2027-06-01T00:00:00+02:00")
    with tenancy.scope(aroma.id):
        assert Programme.objects.get().season_on == dt.date(2028, 6, 1)

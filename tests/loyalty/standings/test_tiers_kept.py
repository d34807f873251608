"""Tiers that nobody may take away: seasons that the shop changes, tills that were offline, amounts that it raises."""

import datetime as dt
from dataclasses import replace

import pytest

from core import tenancy
from core.ids import new_id
from loyalty.happenings.happening import record_happening
from loyalty.programme.adopting import adopt_version
from loyalty.programme.drafting import publish_draft
from loyalty.programme.publishing import change_programme
from loyalty.programme.versions import version_in_force
from loyalty.rules.facts import Facts, Who
from loyalty.rules.playing import Life
from loyalty.rules.tiers import Season, Tier
from members.cards import Scanned
from tests.loyalty.standings.test_climbing import FRIEND, REGULAR, bought, climb_by, stands, visited
from tests.loyalty.standings.test_reviewing import at, buys, joins, looked, told

SUMMER = Season("06-01", "08-31")


def changes_tier(merchant, tier_id: str, moment: str, **what) -> None:
    """The shop publishes this of one tier, then."""
    with at(moment), tenancy.scope(merchant.id):
        change_programme(
            merchant=merchant,
            actor=None,
            change=lambda version: replace(
                version,
                tiers=tuple(replace(tier, **what) if tier.id == tier_id else tier for tier in version.tiers),
            ),
        )


@pytest.fixture
def aroma(world):
    """From 2028 tiers are by all spend, for ever: Regular from €100, Friend from €300."""
    with at("2028-01-01T09:00:00+01:00"):
        climb_by(world.aroma, 10_000, 30_000)
    return world.aroma


@pytest.fixture
def bea(aroma):
    """Who joined in February 2028."""
    return joins(aroma, "2028-02-03T10:00:00+01:00")


def test_a_season_put_on_a_tier_takes_it_away_when_it_is_over(aroma, bea):
    buys(aroma, bea, 30_000, "2028-03-02T10:00:00+01:00")
    changes_tier(aroma, FRIEND, "2028-06-10T10:00:00+02:00", season=SUMMER)
    for moment in ("2028-06-10T11:00:00+02:00", "2028-08-31T23:59:00+02:00"):
        looked(aroma, moment)
        assert stands(aroma, bea)[0] == "Friend"
    looked(aroma, "2028-09-01T00:00:00+02:00")
    assert stands(aroma, bea)[0] == "Regular"


def test_a_season_that_is_moved_is_over_on_its_new_day(aroma, bea):
    changes_tier(aroma, FRIEND, "2028-01-01T10:00:00+01:00", season=SUMMER)
    buys(aroma, bea, 30_000, "2028-06-02T10:00:00+02:00")
    changes_tier(aroma, FRIEND, "2028-06-20T10:00:00+02:00", season=Season("06-15", "09-15"))
    for moment in ("2028-06-20T11:00:00+02:00", "2028-09-15T23:59:00+02:00"):
        looked(aroma, moment)
        assert stands(aroma, bea)[0] == "Friend"
    looked(aroma, "2028-09-16T00:00:00+02:00")
    assert stands(aroma, bea)[0] == "Regular"


def test_a_purchase_from_before_its_season_leaves_a_tier_alone(aroma, bea):
    changes_tier(aroma, FRIEND, "2028-01-01T10:00:00+01:00", season=SUMMER)
    buys(aroma, bea, 30_000, "2028-06-02T10:00:00+02:00")
    with at("2028-06-03T10:00:00+02:00"):
        bought(aroma, bea, 100, occurred_at=dt.datetime.fromisoformat("2028-05-30T10:00:00+02:00"))
    assert stands(aroma, bea) == ("Friend", 30_100)
    looked(aroma, "2028-08-31T23:59:00+02:00")
    assert stands(aroma, bea)[0] == "Friend"
    assert str(bea.id) not in [event["member"] for event in told(aroma, "tier.changed")]


def test_a_visit_of_last_year_leaves_this_years_tier_alone(world):
    aroma = world.aroma
    with at("2027-01-01T09:00:00+01:00"):
        climb_by(aroma, 1, 2, climbing="visits", window="calendar_year")
    changes_tier(aroma, FRIEND, "2027-01-01T10:00:00+01:00", season=SUMMER)
    bea = joins(aroma, "2027-02-03T10:00:00+01:00")
    for moment in ("2028-06-02T10:00:00+02:00", "2028-06-03T10:00:00+02:00"):
        with at(moment):
            visited(aroma, bea)
    with at("2028-06-04T10:00:00+02:00"), tenancy.scope(aroma.id):
        record_happening(
            merchant=aroma,
            who=Scanned(member_id=bea.id),
            trigger="visit",
            key=new_id(),
            asked="late",
            occurred_at=dt.datetime.fromisoformat("2027-12-30T10:00:00+01:00"),
        )
        assert stands(aroma, bea) == ("Friend", 2)


def test_a_purchase_brought_after_a_season_reaches_no_tier_of_it(aroma, bea):
    changes_tier(aroma, FRIEND, "2028-01-01T10:00:00+01:00", season=SUMMER)
    with at("2028-09-02T10:00:00+02:00"):
        bought(aroma, bea, 30_000, occurred_at=dt.datetime.fromisoformat("2028-08-30T10:00:00+02:00"))
    assert stands(aroma, bea)[0] == "Regular"


def test_a_purchase_brought_late_is_played_as_it_happens(aroma, bea):
    changes_tier(aroma, FRIEND, "2028-01-01T10:00:00+01:00", season=SUMMER)
    with tenancy.scope(aroma.id):
        life = Life(version_in_force(), Who(joined_on=dt.date(2028, 2, 3)))
    for amount_minor, day in ((30_000, "2028-06-02"), (100, "2028-05-30")):
        life.judge(Facts("purchase", amount_minor, moment=dt.datetime.fromisoformat(f"{day}T10:00")))
    assert life.tier is not None
    assert life.tier.name == "Friend"


def test_an_amount_that_is_raised_leaves_a_tier_for_a_whole_window(world):
    aroma = world.aroma
    with at("2027-01-01T09:00:00+01:00"):
        climb_by(aroma, 10_000, 30_000, window="calendar_year", downgrade="by_standing", warn_days=30)
    bea = joins(aroma, "2028-02-03T10:00:00+01:00")
    buys(aroma, bea, 30_000, "2028-03-01T10:00:00+01:00")
    changes_tier(aroma, FRIEND, "2029-02-01T10:00:00+01:00", threshold_minor=35_000)
    for moment in ("2029-02-01T11:00:00+01:00", "2030-01-01T10:00:00+01:00", "2030-12-31T10:00:00+01:00"):
        looked(aroma, moment)
        assert stands(aroma, bea)[0] == "Friend"
    looked(aroma, "2031-01-01T10:00:00+01:00")
    assert stands(aroma, bea)[0] is None


@pytest.mark.parametrize("downgrade", ["never", "by_standing"])
def test_who_holds_a_tier_that_is_removed_holds_the_next_below(world, downgrade):
    """Friend by last year's purchases, and in January the shop takes Friend out: nobody falls below the Regulars."""
    aroma = world.aroma
    with at("2027-01-01T09:00:00+01:00"):
        climb_by(aroma, 10_000, 30_000, window="calendar_year", downgrade=downgrade)
    bea = joins(aroma, "2027-02-03T10:00:00+01:00")
    buys(aroma, bea, 30_000, "2027-03-01T10:00:00+01:00")
    buys(aroma, bea, 30_000, "2028-03-01T10:00:00+01:00")
    with at("2029-01-05T10:00:00+01:00"), tenancy.scope(aroma.id):
        without = [tier for tier in version_in_force().tiers if tier.id != FRIEND]
        change_programme(
            merchant=aroma, actor=None, change=lambda version: replace(version, tiers=tuple(without))
        )
    for moment in ("2029-01-05T11:00:00+01:00", "2029-12-31T10:00:00+01:00"):
        looked(aroma, moment)
        assert stands(aroma, bea)[0] == "Regular"
    looked(aroma, "2030-01-01T10:00:00+01:00")
    assert stands(aroma, bea)[0] == ("Regular" if downgrade == "never" else None)


def takes_ladder(merchant, *tiers: Tier, moment: str, **ladder) -> None:
    """The shop takes these tiers from a file or template, then."""
    with at(moment), tenancy.scope(merchant.id):
        version = version_in_force()
        adopt_version(
            merchant=merchant,
            version=replace(version, tiers=tiers, ladder=replace(version.ladder, **ladder)),
            actor=None,
        )
        publish_draft(merchant=merchant, actor=None)


@pytest.mark.parametrize("climbing", ["spend", "visits"])
def test_nobody_has_a_tier_that_is_taken_for_one_of_its_name_that_asked_for_nothing(world, climbing):
    """A salon's Silver begins at nothing. It takes a ladder whose Silver begins at €250, or at so many visits."""
    aroma = world.aroma
    takes_ladder(aroma, Tier("s", "Argent", 0, 100), moment="2027-01-01T09:00:00+01:00")
    bea = joins(aroma, "2027-02-03T10:00:00+01:00")
    assert stands(aroma, bea) == ("Argent", 0)
    tiers = (Tier("b", "Bronze", 0, 100), Tier("s", "Argent", 25_000, 125))
    takes_ladder(aroma, *tiers, moment="2028-01-05T10:00:00+01:00", climbing=climbing)
    assert stands(aroma, bea)[0] == "Bronze"


def test_names_that_change_places_lift_nobody(world):
    """The ladder that is taken calls its lower tier what the higher one was called, and the other way round."""
    aroma = world.aroma
    with at("2027-01-01T09:00:00+01:00"):
        climb_by(aroma, 10_000, 30_000)
    low = joins(aroma, "2027-02-03T10:00:00+01:00")
    high = joins(aroma, "2027-02-03T10:00:00+01:00", phone="+33611223355")
    buys(aroma, low, 10_000, "2027-03-01T10:00:00+01:00")
    buys(aroma, high, 30_000, "2027-03-01T10:00:00+01:00")
    tiers = (Tier("a", "Friend", 10_000, 100), Tier("b", "Regular", 30_000, 150))
    takes_ladder(aroma, *tiers, moment="2028-01-05T10:00:00+01:00")
    assert (stands(aroma, low)[0], stands(aroma, high)[0]) == ("Friend", "Regular")


@pytest.mark.parametrize("names", [("Regular", "Friend"), ("Stammgast", "Freund")])
def test_a_template_taken_again_leaves_members_their_tiers(world, names):
    """A file or template brings tiers of the same names, or from the same amounts: they are the tiers of before."""
    aroma = world.aroma
    with at("2027-01-01T09:00:00+01:00"):
        climb_by(aroma, 10_000, 30_000, window="calendar_year", downgrade="by_standing")
    bea = joins(aroma, "2027-02-03T10:00:00+01:00")
    buys(aroma, bea, 30_000, "2027-03-01T10:00:00+01:00")
    with at("2028-01-05T10:00:00+01:00"), tenancy.scope(aroma.id):
        version = version_in_force()
        tiers = (
            Tier("low", names[0], 10_000, 100),
            Tier("high", names[1], 30_000 if names[1] != "Friend" else 20_000, 150),
        )
        adopt_version(merchant=aroma, version=replace(version, tiers=tiers), actor=None)
        publish_draft(merchant=aroma, actor=None)
        assert [tier.id for tier in version_in_force().tiers] == [REGULAR, FRIEND]
    looked(aroma, "2028-01-06T10:00:00+01:00")
    assert stands(aroma, bea)[0] == names[1]

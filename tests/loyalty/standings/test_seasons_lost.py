"""Tiers of a season and what goes back, comes late, or happened before: what is left is what was earned, and no less."""

import datetime as dt
import json
from dataclasses import replace

import pytest
from django.utils import timezone

from core import tenancy
from core.ids import new_id
from loyalty.membership.merge_preview import foresee_merge
from loyalty.membership.merging import merge_members
from loyalty.models import Standing
from loyalty.programme.versions import version_in_force
from loyalty.purchases import cancelling, refunding
from loyalty.purchases.foreseeing import foresee_undoing
from loyalty.queries import standing_of
from loyalty.rehearsal.replaying import Replay
from loyalty.rules.facts import Facts, Who
from loyalty.rules.playing import Life, Refund
from loyalty.rules.tiers import Season
from tests.loyalty.ruled import per_euro
from tests.loyalty.standings.test_climbing import FRIEND, REGULAR, bought, climb_by, newest, stands
from tests.loyalty.standings.test_reviewing import at, buys, joins, looked, told
from tests.loyalty.standings.test_tiers_kept import SUMMER, changes_tier

moment_of = dt.datetime.fromisoformat


def summer(merchant, *thresholds: int, moment: str, tier_id: str = FRIEND, season=SUMMER, **ladder) -> None:
    """A ladder published then, of which one tier is there in a season only."""
    with at(moment):
        climb_by(merchant, *thresholds, rules=(per_euro(merchant, "x"),), **ladder)
    changes_tier(merchant, tier_id, moment, season=season)


def goes_back(merchant, member, moment: str, amount_minor: int | None = None) -> None:
    """A refund of the newest purchase, or of a part of it; before, what it was foreseen to do."""
    purchase = newest(merchant, member)
    with at(moment), tenancy.scope(merchant.id):
        by_minor = amount_minor or purchase.amount_minor
        foreseen = foresee_undoing(purchase=purchase, standing=standing_of(member.id), by_minor=by_minor)
        refunding.refund_purchase(
            merchant=merchant, purchase_id=purchase.id, amount_minor=amount_minor, key=new_id(), actor_id=None
        )
    assert (foreseen.tier.name if foreseen.tier else None) == stands(merchant, member)[0]


def row(merchant, member) -> Standing:
    """Where the member stands."""
    with tenancy.scope(merchant.id):
        return Standing.objects.get(member=member)


LADDERS = [{}, {"window": "calendar_year", "downgrade": "one_step"}, {"window": "rolling_12_months"}]


@pytest.fixture(params=LADDERS, ids=["all spend", "a year", "twelve months"])
def aroma(world, request):
    """Regular from €100, Friend from €300 in June, July and August."""
    summer(world.aroma, 10_000, 30_000, moment="2028-01-01T09:00:00+01:00", **request.param)
    return world.aroma


@pytest.fixture
def bea(aroma):
    """Who joined in February."""
    return joins(aroma, "2028-02-03T10:00:00+01:00")


def test_a_season_goes_with_the_purchase_that_reached_it(aroma, bea):
    buys(aroma, bea, 30_000, "2028-06-02T10:00:00+02:00")
    goes_back(aroma, bea, "2028-06-03T10:00:00+02:00")
    assert stands(aroma, bea) == (None, 0)
    assert row(aroma, bea).review_on in {None, dt.date(2028, 6, 3)}


def test_a_season_that_began_by_itself_goes_with_what_it_began_by(aroma, bea):
    buys(aroma, bea, 12_000, "2028-05-01T10:00:00+02:00")
    buys(aroma, bea, 18_000, "2028-05-02T10:00:00+02:00")
    looked(aroma, "2028-06-01T00:00:00+02:00")
    assert stands(aroma, bea)[0] == "Friend"
    goes_back(aroma, bea, "2028-06-03T10:00:00+02:00", 100)
    assert stands(aroma, bea)[0] == "Regular"


def test_a_season_is_kept_where_what_is_left_reaches_it(aroma, bea):
    buys(aroma, bea, 35_000, "2028-05-02T10:00:00+02:00")
    looked(aroma, "2028-06-01T00:00:00+02:00")
    goes_back(aroma, bea, "2028-06-03T10:00:00+02:00", 100)
    assert stands(aroma, bea)[0] == "Friend"
    looked(aroma, "2028-09-01T00:00:00+02:00")
    assert stands(aroma, bea)[0] == "Regular"


def test_a_refund_after_a_season_steps_back_to_no_tier_of_it(world):
    """Reached in July, and held in winter for ever: the day on which it is looked at again was none."""
    aroma = world.aroma
    summer(
        aroma, 10_000, 30_000, moment="2028-01-01T09:00:00+01:00", tier_id=REGULAR, window="rolling_12_months"
    )
    bea = joins(aroma, "2028-02-03T10:00:00+01:00")
    buys(aroma, bea, 15_000, "2028-07-02T10:00:00+02:00")
    buys(aroma, bea, 16_000, "2028-07-03T10:00:00+02:00")
    goes_back(aroma, bea, "2028-11-03T10:00:00+01:00")
    assert stands(aroma, bea)[0] is None


@pytest.mark.parametrize("window", ["lifetime", "rolling_12_months"])
def test_who_steps_back_into_a_season_leaves_it_with_the_season(world, window):
    aroma = world.aroma
    summer(aroma, 10_000, 30_000, moment="2028-01-01T09:00:00+01:00", tier_id=REGULAR, window=window)
    bea = joins(aroma, "2028-02-03T10:00:00+01:00")
    buys(aroma, bea, 15_000, "2028-07-02T10:00:00+02:00")
    buys(aroma, bea, 16_000, "2028-07-03T10:00:00+02:00")
    goes_back(aroma, bea, "2028-07-04T10:00:00+02:00")
    assert (stands(aroma, bea)[0], row(aroma, bea).review_on) == ("Regular", dt.date(2028, 9, 1))
    looked(aroma, "2028-09-01T00:00:00+02:00")
    assert stands(aroma, bea)[0] is None


def test_a_cancelled_purchase_is_played_as_it_happens(aroma, bea):
    with tenancy.scope(aroma.id):
        life = Life(version_in_force(), Who(joined_on=dt.date(2028, 2, 3)))
    bought_at, back_at = "2028-06-02T10:00:00+02:00", "2028-06-03T10:00:00+02:00"
    buys(aroma, bea, 30_000, bought_at)
    life.judge(Facts("purchase", 30_000, moment=moment_of(bought_at), draw="it"))
    with at(back_at), tenancy.scope(aroma.id):
        cancelling.cancel_purchase(
            merchant=aroma, purchase_id=newest(aroma, bea).id, key=new_id(), actor_id=None
        )
    life.refund(Refund("it", 30_000, moment_of(back_at)))
    assert (life.tier, stands(aroma, bea)[0]) == (None, None)


def test_a_purchase_told_a_season_late_holds_until_this_season_ends(world):
    """Bought last summer, told in this one: its tier is not over on the day on which last summer was."""
    aroma = world.aroma
    summer(aroma, 10_000, 30_000, moment="2027-01-01T09:00:00+01:00")
    bea = joins(aroma, "2027-02-03T10:00:00+01:00")
    looked(aroma, "2028-06-01T00:00:00+02:00")
    with at("2028-06-20T10:00:00+02:00"):
        bought(aroma, bea, 30_000, moment_of("2027-07-15T10:00:00+02:00"))
    for moment in ("2028-06-20T11:00:00+02:00", "2028-08-31T23:59:00+02:00"):
        looked(aroma, moment)
        assert stands(aroma, bea)[0] == "Friend", moment
    looked(aroma, "2028-09-01T00:00:00+02:00")
    assert stands(aroma, bea)[0] == "Regular"


def test_a_purchase_from_before_its_season_that_is_told_in_it_reaches_it(aroma, bea):
    """Told in time, the season would have begun by it."""
    looked(aroma, "2028-06-01T00:00:00+02:00")
    with at("2028-06-20T10:00:00+02:00"):
        bought(aroma, bea, 30_000, moment_of("2028-05-15T10:00:00+02:00"))
    for moment in ("2028-06-20T11:00:00+02:00", "2028-08-31T23:59:00+02:00"):
        looked(aroma, moment)
        assert stands(aroma, bea)[0] == "Friend", moment
    looked(aroma, "2028-09-01T00:00:00+02:00")
    assert stands(aroma, bea)[0] == "Regular"


def test_a_purchase_of_last_year_begins_no_season_of_this(world):
    aroma = world.aroma
    summer(aroma, 10_000, 30_000, moment="2027-01-01T09:00:00+01:00", window="calendar_year")
    bea = joins(aroma, "2027-02-03T10:00:00+01:00")
    with at("2028-06-20T10:00:00+02:00"):
        bought(aroma, bea, 30_000, moment_of("2027-07-15T10:00:00+02:00"))
    assert stands(aroma, bea)[0] == "Regular"


def test_a_purchase_told_late_is_judged_by_the_season_of_its_day(aroma, bea):
    """In August it counted double, whatever is held in September."""
    changes_tier(aroma, FRIEND, "2028-02-04T10:00:00+01:00", multiplier_percent=200)
    buys(aroma, bea, 30_000, "2028-07-01T10:00:00+02:00")
    looked(aroma, "2028-09-01T00:00:00+02:00")
    with at("2028-09-02T10:00:00+02:00"):
        late = bought(aroma, bea, 1_000, moment_of("2028-08-30T10:00:00+02:00"))
    assert [award["amount"] for award in json.loads(late.body)["awards"]] == [20]
    assert stands(aroma, bea)[0] == "Regular"


@pytest.mark.parametrize("downgrade", ["never", "by_standing"])
@pytest.mark.parametrize("window", ["calendar_year", "rolling_12_months", "from_joining"])
def test_a_season_takes_nothing_along_that_was_safe_without_it(world, window, downgrade):
    """Regular since June, Holiday over the new year: in January she is Regular still, for a year as for all others."""
    aroma = world.aroma
    summer(
        aroma,
        10_000,
        30_000,
        moment="2027-01-01T09:00:00+01:00",
        season=Season("12-01", "01-06"),
        window=window,
        downgrade=downgrade,
    )
    bea = joins(aroma, "2027-01-03T10:00:00+01:00")
    buys(aroma, bea, 30_000, "2027-06-01T10:00:00+02:00")
    for moment in ("2027-12-01T00:00:00+01:00", "2028-01-06T23:59:00+01:00"):
        looked(aroma, moment)
        assert stands(aroma, bea)[0] == "Friend", moment
    looked(aroma, "2028-01-07T00:00:00+01:00")
    assert stands(aroma, bea)[0] == "Regular"
    assert [event["tier"] for event in told(aroma, "tier.changed") if event["member"] == str(bea.id)] == [
        FRIEND,
        REGULAR,
    ]


@pytest.mark.parametrize("since", ["2028-05-15", "2028-06-10", "2028-07-02"])
def test_what_is_in_force_is_rehearsed_as_it_is_through_a_season(world, since):
    aroma = world.aroma
    summer(aroma, 10_000, 30_000, moment="2027-01-01T09:00:00+01:00")
    changes_tier(aroma, FRIEND, "2027-01-01T10:00:00+01:00", multiplier_percent=200)
    bea = joins(aroma, "2027-02-03T10:00:00+01:00")
    buys(aroma, bea, 30_050, "2027-03-01T10:00:00+01:00")
    looked(aroma, "2027-06-01T00:00:00+02:00")
    buys(aroma, bea, 1_050, "2027-07-01T10:00:00+02:00")
    looked(aroma, "2027-09-01T00:00:00+02:00")
    looked(aroma, "2028-06-01T00:00:00+02:00")
    for day in ("2028-06-12", "2028-07-01", "2028-07-05"):
        buys(aroma, bea, 1_050, f"{day}T10:00:00+02:00")
    with at("2028-07-08T12:00:00+02:00"), tenancy.scope(aroma.id):
        until = moment_of("2028-07-08T12:00:00+02:00")
        replay = Replay(aroma, version_in_force(), moment_of(f"{since}T00:00:00+02:00"), until)
        replay.play(replay.events())
        replay.end()
        held = dict(Standing.objects.values_list("member_id", "tier_id"))
        tier = replay.tiers(held)[bea.id]
    assert [(scale.was, scale.would) for scale in replay.scales.values() if scale.was != scale.would] == []
    assert (str(held[bea.id]), tier.id if tier else None) == (FRIEND, FRIEND)


def test_a_rehearsal_leaves_a_tier_whose_amount_is_raised_for_a_whole_window(world):
    aroma = world.aroma
    with at("2027-01-01T09:00:00+01:00"):
        climb_by(aroma, 10_000, 30_000, window="calendar_year", downgrade="by_standing")
    bea = joins(aroma, "2027-02-03T10:00:00+01:00")
    buys(aroma, bea, 30_000, "2027-06-01T10:00:00+02:00")
    buys(aroma, bea, 30_000, "2028-06-01T10:00:00+02:00")
    buys(aroma, bea, 100, "2028-12-31T10:00:00+01:00")
    with at("2029-01-20T12:00:00+01:00"), tenancy.scope(aroma.id):
        version = version_in_force()
        tiers = tuple(
            replace(tier, threshold_minor=35_000) if tier.id == FRIEND else tier for tier in version.tiers
        )
        since, until = moment_of("2028-12-20T00:00:00+01:00"), moment_of("2029-01-20T12:00:00+01:00")
        replay = Replay(aroma, replace(version, tiers=tiers), since, until)
        replay.play(replay.events())
        tier = replay.tiers({bea.id: None})[bea.id]
    assert tier is not None
    assert tier.name == "Friend"


def test_members_who_become_one_in_a_season_reach_it_together(aroma, bea):
    ada = joins(aroma, "2028-02-03T10:00:00+01:00", phone="+33611223355")
    for member in (ada, bea):
        buys(aroma, member, 15_000, "2028-05-02T10:00:00+02:00")
    looked(aroma, "2028-06-01T00:00:00+02:00")
    with at("2028-06-10T10:00:00+02:00"), tenancy.scope(aroma.id):
        foreseen = foresee_merge(stays=bea, goes=ada, now=timezone.now())
        merge_members(stays_id=bea.id, goes_id=ada.id, key=new_id(), actor_id=None)
    assert foreseen.tier is not None
    assert (foreseen.tier.name, stands(aroma, bea)[0]) == ("Friend", "Friend")
    looked(aroma, "2028-09-01T00:00:00+02:00")
    assert stands(aroma, bea)[0] == "Regular"


@pytest.mark.parametrize("window", ["calendar_year", "rolling_12_months", "from_joining"])
def test_a_season_gives_no_day_more_of_the_tier_below(world, window):
    """Both bought on one day of May only: who had Holiday in December loses Regular on the day of who never had it."""
    aroma = world.aroma
    holiday = Season("12-01", "01-06")
    ladder = {"season": holiday, "window": window, "downgrade": "by_standing"}
    summer(aroma, 5_000, 10_001, moment="2027-05-01T09:00:00+02:00", **ladder)
    pair = [joins(aroma, "2027-05-03T10:00:00+02:00", phone) for phone in ("+33611223344", "+33611223355")]
    for member, amount_minor in zip(pair, (11_000, 9_900), strict=True):
        buys(aroma, member, amount_minor, "2027-05-20T10:00:00+02:00")
    looked(aroma, "2027-12-01T12:00:00+01:00")
    assert [stands(aroma, member)[0] for member in pair] == ["Friend", "Regular"]
    seen = []
    for day in ("2028-01-07", "2028-05-20", "2029-01-01", "2029-05-03"):
        looked(aroma, f"{day}T12:00:00+02:00")
        seen.append([stands(aroma, member)[0] for member in pair])
    assert [ada for ada, _bob in seen] == [bob for _ada, bob in seen]
    assert seen[-1] == [None, None]

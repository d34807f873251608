"""Tiers that are not earned again: warned of, lost on their day where the shop is, whoever was silent meanwhile."""

import datetime as dt
import json

import pytest
import time_machine
from django.utils import timezone

from core import tenancy
from core.ids import new_id
from core.models import Event
from loyalty import queries
from loyalty.membership.joining import enrol_member
from loyalty.membership.merging import merge_members
from loyalty.models import Standing
from loyalty.programme.versions import version_in_force
from loyalty.purchases import refunding
from loyalty.rules.facts import Facts, Who
from loyalty.rules.playing import Life
from loyalty.standings.reviewing import review_shop
from merchants.models import Merchant
from tests.loyalty.standings.test_climbing import bought, climb_by, newest, stands

CAST_YEAR = (timezone.now() + dt.timedelta(days=1)).year  # of the shop, whose year begins before ours


def at(text: str):
    """Everything within happens at this moment, an ISO text with its offset."""
    return time_machine.travel(dt.datetime.fromisoformat(text), tick=False)


def then(year: int, rest: str) -> str:
    """A moment in one of the years after the cast joined, whenever that is: the first whole one is 1."""
    return f"{CAST_YEAR + year}-{rest}"


def joins(merchant, moment: str, phone: str = "+33611223344"):
    """A member who joins then."""
    with at(moment), tenancy.scope(merchant.id):
        return enrol_member(merchant=merchant, name="Ada", phone=phone, source="join").member


def buys(merchant, member, amount_minor: int, moment: str):
    """A purchase then."""
    with at(moment):
        return json.loads(bought(merchant, member, amount_minor).body)


def looked(merchant, moment: str) -> int:
    """How many the sweep had something to tell then."""
    with at(moment):
        return review_shop(merchant.id)


def told(merchant, name: str) -> list[dict]:
    """What was told under this name."""
    with tenancy.scope(merchant.id):
        return list(Event.objects.filter(name=name).order_by("id").values_list("payload", flat=True))


def moves_to(merchant, zone: str) -> None:
    """The shop's clocks are those of that place."""
    with tenancy.scope(merchant.id):
        Merchant.objects.filter(id=merchant.id).update(time_zone=zone)
    merchant.time_zone = zone


@pytest.fixture
def aroma(world):
    """From the first year on tiers are by spend in a calendar year: Regular from €100, Friend from €300. Told 30 days before."""
    with at(then(1, "01-01T09:00:00+01:00")):
        climb_by(world.aroma, 10_000, 30_000, window="calendar_year", downgrade="by_standing", warn_days=30)
    return world.aroma


@pytest.fixture
def ada(aroma):
    """Friend since March of the first year, and €120 in the second."""
    ada = joins(aroma, then(1, "02-03T10:00:00+01:00"))
    buys(aroma, ada, 30_000, then(1, "03-01T10:00:00+01:00"))
    buys(aroma, ada, 12_000, then(2, "05-01T10:00:00+02:00"))
    return ada


def test_tiers_wrong_for_years(aroma, ada):
    """The pain: who was Friend once stayed it for ever. A whole year without it, and the first of January says so."""
    for moment in (
        then(1, "12-31T23:59:00+01:00"),
        then(2, "11-01T10:00:00+01:00"),
        then(2, "12-31T23:59:00+01:00"),
    ):
        looked(aroma, moment)
        assert stands(aroma, ada)[0] == "Friend"
    assert looked(aroma, then(3, "01-01T00:00:00+01:00")) == 1
    assert stands(aroma, ada)[0] == "Regular"
    assert [event["member"] for event in told(aroma, "tier.changed")] == [str(ada.id)]
    looked(aroma, then(4, "01-01T00:00:00+01:00"))
    assert stands(aroma, ada)[0] is None


def test_who_earned_it_again_keeps_it(aroma, ada):
    buys(aroma, ada, 18_000, then(2, "12-31T23:59:00+01:00"))
    assert looked(aroma, then(3, "01-01T00:00:00+01:00")) == 0
    assert stands(aroma, ada)[0] == "Friend"
    assert told(aroma, "tier.changed") == []


def test_a_week_of_silence_comes_to_the_same(aroma, ada):
    looked(aroma, then(3, "01-08T03:00:00+01:00"))
    assert stands(aroma, ada)[0] == "Regular"
    with tenancy.scope(aroma.id):
        standing = Standing.objects.get(member=ada)
    assert (standing.tier_since, standing.review_on) == (
        dt.date(CAST_YEAR + 3, 1, 1),
        dt.date(CAST_YEAR + 3, 12, 2),
    )


def test_two_years_of_silence_come_to_the_same(aroma, ada):
    looked(aroma, then(4, "01-08T03:00:00+01:00"))
    assert stands(aroma, ada)[0] is None


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("Europe/Paris", then(2, "12-31T23:59:59+01:00"), then(3, "01-01T00:00:00+01:00")),
        ("Pacific/Auckland", then(2, "12-31T23:59:59+13:00"), then(3, "01-01T00:00:00+13:00")),
    ],
)
def test_a_year_ends_where_the_shop_is(aroma, ada, zone, before, after):
    moves_to(aroma, zone)
    looked(aroma, before)
    assert stands(aroma, ada)[0] == "Friend"
    looked(aroma, after)
    assert stands(aroma, ada)[0] == "Regular"


@pytest.mark.parametrize(
    ("zone", "joined", "before", "after"),
    [
        # Joined on a leap day: the year from joining ends with 27 February.
        (
            "Europe/Paris",
            "2028-02-29T10:00:00+01:00",
            "2030-02-27T23:59:59+01:00",
            "2030-02-28T00:00:00+01:00",
        ),
        # The anniversary is the night in which the clocks leap.
        (
            "America/New_York",
            "2028-03-10T10:00:00-05:00",
            "2030-03-09T23:59:59-05:00",
            "2030-03-10T00:00:00-05:00",
        ),
    ],
)
def test_a_year_from_joining_ends_on_its_day(world, zone, joined, before, after):
    aroma = world.aroma
    moves_to(aroma, zone)
    with at("2028-01-01T12:00:00+00:00"):
        climb_by(aroma, 10_000, 30_000, window="from_joining", downgrade="one_step")
    ada = joins(aroma, joined)
    buys(aroma, ada, 30_000, joined)
    looked(aroma, before)
    assert stands(aroma, ada)[0] == "Friend"
    looked(aroma, after)
    assert stands(aroma, ada)[0] == "Regular"


def test_twelve_rolling_months_end_a_day_after_the_year(world):
    aroma = world.aroma
    with at(then(1, "01-01T09:00:00+01:00")):
        climb_by(
            aroma,
            10_000,
            30_000,
            window="rolling_12_months",
            downgrade="by_standing",
            grace_days=5,
            warn_days=3,
        )
    ada = joins(aroma, then(1, "02-03T10:00:00+01:00"))
    buys(aroma, ada, 30_000, then(1, "03-01T10:00:00+01:00"))
    for moment in (
        then(2, "03-01T10:00:00+01:00"),
        then(2, "03-02T10:00:00+01:00"),
        then(2, "03-05T10:00:00+01:00"),
    ):
        looked(aroma, moment)
        assert stands(aroma, ada)[0] == "Friend"
    with at(then(2, "03-05T10:00:00+01:00")), tenancy.scope(aroma.id):
        warned = queries.standing_of(ada.id).warned
        assert warned is not None
        assert (warned.short, warned.by) == (30_000, dt.date(CAST_YEAR + 2, 3, 5))
    looked(aroma, then(2, "03-06T00:00:00+01:00"))
    assert stands(aroma, ada)[0] is None


def test_a_purchase_is_not_judged_by_a_tier_that_was_lost(aroma, ada):
    answer = buys(aroma, ada, 1_000, then(3, "01-01T00:00:01+01:00"))  # no sweep has been by
    assert answer["tier"]["name"] == "Regular"
    assert len(told(aroma, "tier.changed")) == 1


def test_a_warning_comes_once_and_shrinks_as_one_buys(aroma, ada):
    assert looked(aroma, then(2, "12-01T12:00:00+01:00")) == 0
    assert looked(aroma, then(2, "12-02T00:00:00+01:00")) == 1
    assert looked(aroma, then(2, "12-03T00:00:00+01:00")) == 0
    [warning] = told(aroma, "tier.warned")
    assert (warning["short"], warning["on"]) == (18_000, then(3, "01-01"))
    buys(aroma, ada, 14_200, then(2, "12-05T12:00:00+01:00"))
    with at(then(2, "12-06T12:00:00+01:00")), tenancy.scope(aroma.id):
        standing = queries.standing_of(ada.id)
        assert standing.tier_answer()["keep"] == {"more": "38.00", "by": then(2, "12-31")}
    buys(aroma, ada, 3_800, then(2, "12-31T12:00:00+01:00"))
    with at(then(2, "12-31T13:00:00+01:00")), tenancy.scope(aroma.id):
        assert "keep" not in queries.standing_of(ada.id).tier_answer()


def test_a_tier_is_safe_for_a_whole_window_under_another_ladder(aroma, ada):
    with at(then(2, "12-15T12:00:00+01:00")):
        climb_by(aroma, 10_000, 40_000, window="calendar_year", downgrade="one_step")
    looked(aroma, then(3, "01-02T12:00:00+01:00"))
    assert stands(aroma, ada)[0] == "Friend"
    looked(aroma, then(4, "01-01T12:00:00+01:00"))
    assert stands(aroma, ada)[0] == "Regular"


def test_what_is_refunded_may_lose_a_tier_at_once(aroma, ada):
    """In the third year Ada is Friend by what was bought in the second; that goes back in January."""
    buys(aroma, ada, 18_000, then(2, "12-31T12:00:00+01:00"))
    purchase = newest(aroma, ada)
    looked(aroma, then(3, "01-01T12:00:00+01:00"))
    with at(then(3, "01-07T12:00:00+01:00")), tenancy.scope(aroma.id):
        refunding.refund_purchase(
            merchant=aroma, purchase_id=purchase.id, amount_minor=None, key=new_id(), actor_id=None
        )
    assert stands(aroma, ada)[0] == "Regular"


@pytest.mark.parametrize("window", ["calendar_year", "rolling_12_months", "from_joining"])
@pytest.mark.parametrize("downgrade", ["one_step", "by_standing"])
def test_what_is_rehearsed_is_what_happens(world, window, downgrade):
    """Five years of a member, month by month, beside the same life played by the rules alone."""
    aroma = world.aroma
    ladder = {"window": window, "downgrade": downgrade, "grace_days": 9, "warn_days": 20}
    with at(then(1, "01-01T09:00:00+01:00")):
        climb_by(aroma, 10_000, 30_000, **ladder)
    ada = joins(aroma, then(1, "01-31T12:00:00+01:00"))
    with tenancy.scope(aroma.id):
        life = Life(version_in_force(), Who(joined_on=dt.date(CAST_YEAR + 1, 1, 31)))
    day, spent = (
        dt.date(CAST_YEAR + 1, 1, 31),
        iter([90, 0, 250, 0, 0, 20, 0, 0, 130, 0, 0, 0, 0, 40, 0, 5] * 4),
    )
    for amount in spent:
        day += dt.timedelta(days=29)
        moment = f"{day}T12:00:00+00:00"
        if amount:
            buys(aroma, ada, 100 * amount, moment)
            life.judge(Facts("purchase", 100 * amount, moment=dt.datetime.fromisoformat(moment)))
        else:
            looked(aroma, moment)
            life.live_until(day)
        assert stands(aroma, ada)[0] == (life.tier.name if life.tier else None), day


def test_a_tier_that_nobody_would_look_at_is_found(aroma, ada):
    with tenancy.scope(aroma.id):
        assert queries.problems_in_books() == []
        Standing.objects.filter(member=ada).update(review_on=None)
        [problem] = queries.problems_in_books()
    assert problem.law == "a tier that can be lost has a day on which it is looked at"


def test_who_was_merged_is_looked_at_as_the_one_who_stays(aroma, world):
    ada = joins(aroma, then(1, "02-03T10:00:00+01:00"))
    buys(aroma, ada, 30_000, then(1, "03-01T10:00:00+01:00"))
    with at(then(1, "04-01T10:00:00+02:00")), tenancy.scope(aroma.id):
        merge_members(stays_id=world.noah.id, goes_id=ada.id, key=new_id(), actor_id=None)
        Standing.objects.filter(member=ada).update(
            review_on=dt.date(CAST_YEAR + 1, 4, 1)
        )  # as another ladder leaves it
    looked(aroma, then(2, "12-31T10:00:00+01:00"))
    assert stands(aroma, world.noah)[0] == "Friend"
    looked(aroma, then(3, "01-01T00:00:00+01:00"))
    assert stands(aroma, world.noah)[0] is None
    with tenancy.scope(aroma.id):
        assert queries.problems_in_books() == []
        assert Standing.objects.get(member=ada).review_on is None

"""What lifted is cancelled, or taken back: where one stood before is where one stands."""

import pytest

from core import tenancy
from core.ids import new_id
from loyalty.happenings.happening import record_happening
from loyalty.happenings.taking_back import cancel_happening
from loyalty.models import Happening
from loyalty.purchases import cancelling
from members.cards import Scanned
from tests.loyalty.standings.test_climbing import climb_by, newest, stands
from tests.loyalty.standings.test_reviewing import at, buys, joins, looked
from tests.loyalty.standings.test_seasons import REGULAR, SUMMER, with_tiers

DOWNGRADES = ["never", "by_standing"]
WINDOWS = ["calendar_year", "rolling_12_months", "from_joining"]


def cancel(merchant, member, moment: str) -> None:
    """Her newest purchase."""
    with at(moment), tenancy.scope(merchant.id):
        cancelling.cancel_purchase(
            merchant=merchant, purchase_id=newest(merchant, member).id, key=new_id(), actor_id=None
        )


@pytest.mark.parametrize("downgrade", DOWNGRADES)
@pytest.mark.parametrize("window", WINDOWS)
def test_a_tier_of_the_window_before_outlives_a_purchase_that_is_cancelled(world, window, downgrade):
    """Regular by what she spent in 2027, and safe for 2028: Friend for an hour of May takes nothing of it."""
    aroma = world.aroma
    with at("2027-01-01T09:00:00+01:00"):
        climb_by(aroma, 10_000, 30_000, window=window, downgrade=downgrade)
    bea = joins(aroma, "2027-02-03T10:00:00+01:00")
    buys(aroma, bea, 12_000, "2027-06-01T10:00:00+02:00")
    looked(aroma, "2028-05-01T10:00:00+02:00")
    assert stands(aroma, bea)[0] == "Regular"
    buys(aroma, bea, 30_000, "2028-05-02T10:00:00+02:00")
    assert stands(aroma, bea)[0] == "Friend"
    cancel(aroma, bea, "2028-05-02T11:00:00+02:00")
    assert stands(aroma, bea)[0] == "Regular"


def test_a_tier_in_its_grace_outlives_a_purchase_that_is_cancelled(world):
    """Not earned again in 2028, and lost on 31 January only: on the fifth she has it still."""
    aroma = world.aroma
    with at("2027-01-01T09:00:00+01:00"):
        climb_by(aroma, 10_000, 30_000, window="calendar_year", downgrade="by_standing", grace_days=30)
    bea = joins(aroma, "2027-02-03T10:00:00+01:00")
    buys(aroma, bea, 12_000, "2027-06-01T10:00:00+02:00")
    buys(aroma, bea, 30_000, "2029-01-05T10:00:00+01:00")
    cancel(aroma, bea, "2029-01-05T11:00:00+01:00")
    assert stands(aroma, bea)[0] == "Regular"


@pytest.mark.parametrize("downgrade", DOWNGRADES)
@pytest.mark.parametrize("window", ["calendar_year", "rolling_12_months"])
def test_a_season_that_goes_leaves_the_tier_of_the_window_before(world, window, downgrade):
    aroma = world.aroma
    with_tiers(aroma, REGULAR, SUMMER, window=window, downgrade=downgrade)
    ada = joins(aroma, "2027-05-03T10:00:00+02:00")
    buys(aroma, ada, 6_000, "2027-09-20T10:00:00+02:00")
    buys(aroma, ada, 10_000, "2028-05-20T10:00:00+02:00")
    looked(aroma, "2028-06-01T00:00:00+02:00")
    assert stands(aroma, ada)[0] == "Summer"
    cancel(aroma, ada, "2028-06-02T11:00:00+02:00")
    assert stands(aroma, ada)[0] == "Regular"


@pytest.mark.parametrize("downgrade", DOWNGRADES)
def test_the_season_of_last_year_keeps_nobody_in_this_one(world, downgrade):
    aroma = world.aroma
    with_tiers(aroma, REGULAR, SUMMER, window="calendar_year", downgrade=downgrade)
    ada = joins(aroma, "2027-05-03T10:00:00+02:00")
    buys(aroma, ada, 10_000, "2027-07-20T10:00:00+02:00")
    looked(aroma, "2027-09-01T00:00:00+02:00")
    buys(aroma, ada, 10_000, "2028-05-20T10:00:00+02:00")
    looked(aroma, "2028-06-01T00:00:00+02:00")
    assert stands(aroma, ada)[0] == "Summer"
    cancel(aroma, ada, "2028-06-02T11:00:00+02:00")
    assert stands(aroma, ada)[0] == "Regular"


def test_a_visit_that_is_taken_back_takes_no_tier_of_last_year(world):
    """A visit of last year made her Regular; those of the second of January are a slip, and taken back."""
    aroma = world.aroma
    with at("2027-01-01T09:00:00+01:00"):
        climb_by(aroma, 1, 3, climbing="visits", window="calendar_year", downgrade="by_standing")
    bea = joins(aroma, "2027-02-03T10:00:00+01:00")
    for moment in ("2027-06-01T10", "2028-01-02T10", "2028-01-02T11", "2028-01-02T12"):
        with at(f"{moment}:00:00+01:00"), tenancy.scope(aroma.id):
            record_happening(
                merchant=aroma,
                who=Scanned(member_id=bea.id),
                trigger="visit",
                key=new_id(),
                asked=moment,
                actor_id=new_id(),
            )
    assert stands(aroma, bea)[0] == "Friend"
    with at("2028-01-02T13:00:00+01:00"), tenancy.scope(aroma.id):
        for visit in Happening.objects.filter(trigger="visit", member=bea).order_by("-id")[:3]:
            cancel_happening(merchant=aroma, happening_id=visit.id, key=new_id(), actor_id=None)
    assert stands(aroma, bea)[0] == "Regular"

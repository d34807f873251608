"""What a replay begins with, and what goes back in it: as it was, where nothing is changed."""

import dataclasses

import pytest
import time_machine
from django.utils import timezone

from core import tenancy
from loyalty.ledger import statements
from loyalty.models import Standing
from loyalty.programme import drafting, publishing
from loyalty.programme.versions import version_in_force
from loyalty.purchases.history import PastPurchase, record_history
from loyalty.rehearsal.replaying import Replay
from loyalty.rules.editing import with_returns
from loyalty.rules.tiers import Ladder, Tier
from loyalty.rules.types import Goal, Quota, Rule, Version
from loyalty.standings.climbing import progress_of
from tests.loyalty.purchases.test_cancelling import bought
from tests.loyalty.purchases.test_refunding import refund
from tests.loyalty.purchases.test_returns import correct, returning
from tests.loyalty.rehearsal.test_rehearsing import AMOUNTS, ago, draft, newcomers, rehearsed, spread
from tests.loyalty.ruled import per_euro, rule_id


def given_to(member, merchant) -> int:
    """What a member was given, less what was taken back of it."""
    with tenancy.scope(merchant.id):
        account = statements.accounts_of(member.id)[0].id
        rows = statements.entries(account).values_list("kind", "amount")
        return sum({"award": units, "take_back": -units}.get(kind, 0) for kind, units in rows)


def living_rules(version: Version, merchant) -> Version:
    """In which every rule remembers something: a bank, goals, rows, and what members and all of them had."""
    unit, ever = version.units[0].id, Quota(90, "units", "ever", whose="programme")
    rules = (
        per_euro(merchant, "bank", keeps_change=True, per_minor=700),
        Rule(rule_id("tenth"), "visit", unit, 30, gives="flat", goal=Goal(10, "ever")),
        Rule(rule_id("third"), "visit", unit, 15, gives="flat", goal=Goal(3, "month")),
        Rule(rule_id("row"), "visit", unit, 25, gives="flat", goal=Goal(4, "week", in_a_row=True)),
        Rule(rule_id("few"), "purchase", unit, 5, gives="flat", quotas=(Quota(3, "times", "month"), Quota(40, "units", "ever"))),
        Rule(rule_id("once"), "purchase", unit, 4, gives="flat", pause_minutes=4320),
        Rule(rule_id("shared"), "purchase", unit, 2, gives="flat", quotas=(ever, Quota(9, "times", "month", whose="programme"))),
    )  # fmt: skip
    return dataclasses.replace(version, rules=rules)


def test_members_begin_with_what_was_remembered_of_them_on_the_first_day(world):
    bloom = world.bloom
    with tenancy.scope(bloom.id):
        publishing.change_programme(
            merchant=bloom, change=lambda version: living_rules(version, bloom), actor=None
        )
        members = newcomers(bloom, 3, joined=ago(300))
        days = [day for day in range(290, 1, -1) if day % 4 != 2]
        purchases = [
            PastPurchase(members[day % 3].id, AMOUNTS[day % len(AMOUNTS)] + day, ago(day)) for day in days
        ]
        list(record_history(merchant=bloom, purchases=purchases))
        draft(bloom, lambda version: dataclasses.replace(version, name="Another name"))
    result = rehearsed(bloom)
    (points,) = result["units"]
    assert points["baskets"] == []
    assert points["was"] == points["would"] > 0


@pytest.mark.parametrize("returns", ["debt", "within_balance", "only_pending"])
def test_what_went_back_goes_back_as_the_version_lets_it(world, returns):
    aroma = world.aroma
    returning(world, returns)
    first, second = bought(world, world.noah, 10_000), bought(world, world.noah, 5_000)
    correct(world, -150)  # of 50 and 150 he has 50 left
    for purchase, part in ((first, 4_000), (second, None), (first, 6_000)):
        refund(world, purchase, part)
    with tenancy.scope(aroma.id):
        draft(aroma, lambda version: dataclasses.replace(version, name="Another name"))
    same = rehearsed(aroma)["units"][0]
    assert (same["was"], same["baskets"]) == (same["would"], [])
    kept = {"debt": 0, "within_balance": 100, "only_pending": 150}[returns]
    assert given_to(world.noah, aroma) - 50 == kept
    with tenancy.scope(aroma.id):
        draft(aroma, lambda version: with_returns(version, "only_pending"))
    lenient = rehearsed(aroma)["units"][0]
    assert lenient["would"] - lenient["was"] == 150 - kept
    assert [more for member, more in lenient["gaining"]["most"] if member == str(world.noah.id)] == (
        [150 - kept] if kept < 150 else []
    )


LADDERS = (
    Ladder(window="calendar_year", downgrade="by_standing"),
    Ladder(window="rolling_12_months", downgrade="one_step", grace_days=10),
    Ladder(climbing="visits", window="from_joining"),
    Ladder(climbing="units", window="lifetime"),
)


@pytest.fixture
def in_summer():
    """Ninety days ago is in the same year: else a ladder by the calendar has forgotten most of them."""
    now = timezone.now()
    with time_machine.travel(now.replace(year=now.year + 1, month=6, day=15)):
        yield


@pytest.mark.parametrize("ladder", LADDERS, ids=lambda ladder: f"{ladder.climbing}, {ladder.window}")
def test_a_rehearsed_ladder_is_climbed_as_it_really_is(in_summer, world, ladder):
    bloom, day = world.bloom, ago(0).date()
    steps = {"spend": (0, 20_000, 60_000, 90_000), "visits": (0, 3, 10, 11), "units": (0, 40, 120, 200)}
    tiers = tuple(
        Tier(rule_id(f"t{n}"), f"T{n}", threshold, 100 + 25 * n)
        for n, threshold in enumerate(steps[ladder.climbing])
    )

    def change(version: Version) -> Version:
        return dataclasses.replace(
            version, ladder=ladder, tiers=tiers, rules=(per_euro(bloom, "spending", per_minor=500),)
        )

    with tenancy.scope(bloom.id):
        members = newcomers(bloom, 5, joined=ago(89))
        draft(bloom, change)
        list(record_history(merchant=bloom, purchases=spread(members)))
        version = drafting.edited_version()
        replay = Replay(bloom, version, ago(90), timezone.now())
        replay.play(replay.events())
        foretold = [replay.life_of(member.id) for member in members]
        publishing.change_programme(merchant=bloom, change=change, actor=None)
        twins = newcomers(bloom, 5, first=100, joined=ago(89))
        list(record_history(merchant=bloom, purchases=spread(twins)))
        standings = [Standing.objects.get(member=twin) for twin in twins]
        progress = progress_of(standings, version_in_force(), bloom.time_zone, day)
    assert len({life.tier for life in foretold}) > 1
    for life, standing in zip(foretold, standings, strict=True):
        assert (life.tier.id, life.progress_on(day)) == (str(standing.tier_id), progress[standing.member_id])
        assert life.tier_since == standing.tier_since

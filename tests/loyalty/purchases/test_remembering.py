"""What is remembered of a member between two purchases, and how it goes back with the money."""

import datetime as dt
import json
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import tenancy
from core.ids import new_id, read_id
from loyalty import queries
from loyalty.ledger import statements
from loyalty.membership.joining import enrol_member
from loyalty.membership.merging import merge_members, part_members
from loyalty.models import Happening, Purchase, Standing
from loyalty.programme import versions
from loyalty.purchases import earning, history
from loyalty.rules.types import Condition, Quota
from members import cards
from tests.loyalty.purchases.test_cancelling import bought, cancel
from tests.loyalty.purchases.test_refunding import refund
from tests.loyalty.ruled import memory_of, per_euro, rule_id, stamps, with_rules
from tests.world import buy, points_of

CHANGE = rule_id("change")


@pytest.fixture
def banking(world):
    """A point for each €50, and what is less is kept for the next time; to Noah, who has no multiplier."""
    with_rules(world.aroma, per_euro(world.aroma, "change", per_minor=5_000, keeps_change=True))
    return world


def record(world, member, amount_minor, **more):
    said = earning.NewPurchase(
        who=cards.Scanned(member_id=member.id), amount_minor=amount_minor, channel="api",
        asked=[str(member.id), amount_minor], **more,
    )  # fmt: skip
    return json.loads(earning.record_purchase(merchant=world.aroma, bought=said, key=new_id()).body)


def problems(world):
    with tenancy.scope(world.aroma.id):
        return statements.prove()


def test_what_is_too_little_for_a_point_is_kept_for_the_next_time(banking):
    buy(banking.aroma, banking.noah, 3_000)
    assert memory_of(banking.aroma, banking.noah) == {CHANGE: {"change": [3_000, 0]}}
    buy(banking.aroma, banking.noah, 3_000)
    assert memory_of(banking.aroma, banking.noah) == {CHANGE: {"change": [1_000, 0]}}
    assert points_of(banking.aroma, banking.noah) == 51
    assert problems(banking) == []


@pytest.mark.parametrize("parts", [[6_000], [2_000, 4_000], [1, 5_999], [3_333, 1_111, 1_556]])
def test_a_refund_of_all_in_any_parts_leaves_nothing_behind_in_the_memory(banking, parts):
    buy(banking.aroma, banking.noah, 3_000)
    before = memory_of(banking.aroma, banking.noah)
    purchase_id = bought(banking, banking.noah, 6_000)
    assert memory_of(banking.aroma, banking.noah) != before
    for part in parts:
        refund(banking, purchase_id, part)
    assert memory_of(banking.aroma, banking.noah) == before
    assert points_of(banking.aroma, banking.noah) == 50
    assert problems(banking) == []


def test_a_cancelled_purchase_is_forgotten_too(banking):
    purchase_id = bought(banking, banking.noah, 3_000)
    refund(banking, purchase_id, 1_000)
    cancel(banking, purchase_id)
    assert memory_of(banking.aroma, banking.noah) == {}


def test_a_limit_for_a_member_counts_what_came_before_and_forgets_what_was_refunded(world):
    quota = Quota(most=20, counted="units", period="ever")
    with_rules(world.aroma, per_euro(world.aroma, "capped", quotas=(quota,)))
    purchase_id = bought(world, world.noah, 1_500)
    buy(world.aroma, world.noah, 1_500)
    assert points_of(world.aroma, world.noah) == 50 + 20
    buy(world.aroma, world.noah, 1_500)
    assert points_of(world.aroma, world.noah) == 50 + 20
    refund(world, purchase_id)
    buy(world.aroma, world.noah, 1_500)
    assert points_of(world.aroma, world.noah) == 50 + 20 - 15 + 15
    assert problems(world) == []


def test_two_members_who_become_one_share_a_memory_and_take_it_apart_again(banking):
    world = banking
    with tenancy.scope(world.aroma.id):
        twin = enrol_member(merchant=world.aroma, phone="+33611111111", source="join").member
    buy(world.aroma, world.noah, 3_000)
    theirs = bought(world, twin, 4_500)
    with tenancy.scope(world.aroma.id):
        merge = merge_members(stays_id=world.noah.id, goes_id=twin.id, key=new_id(), actor_id=None)
    assert memory_of(world.aroma, world.noah) == {CHANGE: {"change": [7_500, 0]}}
    refund(world, theirs, 1_500)
    assert memory_of(world.aroma, world.noah) == {CHANGE: {"change": [6_000, 0]}}
    with tenancy.scope(world.aroma.id):
        part_members(merge_id=merge.id, actor_id=None)
    assert memory_of(world.aroma, world.noah) == {CHANGE: {"change": [3_000, 0]}}
    assert memory_of(world.aroma, twin) == {CHANGE: {"change": [3_000, 0]}}


def test_rules_are_asked_by_the_shops_own_clocks(world):
    """Half past ten on a winter's Saturday in London is half past eleven in Paris; an hour later it is Sunday there."""
    saturday = Condition("weekday", {"any": [6]})
    with_rules(world.aroma, per_euro(world.aroma, "saturdays", conditions=(saturday,)))
    inside = record(world, world.noah, 1_000, occurred_at=_winter_saturday(22, 30))
    outside = record(world, world.noah, 1_000, occurred_at=_winter_saturday(23, 30))
    assert [bool(inside["awards"]), bool(outside["awards"])] == [True, False]


def _winter_saturday(hour, minute):
    """A Saturday of the past January or February, in UTC."""
    today = timezone.now()
    year = today.year if today.month > 2 else today.year - 1
    first = dt.datetime(year, 2, 1, hour, minute, tzinfo=dt.UTC)
    return first + dt.timedelta(days=(6 - first.isoweekday()) % 7)


def test_rules_know_where_and_what_was_bought_and_who_came(world):
    place = str(world.croix_rousse.id)
    with_rules(
        world.aroma,
        per_euro(world.aroma, "there", conditions=(Condition("location", {"any": [place]}),)),
        per_euro(world.aroma, "latte", conditions=(Condition("product", {"any": ["latte"]}),)),
        per_euro(world.aroma, "channel", conditions=(Condition("channel", {"any": ["api"]}),)),
        per_euro(world.aroma, "first", conditions=(Condition("first_visit", {}),)),
        per_euro(world.aroma, "early", conditions=(Condition("among_first", {"most": 2}),)),
        per_euro(world.aroma, "cash", conditions=(Condition("payment", {"any": ["cash"]}),)),
    )
    items = [{"sku": "LATTE", "category": "Coffee", "quantity": 2, "amount": "7.00"}]
    first = record(world, world.noah, 1_000, items=items, location_id=world.croix_rousse.id)
    second = record(world, world.noah, 1_000, bill={"payment": "cash"})
    gave = [[award["amount"] for award in answer["awards"]] for answer in (first, second)]
    # there, latte, channel, first, early; then channel, early, cash
    assert gave == [[10] * 5, [10] * 3]


def test_a_second_unit_gets_its_account_with_its_first_award(world):
    points, stamp = per_euro(world.aroma, "points"), per_euro(world.aroma, "stamps", per_minor=1_000)
    with_rules(world.aroma, points, replace(stamp, unit=stamps().id), units=(stamps(),))
    answer = record(world, world.noah, 2_500)
    assert {award["unit"]: award["amount"] for award in answer["awards"]} == {"points": 25, "stamps": 2}
    assert {code: balance["available"] for code, balance in answer["balances"].items()} == {
        "points": 75,
        "stamps": 2,
    }
    with tenancy.scope(world.aroma.id):
        assert Purchase.objects.get(amount_minor=2_500).awarded == 25
        assert queries.standing_of(world.noah.id).balances["stamps"]["available"] == 2
    assert problems(world) == []
    refund(world, read_id("pur", answer["id"]))
    with tenancy.scope(world.aroma.id):
        balances = queries.standing_of(world.noah.id).balances
    assert {code: balance["available"] for code, balance in balances.items()} == {"points": 50, "stamps": 0}


def test_thirty_rules_in_force_take_no_more_statements(committed_db, world):
    with_rules(
        world.aroma,
        *(
            per_euro(
                world.aroma, f"rule {number}", keeps_change=number % 2 == 0,
                quotas=(Quota(10**6, "units", "ever", whose="programme" if number % 3 else "member"),),
            )
            for number in range(30)
        ),
    )  # fmt: skip
    counts = []
    for _again in range(2):
        with CaptureQueriesContext(connection) as seen:
            buy(world.aroma, world.noah, 1_250)
        counts.append(len(seen))
    versions.forget_versions()
    with CaptureQueriesContext(connection) as newborn:
        buy(world.aroma, world.noah, 1_250)
    assert [*counts, len(newborn)] == [3, 2, 3]


def test_history_remembers_from_one_purchase_to_the_next(banking):
    moment = timezone.now() - dt.timedelta(days=3)
    with tenancy.scope(banking.aroma.id):
        purchases = [
            history.PastPurchase(banking.noah.id, 3_000, moment + dt.timedelta(hours=hour))
            for hour in range(3)
        ]
        assert list(history.record_history(merchant=banking.aroma, purchases=purchases)) == [3]
    assert memory_of(banking.aroma, banking.noah) == {CHANGE: {"change": [4_000, 0]}}
    assert points_of(banking.aroma, banking.noah) == 51
    assert problems(banking) == []


def test_members_are_counted_as_they_join(world):
    with tenancy.scope(world.aroma.id):
        third = enrol_member(merchant=world.aroma, phone="+33611111111", source="join").member
        ordinals = {row.member_id: row.ordinal for row in Standing.objects.all()}
        joined = Happening.objects.get(member=third)
    assert ordinals == {world.mia.id: 1, world.noah.id: 2, third.id: 3}
    assert (joined.id, joined.trigger, joined.reasons[0]["units"]) == (third.id, "joining", 50)

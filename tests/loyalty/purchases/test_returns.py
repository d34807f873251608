"""What a refund takes of what is used already, by the programme that the purchase was judged by: owed, or let go."""

import json

import pytest

from core import tenancy
from core.ids import new_id
from loyalty import queries
from loyalty.programme import publishing
from loyalty.purchases import queries as purchase_queries
from loyalty.purchases.foreseeing import foresee_undoing
from loyalty.rules.editing import with_returns
from loyalty.rules.types import Quota
from loyalty.units import adjusting
from tests.loyalty.programme.test_lasting import balance, living
from tests.loyalty.purchases.test_cancelling import bought, cancel
from tests.loyalty.purchases.test_refunding import refund
from tests.loyalty.ruled import budget_of, memory_of, per_euro, rule_id, with_rules


def returning(world, returns):
    with tenancy.scope(world.aroma.id):
        publishing.change_programme(
            merchant=world.aroma, change=lambda version: with_returns(version, returns), actor=None
        )


def correct(world, amount):
    with tenancy.scope(world.aroma.id):
        adjusting.adjust_units(
            member_id=world.noah.id, unit="points", amount=amount, reason="x", key=new_id(), actor_id=None
        )


def foreseen(world, purchase_id, by_minor):
    with tenancy.scope(world.aroma.id):
        standing = queries.standing_of(world.noah.id)
        found = foresee_undoing(
            purchase=purchase_queries.purchase(purchase_id), standing=standing, by_minor=by_minor
        )
        return found.units[0].taken_back, found.units[0].debt


@pytest.mark.parametrize(
    ("returns", "taken", "left"),
    [("debt", 100, (0, 70)), ("within_balance", 30, (0, 0)), ("only_pending", 0, (30, 0))],
)
def test_of_what_is_used_already_the_programme_says_what_is_owed(world, returns, taken, left):
    returning(world, returns)
    purchase = bought(world, world.noah, 10_000)
    correct(world, -120)  # of 150 he has 30 left
    assert foreseen(world, purchase, 10_000) == (taken, left[1])
    answer = json.loads(cancel(world, purchase).body)
    assert sum(back["amount"] for back in answer["taken_back"]) == taken
    now = balance(world, world.noah)
    assert (now["available"], now["debt"]) == left


def test_what_is_still_to_vest_goes_back_by_every_policy(world):
    living(world, vesting="days", vesting_days=14)
    returning(world, "only_pending")
    purchase = bought(world, world.noah, 10_000)
    assert foreseen(world, purchase, 5_000) == (50, 0)
    json.loads(refund(world, purchase, 5_000).body)
    assert balance(world, world.noah)["pending"] == 50
    cancel(world, purchase)
    assert (balance(world, world.noah)["pending"], balance(world, world.noah)["available"]) == (0, 50)


def test_what_one_refund_let_go_a_later_one_does_not_ask_for(world):
    returning(world, "within_balance")
    purchase = bought(world, world.noah, 10_000)
    correct(world, -120)
    assert json.loads(refund(world, purchase, 5_000).body)["taken_back"] == [{"unit": "points", "amount": 30}]
    correct(world, 100)
    assert foreseen(world, purchase, 5_000) == (50, 0)
    assert json.loads(refund(world, purchase, 5_000).body)["taken_back"] == [{"unit": "points", "amount": 50}]
    assert balance(world, world.noah)["available"] == 50


def test_a_purchase_of_before_goes_back_as_it_was_to(world):
    purchase = bought(world, world.noah, 10_000)
    returning(world, "only_pending")
    correct(world, -120)
    cancel(world, purchase)
    assert balance(world, world.noah)["debt"] == 70


@pytest.mark.parametrize(
    ("returns", "left"), [("debt", []), ("within_balance", [70, 1]), ("only_pending", [100, 1])]
)
@pytest.mark.parametrize("parts", [[10_000], [5_000, 5_000]])
def test_what_the_member_keeps_still_counts_for_quotas_and_budgets(world, returns, left, parts):
    once, budget = Quota(1, "times", "ever"), Quota(500, "units", "ever", whose="programme")
    with_rules(world.aroma, per_euro(world.aroma, "once", quotas=(once, budget)))
    returning(world, returns)
    purchase = bought(world, world.noah, 10_000)
    correct(world, -120)
    for part in parts:
        refund(world, purchase, part)
    had = memory_of(world.aroma, world.noah).get(rule_id("once"), {}).get("had", {})
    assert list(had.values()) == ([left] if left else [])
    assert budget_of(world.aroma, "once") == [tuple(left or (0, 0))]
    before = balance(world, world.noah)
    bought(world, world.noah, 10_000)
    assert (balance(world, world.noah) == before) is bool(left)


def test_what_was_taken_whole_is_free_again_by_every_policy(world):
    once, budget = Quota(1, "times", "ever"), Quota(500, "units", "ever", whose="programme")
    with_rules(world.aroma, per_euro(world.aroma, "once", quotas=(once, budget)))
    returning(world, "within_balance")
    purchase = bought(world, world.noah, 10_000)
    refund(world, purchase, 3_333)
    refund(world, purchase)
    assert memory_of(world.aroma, world.noah) == {}
    assert budget_of(world.aroma, "once") == [(0, 0)]

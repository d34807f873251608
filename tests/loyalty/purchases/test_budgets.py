"""What a rule may give to all members together: taken once, never overdrawn, and back with a refund."""

import json

import pytest
from django.db.models import F

from core import tenancy
from core.ids import new_id
from loyalty.ledger import statements
from loyalty.membership.joining import enrol_member
from loyalty.models import Budget
from loyalty.purchases.budgets import added_up
from loyalty.rules.types import Quota
from loyalty.rules.verdicts import Drawn
from members import cards
from tests.loyalty.purchases.test_cancelling import bought, cancel
from tests.loyalty.purchases.test_earning import purchase_of, record
from tests.loyalty.purchases.test_earning_at_once import at_once
from tests.loyalty.purchases.test_refunding import refund
from tests.loyalty.purchases.test_returns import correct, returning
from tests.loyalty.ruled import budget_of, per_euro, rule_id, with_rules
from tests.world import buy, points_of


def limited(world, most, **more):
    """A point for each euro, but so many in all."""
    quota = Quota(most, "units", "ever", whose="programme")
    return with_rules(world.aroma, per_euro(world.aroma, "limited", quotas=(quota,), **more))


def test_a_budget_gives_what_is_left_and_then_nothing(world):
    limited(world, 25)
    for amount_minor in (1_000, 2_000, 1_000):
        buy(world.aroma, world.noah, amount_minor)
    assert points_of(world.aroma, world.noah) == 50 + 25
    assert budget_of(world.aroma, "limited") == [(25, 2)]


def test_a_refund_gives_back_to_the_budget_what_it_takes_from_the_member(world):
    limited(world, 25)
    first, second = bought(world, world.noah, 2_000), bought(world, world.mia, 1_000)
    assert budget_of(world.aroma, "limited") == [(25, 2)]
    refund(world, first, 1_000)
    assert budget_of(world.aroma, "limited") == [(15, 2)]
    refund(world, first)
    cancel(world, second)
    assert budget_of(world.aroma, "limited") == [(0, 0)]
    buy(world.aroma, world.noah, 3_000)
    assert points_of(world.aroma, world.noah) == 50 + 25


def test_two_periods_of_one_rule_are_two_budgets(world):
    quotas = (Quota(15, "units", "day", whose="programme"), Quota(40, "units", "ever", whose="programme"))
    with_rules(world.aroma, per_euro(world.aroma, "limited", quotas=quotas))
    buy(world.aroma, world.noah, 1_000)
    buy(world.aroma, world.noah, 1_000)
    assert budget_of(world.aroma, "limited") == [(15, 2), (15, 2)]


def test_the_last_10_points_of_a_budget_from_16_tills(committed_db, world):
    with tenancy.scope(world.aroma.id):
        members = [
            enrol_member(merchant=world.aroma, phone=f"+336111111{number:02}", source="join").member
            for number in range(16)
        ]
    limited(world, 30)
    buy(world.aroma, world.noah, 2_000)
    answers = at_once(
        16,
        lambda index: record(world, purchase_of(cards.Scanned(member_id=members[index].id), 300), new_id()),
    )
    gave = sorted(sum(award["amount"] for award in json.loads(answer.body)["awards"]) for answer in answers)
    assert gave == [0] * 12 + [1, 3, 3, 3]
    assert budget_of(world.aroma, "limited") == [(30, 5)]
    with tenancy.scope(world.aroma.id):
        assert statements.prove() == []


def test_the_first_of_a_budget_from_8_tills(committed_db, world):
    """Nobody has taken of it yet: there is no row to wait for."""
    limited(world, 10)
    with tenancy.scope(world.aroma.id):
        members = [
            enrol_member(merchant=world.aroma, phone=f"+336111111{number:02}", source="join").member
            for number in range(8)
        ]
    answers = at_once(
        8, lambda index: record(world, purchase_of(cards.Scanned(member_id=members[index].id), 700), new_id())
    )
    gave = sorted(sum(award["amount"] for award in json.loads(answer.body)["awards"]) for answer in answers)
    assert gave == [0] * 6 + [3, 7]
    assert budget_of(world.aroma, "limited") == [(10, 2)]


def test_what_many_took_is_added_up_by_budget():
    drawn = [
        Drawn("a", "ever", 3, 1, 9, None),
        Drawn("b", "ever", 1, 1, None, 5),
        Drawn("a", "ever", 4, 1, 9, None),
    ]
    assert added_up(drawn) == [Drawn("a", "ever", 7, 2, 9, None), Drawn("b", "ever", 1, 1, None, 5)]


def test_a_budget_that_does_not_follow_from_what_was_given_breaks_a_law(world):
    quotas = (Quota(15, "units", "day", whose="programme"), Quota(40, "units", "ever", whose="programme"))
    with_rules(world.aroma, per_euro(world.aroma, "limited", quotas=quotas))
    for amount_minor in (1_000, 700):
        refund(world, bought(world, world.noah, amount_minor), 300)
    cancel(world, bought(world, world.mia, 900))
    with tenancy.scope(world.aroma.id):
        assert statements.prove() == []
        Budget.objects.filter(period="ever").update(units=F("units") + 1)
        [problem] = statements.prove()
        assert (problem.example["rule"], problem.example["period"]) == (rule_id("limited"), "ever")
        Budget.objects.filter(period="ever").update(units=F("units") - 1)
        Budget.objects.exclude(period="ever").update(times=0)
        [problem] = statements.prove()
        assert problem.example["period"] == "day"
        Budget.objects.update(units=0, times=0)
        assert len(statements.prove()) == 2


@pytest.mark.parametrize("returns", ["within_balance", "only_pending"])
def test_a_budget_of_which_members_keep_units_keeps_the_law(world, returns):
    returning(world, returns)
    limited(world, 60)
    first = bought(world, world.noah, 4_000)
    correct(world, -70)
    refund(world, first, 1_000)
    cancel(world, first)
    with tenancy.scope(world.aroma.id):
        assert statements.prove() == []

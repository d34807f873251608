"""What a rule may give to all members together: taken once, never overdrawn, and back with a refund."""

import json

from core import tenancy
from core.ids import new_id
from loyalty.budgets import added_up
from loyalty.joining import enrol_member
from loyalty.ledger import statements
from loyalty.rules.types import Quota
from loyalty.rules.verdicts import Drawn
from members import cards
from tests.loyalty.ruled import budget_of, per_euro, with_rules
from tests.loyalty.test_cancelling import bought, cancel
from tests.loyalty.test_earning import purchase_of, record
from tests.loyalty.test_earning_at_once import at_once
from tests.loyalty.test_refunding import refund
from tests.world import buy, make_world, points_of


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


def test_the_last_10_points_of_a_budget_from_16_tills(committed_db):
    world = make_world()
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


def test_the_first_of_a_budget_from_8_tills(committed_db):
    """Nobody has taken of it yet: there is no row to wait for."""
    world = make_world()
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

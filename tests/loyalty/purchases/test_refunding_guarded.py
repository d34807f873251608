"""Refunds behind the verb's back: what the database refuses, and what the proof finds."""

import pytest
from django.db import DatabaseError, connection, connections, transaction

from core import tenancy
from core.ids import new_id
from loyalty.ledger import postings, statements
from loyalty.models import Refund
from tests.loyalty.purchases.test_cancelling import bought
from tests.loyalty.purchases.test_refunding import refund


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE loyalty_purchase SET refunded_minor = 1",
        "UPDATE loyalty_refund SET amount_minor = 1",
        "DELETE FROM loyalty_refund",
        "UPDATE loyalty_note SET member_id = id",
    ],
)
def test_the_app_role_cannot_rewrite_a_refund(world, statement):
    refund(world, bought(world, world.mia, 1_200), 500)
    with (
        tenancy.scope(world.aroma.id),
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
    ):
        connection.cursor().execute(statement)


def test_a_refund_without_its_units_is_refused_by_the_database(world):
    purchase_id = bought(world, world.mia, 1_200)
    with (
        tenancy.scope(world.aroma.id),
        pytest.raises(DatabaseError, match="of 18 units given 0 are taken back"),
        transaction.atomic(),
    ):
        Refund.objects.create(purchase_id=purchase_id, amount_minor=600)
    with (
        tenancy.scope(world.aroma.id),
        pytest.raises(DatabaseError, match="loyalty_purchase_refunded"),
        transaction.atomic(),
    ):
        Refund.objects.create(purchase_id=purchase_id, amount_minor=1_201)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE loyalty_purchase SET refunded_minor = 1, refunded_at = now()",
        "UPDATE loyalty_refund SET amount_minor = 1",
        "DELETE FROM loyalty_refund",
        "TRUNCATE loyalty_refund",
    ],
)
def test_the_owner_rewrites_no_refund_either(committed_db, servers_of_this_run, statement, world):
    refund(world, bought(world, world.mia, 1_200), 500)
    with (
        servers_of_this_run.administrator(connections.settings["default"]["NAME"]) as administrator,
        pytest.raises(Exception, match="is refused"),
    ):
        administrator.execute(statement)


def test_the_proof_finds_a_share_that_is_not_the_refunds(world):
    purchase_id = bought(world, world.mia, 1_200)
    refund(world, purchase_id, 500)
    with tenancy.scope(world.aroma.id), transaction.atomic():
        [award] = statements.entries_of(world.mia.id, purchase_id, ("award",))
        postings.take_back(
            account_id=award.account_id, award_id=award.id, amount=1, key=new_id(), reasons={}, actor_id=None,
            now=award.occurred_at,
        )  # fmt: skip
        assert [problem.law for problem in statements.prove()] == [
            "a purchase gave back the refunded share of what it gave, to the unit, and a cancelled one all of it"
        ]
        transaction.set_rollback(True)

"""The sweep: it finds what is due across merchants, and does it once."""

import datetime as dt

import pytest
from django.utils import timezone

from config.tasks import settle_due
from core import tenancy
from core.ids import new_id
from core.models import Event
from loyalty.ledger import postings, statements
from loyalty.ledger.models import Account
from loyalty.units import settling

DAY = dt.timedelta(days=1)


def give(merchant, member, **when):
    with tenancy.scope(merchant.id):
        account_id = statements.balances(member.id)[0].account_id
        postings.award(
            account_id=account_id,
            amount=30,
            key=new_id(),
            reasons={},
            cause_id=None,
            actor_id=None,
            occurred_at=timezone.now(),
            **when,
        )
    return account_id


@pytest.fixture
def due(world, committed_db, servers_of_this_run):
    """Something of each merchant's is due: at Aroma units died an hour ago, at Bloom they vest as long since."""
    an_hour_ago = timezone.now() - dt.timedelta(hours=1)
    return (
        give(world.aroma, world.noah, expires_at=an_hour_ago),
        give(world.bloom, world.zoe, vests_at=an_hour_ago),
    )


def test_the_sweep_settles_every_merchant_and_tells(world, due):
    assert settle_due() == 2
    assert settle_due() == 0
    with tenancy.scope(world.aroma.id):
        assert Account.objects.get(id=due[0]).available == 50
        assert Event.objects.filter(name="points.expired").count() == 1
        assert statements.prove() == []
    with tenancy.scope(world.bloom.id):
        assert Account.objects.get(id=due[1]).pending == 0
        assert Event.objects.filter(name="points.vested").count() == 1
        assert statements.prove() == []


def test_dead_units_are_not_shown_before_the_sweep_came_by(world, due):
    with tenancy.scope(world.aroma.id):
        assert Account.objects.get(id=due[0]).available == 80
        assert statements.balances(world.noah.id)[0].available == 50


def test_an_account_that_fails_does_not_stop_the_others(world, due):
    assert settling.settle_accounts(world.aroma.id, [new_id(), due[0]]) == 1


def test_the_sweep_asks_as_a_role_that_sees_nothing_else(world, due):
    from core.jobs import jobs_connection

    with jobs_connection() as jobs, pytest.raises(Exception, match="permission denied"):
        jobs.execute("SELECT available FROM ledger_lot")

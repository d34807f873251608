"""The sealed room: what the database itself refuses, and what the two operations do."""

import datetime as dt

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from core import tenancy
from core.idempotency import KeyReused
from core.ids import new_id
from core.models import Event
from loyalty.ledger import postings, statements
from loyalty.ledger.models import Account, Entry, Lot, Movement
from tests.world import buy


@pytest.fixture
def aroma(world):
    """Inside Aroma's scope, with Noah's account (50 points)."""
    with tenancy.scope(world.aroma.id):
        yield world


def account_of(member):
    return statements.balances(member.id)[0]


def give(account_id, amount, **more):
    more = {
        "key": new_id(),
        "reasons": {},
        "cause_id": None,
        "actor_id": None,
        "occurred_at": timezone.now(),
    } | more
    return postings.award(account_id=account_id, amount=amount, **more)


def take(account_id, amount, **more):
    more = {"key": new_id(), "reasons": {}, "cause_id": None, "actor_id": None} | more
    return postings.spend(account_id=account_id, amount=amount, **more)


def test_an_award_makes_a_lot_a_movement_an_entry_and_an_event(aroma):
    account = account_of(aroma.noah)
    events = Event.objects.filter(name="points.earned").count()
    posted = give(account.account_id, 30)
    assert (posted.amount, posted.available, posted.replayed) == (30, 80, False)
    assert Lot.objects.filter(account_id=account.account_id).count() == 2
    newest = Movement.objects.filter(account_id=account.account_id).order_by("-seq")[0]
    assert (newest.seq, newest.source, newest.target, newest.amount) == (2, "issuing", "available", 30)
    assert Event.objects.filter(name="points.earned").count() == events + 1
    assert statements.prove() == []


def test_the_same_key_again_is_the_same_answer_and_moves_nothing(aroma):
    account_id, key = account_of(aroma.noah).account_id, new_id()
    first = give(account_id, 30, key=key)
    again = give(account_id, 30, key=key)
    assert (again.available, again.replayed) == (first.available, True)
    assert account_of(aroma.noah).available == 80


def test_the_same_key_for_something_else_is_refused(aroma):
    account_id, key = account_of(aroma.noah).account_id, new_id()
    give(account_id, 30, key=key)
    with pytest.raises(KeyReused):
        give(account_id, 31, key=key)
    with pytest.raises(KeyReused):
        give(account_of(aroma.mia).account_id, 30, key=key)
    with pytest.raises(KeyReused):
        take(account_id, 30, key=key)
    assert account_of(aroma.noah).available == 80


def test_spending_takes_the_soonest_expiring_lot_first_and_those_without_expiry_last(aroma):
    account_id, now = account_of(aroma.noah).account_id, timezone.now()
    give(account_id, 20, expires_at=now + dt.timedelta(days=30))
    give(account_id, 20, expires_at=now + dt.timedelta(days=10))
    take(account_id, 30)
    lots = Lot.objects.filter(account_id=account_id).order_by("expires_at")
    assert [(lot.available, lot.spent) for lot in lots] == [(0, 20), (10, 10), (50, 0)]
    assert statements.prove() == []


def test_a_dead_lot_is_never_spent(aroma):
    account_id = account_of(aroma.noah).account_id
    give(account_id, 100, expires_at=timezone.now() - dt.timedelta(seconds=1))
    with pytest.raises(postings.InsufficientUnits):
        take(account_id, 60)
    assert take(account_id, 50).amount == 50


def test_too_few_units_is_declined_for_ever_even_when_there_are_enough_later(aroma):
    account_id, key = account_of(aroma.noah).account_id, new_id()
    with pytest.raises(postings.InsufficientUnits):
        take(account_id, 60, key=key)
    give(account_id, 100)
    with pytest.raises(postings.InsufficientUnits):
        take(account_id, 60, key=key)
    assert account_of(aroma.noah).available == 150
    assert Entry.objects.get(id=key).outcome == "insufficient_units"
    assert statements.prove() == []


def test_an_account_of_another_merchant_does_not_exist(aroma):
    noah = account_of(aroma.noah).account_id
    with pytest.raises(tenancy.ScopeMismatch), tenancy.scope(aroma.bloom.id):
        give(noah, 1)


def test_posting_under_another_merchants_scope_is_refused(world):
    with tenancy.scope(world.aroma.id):
        noah = account_of(world.noah).account_id
    with (
        tenancy.scope(world.bloom.id),
        pytest.raises(DatabaseError, match="no such account"),
        transaction.atomic(),
    ):
        give(noah, 1)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_account SET available = available + 1",
        "INSERT INTO ledger_lot (merchant_id, id, account_id, entry_id, seq, granted, available) "
        "VALUES (%(m)s, %(m)s, %(m)s, %(m)s, 2, 1, 1)",
        "DELETE FROM ledger_movement",
        "TRUNCATE ledger_entry",
        "ALTER TABLE ledger_movement DISABLE TRIGGER keep",
    ],
)
def test_the_app_role_cannot_write_the_books(aroma, statement):
    with pytest.raises(DatabaseError, match=r"permission denied|must be owner"), transaction.atomic():
        connection.cursor().execute(statement, {"m": aroma.aroma.id})


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_account SET available = available + 1",
        "UPDATE ledger_account SET last_seq = last_seq + 1",
        "UPDATE ledger_lot SET granted = granted + 1, available = available + 1",
        "UPDATE ledger_movement SET amount = amount + 1",
        "UPDATE ledger_entry SET amount = amount + 1",
        "DELETE FROM ledger_movement",
        "DELETE FROM ledger_entry",
        "DELETE FROM ledger_lot",
        "DELETE FROM ledger_account",
        "TRUNCATE ledger_movement",
        "TRUNCATE ledger_entry",
        "TRUNCATE ledger_lot",
        "TRUNCATE ledger_account",
    ],
)
def test_even_the_owner_cannot_change_what_is_written(books_as_owner, statement):
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match=r"ledger: .* is refused"):
        books_as_owner.execute(statement)


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        # a movement along an arc that is no operation
        ("('available', 'issuing')", "ledger_movement_legal"),
        # more than the lot has
        ("('available', 'spent')", "ledger_lot_sound"),
    ],
)
def test_even_the_owner_cannot_move_what_is_not_there(books_as_owner, statement, why):
    source, target = statement.strip("()").split(", ")
    with pytest.raises(psycopg.errors.CheckViolation, match=why):
        books_as_owner.execute(
            f"""INSERT INTO ledger_movement
                SELECT a.merchant_id, a.id, a.last_seq + 1, gen_random_uuid(), l.id, {source}, {target}, 1000000
                FROM ledger_account a JOIN ledger_lot l ON l.account_id = a.id LIMIT 1"""
        )


def test_even_the_owner_cannot_leave_a_gap(books_as_owner):
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="without a gap"):
        books_as_owner.execute(
            """INSERT INTO ledger_movement
               SELECT a.merchant_id, a.id, a.last_seq + 2, gen_random_uuid(), l.id, 'available', 'spent', 1
               FROM ledger_account a JOIN ledger_lot l ON l.account_id = a.id LIMIT 1"""
        )


@pytest.mark.parametrize(
    ("lie", "law"),
    [
        ("UPDATE ledger_account SET available = available + 1", "an account is the sum of its lots"),
        ("UPDATE ledger_account SET last_seq = 99", "an account is the fold of its movements, without a gap"),
        (
            "DELETE FROM ledger_movement WHERE seq = 1",
            "a posted entry moved its amount, a declined one nothing",
        ),
        ("DELETE FROM ledger_entry", "every movement has its entry and its lot, in the same account"),
        ("DELETE FROM ledger_lot", "every movement has its entry and its lot, in the same account"),
        ("UPDATE ledger_lot SET seq = 99", "no lot without its issue"),
        ("UPDATE ledger_lot SET entry_id = gen_random_uuid()", "no lot without its issue"),
        (
            "UPDATE ledger_lot SET available = available - 1, spent = spent + 1",
            "every unit is in exactly one bucket, where its movements put it",
        ),
        (
            "UPDATE loyalty_standing SET progress_minor = 7",
            "a standing is the sum of its purchases, and every member has one",
        ),
        ("DELETE FROM loyalty_standing", "a standing is the sum of its purchases, and every member has one"),
        ("UPDATE loyalty_standing SET tier_id = gen_random_uuid()", "a standing's tier is on the ladder"),
        (
            "UPDATE loyalty_purchase SET member_id = (SELECT id FROM members_member WHERE name = 'Noah')",
            "what a purchase earned is in its own member's account",
        ),
        (
            "UPDATE ledger_entry SET available_after = available_after + 1",
            "the balance beside each entry is what its movements left",
        ),
        (
            "UPDATE loyalty_purchase SET awarded = awarded + 1",
            "a purchase that awarded has its entry, and the entry its purchase",
        ),
        (
            "UPDATE ledger_entry SET amount = amount + 1",
            "a posted entry moved its amount, a declined one nothing",
        ),
        (
            "UPDATE loyalty_purchase SET location_id = gen_random_uuid()",
            "no purchase at another merchant's location",
        ),
    ],
)
def test_prove_finds_a_lie_told_behind_the_triggers_back(committed_db, servers_of_this_run, lie, law):
    from tests.world import make_world

    made = make_world()
    with servers_of_this_run.administrator(connection.settings_dict["NAME"]) as session:
        session.execute(
            "SET session_replication_role = replica"
        )  # switches triggers off: only a superuser can
        session.execute(lie)
    with tenancy.scope(made.aroma.id):
        assert law in {problem.law for problem in statements.prove()}


def test_the_books_of_the_cast_are_proven(world):
    buy(world.aroma, world.noah, 999)
    for merchant in (world.aroma, world.bloom):
        with tenancy.scope(merchant.id):
            assert statements.prove() == []
            assert Account.objects.exists()

"""The books in partitions: cut with all there is about a table, and every part as closed as the whole."""

import datetime as dt
from uuid import UUID

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from core import tenancy
from core.checks import tenant_tables_are_locked
from core.ids import new_id
from core.management.commands.prepare_database import prepare

WHOLE, CUT = [("ledger", "0004_all_operations")], [("ledger", "0005_partitions")]
TABLES = ("ledger_lot", "ledger_entry", "ledger_movement")
MERCHANTS = [UUID(int=number) for number in range(1, 21)]

AWARD = "SELECT ledger_award(%s, %s, %s, '', %s, 50, now() + interval '1 day', '{}', NULL, NULL, now(), %s, false, NULL, now())"
USE = "SELECT ledger_use(%s, %s, %s, '', 20, '{}', NULL, NULL, %s, now())"

# All that the catalogue tells of a table, except how it is stored.
ABOUT = {
    "columns": """SELECT attname, format_type(atttypid, atttypmod), attnotnull, attgenerated, pg_get_expr(adbin, adrelid)
        FROM pg_attribute LEFT JOIN pg_attrdef ON (adrelid, adnum) = (attrelid, attnum)
        WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum""",
    "rules": """SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE conrelid = %s::regclass AND contype <> 'n' ORDER BY 1""",
    "indexes": """SELECT replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ') FROM pg_index
        WHERE indrelid = %s::regclass ORDER BY 1""",
    "triggers": """SELECT pg_get_triggerdef(oid) FROM pg_trigger
        WHERE tgrelid = %s::regclass AND NOT tgisinternal ORDER BY 1""",
    "policies": """SELECT policyname, roles::text, cmd, qual, with_check FROM pg_policies
        WHERE tablename = %s ORDER BY 1""",
    "locks": "SELECT relrowsecurity, relforcerowsecurity, relowner FROM pg_class WHERE oid = %s::regclass",
    "rights": """SELECT '', privilege_type, grantee FROM pg_class, aclexplode(relacl) WHERE oid = %s::regclass
        UNION ALL SELECT attname, privilege_type, grantee FROM pg_attribute, aclexplode(attacl) WHERE attrelid = %s::regclass
        ORDER BY 1, 2, 3""",
    "functions": """SELECT p.oid::regprocedure::text, proacl::text, pg_get_functiondef(p.oid) FROM pg_depend d
        JOIN pg_type t ON t.oid = refobjid JOIN pg_proc p ON p.oid = objid WHERE t.typrelid = %s::regclass ORDER BY 1""",
    "rows": "SELECT r::text FROM {} r ORDER BY 1",
}


@pytest.fixture
def empty_database(committed_db, servers_of_this_run):
    """A database with the roles and nothing else, and the default connection to it as the owner of what is to come."""
    name = f"{connection.settings_dict['NAME']}_empty"
    before = dict(connection.settings_dict)
    connection.close()
    with servers_of_this_run.administrator() as session:
        session.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    with servers_of_this_run.administrator(name) as session:
        prepare(session)
        connection.settings_dict.update(settings.OWNER_DATABASE | {"NAME": name})
        yield session
    connection.close()
    connection.settings_dict.update(before)
    servers_of_this_run.drop(name)


def migrate(to):
    MigrationExecutor(connection).migrate(to)
    connection.close()


def told(session):
    """Everything about the three tables, as (table, what) → rows."""
    return {
        (table, what): session.execute(sql.format(table), [table] * sql.count("%s")).fetchall()
        for table in TABLES
        for what, sql in ABOUT.items()
    }


def fill(session):
    """Twenty merchants with an account each, and what the doors of the books make of it."""
    session.execute(
        "SET session_replication_role = replica"
    )  # accounts of nobody: their keys would want members
    for merchant in MERCHANTS:
        session.execute("INSERT INTO ledger_account VALUES (%s, %s, %s, %s)", [merchant] * 4)
    session.execute("SET session_replication_role = origin")
    for merchant in MERCHANTS:
        session.execute("SELECT set_config('app.merchant_id', %s, false)", [str(merchant)])
        session.execute(AWARD, [merchant, new_id(), merchant, new_id(), new_id()])
        session.execute(USE, [merchant, new_id(), merchant, None])
        session.execute(USE, [merchant, new_id(), merchant, dt.datetime.now(dt.UTC) + dt.timedelta(days=1)])


def test_cutting_the_tables_keeps_everything_about_them(empty_database):
    migrate(WHOLE)
    fill(empty_database)
    before = told(empty_database)
    migrate(CUT)
    assert told(empty_database) == before
    assert len(before["ledger_movement", "rows"]) == 3 * len(MERCHANTS)
    partitions = "SELECT count(*) FROM pg_inherits WHERE inhparent = %s::regclass"
    assert [empty_database.execute(partitions, [table]).fetchone()[0] for table in TABLES] == [8, 8, 8]
    used = empty_database.execute("SELECT count(DISTINCT tableoid) FROM ledger_movement").fetchone()[0]
    assert used > 4


def test_after_the_cut_the_doors_go_on_where_they_were(empty_database):
    migrate(WHOLE)
    fill(empty_database)
    spend, account = (
        [MERCHANTS[0], new_id(), MERCHANTS[0], None],
        "SELECT available, held, last_seq FROM ledger_account",
    )
    empty_database.execute("SELECT set_config('app.merchant_id', %s, false)", [str(MERCHANTS[0])])
    declined = empty_database.execute(USE, spend).fetchone()
    migrate(CUT)
    assert "insufficient_units,f" in str(declined)
    assert "insufficient_units,t" in str(empty_database.execute(USE, spend).fetchone())
    empty_database.execute(AWARD, [MERCHANTS[0], new_id(), MERCHANTS[0], new_id(), new_id()])
    assert empty_database.execute(f"{account} WHERE id = %s", [MERCHANTS[0]]).fetchone() == (60, 20, 4)


def parts_of_aroma(session):
    """Each table's partition where Aroma's rows are."""
    return [
        session.execute(f"SELECT tableoid::regclass::text FROM {table} LIMIT 1").fetchone()[0]
        for table in TABLES
    ]


def test_even_the_owner_cannot_change_a_partition_by_its_own_name(books_as_owner):
    lot, entry, movement = parts_of_aroma(books_as_owner)
    for statement in (
        f"UPDATE {lot} SET granted = granted + 1, available = available + 1",
        f"UPDATE {entry} SET amount = amount + 1",
        f"UPDATE {movement} SET amount = amount + 1",
        *(f"DELETE FROM {part}" for part in (lot, entry, movement)),
        *(f"TRUNCATE {part}" for part in (lot, entry, movement)),
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match=r"ledger: .* is refused"):
            books_as_owner.execute(statement)


def test_every_partition_refuses_to_be_emptied(books_as_owner):
    """What is true of a row's triggers by birth must be said of those on TRUNCATE for each partition."""
    parts = books_as_owner.execute(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = ANY (%s::regclass[])",
        [list(TABLES)],
    ).fetchall()
    assert len(parts) == 24
    for (part,) in parts:
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match=r"ledger: TRUNCATE on .* is refused"):
            books_as_owner.execute(f"TRUNCATE {part}")


def test_the_owner_sees_in_a_partition_what_the_scope_allows(books_as_owner):
    lot, *_others = parts_of_aroma(books_as_owner)
    assert books_as_owner.execute(f"SELECT count(*) FROM {lot}").fetchone()[0] > 0
    books_as_owner.execute("SELECT set_config('app.merchant_id', %s, false)", [str(UUID(int=1))])
    assert books_as_owner.execute(f"SELECT count(*) FROM {lot}").fetchone()[0] == 0


@pytest.mark.parametrize("part", [f"{table}_p0" for table in TABLES])
def test_the_app_role_reaches_no_partition_by_its_own_name(world, part):
    with (
        tenancy.scope(world.aroma.id),
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"SELECT count(*) FROM {part}")


@pytest.mark.parametrize(
    ("breakage", "code"),
    [
        ("GRANT SELECT ON ledger_lot_p3 TO habitue_app", "core.E007"),
        ("GRANT SELECT (amount) ON ledger_movement_p3 TO habitue_audit", "core.E007"),
        ("ALTER TABLE ledger_entry_p3 DISABLE ROW LEVEL SECURITY", "core.E001"),
        ("DROP POLICY tenant ON ledger_entry_p3", "core.E002"),
    ],
)
def test_a_partition_that_lost_a_lock_is_an_error(committed_db, servers_of_this_run, breakage, code):
    with servers_of_this_run.administrator(connection.settings_dict["NAME"]) as session:
        session.execute(breakage)
    assert code in {error.id for error in tenant_tables_are_locked(databases=["default"])}


def test_every_door_of_the_books_keeps_one_plan(db):
    """Over partitions PostgreSQL would plan anew for each call, for ever, once there is much in them (ADR 0016)."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
               WHERE n.nspname = 'public' AND p.prosecdef AND p.proname LIKE 'ledger\\_%'
                 AND 'plan_cache_mode=force_generic_plan' <> ALL (coalesce(p.proconfig, '{}')) ORDER BY 1"""
        )
        assert [name for (name,) in cursor.fetchall()] == ["ledger_issue", "ledger_lock", "ledger_open"]

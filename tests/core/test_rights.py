"""What each database role may do, asked of the catalogue and not of our migrations."""

import pytest
from django.db import connection

from core.checks import tenant_tables_are_locked, we_are_nobody_special

OPEN_TO_ALL = {"current_merchant_id"}  # policies call them for whoever asks
SECRET = {"django_session", "account_emailconfirmation"}
NEVER_DELETED = (
    "loyalty_standing",
    "members_card",
    "members_member",
    "merchants_apikey",
    "merchants_staffmember",
    "merchants_merchant",
)
WRITTEN_BY_MIGRATIONS = (
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "django_content_type",
    "django_migrations",
)


def column(statement: str, *values: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return {row[0] for row in cursor.fetchall()}


def test_everybody_may_call_what_policies_call_and_nothing_else(db):
    """A function's rights without an entry are PostgreSQL's own, which open it to all."""
    found = column(
        "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
        "CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a "
        "WHERE n.nspname = 'public' AND a.grantee = 0 AND a.privilege_type = 'EXECUTE'"
    )
    assert found == OPEN_TO_ALL


def test_a_new_function_of_the_owner_is_closed(committed_db, servers_of_this_run):
    with servers_of_this_run.administrator(connection.settings_dict["NAME"]) as administrator:
        administrator.execute("SET ROLE habitue_owner")
        administrator.execute("CREATE FUNCTION forgotten() RETURNS int LANGUAGE sql RETURN 1")
    assert column("SELECT 1 WHERE has_function_privilege('forgotten()', 'EXECUTE')") == set()


def test_the_audit_reads_everything_but_what_lets_one_in(db):
    """Partitions are read through their tables, whose policies hold."""
    whole = column(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition "
        "AND NOT has_any_column_privilege('habitue_audit', c.oid, 'SELECT')"
    )
    assert whole == SECRET
    hidden = column(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'merchants_user'::regclass AND attnum > 0 "
        "AND NOT has_column_privilege('habitue_audit', attrelid, attnum, 'SELECT')"
    )
    assert hidden == {"password"}


@pytest.mark.parametrize("table", NEVER_DELETED)
def test_the_app_deletes_no(db, table):
    assert column("SELECT 1 WHERE has_table_privilege(%s, 'DELETE')", table) == set()


@pytest.mark.parametrize("table", WRITTEN_BY_MIGRATIONS)
def test_the_app_only_reads(db, table):
    asked = "INSERT, UPDATE, DELETE, TRUNCATE"
    assert column("SELECT 1 WHERE has_table_privilege(%s, %s)", table, asked) == set()
    assert column("SELECT 1 WHERE has_table_privilege(%s, 'SELECT')", table) != set()


def test_a_merchants_id_and_number_are_for_ever(db):
    fixed = column(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'merchants_merchant'::regclass AND attnum > 0 "
        "AND NOT has_column_privilege(attrelid, attnum, 'UPDATE')"
    )
    assert fixed == {"id", "number", "created_at"}


def test_of_what_happened_the_app_changes_what_an_erasure_blanks_and_that_it_was_taken_back(db):
    changed = column(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'loyalty_happening'::regclass AND attnum > 0 "
        "AND has_column_privilege(attrelid, attnum, 'UPDATE')"
    )
    assert changed == {"name", "occurred_at", "cancelled_at"}
    assert column("SELECT 1 WHERE has_table_privilege('loyalty_happening', 'DELETE')") == set()


@pytest.mark.parametrize(
    "breakage",
    [
        "CREATE POLICY handy ON members_card USING (true)",
        "CREATE POLICY handy ON merchants_merchant FOR UPDATE USING (true)",
        "ALTER POLICY audit ON members_card TO PUBLIC",
        "ALTER POLICY jobs_read ON core_event TO habitue_app",
        "ALTER POLICY tenant ON core_event USING (merchant_id = current_merchant_id() OR true)",
        "DROP POLICY changing ON merchants_merchant",
    ],
)
def test_policies_are_those_expected_and_no_other(committed_db, servers_of_this_run, breakage):
    with servers_of_this_run.administrator(connection.settings_dict["NAME"]) as administrator:
        administrator.execute(breakage)
    assert {error.id for error in tenant_tables_are_locked(databases=["default"])} == {"core.E002"}


def test_the_apps_login_is_nobody_special(db):
    assert we_are_nobody_special(databases=["default"]) == []


@pytest.mark.parametrize(("production", "code"), [(True, "core.E006"), (False, "core.W001")])
def test_a_superuser_who_acts_as_the_app_is_found(
    committed_db, servers_of_this_run, settings, production, code
):
    """SET ROLE can be undone by whoever may say RESET ROLE."""
    settings.PRODUCTION = production
    connection.close()
    before = dict(connection.settings_dict)
    connection.settings_dict.update(settings.OWNER_DATABASE)
    connection.settings_dict["NAME"] = before["NAME"]
    connection.settings_dict["OPTIONS"] = {"options": "-c role=habitue_app"}
    try:
        (message,) = we_are_nobody_special(databases=["default"])
    finally:
        connection.close()
        connection.settings_dict.clear()
        connection.settings_dict.update(before)
    assert message.id == code
    assert "postgres is a superuser" in message.msg

"""Preparing a database: what is refused before anything is changed."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from core.checks import tenant_tables_are_locked
from core.rls import POLICY, tenant_table


@pytest.fixture
def prepared(committed_db, settings):
    """A database of this test's own, for the owner too; its name."""
    settings.OWNER_DATABASE = {**settings.OWNER_DATABASE, "NAME": connection.settings_dict["NAME"]}
    return connection.settings_dict["NAME"]


def test_a_database_of_an_earlier_unreleased_version_is_refused_in_one_line(prepared, servers_of_this_run):
    with servers_of_this_run.administrator(prepared) as administrator:
        administrator.execute("ALTER TABLE ledger_lot DROP COLUMN entry_id CASCADE")
    with pytest.raises(CommandError, match="made by an earlier, unreleased version") as refused:
        call_command("migrate_as_owner", verbosity=0)
    assert "\n" not in str(refused.value)
    assert "--data" in str(refused.value)


def test_a_database_of_this_version_is_prepared_again_at_will(prepared):
    call_command("migrate_as_owner", verbosity=0)


def test_policies_of_an_earlier_version_are_made_quick(prepared, servers_of_this_run):
    with servers_of_this_run.administrator(prepared) as administrator:
        administrator.execute(f"ALTER POLICY tenant ON ledger_lot USING ({POLICY}) WITH CHECK ({POLICY})")
        administrator.execute(
            f"ALTER POLICY opening ON merchants_merchant WITH CHECK ({POLICY.replace('merchant_id =', 'id =')})"
        )
    assert {error.id for error in tenant_tables_are_locked(databases=["default"])} == {"core.E002"}
    call_command("migrate_as_owner", verbosity=0)
    assert tenant_tables_are_locked(databases=["default"]) == []


def test_a_table_that_comes_later_refers_to_those_that_are_there(prepared, servers_of_this_run):
    table = tenant_table("members_badge", references={"member_id": "members_member"})
    with servers_of_this_run.administrator(prepared) as administrator:
        administrator.execute("SET ROLE habitue_owner")
        administrator.execute(
            "CREATE TABLE members_badge (merchant_id uuid, id uuid CONSTRAINT members_badge_pkey PRIMARY KEY, member_id uuid)"
        )
        for statement in table.sql:
            administrator.execute(statement)
    call_command("migrate_as_owner", verbosity=0)
    assert tenant_tables_are_locked(databases=["default"]) == []

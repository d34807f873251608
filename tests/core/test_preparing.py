"""Preparing a database: what is refused before anything is changed."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection


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

"""What a backup or a restore refuses, in one line; and that nothing has changed then, and nothing half-made stays."""

import json
import resource
import shutil

import psycopg
import pytest
from psycopg import sql

from tests.house.backups import addresses, back_up, command, contents, databases, forge, sign

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def server(servers_of_this_run):
    """This run's PostgreSQL."""
    return servers_of_this_run.postgres


@pytest.fixture(scope="module")
def source(servers_of_this_run, worker_id):
    """A migrated database to back up."""
    name = f"habitue_source_{worker_id}"
    servers_of_this_run.clone(name)
    yield name
    servers_of_this_run.drop(name)


@pytest.fixture(scope="module")
def whole(server, source, tmp_path_factory):
    """A backup of it."""
    return back_up(server, source, tmp_path_factory.mktemp("backups"))


@pytest.fixture
def backup(whole, tmp_path):
    """A copy of that backup, to spoil."""
    return shutil.copytree(whole, tmp_path / whole.name)


@pytest.fixture
def target(servers_of_this_run, server, worker_id):
    """An empty database to restore into; at the end of the test it still is, and no other has appeared."""
    name = f"habitue_target_{worker_id}"
    with servers_of_this_run.administrator() as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    ours = {found for found in databases(server) if worker_id in found}
    yield name
    left = contents(server, name), {found for found in databases(server) if worker_id in found}
    servers_of_this_run.drop(name)
    assert left == ({}, ours)


def refusal(server, database, *words, **how) -> str:
    """The one line that a command says before it ends with 1."""
    more = how.pop("more", {})
    code, printed, complaint = command(*words, env=addresses(server, database, **more), **how)
    assert (code, printed) == (1, "")
    assert len(complaint.splitlines()) == 1, complaint
    return complaint


def test_a_database_that_is_not_empty(server, source, whole, tmp_path):
    before = contents(server, source)
    line = refusal(server, source, "bin/restore", whole)
    assert line.startswith(f"The database {source} is not empty: --replace keeps it")
    assert contents(server, source) == before


def test_a_former_database_is_kept_under_another_name(servers_of_this_run, server, whole, worker_id):
    name = f"habitue_former_{worker_id}"
    servers_of_this_run.clone(name)
    with servers_of_this_run.administrator(name) as connection:
        connection.execute("CREATE TABLE only_here AS SELECT 7 AS luck")
    code, printed, _complaint = command("bin/restore", whole, "--replace", env=addresses(server, name))
    assert code == 0
    (former,) = {found for found in databases(server) if found.startswith(f"{name}_before_")}
    assert f"The former database is kept as {former}" in printed
    assert "only_here" not in contents(server, name)
    assert contents(server, former)["only_here"] == ["(7)"]
    for each in (name, former):
        servers_of_this_run.drop(each)


def test_a_broken_file(server, target, backup):
    dump = backup / "database.dump"
    spoilt = bytearray(dump.read_bytes())
    spoilt[len(spoilt) // 2] ^= 1
    dump.write_bytes(spoilt)
    line = refusal(server, target, "bin/restore", backup)
    assert line == f"{dump} is broken: its checksum is not the one in SHA256SUMS."


def test_a_folder_that_is_no_backup(server, target, tmp_path):
    line = refusal(server, target, "bin/restore", tmp_path)
    assert line == f"{tmp_path} is no backup, or not a whole one: SHA256SUMS is missing."


def test_a_dump_that_ends_too_early(server, target, backup):
    dump = backup / "database.dump"
    dump.write_bytes(dump.read_bytes()[:-2000])
    sign(backup)
    assert "failed: pg_restore: error: could not read from input file" in refusal(
        server, target, "bin/restore", backup
    )


def test_a_dump_that_is_not_what_its_manifest_says(server, target, backup):
    tables = json.loads((backup / "manifest.json").read_text())["tables"]
    rows = tables["public.django_migrations"]["rows"]
    tables["public.django_migrations"]["rows"] += 1
    tables["public.auth_permission"]["digest"] = "0123456789abcdef"
    forge(backup, tables=tables)
    assert refusal(server, target, "bin/restore", backup) == (
        "What was restored is not what was backed up: public.auth_permission differs; "
        f"public.django_migrations has {rows} rows instead of {rows + 1}."
    )


def test_a_backup_of_a_newer_version_of_ours(server, target, backup):
    forge(backup, migrations={"loyalty": ["0001_initial", "9999_from_the_future"]})
    line = refusal(server, target, "bin/restore", backup)
    assert line == (
        "The backup is of a newer version: this one does not know the migration loyalty.9999_from_the_future."
    )


def test_a_backup_of_a_newer_postgresql(server, target, backup):
    forge(backup, server_version=990001)
    line = refusal(server, target, "bin/restore", backup)
    assert line.startswith("The backup is of PostgreSQL 99 and this server is ")


def test_a_service_that_still_runs(server, target, whole):
    with psycopg.connect(server.dsn(database=target), application_name="web"):
        line = refusal(server, target, "bin/restore", whole)
    assert line == (
        f"The service still runs: 1 sessions on {target}, 1 of them postgres’s (web). "
        "Stop web, worker and beat first."
    )


def test_a_login_that_policies_bind_backs_up_nothing(server, source, tmp_path):
    bound = {"DATABASE_BACKUP_URL": server.dsn("habitue_app", source)}
    line = refusal(server, source, "bin/backup", "--to", tmp_path, more=bound)
    assert line.startswith("The login habitue_app cannot read past row-level security: make the role")
    assert list(tmp_path.iterdir()) == []


def test_a_login_that_only_reads_backs_up_everything(
    servers_of_this_run, server, source, tmp_path, worker_id
):
    role = f"habitue_backup_{worker_id}"
    with servers_of_this_run.administrator() as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN BYPASSRLS").format(sql.Identifier(role)))
        connection.execute(sql.SQL("GRANT pg_read_all_data TO {}").format(sql.Identifier(role)))
    made = back_up(server, source, tmp_path, DATABASE_BACKUP_URL=server.dsn(role, source))
    assert made.is_dir()
    with servers_of_this_run.administrator() as connection:
        connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def test_a_disk_that_is_full(server, source, tmp_path):
    def no_file_larger_than_50_kb() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    line = refusal(server, source, "bin/backup", "--to", tmp_path, preexec_fn=no_file_larger_than_50_kb)
    assert line.startswith("pg_dump failed: ")
    assert list(tmp_path.iterdir()) == []


def test_only_the_newest_are_kept_and_nothing_else_is_touched(server, source, tmp_path):
    for name in ("habitue-2026-01-01T000000Z", "habitue-2026-01-02T000000Z", "my-own"):
        (tmp_path / name).mkdir()
    (tmp_path / "habitue-2026-01-03T000000Z.partial").mkdir()  # of a backup that was killed
    command("bin/backup", "--to", tmp_path, "--keep", "2", env=addresses(server, source))
    left = sorted(found.name for found in tmp_path.iterdir())
    assert left[0] == "habitue-2026-01-02T000000Z"
    assert left[2:] == ["my-own"]

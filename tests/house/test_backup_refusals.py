"""What a backup or a restore refuses, in one line; and that nothing has changed then, and nothing half-made stays."""

import json
import resource
import shutil

import psycopg
import pytest
from psycopg import sql

from tests.house.backups import addresses, back_up, command, contents, databases, forge, sign

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


@pytest.fixture
def backup(whole, tmp_path):
    """A copy of that backup, to spoil."""
    return shutil.copytree(whole, tmp_path / whole.name)


@pytest.fixture
def target(servers_of_this_run, cluster, worker_id):
    """An empty database to restore into; at the end of the test it still is, and no other has appeared."""
    name = f"habitue_target_{worker_id}"
    with servers_of_this_run.administrator() as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    ours = {found for found in databases(cluster) if worker_id in found}
    yield name
    left = contents(cluster, name), {found for found in databases(cluster) if worker_id in found}
    servers_of_this_run.drop(name)
    assert left == ({}, ours)


def refusal(cluster, database, *words, **how) -> str:
    """The one line that a command says before it ends with 1."""
    more = how.pop("more", {})
    code, printed, complaint = command(*words, env=addresses(cluster, database, **more), **how)
    assert (code, printed) == (1, "")
    assert len(complaint.splitlines()) == 1, complaint
    return complaint


def test_a_database_that_is_not_empty(cluster, source, whole, tmp_path):
    before = contents(cluster, source)
    line = refusal(cluster, source, "bin/restore", whole)
    assert line.startswith(f"The database {source} is not empty: --replace keeps it")
    assert contents(cluster, source) == before


def test_a_broken_file(cluster, target, backup):
    dump = backup / "database.dump"
    spoilt = bytearray(dump.read_bytes())
    spoilt[len(spoilt) // 2] ^= 1
    dump.write_bytes(spoilt)
    line = refusal(cluster, target, "bin/restore", backup)
    assert line == f"{dump} is broken: its checksum is not the one in SHA256SUMS."


def test_a_folder_that_is_no_backup(cluster, target, tmp_path):
    line = refusal(cluster, target, "bin/restore", tmp_path)
    assert line == f"{tmp_path} is no backup, or not a whole one: SHA256SUMS is missing."


@pytest.mark.parametrize("spoil", [lambda sums: "", lambda sums: sums[:1], lambda sums: [*sums, "0  ../x\n"]])
def test_checksums_of_other_files_than_a_backup_has(cluster, target, backup, spoil):
    sums = backup / "SHA256SUMS"
    sums.write_text("".join(spoil(sums.read_text().splitlines(keepends=True))))
    line = refusal(cluster, target, "bin/restore", backup)
    assert line == (
        f"{backup} is no backup, or not a whole one: SHA256SUMS is not of database.dump and manifest.json."
    )


def test_a_dump_that_ends_too_early(cluster, target, backup):
    dump = backup / "database.dump"
    dump.write_bytes(dump.read_bytes()[:-2000])
    sign(backup)
    assert "failed: pg_restore: error: could not read from input file" in refusal(
        cluster, target, "bin/restore", backup
    )


def test_a_dump_that_is_not_what_its_manifest_says(cluster, target, backup):
    tables = json.loads((backup / "manifest.json").read_text())["tables"]
    rows = tables["public.django_migrations"]["rows"]
    tables["public.django_migrations"]["rows"] += 1
    tables["public.auth_permission"]["digest"] = "0123456789abcdef"
    forge(backup, tables=tables)
    assert refusal(cluster, target, "bin/restore", backup) == (
        "What was restored is not what was backed up: public.auth_permission differs; "
        f"public.django_migrations has {rows} rows instead of {rows + 1}."
    )


@pytest.mark.parametrize(
    ("breakage", "fault"),
    [
        (
            "CREATE POLICY everybody ON members_card USING (true)",
            "Table members_card: missing, changed or one too many: policy everybody.",
        ),
        (
            "ALTER TABLE members_card OWNER TO habitue_app",
            "Tenant table members_card: the app role owns it, and an owner may switch its policy off.",
        ),
    ],
)
def test_a_dump_whose_tables_are_not_locked_as_ours(
    servers_of_this_run, cluster, target, tmp_path, worker_id, breakage, fault
):
    name = f"habitue_opened_{worker_id}"
    servers_of_this_run.clone(name)
    with servers_of_this_run.administrator(name) as connection:
        connection.execute(breakage)
    opened = back_up(cluster, name, tmp_path)
    servers_of_this_run.drop(name)
    line = refusal(cluster, target, "bin/restore", opened)
    assert line == f"What was restored is not locked as ours is: {fault}"


def test_a_backup_of_a_newer_version_of_ours(cluster, target, backup):
    forge(backup, migrations={"loyalty": ["0001_initial", "9999_from_the_future"]})
    line = refusal(cluster, target, "bin/restore", backup)
    assert line == (
        "The backup is of a newer version: this one does not know the migration loyalty.9999_from_the_future."
    )


def test_a_backup_of_a_newer_postgresql(cluster, target, backup):
    forge(backup, server_version=990001)
    line = refusal(cluster, target, "bin/restore", backup)
    assert line.startswith("The backup is of PostgreSQL 99 and this server is ")


def test_a_name_that_leaves_no_room_for_the_drafts(servers_of_this_run, cluster, target, whole):
    name = target.ljust(63, "x")  # with "_restoring" behind it PostgreSQL would cut it back to itself
    servers_of_this_run.clone(name)
    before = contents(cluster, name)
    line = refusal(cluster, name, "bin/restore", whole, "--replace")
    assert line == f"The name {name} is too long for a restore: 40 bytes at most."
    assert contents(cluster, name) == before
    servers_of_this_run.drop(name)


def test_a_service_that_still_runs(cluster, target, whole):
    with psycopg.connect(cluster.dsn(database=target), application_name="web"):
        line = refusal(cluster, target, "bin/restore", whole)
    assert line == (
        f"The service still runs: 1 sessions on {target}, 1 of them postgres’s (web). "
        "Stop web, worker and beat first."
    )


def test_another_restore_that_is_at_work(servers_of_this_run, cluster, target, whole):
    draft = f"{target}_restoring"
    with servers_of_this_run.administrator() as other:
        other.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [draft])
        line = refusal(cluster, target, "bin/restore", whole)
    assert line == f"Another restore is at work in the database {draft}."


def test_a_login_that_policies_bind_backs_up_nothing(cluster, source, tmp_path):
    bound = {"DATABASE_BACKUP_URL": cluster.dsn("habitue_app", source)}
    line = refusal(cluster, source, "bin/backup", "--to", tmp_path, more=bound)
    assert line.startswith("The login habitue_app cannot read past row-level security: make the role")
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_full(cluster, source, tmp_path):
    def no_file_larger_than_50_kb() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    line = refusal(cluster, source, "bin/backup", "--to", tmp_path, preexec_fn=no_file_larger_than_50_kb)
    assert line.startswith("pg_dump failed: ")
    assert list(tmp_path.iterdir()) == []

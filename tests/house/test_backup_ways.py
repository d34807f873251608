"""What bin/backup and bin/restore do beside the whole way (test_backup.py): replacing, rehearsing, reading only, tidying."""

import pytest
from psycopg import sql

from tests.house.backups import addresses, back_up, command, contents, databases
from tests.house.running import outside_environment

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


def test_a_full_database_is_replaced_and_kept_under_another_name(
    servers_of_this_run, cluster, whole, worker_id
):
    name = f"habitue_former_{worker_id}"
    servers_of_this_run.clone(name)
    with servers_of_this_run.administrator(name) as connection:
        connection.execute("CREATE TABLE only_here AS SELECT 7 AS luck")
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(f"{name}_restoring")))
    env = addresses(cluster, name, CARD_SECRET="not the one that these cards were signed with")
    code, printed, complaint = command("bin/restore", whole, "--replace", env=env)
    assert (code, complaint) == (0, "")
    (former,) = {found for found in databases(cluster) if found.startswith(f"{name}_before_")}
    assert f"The former database is kept as {former}" in printed
    assert "were signed with another CARD_SECRET" in printed
    assert f"{name}_restoring" not in databases(cluster)  # which a restore that was killed had left
    assert "only_here" not in contents(cluster, name)
    assert contents(cluster, former)["only_here"] == ["(7)"]
    for each in (name, former):
        servers_of_this_run.drop(each)


def test_the_locks_of_an_older_version_are_not_measured_by_ours(
    servers_of_this_run, cluster, tmp_path, worker_id
):
    name = f"habitue_older_{worker_id}"
    servers_of_this_run.clone(name)
    with servers_of_this_run.administrator(name) as connection:
        connection.execute("DROP POLICY audit ON members_card")
        connection.execute("DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations)")
    older, before = back_up(cluster, name, tmp_path), contents(cluster, name)
    servers_of_this_run.drop(name)
    code, _printed, complaint = command("bin/restore", older, env=addresses(cluster, name))
    assert (code, complaint) == (0, "")
    assert contents(cluster, name) == before
    servers_of_this_run.drop(name)


def test_a_rehearsal_restores_and_proves_and_leaves_nothing(whole, ground):
    env = outside_environment(TMPDIR=str(ground))
    code, printed, complaint = command("bin/restore", "--rehearse", whole, env=env)
    assert (code, complaint) == (0, "")
    assert printed.startswith(f"{whole} restores: ")
    assert printed.endswith("The books balance.")
    assert list(ground.iterdir()) == []


def test_a_login_that_only_reads_backs_up_everything(
    servers_of_this_run, cluster, source, tmp_path, worker_id
):
    role = f"habitue_backup_{worker_id}"
    with servers_of_this_run.administrator() as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN BYPASSRLS").format(sql.Identifier(role)))
        connection.execute(sql.SQL("GRANT pg_read_all_data TO {}").format(sql.Identifier(role)))
    made = back_up(cluster, source, tmp_path, DATABASE_BACKUP_URL=cluster.dsn(role, source))
    assert made.is_dir()
    with servers_of_this_run.administrator() as connection:
        connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def test_only_the_newest_are_kept_and_nothing_else_is_touched(cluster, source, tmp_path):
    for name in ("habitue-2026-01-01T000000Z", "habitue-2026-01-02T000000Z", "my-own"):
        (tmp_path / name).mkdir()
    (tmp_path / "habitue-2026-01-03T000000Z.partial").mkdir()  # of a backup that was killed
    command("bin/backup", "--to", tmp_path, "--keep", "2", env=addresses(cluster, source))
    left = sorted(found.name for found in tmp_path.iterdir())
    assert left[0] == "habitue-2026-01-02T000000Z"
    assert left[2:] == ["my-own"]

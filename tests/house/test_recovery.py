"""Back to a moment: the commands of the runbook, run as they stand there, undo a disaster and nothing before it."""

import os
import re
import subprocess
from pathlib import Path

import psycopg
import pytest

from config.embedded import EmbeddedPostgres
from config.running.processes import service_user
from tests.house.backups import contents
from tests.servers import ROOT, TEMPLATE, migrated_template, silent, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), pytest.mark.fault]


def commands() -> list[str]:
    """The shell blocks of the runbook's section, in their order."""
    section = (ROOT / "docs/runbook.md").read_text().split("### Back to a moment")[1].split("\n## ")[0]
    return re.findall(r"^```\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)


@pytest.fixture
def server(ground):
    """A migrated server of its own that keeps what it is told, as in life."""
    made = EmbeddedPostgres(ground / "house", say=silent)
    made.data_dir.mkdir()
    subprocess.run(["cp", "-a", migrated_template() / "postgres", made.data_dir], check=True)
    made.start()
    yield made
    made.stop(seconds=5)


@pytest.fixture
def shell(server, ground):
    """Runs a block as a person would who has named the places."""
    places = {
        "PATH": f"{server.binary('psql').parent}:{os.environ['PATH']}",
        "PGHOST": str(server.run_folder),
        "PGUSER": "postgres",
        "PGDATA": str(server.folder),
        "ARCHIVE": str(ground / "archive"),
        "BASE": str(ground / "base"),
    }

    def run(block: str, **more: str) -> None:
        done = subprocess.run(
            ["sh", "-e", "-c", block], env=places | more, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr

    return run


def belongs_to_the_server(path: Path) -> None:
    """What the runbook says for root: PostgreSQL has a user of its own then."""
    if user := service_user(silent):
        subprocess.run(["chown", "-R", f"{user.name}:", path], check=True)


def say(server, statement: str, database: str = TEMPLATE):
    """One statement as the superuser, committed."""
    with psycopg.connect(server.dsn(database=database), autocommit=True) as connection:
        cursor = connection.execute(statement)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def test_a_dropped_table_is_undone(server, shell, ground):
    _places, archive_on, base, recover, done = commands()
    (ground / "archive").mkdir()
    belongs_to_the_server(ground / "archive")
    shell(archive_on)
    server.stop()
    server.start()
    say(server, "CREATE TABLE till (receipt integer); INSERT INTO till VALUES (1)")
    shell(base)
    say(server, "INSERT INTO till SELECT generate_series(2, 500)")
    before = contents(server, TEMPLATE)
    moment = str(say(server, "SELECT clock_timestamp()"))
    say(server, "DROP TABLE till; DELETE FROM django_migrations")
    say(server, "CREATE TABLE after_the_disaster ()")
    server.stop()

    shell(recover, MOMENT=moment)
    belongs_to_the_server(server.folder)
    server.start()
    wait_for(lambda: not say(server, "SELECT pg_is_in_recovery()"), what="the end of the recovery")

    assert contents(server, TEMPLATE) == before
    assert len(before["till"]) == 500
    shell(done)
    say(server, "INSERT INTO till VALUES (501)")  # it is open for business again
    assert server.folder.with_name("postgres.before").is_dir()

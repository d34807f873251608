"""bin/backup and bin/restore as a person at a shell meets them, and what a database holds, read another way than they do."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import psycopg
from psycopg import sql

from tests.house.running import outside_environment
from tests.servers import ROOT

KEYS = {"SECRET_KEY": "a-key-for-tests-only-" * 3, "BASE_URL": "http://127.0.0.1:8000", "HABITUE_ENV": "test"}


def addresses(server, database: str, **more: str) -> dict[str, str]:
    """The variables of a place whose database is `database` on `server`."""
    return outside_environment(
        DATABASE_URL=server.dsn("habitue_app", database),
        DATABASE_OWNER_URL=server.dsn(database=database),
        DATABASE_JOBS_URL=server.dsn("habitue_jobs", database),
        REDIS_URL="unix:///nowhere",
        **(KEYS | more),
    )


def command(*words: str | Path, env: dict[str, str], **how) -> tuple[int, str, str]:
    """Run a command of bin/ or manage.py: exit code, what it printed, what it complained of."""
    done = subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        **how,
    )
    return done.returncode, done.stdout.strip(), done.stderr.strip()


def back_up(server, database: str, to: Path, **more: str) -> Path:
    """The backup that bin/backup makes of it."""
    code, _printed, complaint = command(
        "bin/backup", "--to", to, "--data", to, env=addresses(server, database, **more)
    )
    assert (code, complaint) == (0, "")
    return max(to.glob("habitue-*Z"))


def contents(server, database: str) -> dict[str, list[str]]:
    """All rows of all tables as text, sorted."""
    with psycopg.connect(server.dsn(database=database)) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        connection.execute("SET TimeZone = 'UTC'")
        rows = sql.SQL("SELECT t::text FROM {} t")
        return {
            table: sorted(row for (row,) in connection.execute(rows.format(sql.Identifier(table))).fetchall())
            for (table,) in tables
        }


def schema(server, database: str) -> list[str]:
    """Every statement that makes the database's tables, guards, policies and rights."""
    dump = [server.binary("pg_dump"), "--schema-only", server.dsn(database=database)]
    lines = subprocess.check_output(dump, text=True).splitlines()
    return [
        line for line in lines if line.strip() and not line.startswith(("--", "\\restrict", "\\unrestrict"))
    ]


def databases(server) -> set[str]:
    """The names of all databases."""
    with psycopg.connect(server.dsn()) as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database").fetchall()}


def forge(backup: Path, **changes) -> None:
    """Change the manifest and sign it anew, as no accident would."""
    path = backup / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    sign(backup)


def sign(backup: Path) -> None:
    """The checksums of the files as they are now."""
    names = ("database.dump", "manifest.json")
    sums = [f"{hashlib.sha256((backup / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (backup / "SHA256SUMS").write_text("".join(sums))

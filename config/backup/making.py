"""bin/backup: one folder with a dump, a manifest of the same snapshot and their checksums. The service may run meanwhile.

A backup is whole or it is not there: it is made under another name and renamed at its end.
"""

import argparse
import fcntl
import os
import re
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from config.backup import manifest
from config.backup.database import Connection, Database, for_backup, one_line
from config.running.preflight import ROOT, OneLineParser
from config.running.processes import HouseProblem

NAME = re.compile(r"habitue-\d{4}-\d{2}-\d{2}T\d{6}Z")
PARTIAL = ".partial"
COMPRESSION = (
    "--compress=gzip:1"  # beside tills: a third of the usual level's processor time, for a tenth more disk
)
BYPASS = """
SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user
"""


def make(database: Database, folder: Path, *, data_dir: Path) -> Path:
    """Write a backup into `folder` and return its path. Raises HouseProblem, and leaves nothing then."""
    whole = folder / f"habitue-{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}"
    draft = whole.with_name(whole.name + PARTIAL)
    try:
        draft.mkdir(mode=0o700)
        with database.connect() as connection:
            refuse_bound_login(connection)
            said = describe(connection, data_dir)
            snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()
            assert snapshot
            dump = (
                "--format=custom",
                COMPRESSION,
                f"--snapshot={snapshot[0]}",
                f"--file={draft / manifest.DUMP}",
            )
            database.run("pg_dump", *dump)
        manifest.write(said, draft)
        for file in (*draft.iterdir(), draft):
            keep_on_disk(file)
        draft.rename(whole)
        keep_on_disk(folder)
    except OSError as problem:
        raise HouseProblem(f"The backup could not be written to {folder}: {problem.strerror}.") from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return whole


def refuse_bound_login(connection: Connection) -> None:
    """A login that policies bind sees no row of any merchant. It would fail later, with less of a word."""
    role, is_free = connection.execute(BYPASS).fetchone() or ("nobody", False)
    if not is_free:
        raise HouseProblem(
            f"The login {role} cannot read past row-level security: make the role habitue_backup "
            "(docs/runbook.md, “Backups”) and set DATABASE_BACKUP_URL."
        )


def describe(connection: Connection, data_dir: Path) -> manifest.Manifest:
    """The manifest, of a snapshot that stays open in this session's transaction."""
    connection.commit()
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    manifest.settle(connection)
    return manifest.Manifest(
        format=manifest.FORMAT,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        database=connection.info.dbname,
        server_version=connection.info.server_version,
        migrations=manifest.migrations(connection),
        tables=manifest.tables(connection),
        card_secret=manifest.card_secret(data_dir),
    )


def keep_on_disk(path: Path) -> None:
    """Wait until the disk has it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Hold the folder; whatever is partial in it then was left behind by one that was killed."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError as problem:
        raise HouseProblem(f"The folder {folder} cannot be used: {problem.strerror}.") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for left in folder.glob(f"habitue-*{PARTIAL}"):
            shutil.rmtree(left)
        yield
    except BlockingIOError:
        raise HouseProblem(f"Another backup is being made in {folder}.") from None
    finally:
        os.close(descriptor)


def forget_oldest(folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest `keep` backups; nothing that is named otherwise. Returns what was removed."""
    there = sorted(found for found in folder.iterdir() if NAME.fullmatch(found.name))
    gone = there[: max(len(there) - keep, 0)]
    for backup in gone:
        shutil.rmtree(backup)
    return gone


def size(backup: Path) -> str:
    """Its bytes, for people."""
    count = float(sum(file.stat().st_size for file in backup.iterdir()))
    for unit in ("bytes", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"


def read_arguments(arguments: list[str]) -> argparse.Namespace:
    """--to, --keep and --data."""
    parser = OneLineParser(prog="bin/backup", description="Copy the database, whole, to a folder of its own.")
    parser.add_argument(
        "--to", type=Path, metavar="DIR", help="folder of the backups, made if missing (DATA/backups)"
    )
    parser.add_argument("--keep", type=int, metavar="N", help="afterwards, remove all but the newest N there")
    parser.add_argument(
        "--data", type=Path, default=ROOT / ".data", metavar="DIR", help="of the embedded server (.data)"
    )
    options = parser.parse_args(arguments)
    if options.keep is not None and options.keep < 1:
        parser.error(f"--keep must be 1 or more, not {options.keep}")
    options.data = options.data.expanduser().resolve()
    options.to = (options.to or options.data / "backups").expanduser().resolve()
    return options


def main(arguments: list[str]) -> int:
    """0, or 1 and one line."""
    options = read_arguments(arguments)
    os.umask(0o077)  # a backup is everybody's data
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nothing partial stays
    try:
        with for_backup(options.data) as database, one_at_a_time(options.to):
            backup = make(database, options.to, data_dir=options.data)
            gone = forget_oldest(options.to, options.keep) if options.keep else []
    except HouseProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    except psycopg.Error as problem:
        print(f"PostgreSQL refused: {one_line(problem)}", file=sys.stderr)
        return 1
    said = manifest.read(backup)
    print(f"{backup}: {len(said.tables)} tables, {said.rows:,} rows, {size(backup)}.", end=" ")
    print(f"{len(gone)} older ones removed." if gone else "Try it with bin/restore --rehearse.")
    return 0


if __name__ == "__main__":  # in a container, which has no bin/
    sys.exit(main(sys.argv[1:]))

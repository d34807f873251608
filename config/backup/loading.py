"""Fills a new, empty database from a dump: rows first, then compared with the manifest, then all that guards them.

In that order, because until its policies are there the tables' owner may count every row; and because no trigger of ours
should judge, on their way in, rows that the books already hold.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import IO

from config.backup import manifest
from config.backup.database import Database, complaint
from config.running.processes import HouseProblem

ROWS, GUARDS = ("pre-data", "data"), ("post-data",)
HEADER_LINES = 40  # in which pg_restore sets up its session
# A setting that pg_restore 17 and later names, and older servers do not know.
NEW_SETTING, KNOWN_SINCE = b"SET transaction_timeout", 170000


def load(database: Database, backup: Path, said: manifest.Manifest) -> None:
    """Everything. Raises HouseProblem when a statement fails or a table is not what the manifest says."""
    play(database, backup, ROWS)
    with database.connect() as connection:
        manifest.settle(connection)
        wrong = manifest.differences(said.tables, manifest.tables(connection))
        if wrong:
            raise HouseProblem(f"What was restored is not what was backed up: {'; '.join(wrong[:5])}.")
    play(database, backup, GUARDS)
    with database.connect(autocommit=True) as connection:
        connection.execute("ANALYZE")  # else the first hours are planned for empty tables


def play(database: Database, backup: Path, sections: tuple[str, ...]) -> None:
    """Some sections of the dump, in one transaction."""
    with database.connect() as connection:
        drops = NEW_SETTING if connection.info.server_version < KNOWN_SINCE else None
    read = [str(database.programs / "pg_restore"), "--file=-", *(f"--section={each}" for each in sections)]
    write = [str(database.programs / "psql"), "--no-psqlrc", "--quiet", "--single-transaction"]
    write += ["--set=ON_ERROR_STOP=1", "--file=-"]
    environment = database.environment()
    with tempfile.TemporaryFile() as said_by_reader, tempfile.TemporaryFile() as said_by_writer:
        reader = subprocess.Popen(
            [*read, str(backup / manifest.DUMP)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=said_by_reader,
        )
        writer = subprocess.Popen(
            write,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said_by_writer,
        )
        try:
            assert reader.stdout
            assert writer.stdin
            pour(reader.stdout, writer.stdin, without=drops)
            if reader.wait():  # before psql hears that this was all, and commits
                raise HouseProblem(f"pg_restore failed: {told(said_by_reader, reader.returncode)}")
            writer.stdin.close()
            if writer.wait():
                raise HouseProblem(f"The restore failed: {told(said_by_writer, writer.returncode)}")
        except BrokenPipeError:
            writer.wait()
            raise HouseProblem(f"The restore failed: {told(said_by_writer, writer.returncode)}") from None
        finally:
            for process in (reader, writer):
                process.kill()
                process.wait()


def pour(source: IO[bytes], target: IO[bytes], *, without: bytes | None) -> None:
    """Everything, but for a line in the header that begins with `without`."""
    for _number in range(HEADER_LINES):
        line = source.readline()
        if without is None or not line.startswith(without):
            target.write(line)
    shutil.copyfileobj(source, target, manifest.BLOCK_BYTES)
    target.flush()


def told(output: IO[bytes], code: int) -> str:
    """What a program complained of."""
    output.seek(0)
    return complaint(output.read(), code)

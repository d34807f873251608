"""Which database a backup is of, and PostgreSQL's own programs to copy it with: those of the wheel, everywhere.

They read and write every server from 15 on. Passwords reach them through the environment, for arguments are public.
"""

import os
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import Conninfo

from config import env
from config.embedded import EmbeddedPostgres
from config.running.preflight import HOST, Alone, check_folder
from config.running.processes import HouseProblem
from config.running.supervisor import DATABASE

Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Database:
    """A database on a server that is up: `url` is a login that may do what is asked of it."""

    url: str
    programs: Path

    @property
    def name(self) -> str:
        """The database's own name. Raises HouseProblem for a URL without one."""
        name = conninfo_to_dict(self.url).get("dbname")
        if not name:
            raise HouseProblem("The database's URL must end with its name: postgresql://user@host/habitue.")
        return str(name)

    def named(self, name: str) -> "Database":
        """Another database on the same server, by the same login."""
        return Database(make_conninfo(self.url, dbname=name), self.programs)

    def connect(self, *, autocommit: bool = False) -> Connection:
        """A session. Raises HouseProblem when the server does not let us in."""
        try:
            return psycopg.connect(self.url, autocommit=autocommit, application_name="habitue backup")
        except psycopg.OperationalError as problem:
            raise HouseProblem(f"The database {self.name} does not answer: {one_line(problem)}") from None

    def run(self, program: str, *arguments: str, stdin: IO[bytes] | int = subprocess.DEVNULL) -> None:
        """Run one of PostgreSQL's programs on this database. Raises HouseProblem with its first complaint."""
        done = subprocess.run(
            [self.programs / program, *arguments],
            env=self.environment(),
            stdin=stdin,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
        )
        if done.returncode:
            raise HouseProblem(f"{program} failed: {complaint(done.stderr, done.returncode)}")

    def environment(self) -> dict[str, str]:
        """libpq's variables for this login, before those that the shell has."""
        variables = {
            option.keyword.decode(): option.envvar.decode()
            for option in Conninfo.get_defaults()
            if option.envvar
        }
        ours = {
            variables[keyword]: str(value)
            for keyword, value in conninfo_to_dict(self.url).items()
            if keyword in variables and value is not None
        }
        return os.environ | ours | {"LC_ALL": "C", "PGAPPNAME": "habitue backup"}


def complaint(output: bytes, code: int) -> str:
    """The line of a program's errors that says why: its first error, or what it ended with."""
    lines = [line.strip() for line in output.decode(errors="replace").splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower()] or lines
    return errors[0] if errors else f"it ended with {code} and no word"


def one_line(problem: Exception) -> str:
    """An exception's first line."""
    return (str(problem).strip().splitlines() or [type(problem).__name__])[0]


def programs(data_dir: Path) -> Path:
    """The folder of PostgreSQL's programs."""
    return EmbeddedPostgres(data_dir).binary("psql").parent


@contextmanager
def for_backup(data_dir: Path) -> Iterator[Database]:
    """The database to copy: it may be in use. An embedded server that does not run is started for the time."""
    owner = env.text("DATABASE_OWNER_URL") or env.text("DATABASE_URL")
    if url := env.text("DATABASE_BACKUP_URL") or owner:
        yield Database(url, programs(data_dir))
        return
    postgres = EmbeddedPostgres(data_dir)
    database = Database(postgres.dsn(database=DATABASE), programs(data_dir))
    if not (postgres.folder / "PG_VERSION").exists():
        raise HouseProblem(f"There is no database in {data_dir}: choose its folder with --data.")
    if is_up(database):
        yield database
        return
    with alone(data_dir), running(postgres):
        yield database


@contextmanager
def for_restore(data_dir: Path) -> Iterator[Database]:
    """The database to fill: nothing else may run on it."""
    if url := env.text("DATABASE_OWNER_URL") or env.text("DATABASE_URL"):
        yield Database(url, programs(data_dir))
        return
    check_folder(data_dir)
    postgres = EmbeddedPostgres(data_dir)
    with alone(data_dir), running(postgres):
        yield embedded(postgres)


def embedded(postgres: EmbeddedPostgres) -> Database:
    """The database of an embedded server, and our settings pointed at it: they need no variable of a house then."""
    os.environ.update(
        HABITUE_ENV="development",
        BASE_URL=f"http://{HOST}:8000",
        SECRET_KEY=secrets.token_urlsafe(48),  # signs nothing here
        DATABASE_URL=postgres.dsn("habitue_app", DATABASE),
        DATABASE_OWNER_URL=postgres.dsn(database=DATABASE),
        DATABASE_JOBS_URL=postgres.dsn("habitue_jobs", DATABASE),
    )
    return Database(postgres.dsn(database=DATABASE), programs(postgres.data_dir))


@contextmanager
def alone(data_dir: Path) -> Iterator[None]:
    """Hold the lock of bin/run, so that neither starts beside the other."""
    descriptor = Alone(data_dir).try_to_hold()
    try:
        yield
    finally:
        os.close(descriptor)


@contextmanager
def running(postgres: EmbeddedPostgres) -> Iterator[None]:
    """The embedded server, for the time."""
    postgres.start()
    try:
        yield
    finally:
        postgres.stop()


def is_up(database: Database) -> bool:
    """Whether the server takes connections."""
    try:
        psycopg.connect(database.url).close()
    except psycopg.OperationalError:
        return False
    return True

"""A house of its own for the bench: embedded servers in a temporary folder, and web servers as bin/run starts them.

Durable like in life: fsync and synchronous_commit are on. Nothing of it survives the run.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from config.embedded import EmbeddedPostgres, EmbeddedValkey
from config.running.preflight import HOST, ROOT, Options
from config.running.processes import spawn, stop
from config.running.supervisor import DATABASE, House

NO_LIMIT = "1000000000"  # requests a minute: the rate limit counts, and never refuses


class BenchHouse:
    """Use as a context: everything is up inside, and gone after."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="habitue-bench-"))
        self.house = House(Options(port=free_port(), data_dir=self.folder))
        self.postgres = EmbeddedPostgres(self.folder, say=only_important)
        self.valkey = EmbeddedValkey(self.folder, say=only_important)
        self.house.postgres, self.house.valkey = self.postgres, self.valkey
        self.processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> "BenchHouse":
        self.house.make_folders()
        (self.folder / "static").mkdir()  # WhiteNoise wants it, though nothing is served from there
        self.postgres.start()
        self.valkey.start()
        self.postgres.create_database(DATABASE)
        os.environ.update(
            self.house.environment() | {"API_RATE_PER_MINUTE": NO_LIMIT, "LOG_LEVEL": "WARNING"}
        )
        return self

    def __exit__(self, *_exception: object) -> None:
        self.rest()
        self.valkey.stop()
        self.postgres.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.rmtree(self.postgres.run_folder, ignore_errors=True)

    def superuser_dsn(self, database: str = DATABASE) -> str:
        """For the bench's own tables and counts, behind the app role's back."""
        return self.postgres.dsn(database=database)

    def app_dsn(self, database: str = DATABASE) -> str:
        """As the application connects."""
        return self.postgres.dsn("habitue_app", database)

    def copy_database(self, name: str) -> None:
        """A second database, as the first is now. Nobody else may be connected to that one."""
        from django.db import connections

        connections.close_all()
        with psycopg.connect(self.postgres.dsn(), autocommit=True) as connection:
            copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
            connection.execute(copy.format(sql.Identifier(name), sql.Identifier(DATABASE)))

    def drop_database(self, name: str) -> None:
        """Away with a second database, and whoever is connected to it."""
        with psycopg.connect(self.postgres.dsn(), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def rest(self) -> None:
        """Stop all web servers."""
        while self.processes:
            stop(self.processes.pop())

    def serve(self, application: str, path: str, database: str = DATABASE) -> str:
        """Start granian with the flags of bin/run on `application`; its address once `path` answers."""
        port = free_port()
        env = os.environ | {
            "DATABASE_URL": self.app_dsn(database),
            "DATABASE_OWNER_URL": self.superuser_dsn(database),
            "DATABASE_JOBS_URL": self.postgres.dsn("habitue_jobs", database),
        }
        web = next(child for child in self.house.plan(dict(os.environ)) if child.name == "web")
        changes = {"config.wsgi:application": application, str(self.house.options.port): str(port)}
        command = [changes.get(word, word) for word in web.command]
        log = self.folder / "logs" / f"{application.partition(':')[0]}-{port}.log"
        self.processes.append(spawn(command, log=log, env=env, cwd=ROOT))
        wait_for(f"http://{HOST}:{port}{path}", log)
        return f"http://{HOST}:{port}"


def prepare_database() -> None:
    """Django, and the tables."""
    import django
    from django.core.management import call_command

    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    call_command("prepare_database", verbosity=0)
    call_command("migrate_as_owner", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)  # pages name their files by content


@contextmanager
def django_at(database: str) -> Iterator[None]:
    """Inside, Django asks this database."""
    from django.db import connection

    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = database
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def tidy(dsn: str) -> None:
    """What autovacuum does after its first minute, and a checkpoint, so that none is due while something is measured."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, log: Path, *, seconds: float = 30) -> None:
    """Until a GET answers anything at all below 500."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=5)
            return
        except urllib.error.HTTPError as answer:
            if answer.code < 500:
                return
        except OSError:
            pass
        time.sleep(0.05)
    sys.exit(f"{url} does not answer:\n{log.read_text()[-2000:]}")


def only_important(line: str) -> None:
    """What the servers say is of no interest here, except when they need a user of their own."""
    if "system user" in line:
        print(line, file=sys.stderr)

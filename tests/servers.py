"""PostgreSQL and Valkey for one test run: made once, copied, thrown away. Tests never connect as a superuser.

The schema is migrated once, as its owner, into a template kept in `.data-test/` under a digest of everything that
shapes it. Each run starts a server on a copy of that folder; each worker, and each test that commits, gets a clone.
"""

import ast
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from config.embedded import EmbeddedPostgres, EmbeddedValkey

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / ".data-test"
TEMPLATE = "habitue_template"
APPS = (
    "core",
    "merchants",
    "members",
    "loyalty",
    "rewards",
    "integrations",
    "analytics",
    "studio",
    "web",
    "api",
    "config",
)


def environment(
    postgres: EmbeddedPostgres, valkey: EmbeddedValkey, database: str, data_dir: Path
) -> dict[str, str]:
    """What the settings read, so that code under test sees this run's servers and acts as the app role."""
    return {
        "HABITUE_ENV": "test",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": "a-key-for-tests-only-" * 3,
        "BASE_URL": "http://127.0.0.1:8000",
        "DATABASE_URL": postgres.dsn("habitue_app", database),
        "DATABASE_OWNER_URL": postgres.dsn(database=database),
        "DATABASE_JOBS_URL": postgres.dsn("habitue_jobs", database),
        "REDIS_URL": valkey.url,
        "DATA_DIR": str(data_dir),
    }


def silent(line: str) -> None:
    """Servers have nothing to say to a test run."""


class TestServers:
    """This run's PostgreSQL, on a copy of the template."""

    __test__ = False  # pytest: not a test class

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.postgres = EmbeddedPostgres(folder, durable=False, say=silent)

    def start(self) -> None:
        """Copy the migrated data folder and start on it."""
        forget_dead_runs()
        template = migrated_template()
        self.folder.mkdir(parents=True, exist_ok=True)
        # Keeps the owner, which is a system user when we are root, and shares blocks where the disk can.
        subprocess.run(["cp", "-a", "--reflink=auto", template / "postgres", self.folder], check=True)
        self.postgres.start()

    def stop(self) -> None:
        """Stop and leave nothing."""
        self.postgres.stop(seconds=5)
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.rmtree(self.postgres.run_folder, ignore_errors=True)

    def clone(self, database: str, *, template: str = TEMPLATE) -> None:
        """Make `database` a fresh copy of `template`. Who is still connected to that one, a thread of an earlier test
        or autovacuum, is sent away: PostgreSQL copies no database in use."""
        send_away = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
            sql.Identifier(database), sql.Identifier(template)
        )
        with self.administrator() as connection:
            for last_try in (False, False, False, False, True):
                connection.execute(send_away, [template])
                try:
                    connection.execute(copy)
                except psycopg.errors.ObjectInUse:
                    if last_try:
                        raise
                else:
                    return

    def drop(self, database: str) -> None:
        """Remove a clone, whoever is still connected."""
        with self.administrator() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database))
            )

    @contextmanager
    def administrator(self, database: str = "postgres") -> Iterator[psycopg.Connection]:
        """A superuser's connection, for the suites' own housekeeping and for looking behind the app role's back."""
        with psycopg.connect(self.postgres.dsn(database=database), autocommit=True) as connection:
            yield connection


RUNNING = pytest.StashKey[TestServers]()


def migrated_template() -> Path:
    """The folder with a migrated, stopped cluster; made when something that shapes the schema changed."""
    KEPT.mkdir(exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = KEPT / f"template-{schema_digest()}"
        if not folder.exists():
            for outdated in KEPT.glob("template-*"):
                shutil.rmtree(outdated)
            draft = KEPT / "template-draft"
            migrate(draft)
            draft.rename(folder)
        return folder


def migrate(folder: Path) -> None:
    """Prepare the roles and run all migrations in a new cluster, then stop it."""
    postgres = EmbeddedPostgres(folder, durable=False, say=silent)
    postgres.start()
    try:
        postgres.create_database(TEMPLATE)
        env = os.environ | environment(postgres, EmbeddedValkey(folder), TEMPLATE, folder)
        for command in ("prepare_database", "migrate_as_owner"):
            done = subprocess.run(
                [sys.executable, "manage.py", command, "-v", "0"],
                cwd=ROOT,
                env=env,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                raise RuntimeError(f"{command} failed:\n{done.stdout}{done.stderr}")
    finally:
        postgres.stop()


def schema_digest() -> str:
    """A digest of migrations, SQL files, models, what migrations import, and the locked versions."""
    files = {ROOT / "requirements.lock", ROOT / "config/settings.py", ROOT / "config/embedded.py"}
    for app in APPS:
        folder = ROOT / app
        files |= {
            *folder.rglob("*.sql"),
            *folder.rglob("models.py"),
            *folder.rglob("management/commands/*.py"),
        }
        for migration in folder.rglob("migrations/*.py"):
            files |= imported_by(migration, seen=set())
    digest = hashlib.sha256(sys.version.encode())
    for file in sorted(files):
        digest.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def imported_by(file: Path, *, seen: set[Path]) -> set[Path]:
    """`file` and the project's modules that it imports, at any distance."""
    if file in seen:
        return seen
    seen.add(file)
    for node in ast.walk(ast.parse(file.read_text())):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            module = ROOT / (name.replace(".", "/") + ".py")
            if name.split(".")[0] in APPS and module.exists():
                imported_by(module, seen=seen)
    return seen


def forget_dead_runs() -> None:
    """Remove the folders of runs whose process is gone; their servers went with them."""
    for run in (KEPT / "runs").glob("*"):
        if not Path(f"/proc/{run.name}").exists():
            shutil.rmtree(run, ignore_errors=True)


PATIENCE_SECONDS = 60.0  # what takes one on a quiet machine takes twenty on one that is shared; whoever is done does not wait


def wait_for(condition, *, seconds: float = PATIENCE_SECONDS, what: str = "the condition") -> None:
    """Poll until `condition()` is true. For what other processes do; never to paper over a race of ours."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:g} s for {what}")
        time.sleep(0.02)

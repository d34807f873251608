"""A house to be broken: servers of its own, durable as in life, a web server, a worker, beat; each may be killed.

The processes are those that bin/run starts, with its commands. Nothing of it survives the run.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import redis
from celery import Celery

from config.embedded import EmbeddedPostgres, EmbeddedValkey
from config.running import supervisor
from config.running.preflight import ROOT, Options
from config.running.processes import send, servers_in, spawn, stop
from tests import servers
from tests.faults.mail import MailServer
from tests.faults.tally import Tally
from tests.house.running import free_port
from tests.servers import wait_for

DATABASE = "habitue"
CONNECTIONS = 300  # two hundred clients at once, beside the house's own
START_SECONDS = 150  # a worker reads all of the program first, on a machine that others use

# The suites' own notes: every event that was ever recorded, and every one that was delivered to its end; and a door that
# a test can hold shut (`gates`). In this database only.
WATCH = """
CREATE TABLE faults_recorded (merchant_id uuid, id uuid PRIMARY KEY, name text, actor text);
CREATE TABLE faults_delivered (merchant_id uuid, id uuid PRIMARY KEY);
CREATE FUNCTION faults_note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO faults_recorded VALUES (NEW.merchant_id, NEW.id, NEW.name, NEW.payload ->> 'actor');
    ELSE
        INSERT INTO faults_delivered VALUES (OLD.merchant_id, OLD.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER faults_note AFTER INSERT OR DELETE ON core_event FOR EACH ROW EXECUTE FUNCTION faults_note();
CREATE FUNCTION faults_wait() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(1);
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
"""
ACTIVE = """
SELECT pg_terminate_backend(pid) FROM (
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND usename = 'habitue_app' AND state <> 'idle'
    ORDER BY random() LIMIT 1
) busy
"""
BUSY = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND usename = 'habitue_app' LIMIT 1"
)


class DurablePostgres(EmbeddedPostgres):
    """As bin/run's, with room for more sessions."""

    def _command(self) -> list[str | Path]:
        return [*super()._command(), "-c", f"max_connections={CONNECTIONS}"]


class House:
    """Everything that runs, by name. `kill_…` counts, `start_…` waits until it answers."""

    def __init__(self, folder: Path, tally: Tally) -> None:
        self.folder, self.tally = folder, tally
        self.postgres = DurablePostgres(folder, say=servers.silent)
        self.valkey = EmbeddedValkey(folder, say=servers.silent)
        self.mail = MailServer()
        self.port = free_port()
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self._eyes: psycopg.Connection | None = None
        self._plan = supervisor.House(Options(port=self.port, data_dir=folder)).plan({})

    # --- opening and closing ----------------------------------------------------------------------------------------
    def open(self) -> None:
        """Servers on a copy of the migrated cluster, then web and worker."""
        template = servers.migrated_template()
        for name in ("logs", "static"):
            (self.folder / name).mkdir(parents=True)
        subprocess.run(["cp", "-a", "--reflink=auto", template / "postgres", self.folder], check=True)
        self.postgres.start()
        self.valkey.start()
        self.mail.open()
        with psycopg.connect(self.postgres.dsn(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {DATABASE} TEMPLATE {servers.TEMPLATE}")
        with self.administrator() as connection:
            connection.execute(WATCH)
        self.start("web")
        self.start("worker")

    def mend(self) -> None:
        """Start what is dead and should run, as bin/run does: what a test left so, and what ended by itself."""
        for server in (self.postgres, self.valkey):
            if not server.is_alive():
                server.start()
        for name in {"web", "worker", *self.children}:
            if name not in self.children or self.children[name].poll() is not None:
                self.start(name)
        self.wait_for_web()

    def close(self) -> None:
        """Stop all, each by its own number, and leave nothing."""
        for process in self.children.values():
            stop(process, seconds=5)
        if self._eyes is not None:
            self._eyes.close()
        self.mail.close()
        self.valkey.stop(seconds=5)
        self.postgres.stop(seconds=10)
        shutil.rmtree(self.folder, ignore_errors=True)
        for server in (self.postgres, self.valkey):
            shutil.rmtree(server.run_folder, ignore_errors=True)

    @property
    def url(self) -> str:
        """Where the web listens."""
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        """What the processes read."""
        ours = servers.environment(self.postgres, self.valkey, DATABASE, self.folder)
        more = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(self.mail.port), "API_RATE_PER_MINUTE": "0"}
        return os.environ | ours | more | {"PYTHONUNBUFFERED": "1"}

    @contextmanager
    def administrator(self) -> Iterator[psycopg.Connection]:
        """A superuser's connection: the suites' eyes and hands."""
        with psycopg.connect(self.postgres.dsn(database=DATABASE), autocommit=True) as connection:
            yield connection

    def look(self, question: str, values: list[object] | None = None) -> list[tuple[Any, ...]]:
        """One question of a superuser's, over a connection that stays: for what is asked again and again."""
        if self._eyes is None or self._eyes.broken:
            self._eyes = psycopg.connect(self.postgres.dsn(database=DATABASE), autocommit=True)
        try:
            return self._eyes.execute(question, values).fetchall()
        except psycopg.OperationalError:  # it was broken since
            self._eyes = None
            return self.look(question, values)

    # --- web, worker, beat ------------------------------------------------------------------------------------------
    def log(self, name: str) -> Path:
        """Where a child writes."""
        return self.folder / "logs" / f"{name}.log"

    def start(self, name: str) -> None:
        """Start `web`, `worker` or `beat`, as bin/run does, and wait until it works."""
        log = self.log(name)
        before = log.stat().st_size if log.exists() else 0
        self.start_child(name)
        if name == "web":
            self.wait_for_web()
        elif name == "worker":
            wait_for(lambda: b" ready." in log.read_bytes()[before:], seconds=START_SECONDS, what="a worker")

    def start_child(self, name: str) -> None:
        """Start it, with bin/run's command but for one web process: what is killed is then all there is."""
        child = next(child for child in self._plan if child.name == name)
        command = [*child.command, *(["--workers", "1"] if name == "web" else [])]
        self.children[name] = spawn(command, log=self.log(name), env=self.environment(), cwd=ROOT)

    def wait_for_web(self) -> None:
        """Until it answers, database and all. When granian gave up, for its workers die too often, it is started again, as
        bin/run does."""

        def answers() -> bool:
            if self.children["web"].poll() is not None:
                self.start_child("web")
            return supervisor.answers(f"{self.url}/readyz")

        wait_for(answers, seconds=START_SECONDS, what="the web to answer")

    def kill(self, name: str) -> None:
        """`kill -9` of `worker` or `beat`: no clean-up, no farewell."""
        process = self.children.pop(name)
        process.kill()
        process.wait()
        self.tally.kill(name)

    def freeze(self, name: str) -> None:
        """It does nothing any more, not even read what it is told; `kill` ends that."""
        self.children[name].send_signal(signal.SIGSTOP)

    def stop(self, name: str) -> None:
        """A polite end, which is no fault."""
        stop(self.children.pop(name))

    def web_workers(self) -> list[int]:
        """The processes that answer requests: granian's children, which it starts again when they die."""
        leader = self.children["web"]
        if leader.poll() is not None:
            return []
        listed = Path(f"/proc/{leader.pid}/task/{leader.pid}/children")
        return [int(pid) for pid in listed.read_text().split()]

    def kill_web(self, pids: list[int]) -> None:
        """`kill -9` of these web workers; granian starts others, see `wait_for_web`."""
        send(signal.SIGKILL, pids)
        wait_for(lambda: not set(pids) & set(self.web_workers()), what="granian to notice")
        for _pid in pids:
            self.tally.kill("web process")

    # --- PostgreSQL -------------------------------------------------------------------------------------------------
    def terminate_backend(self) -> None:
        """End a session of the app that is in the middle of something: what a failover does."""
        with self.administrator() as connection:
            wait_for(lambda: connection.execute(ACTIVE).fetchone(), what="a session that works")
        self.tally.kill("database session")

    def crash_backend(self) -> None:
        """`kill -9` of one backend: PostgreSQL ends all others and recovers by itself."""
        with self.administrator() as connection:
            [pid] = connection.execute(BUSY).fetchone() or [connection.info.backend_pid]
        send(signal.SIGKILL, [pid])
        self.tally.kill("database backend, by force")
        wait_for(self.database_answers, seconds=START_SECONDS, what="crash recovery")

    def crash_postgres(self) -> None:
        """`kill -9` of all its processes at once, then a start: recovery from the log alone."""
        leader = self._postgres_process()
        send(signal.SIGKILL, [leader.pid, *servers_in(self.postgres.folder, "postgres")])
        leader.wait()
        self.tally.kill("PostgreSQL, by force")
        self.postgres.start()

    def stop_postgres_at_once(self) -> None:
        """An immediate stop, as of an impatient system, then a start."""
        leader = self._postgres_process()
        leader.send_signal(signal.SIGQUIT)
        leader.wait()
        self.tally.kill("PostgreSQL, immediate stop")
        self.postgres.start()

    def database_answers(self) -> bool:
        """Whether it takes connections, and not only to say that it recovers."""
        try:
            with self.administrator():
                return True
        except psycopg.OperationalError:
            return False

    def _postgres_process(self) -> "subprocess.Popen[bytes]":
        assert self.postgres.process is not None
        return self.postgres.process

    # --- Valkey -----------------------------------------------------------------------------------------------------
    def flush(self) -> None:
        """FLUSHALL: hints, rate limits and caches are gone."""
        with self.redis() as client:
            client.flushall()
        self.tally.add("fault: FLUSHALL")

    def kill_valkey(self) -> None:
        """`kill -9`: no hints go anywhere until `valkey.start()`."""
        assert self.valkey.process is not None
        self.valkey.process.kill()
        self.valkey.process.wait()
        self.tally.kill("Valkey")

    def redis(self) -> redis.Redis:
        """A client; use as a context."""
        return redis.from_url(self.valkey.url)

    def broker(self) -> Celery:
        """A Celery app that sends to this house's workers and to no others."""
        url = self.valkey.url.replace("unix://", "redis+socket://", 1)
        return Celery("faults", broker=url, set_as_current=False)

    def hint(self, task: str, *arguments: object) -> None:
        """Send a task's message, as relay or beat do: `relay_outbox`, or `deliver_events` with merchant and ids."""
        app = self.broker()
        with app.connection_for_write() as connection:
            app.send_task(f"config.tasks.{task}", arguments, connection=connection, ignore_result=True)

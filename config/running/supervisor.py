"""Keeps the house running: servers first, then the data, then web, worker and beat; stops them in reverse.

It restarts what dies and owns no work itself: no Django, no query, no business word.
"""

import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from config.embedded import EmbeddedPostgres, EmbeddedValkey
from config.running import report
from config.running.preflight import HOST, ROOT, Alone, Options, check_port
from config.running.processes import HOUSE_VARIABLE, HouseProblem, fresh_log, last_line, spawn, stop
from config.running.server import EmbeddedServer

DATABASE = "habitue"
READY_SECONDS = 60
STABLE_SECONDS = 30  # a child that ran this long starts with a clean slate when it dies
LONGEST_PAUSE_SECONDS = 30
TRIES_BEFORE_READY = 3
TICK_SECONDS = 0.1


class Child:
    """One process of the project that must always run: started again, ever more slowly, when it dies."""

    def __init__(self, name: str, command: list[str], *, env: dict[str, str], logs: Path) -> None:
        self.name, self.command, self.env = name, command, env
        self.log_path = logs / f"{name}.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.deaths = 0
        self.started = self.next_start = 0.0

    def start(self) -> None:
        """Start it now."""
        self.started = time.monotonic()
        self.process = spawn(self.command, log=fresh_log(self.log_path), env=self.env, cwd=ROOT)

    def keep_alive(self, say: Callable[[str], None]) -> None:
        """Notice a death once, and start again when the pause is over."""
        now = time.monotonic()
        if self.process is not None:
            if self.process.poll() is None:
                return
            stop(self.process)  # what it left of its session
            self.deaths = 1 if now - self.started > STABLE_SECONDS else self.deaths + 1
            pause = min(2.0 ** (self.deaths - 2), LONGEST_PAUSE_SECONDS)
            say(f"{self.name} ended ({last_line(self.log_path)}); starting it again in {pause:g} s.")
            self.process, self.next_start = None, now + pause
        elif now >= self.next_start:
            self.start()

    def stop(self) -> None:
        """Ask, wait, kill."""
        if self.process is not None:
            stop(self.process)
            self.process = None


class House:
    """All processes of one data folder."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.logs = options.data_dir / "logs"
        self.stopping = False
        self.postgres: EmbeddedPostgres | None = None
        self.valkey: EmbeddedValkey | None = None
        self.children: list[Child] = []

    @property
    def servers(self) -> list[EmbeddedServer]:
        """The embedded servers in use, in the order they start."""
        return [server for server in (self.postgres, self.valkey) if server is not None]

    def open(self) -> None:
        """Bring everything up, in order, until the web answers. Raises HouseProblem."""
        self.make_folders()
        if not os.environ.get("DATABASE_URL"):
            self.postgres = EmbeddedPostgres(self.options.data_dir, say=say)
        if not os.environ.get("REDIS_URL"):
            self.valkey = EmbeddedValkey(self.options.data_dir, say=say)
        for server in self.servers:
            server.launch()
        for server in self.servers:
            server.wait_until_ready()
        if self.postgres:
            self.postgres.create_database(DATABASE)
        env = self.environment()
        self.prepare(env)
        # The web first and alone, for it is what people wait for; the others get the processor afterwards.
        for child in self.plan(env):
            if not self.stopping:
                child.start()
                self.children.append(child)
                self.wait_until_ready()

    def make_folders(self) -> None:
        """Folders whose contents are nobody else's business."""
        for name in ("logs", "mail"):
            (self.options.data_dir / name).mkdir(mode=0o700, exist_ok=True)

    def environment(self) -> dict[str, str]:
        """What the children read."""
        defaults = {
            "HABITUE_ENV": "development",
            "BASE_URL": f"http://{HOST}:{self.options.port}",
            "SECRET_KEY": secret_key(self.options.data_dir),
        }
        given = {name: value for name, value in os.environ.items() if value}
        # What we started and were told wins over a variable left in the shell.
        folder = str(self.options.data_dir)
        ours = {"DATA_DIR": folder, HOUSE_VARIABLE: folder, "PYTHONUNBUFFERED": "1"}
        if self.postgres:
            ours["DATABASE_URL"] = self.postgres.dsn("habitue_app", DATABASE)
            ours["DATABASE_OWNER_URL"] = self.postgres.dsn(database=DATABASE)
            ours["DATABASE_JOBS_URL"] = self.postgres.dsn("habitue_jobs", DATABASE)
        if self.valkey:
            ours["REDIS_URL"] = self.valkey.url
        return defaults | given | ours

    def prepare(self, env: dict[str, str]) -> None:
        """Roles, migrations, messages, static files and seed, in a process of their own that talks to the terminal."""
        process = spawn([sys.executable, "-m", "config.running.preparing"], log=None, env=env, cwd=ROOT)
        while process.poll() is None:
            if self.stopping:
                stop(process)
                return
            time.sleep(TICK_SECONDS / 5)
        if process.returncode:
            raise HouseProblem("The database could not be prepared: the reason is above.")

    def plan(self, env: dict[str, str]) -> list[Child]:
        """The project's own processes, in the order they start."""
        programs = Path(sys.executable).parent
        web = [
            *(str(programs / "granian"), "--interface", "wsgi", "config.wsgi:application"),
            *("--host", HOST, "--port", str(self.options.port), "--workers", "2", "--blocking-threads", "4"),
            *("--respawn-failed-workers", "--workers-kill-timeout", "5", "--log-level", "warning"),
        ]
        celery = [str(programs / "celery"), "--app", "config.celery"]
        worker = [*celery, "worker", "--pool", "threads", "--concurrency", "4"]
        worker += ["--without-gossip", "--without-mingle"]
        schedule = self.options.data_dir / "celerybeat-schedule"
        beat = [*celery, "beat", "--schedule", str(schedule), "--pidfile", ""]
        commands = {"web": web, "worker": worker, "beat": beat}
        return [Child(name, command, env=env, logs=self.logs) for name, command in commands.items()]

    def wait_until_ready(self) -> None:
        """Until /readyz answers 200, or it is clear that it never will."""
        url = f"http://{HOST}:{self.options.port}/readyz"
        deadline = time.monotonic() + READY_SECONDS
        while not self.stopping and not answers(url):
            self.keep_alive()
            tired = [child for child in self.children if child.deaths >= TRIES_BEFORE_READY]
            if tired or time.monotonic() > deadline:
                failed = tired[0] if tired else self.children[0]
                raise HouseProblem(
                    f"{failed.name} did not start: {last_line(failed.log_path)} (see {failed.log_path})"
                )
            time.sleep(TICK_SECONDS)

    def keep_alive(self) -> None:
        """One look at everything that should run."""
        for server in self.servers:
            if not server.is_alive():
                say(f"{server.name} ended; starting it again.")
                server.start()
        for child in self.children:
            child.keep_alive(say)

    def close(self) -> None:
        """Stop in the order that loses nothing: who asks first, who answers last."""
        for child in self.children:
            child.stop()
        for server in reversed(self.servers):
            server.stop()


def run(options: Options) -> int:
    """Open the house, keep it, close it. The exit code is 0 after Ctrl-C or SIGTERM, 1 after a failure."""
    house = House(options)

    def ask_to_stop(number: int, frame: object) -> None:
        house.stopping = True

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, ask_to_stop)
    try:
        Alone(options.data_dir).hold()
        check_port(options.port)
        house.open()
        if not house.stopping:
            report.show(options)
        while not house.stopping:
            house.keep_alive()
            time.sleep(TICK_SECONDS)
    except HouseProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    finally:
        if house.children:
            say("Stopping.")
        house.close()
    return 0


def secret_key(data_dir: Path) -> str:
    """The key that signs sessions and cards, made once and kept: another one would make every card invalid."""
    path = data_dir / "secret_key"
    if not path.exists():
        draft = path.with_suffix(".new")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    return path.read_text().strip()


def answers(url: str) -> bool:
    """True when a GET gives 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 - our own loopback address
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def say(line: str) -> None:
    """Tell the person at the terminal."""
    print(line, flush=True)

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
from pathlib import Path

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
        self.postgres = EmbeddedPostgres(self.folder, say=whisper)
        self.valkey = EmbeddedValkey(self.folder, say=whisper)
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
        for process in self.processes:
            stop(process)
        self.valkey.stop()
        self.postgres.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.rmtree(self.postgres.run_folder, ignore_errors=True)

    def superuser_dsn(self) -> str:
        """For the bench's own tables and counts, behind the app role's back."""
        return self.postgres.dsn(database=DATABASE)

    def app_dsn(self) -> str:
        """As the application connects."""
        return self.postgres.dsn("habitue_app", DATABASE)

    def serve(self, application: str, path: str) -> str:
        """Start granian with the flags of bin/run on `application`; its address once `path` answers."""
        port = free_port()
        web = next(child for child in self.house.plan(dict(os.environ)) if child.name == "web")
        changes = {"config.wsgi:application": application, str(self.house.options.port): str(port)}
        command = [changes.get(word, word) for word in web.command]
        log = self.folder / "logs" / f"{application.partition(':')[0]}.log"
        self.processes.append(spawn(command, log=log, env=dict(os.environ), cwd=ROOT))
        wait_for(f"http://{HOST}:{port}{path}", log)
        return f"http://{HOST}:{port}"


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


def whisper(line: str) -> None:
    """What the servers say is of no interest here, except when they need a user of their own."""
    if "system user" in line:
        print(line, file=sys.stderr)

"""bin/run as a person at a terminal meets it: started as a process, read line by line, stopped by a signal."""

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.servers import ROOT, wait_for

OURS = (
    "HABITUE_ENV",
    "SECRET_KEY",
    "CARD_SECRET",
    "BASE_URL",
    "DATA_DIR",
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "DATABASE_JOBS_URL",
    "DATABASE_BACKUP_URL",
)
OPEN_SECONDS = 150  # with a seed, on a machine that others use


def outside_environment(**more: str) -> dict[str, str]:
    """The variables of a person's shell: without those of the test run."""
    hidden = {*OURS, "REDIS_URL", "DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE"}
    return (
        {name: value for name, value in os.environ.items() if name not in hidden}
        | {"HABITUE_SEED": "small"}
        | more
    )


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def processes_at_work() -> int:
    """How many want a core of this machine at this moment."""
    return int(Path("/proc/loadavg").read_text().split()[3].partition("/")[0])


class House:
    """One run of bin/run; use as a context. `seconds_to_open` on cores that so many processes shared, each, as `shared_by` says."""

    def __init__(self, data_dir: Path, port: int, **env: str) -> None:
        self.data_dir, self.port = data_dir, port
        self.began = time.monotonic()
        self.output = ""
        self.process = subprocess.Popen(
            [sys.executable, "bin/run", "--data", str(data_dir), "--port", str(port)],
            cwd=ROOT,
            env=outside_environment(**env),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def __enter__(self) -> "House":
        busy: list[int] = []

        def is_open_or_gone() -> bool:
            busy.append(processes_at_work())
            return "Ctrl-C" in self.output or self.process.poll() is not None

        wait_for(is_open_or_gone, seconds=OPEN_SECONDS, what="the house")
        assert self.process.poll() is None, self.output
        self.seconds_to_open = time.monotonic() - self.began
        self.shared_by = max(1.0, statistics.mean(busy) / (os.cpu_count() or 1))
        return self

    def __exit__(self, *_exception: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.reader.join()
        assert self.process.stdout
        self.process.stdout.close()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.output += line

    @property
    def demo(self) -> dict:
        """demo.json."""
        return dict(json.loads((self.data_dir / "demo.json").read_text()))

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        """A GET over HTTP: status and body."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read()

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Signal it and return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(30)

    def is_ready(self) -> bool:
        """Whether /readyz says so; False as well when nobody listens."""
        try:
            return self.get("/readyz")[0] == 200
        except OSError:
            return False

    def processes(self) -> dict[int, str]:
        """Command lines of all that works for this data folder: by its variable, or by its working folder."""
        found = {}
        for process in Path("/proc").glob("[0-9]*"):
            try:
                variables = (process / "environ").read_bytes().split(b"\0")
                here = f"HABITUE_HOUSE={self.data_dir}".encode() in variables
                if here or (process / "cwd").readlink().is_relative_to(self.data_dir):
                    found[int(process.name)] = (
                        (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                    )
            except OSError:
                continue
        return found


def refusal(
    *arguments: str, launcher: tuple[str, ...] = ("bin/run",), cwd: Path = ROOT
) -> tuple[int, list[str]]:
    """Exit code and lines of a bin/run that does not get as far as starting anything."""
    done = subprocess.run(
        [sys.executable, *launcher, *arguments],
        cwd=cwd,
        env=outside_environment(),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    return done.returncode, (done.stdout + done.stderr).splitlines()

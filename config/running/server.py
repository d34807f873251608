"""A server of our own in a data folder: where its socket is, how it starts, waits, clears leftovers and stops.

What the embedded PostgreSQL and Valkey share; it knows neither of them.
"""

import hashlib
import logging
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from config.running.processes import (
    HouseProblem,
    SystemUser,
    fresh_log,
    last_line,
    let_in,
    private_folder,
    service_user,
    spawn,
    stop,
    stop_orphans,
)

SOCKET_PATH_BYTES = 107  # what fits in sockaddr_un beside its closing NUL
POSTGRES_SOCKET = ".s.PGSQL.5432"  # libpq's name; the longest of those we put there
READY_SECONDS = 60  # crash recovery after a kill -9 on a slow disk
log = logging.getLogger(__name__)


class EmbeddedServer:
    """What the two have in common: a data folder, a run folder for the socket, one child process."""

    name = ""
    pid_file_name = ""
    polite = signal.SIGTERM

    def __init__(self, data_dir: Path, *, say: Callable[[str], None] = log.info) -> None:
        self.data_dir = data_dir.resolve()
        self.folder = self.data_dir / self.name
        self.say = say
        self.process: subprocess.Popen[bytes] | None = None
        self.run_folder = run_folder(self.data_dir)

    @property
    def log_path(self) -> Path:
        """Where the server writes."""
        return self.data_dir / "logs" / f"{self.name}.log"

    @property
    def socket_path(self) -> Path:
        """The Unix socket the server listens on."""
        raise NotImplementedError

    def start(self) -> None:
        """Start and wait until the server takes connections."""
        self.launch()
        self.wait_until_ready()

    def launch(self) -> None:
        """Start without waiting; what a killed supervisor left behind is cleared first. Main thread only."""
        user = self._prepare_folders()
        self._clear_leftovers()
        self._create(user)
        self.process = spawn(
            self._command(),
            log=fresh_log(self.log_path),
            user=user,
            cwd=self.folder,
            parting_signal=self.polite,
        )

    def wait_until_ready(self) -> None:
        """Raises HouseProblem, with the last line of the log, when the server ends or stays silent."""
        deadline = time.monotonic() + self._patience_seconds()
        while not self._is_ready():
            if self.process is None or self.process.poll() is not None or time.monotonic() > deadline:
                raise HouseProblem(
                    f"{self.name} did not start: {last_line(self.log_path)} (see {self.log_path})"
                )
            time.sleep(0.01)

    def is_alive(self) -> bool:
        """True while our child runs."""
        return self.process is not None and self.process.poll() is None

    def stop(self, *, seconds: float = 30) -> None:
        """Stop politely, then kill. Nothing happens when it does not run."""
        if self.process is not None:
            stop(self.process, polite=self.polite, seconds=seconds)
            self.process = None

    def _prepare_folders(self) -> SystemUser | None:
        user = service_user(self.say)
        self.log_path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (self.folder, self.run_folder):
            private_folder(folder, user)
            let_in(user, folder.parent, self.say)
        let_in(user, self._binary().parent, self.say)
        return user

    def _clear_leftovers(self) -> None:
        pid_file = self.folder / self.pid_file_name
        try:
            leader = int(pid_file.read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            leader = 0
        if stop_orphans(self.folder, self._binary().name, leader, polite=self.polite):
            self.say(f"Stopped the {self.name} server that an earlier run left behind.")
        # Nothing of ours runs now: files that name a dead server, or a stranger with its number, must not keep
        # the new one from starting.
        for leftover in (
            pid_file,
            self.socket_path,
            self.socket_path.with_name(self.socket_path.name + ".lock"),
        ):
            leftover.unlink(missing_ok=True)

    def _binary(self) -> Path:
        raise NotImplementedError

    def _create(self, user: SystemUser | None) -> None:
        """Make the data on first use."""

    def _command(self) -> list[str | Path]:
        raise NotImplementedError

    def _is_ready(self) -> bool:
        raise NotImplementedError

    def _patience_seconds(self) -> float:
        """How long a start may take."""
        return READY_SECONDS


def run_folder(data_dir: Path) -> Path:
    """Where the sockets are: in the data folder, or under the temporary one when that path is too long for a socket."""
    beside = data_dir / "run"
    name = f"habitue-{hashlib.sha256(str(data_dir).encode()).hexdigest()[:12]}"
    for folder in (beside, Path(tempfile.gettempdir()) / name):
        if len(bytes(folder / POSTGRES_SOCKET)) <= SOCKET_PATH_BYTES:
            return folder
    return Path("/tmp") / name  # noqa: S108 - private_folder refuses one that is not ours

"""Checks before anything is started or installed: arguments, data folder, port, and that we are the only one.

Standard library only, for it runs before the packages are there. Each problem is one line and exit code 2.
"""

import argparse
import errno
import fcntl
import os
import socket
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from config.running.processes import HouseProblem, stop_children_of

ROOT = Path(__file__).resolve().parent.parent.parent
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Options:
    """What bin/run was asked for."""

    port: int
    data_dir: Path


class OneLineParser(argparse.ArgumentParser):
    """An argument parser whose complaint is one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


def check(arguments: list[str]) -> Options:
    """Read the arguments and look at the machine; ends the command with one line when something is in the way."""
    options = read(arguments)
    try:
        check_folder(options.data_dir)
        holding = Alone(options.data_dir).try_to_hold()
        stop_children_of(options.data_dir)
        os.close(holding)  # the supervisor takes it for good
        check_port(options.port)
    except HouseProblem as problem:
        print(problem, file=sys.stderr)
        sys.exit(2)
    return options


def read(arguments: list[str]) -> Options:
    """The arguments, typed; bad ones end the command."""
    parser = OneLineParser(prog="bin/run", description="Run the whole house on this machine.")
    parser.add_argument("--port", type=int, default=8000, metavar="N", help="port of the web server (8000)")
    parser.add_argument(
        "--data",
        type=Path,
        default=ROOT / ".data",
        metavar="DIR",
        help="folder of all data, made if missing (.data)",
    )
    found = parser.parse_args(arguments)
    if not 1 <= found.port <= 65535:
        parser.error(f"--port must be between 1 and 65535, not {found.port}")
    return Options(port=found.port, data_dir=found.data.expanduser().resolve())


def check_folder(folder: Path) -> None:
    """Make the data folder and write into it once."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as problem:
        raise HouseProblem(f"The data folder {folder} is not writable: {problem.strerror}.") from None


def check_port(port: int) -> None:
    """Bind the port for a moment."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # one that closed a moment ago is free
        try:
            probe.bind((HOST, port))
        except OSError as problem:
            reason = "taken" if problem.errno == errno.EADDRINUSE else f"not to be had ({problem.strerror})"
            raise HouseProblem(f"Port {port} is {reason}: choose another with --port.") from None


class Alone:
    """One house per data folder: a lock that the kernel lets go of however its holder ends."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.path = data_dir / "house.pid"

    def try_to_hold(self) -> int:
        """Take the lock and return its file descriptor. Raises HouseProblem naming the holder."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = self.path.read_text().strip() or "unknown"
            os.close(descriptor)
            raise HouseProblem(f"Already running on {self.data_dir}, pid {pid}.") from None
        return descriptor

    def hold(self) -> None:
        """Take the lock until this process ends and write our number into it."""
        descriptor = self.try_to_hold()
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)

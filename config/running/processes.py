"""Child processes: started so that they never outlive us, stopped politely and then firmly.

It imports only the standard library, and it never decides what to run.
"""

import ctypes
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
LOG_ROTATES_AT_BYTES = 10 * 1024 * 1024  # a log that a person can still open
SERVICE_USER = "habitue"
HOUSE_VARIABLE = "HABITUE_HOUSE"  # set by the supervisor alone, to its data folder

# Loaded here because a child between fork and exec must not load libraries.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class HouseProblem(Exception):
    """Something about this machine stops us; the message is one line that says what, and what to do."""


@dataclass(frozen=True)
class SystemUser:
    """An account without a password that owns the data of the embedded servers when we are root."""

    name: str
    uid: int
    gid: int

    def can_enter(self, folder: Path) -> bool:
        """True when the execute bit that applies to this user is set on `folder`."""
        status = folder.stat()
        if status.st_uid == self.uid:
            return bool(status.st_mode & stat.S_IXUSR)
        if status.st_gid == self.gid:
            return bool(status.st_mode & stat.S_IXGRP)
        return bool(status.st_mode & stat.S_IXOTH)


def service_user(say: Callable[[str], None]) -> SystemUser | None:
    """The user the embedded servers run as: None for ourselves, or a system user when we are root.

    PostgreSQL refuses to run as root, so that a flaw in it does not own the machine. The user is made on first use.
    """
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(SERVICE_USER)
    except KeyError:
        entry = _make_service_user(say)
    return SystemUser(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _make_service_user(say: Callable[[str], None]) -> pwd.struct_passwd:
    useradd = shutil.which("useradd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if useradd is None:
        raise HouseProblem(
            "PostgreSQL does not run as root and useradd is missing: start as an ordinary user."
        )
    say(f"Running as root, which PostgreSQL refuses: making the system user “{SERVICE_USER}” for it.")
    home = ["--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"]
    made = subprocess.run(
        [useradd, "--system", "--user-group", *home, SERVICE_USER],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise HouseProblem(f"The system user for PostgreSQL could not be made: {made.stderr.strip()}")
    return pwd.getpwnam(SERVICE_USER)


def let_in(user: SystemUser | None, folder: Path, say: Callable[[str], None]) -> None:
    """Let `user` walk down to `folder`: execute bits only, and only on the parents that lack them."""
    if user is None:
        return
    for parent in [*reversed(folder.parents), folder]:
        if not user.can_enter(parent):
            say(f"Letting the system user “{user.name}” pass through {parent} (execute bit for others).")
            parent.chmod(stat.S_IMODE(parent.stat().st_mode) | stat.S_IXOTH)


def private_folder(folder: Path, user: SystemUser | None) -> Path:
    """Make `folder` for nobody but `user` (or us), refusing one that a stranger put there first."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = folder.lstat()
    owner = user.uid if user else os.geteuid()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid not in {owner, os.geteuid()}:
        raise HouseProblem(f"{folder} belongs to somebody else: remove it or choose another data folder.")
    if user:
        os.chown(folder, user.uid, user.gid)
    folder.chmod(0o700)
    return folder


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path | None,
    env: Mapping[str, str] | None = None,
    user: SystemUser | None = None,
    cwd: Path | None = None,
    parting_signal: int = signal.SIGTERM,
) -> "subprocess.Popen[bytes]":
    """Start a child in a session of its own; the kernel sends it `parting_signal` if we die.

    It writes to `log`, or where we write when that is None.

    Call it from the main thread: the kernel watches the thread that started the child, not the process.
    """
    with log.open("ab") if log else nullcontext() as output:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if log else None,
            env=dict(env) if env is not None else None,
            cwd=cwd,
            # A session of its own: Ctrl-C at the terminal reaches the supervisor only, which then stops
            # everything in the right order.
            start_new_session=True,
            user=user.uid if user else None,
            group=user.gid if user else None,
            extra_groups=[] if user else None,
            # Runs after the change of user, which would clear the request.
            preexec_fn=_die_with_parent(parting_signal),  # noqa: PLW1509 - one prctl call, loaded beforehand
        )


def _die_with_parent(parting_signal: int) -> Callable[[], None]:
    parent = os.getpid()

    def ask_kernel() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, int(parting_signal), 0, 0, 0)
            if os.getppid() != parent:  # it died between fork and prctl
                os._exit(1)

    return ask_kernel


def stop(process: "subprocess.Popen[bytes]", *, polite: int = signal.SIGTERM, seconds: float = 10) -> bool:
    """Ask a child to end, wait, then kill its whole session. True when it left on its own."""
    if process.poll() is None:
        process.send_signal(polite)
    try:
        process.wait(seconds)
        polite_enough = True
    except subprocess.TimeoutExpired:
        polite_enough = False
    with suppress(ProcessLookupError, PermissionError):
        # The session may outlive its leader: web workers whose master was killed, for one.
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return polite_enough


def servers_in(folder: Path, program: str) -> list[int]:
    """The live processes named `program` that work in `folder`: how we know ours from a reused number.

    A server's leader and its helpers all count; a zombie works nowhere and does not.
    """
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "comm").read_text().strip() == program and (process / "cwd").readlink() == folder:
                found.append(int(process.name))
        except OSError:  # it ended while we looked, or is not ours to look at
            continue
    return found


def stop_orphans(folder: Path, program: str, leader: int, *, polite: int, seconds: float = 30) -> list[int]:
    """Stop what a killed supervisor left working in `folder`, and return the numbers of those stopped."""
    found = servers_in(folder, program)
    # Without their leader the helpers end by themselves; they are asked all the same.
    send(polite, [leader]) if leader in found else send(signal.SIGTERM, found)
    if not gone(folder, program, seconds):
        send(signal.SIGKILL, servers_in(folder, program))
        if not gone(folder, program, 5):
            raise HouseProblem(f"A {program} of an earlier run still works in {folder}: end it by hand.")
    return found


def stop_children_of(house: Path, *, seconds: float = 8) -> None:
    """Stop the project's own processes that outlived a killed supervisor of this data folder.

    The kernel tells its children, but not their children: they know where they belong by HOUSE_VARIABLE.
    """
    mark = f"{HOUSE_VARIABLE}={house}".encode()
    deadline = time.monotonic() + seconds
    send(signal.SIGTERM, marked(mark))
    while (left := marked(mark)) and time.monotonic() < deadline:
        time.sleep(0.05)
    send(signal.SIGKILL, left)


def marked(mark: bytes) -> list[int]:
    """The live processes that were started with `mark` among their variables."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark in (process / "environ").read_bytes().split(b"\0"):
                found.append(int(process.name))
    return found


def send(number: int, pids: Sequence[int]) -> None:
    """Signal each process that is still there."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def gone(folder: Path, program: str, seconds: float) -> bool:
    """Wait until nothing named `program` works in `folder`; False when it still does after `seconds`."""
    deadline = time.monotonic() + seconds
    while servers_in(folder, program):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def fresh_log(path: Path) -> Path:
    """The log to append to; one that has grown large is set aside as `.1` first."""
    if path.exists() and path.stat().st_size > LOG_ROTATES_AT_BYTES:
        path.replace(path.with_suffix(path.suffix + ".1"))
    return path


def last_line(path: Path) -> str:
    """The last line of a log, for a message of one line."""
    lines = path.read_text(errors="replace").strip().splitlines() if path.exists() else []
    return lines[-1] if lines else "no word in its log"

# -*- coding: utf-8 -*-
"""What every command in bin/ does first: the right Python, a virtual environment, the locked packages.

Written so that any Python since 2.7 can read it far enough to say that it is too old. It knows nothing of what the
commands do, installs only when a lock changed, and needs no network otherwise.
"""

import hashlib
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
VENV_PYTHON = os.path.join(VENV, "bin", "python")
INSTALL_LOG = os.path.join(VENV, "install.log")
OLDEST = (3, 11)


def give_up(line):
    """One line for a person, and exit code 2: the machine or the request is at fault, not the project."""
    sys.stderr.write(line + "\n")
    sys.exit(2)


def check_python():
    """Ends the command under a Python that is too old; makes the project importable under one that is not."""
    if sys.version_info < OLDEST:
        here = ".".join(str(part) for part in sys.version_info[:3])
        give_up("Python 3.11 or newer is needed; this is Python %s (%s)." % (here, sys.executable))
    if ROOT not in sys.path:
        sys.path.insert(0, ROOT)


def enter(lock):
    """Continue inside .venv with everything in `lock` installed: starts this same command again there if need be."""
    stamp = _stamp(lock)
    wanted = _digest(os.path.join(ROOT, lock))
    if _read(stamp) != wanted or not os.path.exists(VENV_PYTHON):
        _install(lock, stamp, wanted)
    if os.path.realpath(sys.prefix) != os.path.realpath(VENV):
        sys.stdout.flush()
        os.execv(VENV_PYTHON, [VENV_PYTHON] + sys.argv)


def _install(lock, stamp, wanted):
    import fcntl

    # Two commands started at once must not install into the same place: the second waits, then finds it done.
    door = os.open(os.path.join(ROOT, "bin"), os.O_RDONLY)
    fcntl.flock(door, fcntl.LOCK_EX)
    try:
        if _read(stamp) == wanted and os.path.exists(VENV_PYTHON):
            return
        _make_venv()
        print("Installing the packages of %s; this happens once." % lock)
        sys.stdout.flush()
        pip = [VENV_PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input", "install"]
        _call(
            pip + ["--require-hashes", "-r", os.path.join(ROOT, lock)],
            "The packages could not be installed",
        )
        # The longer lock holds the shorter one: bin/run after bin/test has nothing to install.
        for installed in set([lock, "requirements.lock"]):
            with open(_stamp(installed), "w") as written:
                written.write(_digest(os.path.join(ROOT, installed)))
    finally:
        os.close(door)


def _make_venv():
    if (
        os.path.exists(VENV_PYTHON)
        and subprocess.call([VENV_PYTHON, "-c", "import pip"], stderr=subprocess.DEVNULL) == 0
    ):
        return
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        give_up(
            "This Python (%s) lacks venv: on Debian or Ubuntu, apt-get install python3-venv." % sys.executable
        )
    if not os.access(ROOT, os.W_OK):
        give_up("The virtual environment cannot be made: %s is not writable." % ROOT)
    if not os.path.isdir(VENV):
        os.mkdir(VENV)
    _call([sys.executable, "-m", "venv", "--clear", VENV], "The virtual environment could not be made")


def _call(command, failure):
    """Run `command` quietly; on failure say its last error in one line and where the rest is."""
    result = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True
    )
    if result.returncode == 0:
        return
    lines = [line for line in result.stdout.splitlines() if line.strip()] or ["no output"]
    errors = [line for line in lines if line.startswith("ERROR:")] or lines
    try:
        with open(INSTALL_LOG, "w") as log:
            log.write(result.stdout)
    except (IOError, OSError):
        pass
    give_up("%s: %s (all of it: %s)" % (failure, errors[-1].strip(), INSTALL_LOG))


def _stamp(lock):
    return os.path.join(VENV, lock + ".installed")


def _digest(path):
    with open(path, "rb") as lock:
        return hashlib.sha256(lock.read()).hexdigest()


def _read(path):
    try:
        with open(path) as file:
            return file.read()
    except (IOError, OSError):
        return ""


def need_programs(packages):
    """Install Debian packages whose program is missing; says so in one line when it cannot, and goes on.

    `packages` maps a program to the package that brings it. What needs the program then fails by itself.
    """
    import shutil

    missing = sorted(package for program, package in packages.items() if not shutil.which(program))
    if not missing:
        return
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        sys.stderr.write(
            "Missing: %s. Install it as root (apt-get install %s).\n"
            % (", ".join(missing), " ".join(missing))
        )
        return
    print("Installing %s with apt-get; this happens once." % ", ".join(missing))
    sys.stdout.flush()
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    for command in ([apt, "update", "-q"], [apt, "install", "-y", "-q", "--no-install-recommends"] + missing):
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True, env=env
        )
        if done.returncode != 0:
            last = (done.stdout.strip().splitlines() or ["no output"])[-1]
            sys.stderr.write("apt-get %s failed: %s\n" % (command[1], last))
            return

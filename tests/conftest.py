"""Fixtures of every suite: servers, the database in its two ways, a real web server, a real worker.

The environment is set while this file is imported, before Django reads its settings. The cast is in `world.py`.
"""

import os
from pathlib import Path

import django
import pytest

from config.embedded import EmbeddedValkey
from config.running.messages import compile_messages
from tests import servers
from tests.faults import tally

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
CONTROLLER = WORKER == "main"
# Workers inherit the folder of the process that started them.
RUN = Path(os.environ.setdefault("HABITUE_TEST_RUN", str(servers.KEPT / "runs" / str(os.getpid()))))
DATABASE = f"habitue_{WORKER}"
DATA_DIR = RUN / WORKER

test_servers = servers.TestServers(RUN)
valkey = EmbeddedValkey(DATA_DIR, say=servers.silent)  # one each: a flush must not reach the neighbour
os.environ.update(servers.environment(test_servers.postgres, valkey, DATABASE, DATA_DIR))
if CONTROLLER:
    compile_messages(servers.ROOT / "locale")
django.setup()  # before the plugins below, which import models
# Else pytest-django would load the settings in the workers before this file has told them which database is theirs.
del os.environ["DJANGO_SETTINGS_MODULE"]

pytest_plugins = ["tests.fixtures.databases", "tests.fixtures.web", "tests.fixtures.browsers", "tests.world"]


def pytest_configure(config: pytest.Config) -> None:
    """Start what tests talk to: PostgreSQL once for the run, Valkey for each worker."""
    config.stash[servers.RUNNING] = test_servers
    if config.option.help or config.option.collectonly:
        return
    if CONTROLLER:
        test_servers.start()
    # WhiteNoise wants the folder, though tests serve the sources.
    (DATA_DIR / "static").mkdir(parents=True, exist_ok=True)
    if not (CONTROLLER and config.getoption("numprocesses", None)):  # a controller runs no test itself
        valkey.start()


@pytest.hookimpl(
    trylast=True
)  # after they were shuffled, and after pytest-django put those without a database last
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long ones, some in each half: two workers have a half each, and none is left with a long one at the end."""
    long = [item for item in items if item.get_closest_marker("long")]
    others = [item for item in items if not item.get_closest_marker("long")]
    first, second = long[::2], long[1::2]
    half = max(0, len(items) // 2 - len(first))
    items[:] = [*first, *others[:half], *second, *others[half:]]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop it, after Ctrl-C too."""
    valkey.stop(seconds=2)
    if CONTROLLER:
        test_servers.stop()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A failed check must not hide above a page of green dots; what was broken on purpose is counted."""
    for line in tally.say(tally.total(terminalreporter.getreports(""))):
        terminalreporter.write_line(line)
    if os.environ.get("HABITUE_CHECKS_FAILED"):
        terminalreporter.write_line("bin/check failed: see the top of this output.", red=True)

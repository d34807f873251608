"""A million operations on the books beside a small plain program; the short form is tests/loyalty/books/test_machine.py.

Two processes at once, each with a database of its own: `python -m prove.books SECONDS FILE`, with DATABASE_URL in the
environment. Each writes how many operations it has done into its file, and what it found to its log.
"""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import django

from config.running.preflight import ROOT
from config.running.processes import last_line, spawn, stop
from prove.score import Score

if TYPE_CHECKING:
    from tests.servers import TestServers

WANTED = 1_000_000
PROCESSES = 2  # one a core
STEPS = 200  # of one run: what a run begins and ends with costs a fifth less than with the short form's
SPARE = 0.95  # of the budget: a process ends with the runs that it has begun
VACUUM_SECONDS = 5  # a few thousand operations: some thousand dead rows
LOGS = ROOT / ".data-test" / "prove"


@dataclass
class Half:
    """One of the processes: how far it is, and what it found."""

    process: "subprocess.Popen[bytes]"
    count: Path
    log: Path

    def did(self) -> Counter[str]:
        """Operations so far, by door and outcome."""
        return Counter(json.loads(self.count.read_text())) if self.count.exists() else Counter()


def run(progress: Callable[[str], None], budget_seconds: float) -> Score:
    """As many operations as are wanted, or as the time allows."""
    from prove.stage import stage

    began = time.monotonic()
    score = Score("The books beside a small plain program")
    with stage() as servers:
        halves = []
        for number in range(PROCESSES):
            database = _database(number)
            servers.clone(database)
            seconds = budget_seconds * SPARE - (time.monotonic() - began)
            halves.append(
                _start(number, servers.postgres.dsn("habitue_app", database), servers.folder, seconds)
            )
        try:
            while any(half.process.poll() is None for half in halves):
                progress(f"{sum(half.did().total() for half in halves):,} of {WANTED:,} operations")
                _clear_away(servers)
                time.sleep(VACUUM_SECONDS)
        finally:
            for half in halves:
                stop(half.process, seconds=5)
        _tell(halves, time.monotonic() - began, score)
    return score


def _clear_away(servers: "TestServers") -> None:
    """Each story is rolled back, and servers for tests have no autovacuum: what it left would slow the next ones down."""
    for number in range(PROCESSES):
        with servers.administrator(_database(number)) as connection:
            connection.execute("VACUUM")


def _database(number: int) -> str:
    return f"habitue_books_{number}"


def _start(number: int, dsn: str, folder: Path, seconds: float) -> Half:
    LOGS.mkdir(parents=True, exist_ok=True)
    log, count = LOGS / f"books-{number}.log", folder / f"books-{number}.count"
    log.write_bytes(b"")
    command = [sys.executable, "-m", "prove.books", f"{seconds:.0f}", str(count)]
    return Half(spawn(command, log=log, cwd=ROOT, env=os.environ | {"DATABASE_URL": dsn}), count, log)


def _tell(halves: list[Half], seconds: float, score: Score) -> None:
    did = sum((half.did() for half in halves), Counter[str]())
    done = did.total()
    score.add("operations", done if done >= WANTED else f"{done:,} of {WANTED:,}: the time was up")
    score.add("operations a second", f"{done / seconds:,.0f}, in {PROCESSES} processes")
    score.add("by door and outcome", " · ".join(f"{what} {count:,}" for what, count in did.most_common()))
    for half in halves:
        if half.process.returncode != 0:
            score.fail(f"The model and the books differ: {_why(half.log)} (see {half.log.relative_to(ROOT)})")


def _why(log: Path) -> str:
    """What was raised, before the story that led to it."""
    raised = [line for line in log.read_text(errors="replace").splitlines() if "Error: " in line]
    return raised[-1].strip()[:300] if raised else last_line(log)


def half(seconds: float, count: Path) -> None:
    """One process's part, on the empty database that the environment names."""
    django.setup()
    from tests.loyalty.books.playing import play
    from tests.loyalty.books.stage import make_shops
    from tests.world import make_world

    until = time.monotonic() + seconds
    world = make_world()
    shops = make_shops(world.aroma, world.bloom)
    # Made small, a story could take longer than there is time: it is told as it was found.
    play(
        shops,
        WANTED // PROCESSES,
        until=until,
        steps=STEPS,
        shrinks=False,
        tell=lambda did: write(count, json.dumps(did)),
    )


def write(path: Path, text: str) -> None:
    """All of it or nothing, for whoever reads at the same time."""
    draft = path.with_suffix(".draft")
    draft.write_text(text)
    draft.replace(path)


if __name__ == "__main__":
    half(float(sys.argv[1]), Path(sys.argv[2]))

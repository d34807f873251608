"""Runs the parts of bin/prove one after the other, each with its share of an hour; prints and writes down their scores.

A part is a module here with `run(progress, budget_seconds) -> Score`: `progress` takes a short line for the person who
waits, and by `budget_seconds` the part has scaled itself to the machine, or stops and says how much it did.
"""

import argparse
import json
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.running.preflight import ROOT
from config.running.processes import last_line, spawn, stop
from prove import page
from prove.score import Score

# The parts in their order, and how many minutes of the hour each may use; what one leaves over goes to those after it.
# First those with an end of their own, last the one that makes use of whatever is left.
PARTS = {
    "isolation": 5.0,  # every address, method, role and foreign id
    "mutation": 5.0,  # each lock removed in turn
    "designs": 4.0,  # 500 designs, read by a second decoder
    "attack": 12.0,  # 50,000 cases against the API's document
    "faults": 15.0,  # 200 faults
    "books": 19.0,  # a million operations against the model
}
MINUTES = 60.0
GRACE = 1.15  # of its budget: a part that overruns this hangs, and is ended
LOGS = ROOT / ".data-test" / "prove"
QUIET_SECONDS = 20.0  # between two lines of progress where nobody watches a terminal
LOOK_SECONDS = 0.2


@dataclass(frozen=True)
class Outcome:
    """What became of a part. `ran` is true when it came to its own end, whatever it found."""

    score: Score
    seconds: float
    ran: bool


class Terminal:
    """Progress for a person: one line that changes at a terminal, a line now and then elsewhere."""

    def __init__(self) -> None:
        self.is_watched = sys.stderr.isatty()
        self.began = self.last = time.monotonic()

    def show(self, part: str, line: str) -> None:
        """What goes on."""
        now = time.monotonic()
        text = f"{clock(now - self.began)}  {part}: {line}"
        if self.is_watched:
            print(f"\r\x1b[K{text[:150]}", end="", file=sys.stderr, flush=True)
        elif now - self.last >= QUIET_SECONDS:
            self.last = now
            print(text, file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Make room for what stays."""
        if self.is_watched:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def play(part: str, budget_seconds: float, terminal: Terminal, *, package: str = "prove") -> Outcome:
    """One part in its own process, ended when it overruns."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log, told = LOGS / f"{part}.log", LOGS / f"{part}.jsonl"
    for old in (log, told):
        old.write_bytes(b"")
    began = time.monotonic()
    command = [sys.executable, "-m", "prove.part", f"{package}.{part}", f"{budget_seconds:.0f}", str(told)]
    process = spawn(command, log=log, cwd=ROOT)
    try:
        while process.poll() is None and time.monotonic() - began < budget_seconds * GRACE:
            terminal.show(part, newest(told).get("progress", "starts"))
            time.sleep(LOOK_SECONDS)
        hangs = process.poll() is None
    finally:
        stop(process, seconds=30)  # and what it left of its session
        terminal.clear()
    seconds = time.monotonic() - began
    if "score" in (end := newest(told)):
        return Outcome(Score.from_json(end["score"]), seconds, end["ran"])
    why = f"It was ended after {clock(seconds)}" if hangs else f"It ended without a score: {last_line(log)}"
    return Outcome(Score(part, failures=[f"{why} (see {log.relative_to(ROOT)})."]), seconds, ran=False)


def newest(told: Path) -> dict[str, Any]:
    """The last message that the part has written whole; empty before the first."""
    lines = told.read_text(encoding="utf-8").split("\n")
    return json.loads(lines[-2]) if len(lines) > 1 else {}


def play_all(parts: list[str], minutes: float) -> dict[str, Outcome]:
    """The parts in the table's order. Each gets its share of what is left of the time."""
    terminal, deadline = Terminal(), time.monotonic() + minutes * 60
    outcomes: dict[str, Outcome] = {}
    waiting = [part for part in PARTS if part in parts]
    while waiting:
        share = PARTS[waiting[0]] / sum(PARTS[part] for part in waiting)
        part = waiting.pop(0)
        budget = max((deadline - time.monotonic()) * share, 1.0)
        outcomes[part] = play(part, budget, terminal)
        show(outcomes[part])
    return outcomes


def show(outcome: Outcome) -> None:
    """A part's score on the terminal."""
    score = outcome.score
    print(f"\n{'FAILED' if score.failures else 'ok    '}  {score.name}, {clock(outcome.seconds)}")
    width = max((len(what) for what, _figure in score.lines), default=0)
    for what, figure in score.lines:
        print(f"        {what:<{width}}  {figure}")
    for failure in score.failures:
        print(f"        broken: {failure}")
    sys.stdout.flush()


def clock(seconds: float) -> str:
    """Minutes and seconds: 07:05."""
    return f"{int(seconds) // 60:02}:{int(seconds) % 60:02}"


def main(arguments: list[str]) -> int:
    """0 when everything held; 1 when something is broken, missing or did not end."""
    parser = argparse.ArgumentParser(prog="bin/prove", description="The long form of what bin/test proves.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"some of: {' '.join(PARTS)} (all)")
    parser.add_argument(
        "--minutes",
        type=float,
        default=0.0,
        metavar="N",
        help="for all of them together (60, or their share)",
    )
    options = parser.parse_args(arguments)
    if unknown := [part for part in options.parts if part not in PARTS]:
        parser.error(f"there is no part {unknown[0]}; there are {', '.join(PARTS)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the running part is ended
    parts = options.parts or list(PARTS)
    share = MINUTES * sum(PARTS[part] for part in set(parts)) / sum(PARTS.values())
    try:
        outcomes = play_all(parts, options.minutes or share)
    except KeyboardInterrupt:
        return 130  # as shells have it; the running part was ended
    is_whole = len(outcomes) == len(PARTS) and all(outcome.ran for outcome in outcomes.values())
    if is_whole:
        page.write({part: outcome.score for part, outcome in outcomes.items()})
    failed = [part for part, outcome in outcomes.items() if outcome.score.failures]
    print(f"\nbin/prove: {'failed: ' + ', '.join(failed) if failed else 'everything held'}.", end=" ")
    print(
        "Written into docs/guarantees.md."
        if is_whole
        else "Not written down: not all parts ran to their end."
    )
    return 1 if failed else 0

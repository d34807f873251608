"""What a run did, in figures: for the last lines of bin/test and for the score of bin/prove."""

import json
from collections import Counter
from collections.abc import Iterable
from threading import Lock
from typing import Any

PROPERTY = "faults"  # of a test's report: what it added
KINDS = ("operations", "unanswered", "replays", "events", "e-mails", "kills")


class Tally:
    """Counts that any thread may add to. Kills are counted by what was killed as well."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._lock = Lock()

    def add(self, what: str, count: int = 1) -> None:
        """`what` is one of KINDS, or `kill: <process>`, or another fault's name after `fault: `."""
        with self._lock:
            self.counts[what] += count

    def kill(self, what: str) -> None:
        """One process or session ended by force."""
        self.add("kills")
        self.add(f"kill: {what}")

    def since(self, before: dict[str, int]) -> dict[str, int]:
        """What was added since `dict(tally.counts)` was `before`."""
        return {what: count - before.get(what, 0) for what, count in self.counts.items()}


def total(reports: Iterable[Any]) -> Counter[str]:
    """What all tests of a run counted, in whatever process: out of pytest's reports of how they ended."""
    found: Counter[str] = Counter()
    for report in reports:
        for name, value in report.user_properties:
            if name == PROPERTY:
                found.update(json.loads(value))
    return found


def say(counts: Counter[str]) -> list[str]:
    """A line of the main figures, and one of what was killed and broken. Nothing when nothing was."""
    if not counts:
        return []
    main = ", ".join(f"{counts[kind]:,} {kind}" for kind in KINDS)
    parts = ", ".join(f"{what} {count:,}" for what, count in broken(counts))
    return [f"faults: {main}", *([f"        {parts}"] if parts else [])]


def broken(counts: Counter[str]) -> list[tuple[str, int]]:
    """What was killed, and what else was done to the house, by name."""
    return sorted((what.partition(": ")[2], count) for what, count in counts.items() if ": " in what)

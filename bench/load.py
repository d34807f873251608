"""Load over HTTP by `wrk`, a program that is not the limit, with every answer looked at."""

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).with_name("purchase.lua")


@dataclass(frozen=True)
class Load:
    """What came back: 201s, their rate, and how long they took."""

    recorded: int
    per_second: float
    p50_ms: float
    p99_ms: float


class LoadProblem(Exception):
    """Not every answer was a 201."""


def check_wrk() -> None:
    """One clear line when it is not there."""
    if shutil.which("wrk") is None:
        sys.exit("bin/bench needs wrk, the load program: apt-get install wrk.")


def measure(url: str, *arguments: str, connections: int, seconds: int) -> Load:
    """Ask for `seconds` over so many connections. Raises LoadProblem."""
    shape = ["-t", str(min(2, connections)), "-c", str(connections), "-d", f"{seconds}s", "--timeout", "10s"]
    done = subprocess.run(
        ["wrk", *shape, "-s", str(SCRIPT), url, "--", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.search(r"^BENCH (\d+) (\d+) (\d+) (\d+) ([\d.]+) ([\d.]+) ?(.*)$", done.stdout, re.MULTILINE)
    if found is None:
        raise LoadProblem(done.stdout + done.stderr)
    good, bad, broken, microseconds = (int(found[group]) for group in (1, 2, 3, 4))
    if bad or broken:
        raise LoadProblem(f"{bad} answers were not 201 and {broken} connections broke. The first: {found[7]}")
    return Load(good, good / (microseconds / 1_000_000), float(found[5]), float(found[6]))

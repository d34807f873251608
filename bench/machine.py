"""What the figures depend on, and what a person who waits is told."""

import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any


def machine(folder: Path) -> dict[str, Any]:
    """Cores, how busy they were, how long the disk takes to keep something."""
    path = folder / "fsync"
    times = []
    with path.open("wb") as file:
        for _number in range(100):
            file.write(b"x" * 8192)
            file.flush()
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append((time.perf_counter() - began) * 1000)
    return {
        "cores": os.cpu_count(),
        "load": [round(value, 1) for value in os.getloadavg()],
        "fdatasync_ms": round(statistics.median(times), 3),
    }


def whisper(line: str) -> None:
    """What is going on, for a person who waits."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)

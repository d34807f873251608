"""A part that is a suite of tests in its long form: pytest in a process of its own, which tells its figures in a file."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from config.running.preflight import ROOT
from prove.score import Score

FILE = "HABITUE_PROVE"  # see tests/isolation/telling.py
LOOK_SECONDS = 0.5
ENOUGH = 20  # failures that are told; the log has them all


def run_suite(
    name: str, arguments: list[str], progress: Callable[[str], None], budget_seconds: float
) -> Score:
    """The score of these tests: figures of one name are added up, and each failed test is a failure."""
    score = Score(name)
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "told.jsonl"
        told.touch()
        command = [sys.executable, "-m", "pytest", "-n", "0", "-q", "--timeout=1800", *arguments]
        deadline = time.monotonic() + budget_seconds
        with subprocess.Popen(command, cwd=ROOT, env=os.environ | {FILE: str(told)}) as pytest:
            while pytest.poll() is None and time.monotonic() < deadline:
                _show(told, progress)
                time.sleep(LOOK_SECONDS)
            if pytest.poll() is None:
                pytest.terminate()
                score.fail(f"It did not end within {budget_seconds:.0f} seconds.")
        _add_up(_messages(told), score)
        if pytest.returncode and not score.failures:
            score.fail(f"A test failed: pytest ended with {pytest.returncode}; its log names the test.")
    return score


def _messages(told: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in told.read_text(encoding="utf-8").splitlines()]


def _show(told: Path, progress: Callable[[str], None]) -> None:
    """The newest line for who waits; one that is being written is left for the next look."""
    lines = told.read_text(encoding="utf-8").split("\n")[:-1]
    newest: dict[str, Any] = next((json.loads(line) for line in reversed(lines) if '"progress"' in line), {})
    if newest:
        progress(newest["progress"])


def _add_up(messages: list[dict[str, Any]], score: Score) -> None:
    figures: dict[str, list[int]] = {}
    for message in messages:
        if "what" in message:
            figure = figures.setdefault(message["what"], [0, 0])
            figure[0] += message["done"]
            figure[1] += message.get("of", 0)
    for what, (done, of) in figures.items():
        score.add(what, f"{done:,} of {of:,}" if of else done)
    for message in [message for message in messages if "failure" in message][:ENOUGH]:
        score.fail(message["failure"])

"""The steps of bin/check. Each is a program with an exit code; the database they need is a test run's."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

from config.embedded import EmbeddedValkey
from tests import servers

PYTHON = sys.executable


@dataclass(frozen=True)
class Step:
    """One line of bin/check."""

    name: str
    command: list[str]
    env: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What became of a step."""

    step: Step
    passed: bool
    output: str
    seconds: float


def steps() -> list[Step]:
    """All steps, the longest first."""
    manage = [PYTHON, "manage.py"]
    production = {
        "HABITUE_ENV": "production",
        "BASE_URL": "https://habitue.example",
        "SECRET_KEY": "e6c1-9v0d-w2zq-x8fk-" * 4,
        "CARD_SECRET": "n4t7-b3yh-0kqd-5mra-" * 4,
        "EMAIL_HOST": "mail.example",
    }
    return [
        Step("mypy", [tool("mypy"), "."]),
        Step("templates", [tool("djlint"), "templates", "--lint", "--quiet"]),
        Step("arrows", [tool("lint-imports"), "--no-cache"]),
        Step(
            "deploy",
            [*manage, "check", "--deploy", "--fail-level", "WARNING", "--database", "default"],
            production,
        ),
        Step("migrations", [*manage, "makemigrations", "--check", "--dry-run"]),
        Step("lint", [tool("ruff"), "check", "--quiet", "--output-format", "concise", "."]),
        Step("format", [tool("ruff"), "format", "--check", "--output-format", "concise", "."]),
    ]


def tool(name: str) -> str:
    """A program of this virtual environment."""
    return str(Path(PYTHON).with_name(name))


def run(step: Step, env: dict[str, str]) -> Outcome:
    """Run one step to its end."""
    began = time.monotonic()
    done = subprocess.run(
        step.command,
        cwd=servers.ROOT,
        env=env | step.env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return Outcome(step, done.returncode == 0, (done.stdout + done.stderr).strip(), time.monotonic() - began)


def main() -> int:
    """Run all steps on both cores; 1 when one failed."""
    folder = servers.KEPT / "runs" / str(os.getpid())
    ground = servers.TestServers(folder)
    database = "habitue_check"
    env = os.environ | servers.environment(ground.postgres, EmbeddedValkey(folder), database, folder)
    failed = []
    try:
        ground.start()
        ground.clone(database)
        with ThreadPoolExecutor(max_workers=2) as pool:
            for future in as_completed(pool.submit(run, step, env) for step in steps()):
                outcome = future.result()
                show(outcome)
                if not outcome.passed:
                    failed.append(outcome.step.name)
    finally:
        ground.stop()
    print(f"bin/check: {'failed: ' + ', '.join(failed) if failed else 'all good'}", flush=True)
    return 1 if failed else 0


def show(outcome: Outcome) -> None:
    """One line, and under it what a failed step said."""
    print(
        f"{'ok    ' if outcome.passed else 'FAILED'}  {outcome.step.name:<11} {outcome.seconds:5.1f} s",
        flush=True,
    )
    if not outcome.passed:
        for line in outcome.output.splitlines():
            print(f"        {line}", flush=True)

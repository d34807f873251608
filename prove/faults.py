"""The long form of tests/faults: the same suites again and again with other dice and longer storms, until the time is over.

Each round is a pytest of its own, with a house of its own; a round that fails names its seed, which repeats it.
"""

import json
import os
import re
import secrets
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree.ElementTree import Element, parse

from config.running.preflight import ROOT
from config.running.processes import spawn, stop
from prove.score import Score
from tests.faults import tally
from tests.faults.tally import PROPERTY

LEAST_FAULTS = 200
SCALE = 3  # of the storms: in so many times the kills a round's start is better used
GRACE_SECONDS = 30  # for a round that is stopped to end what it started


def run(progress: Callable[[str], None], budget_seconds: float) -> Score:
    """Rounds for as long as another one fits, at least one. Fewer than LEAST_FAULTS kills is a failure."""
    score, counts, rounds = Score("Faults"), Counter[str](), 0
    deadline, longest = time.monotonic() + budget_seconds, 0.0
    while not rounds or time.monotonic() + longest < deadline:
        began, rounds = time.monotonic(), rounds + 1
        seed = secrets.randbelow(2**31)
        progress(f"round {rounds}, {counts['kills']} kills so far")
        found, problems = _round(seed, deadline - time.monotonic())
        counts.update(found)
        for problem in problems:
            score.fail(f"{problem} (seed {seed})")
        longest = max(longest, time.monotonic() - began)
    score.add("rounds", rounds)
    for kind in tally.KINDS:
        score.add(kind, counts[kind])
    for what, count in tally.broken(counts):
        score.add(f"- {what}", count)
    if counts["kills"] < LEAST_FAULTS:
        score.fail(
            f"Only {counts['kills']} kills fitted into {budget_seconds:.0f} s; {LEAST_FAULTS} are promised."
        )
    return score


def _round(seed: int, seconds: float) -> tuple[Counter[str], list[str]]:
    """One run of the suites: what it counted, and a sentence for each test that failed."""
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "tests/faults", "-n", "0", "-q", "-p", "no:cacheprovider"]
        command += [f"--randomly-seed={seed}", f"--junitxml={report}", "-o", "junit_family=xunit1"]
        env = os.environ | {"HABITUE_FAULTS_SCALE": str(SCALE)}
        process = spawn(command, log=None, env=env, cwd=ROOT)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            return Counter(), []  # it was slower than those before it: what it did is not counted
        finally:
            stop(process, polite=signal.SIGINT, seconds=GRACE_SECONDS)
        if not report.exists():
            return Counter(), [f"A round ended with exit code {process.returncode} and no report"]
        return _read(report)


def _read(report: Path) -> tuple[Counter[str], list[str]]:
    """A JUnit report that pytest wrote for us."""
    counts: Counter[str] = Counter()
    problems = []
    for case in parse(report).getroot().iter("testcase"):
        for kept in case.iter("property"):
            if kept.get("name") == PROPERTY:
                counts.update(json.loads(kept.get("value") or "{}"))
        problems += [_sentence(case, broken) for broken in (*case.iter("failure"), *case.iter("error"))]
    return counts, problems


def _sentence(case: Element, broken: Element) -> str:
    name = re.sub(r"^test_", "", case.get("name") or "").replace("_", " ")
    return f"{name}: {' '.join((broken.get('message') or '').split())[:200]}"

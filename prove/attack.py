"""50,000 requests drawn from the API's document, as five callers; the short form is tests/api/test_attack.py."""

import logging
import random
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from prove.score import Score
from prove.stage import stage

if TYPE_CHECKING:
    from tests.api.attack import Attack

WANTED = 50_000
A_TURN = 24  # drawn at a time for one operation, so that all get their share
SPARE = 0.93  # of the budget: the books are proven after it


def run(progress: Callable[[str], None], budget_seconds: float) -> Score:
    """Every edge of every operation once, then at random until WANTED or the time is reached; then the books."""
    deadline = time.monotonic() + budget_seconds * SPARE
    score = Score("Requests that nobody would send")
    with stage():
        from config.wsgi import application
        from tests.api.attack import Attack
        from tests.world import make_world

        logging.disable(logging.WARNING)  # thousands of refusals are what is wanted here
        seed = time.time_ns() % 1_000_000
        attack = Attack(make_world(), application, random.Random(seed))
        _play(attack, seed, deadline, progress, score)
        progress("proving the books")
        for problem in attack.problems():
            score.fail(problem)
        _tell(attack, seed, score)
    return score


def _play(
    attack: "Attack", seed: int, deadline: float, progress: Callable[[str], None], score: Score
) -> None:
    for label in attack.begin():
        score.fail(f"{label}: a request that is right did not come all the way")
    for operation in attack.operations:
        attack.edges(operation)
        progress(f"edges: {attack.total:,} requests")
    turn = 0
    while attack.total < WANTED and time.monotonic() < deadline:
        for operation in attack.operations:
            attack.draw(operation, A_TURN, seed + turn)
            progress(f"{attack.total:,} of {WANTED:,} requests, {sum(attack.broken.values())} broken")
            if time.monotonic() > deadline:
                break
        turn += 1


def _tell(attack: "Attack", seed: int, score: Score) -> None:
    score.add("requests", attack.total if attack.total >= WANTED else f"{attack.total:,}: the time was up")
    score.add("different ones (each sent by three callers)", attack.drawn)
    score.add("answers of 5xx", sum(count for status, count in attack.statuses.items() if status >= 500))
    score.add("recorded or changed (2xx)", sum(n for status, n in attack.statuses.items() if status < 300))
    score.add("begun from the seed", str(seed))
    for caller in attack.callers:
        score.add(
            f"as {caller.name}", sum(n for (_what, name), n in attack.sent.items() if name == caller.name)
        )
    score.add("by operation", "in the order of the callers above")
    for operation in attack.operations:
        parts = [f"{attack.sent[operation.label, caller.name]:,}" for caller in attack.callers]
        score.add(operation.label, " · ".join(parts))

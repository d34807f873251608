"""500 designs at random: what preflight passes is read by a second decoder; the short form is tests/studio/drawing/test_preflight.py.

The second is ZBar. It is shown each code at every promised size and condition, as three pictures of a hand that does not
hold quite still, and reads it when it reads one; how many it reads at once is told too.
"""

import time
from collections.abc import Callable
from itertools import takewhile

from prove.score import Score

WANTED = 500
LEAST = 0.99  # of all pictures
SPARE = 0.95  # of the budget


def run(progress: Callable[[str], None], budget_seconds: float) -> Score:
    """WANTED designs, or as many as the time allows; begun from the clock, so that every run tries others."""
    from studio.drawing import preflight
    from tests.studio.drawing.second_reader import corpus, tally

    deadline = time.monotonic() + budget_seconds * SPARE
    seed = time.time_ns() % 1_000_000
    score = Score("Designs that preflight passes, before a second reader")
    designs = takewhile(lambda _design: time.monotonic() < deadline, corpus(seed, WANTED))
    found = tally(
        designs, lambda _number: preflight.FULL, lambda number: progress(f"{number} of {WANTED} designs")
    )
    tried = found.refused + found.failed + found.passed
    score.add("designs", tried if tried == WANTED else f"{tried}: the time was up")
    score.add(
        "refused before drawing · not read back · passed",
        f"{found.refused} · {found.failed} · {found.passed}",
    )
    score.add("codes shown to ZBar, at every size and condition", found.shown)
    score.add("read by it", f"{100 * found.rate:.2f} %")
    score.add("read by it at first sight", f"{100 * found.at_once / max(found.shown, 1):.2f} %")
    score.add("begun from the seed", str(seed))
    if found.rate < LEAST:
        missed = ", ".join(f"{name} ({count})" for name, count in found.missed.most_common(3))
        score.fail(f"ZBar reads {100 * found.rate:.2f} % of what passed; most misses: {missed}.")
    return score

"""Merchants kept apart, in full: the catalogue, the database's walls, every address, every id, tasks and connections.

The suites of `tests/isolation`, with every identity at every door; the short form in bin/test leaves out those who only
mirror others.
"""

from collections.abc import Callable

from prove.score import Score
from prove.suites import run_suite

NAME = "Isolation"


def run(progress: Callable[[str], None], budget_seconds: float) -> Score:
    """About two minutes of one core."""
    left_out = "--ignore=tests/isolation/test_mutants.py"  # the next part
    return run_suite(NAME, ["tests/isolation", left_out], progress, budget_seconds)

"""Each lock taken away in turn: policies, composite and unique keys, functions, permissions, scopes of keys.

For each, something of `tests/isolation` must go red. What lives is named.
"""

from collections.abc import Callable

from prove.score import Score
from prove.suites import run_suite

NAME = "Locks taken away in turn"


def run(progress: Callable[[str], None], budget_seconds: float) -> Score:
    """All mutants, one after the other: each is seconds at most."""
    return run_suite(NAME, ["tests/isolation/test_mutants.py"], progress, budget_seconds)

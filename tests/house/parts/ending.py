"""Comes to its end, and has found something."""

from collections.abc import Callable

from prove.score import Score


def run(progress: Callable[[str], None], budget_seconds: float) -> Score:
    """Tells what it may use."""
    progress("counting")
    score = Score("An ending")
    score.add("seconds", int(budget_seconds))
    score.add("operations", 1_000_000)
    score.fail("One point was lost.")
    return score

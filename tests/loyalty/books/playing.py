"""Sets the machine to work on the current database: for so many operations, or for so long."""

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.loyalty.books.machine import BooksMachine
from tests.loyalty.books.sealed import Shop

RUNS = 25  # before a look at how far we are
STEPS = 100  # of one run: enough for stories, few enough to be made small


def play(
    shops: tuple[Shop, ...],
    operations: int,
    *,
    until: float = float("inf"),
    steps: int = STEPS,
    shrinks: bool = True,
    machine: type[BooksMachine] = BooksMachine,
    tell: Callable[[Counter[str]], None] = lambda did: None,
) -> Counter[str]:
    """Do at least so many operations, or stop at `until` (of time.monotonic). How many of each door and outcome.

    Raises the AssertionError or DatabaseError of what the books and the model say differently.
    """

    class Machine(machine):  # type: ignore[valid-type,misc]  # a class that is given
        pass

    Machine.shops = shops
    Machine.began = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)  # each run's transaction begins before
    Machine.did = Counter()
    asked = settings(
        max_examples=RUNS,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        derandomize=False,
        report_multiple_bugs=False,
        phases=[Phase.generate, Phase.shrink] if shrinks else [Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    while Machine.did.total() < operations and time.monotonic() < until:
        run_state_machine_as_test(Machine, settings=asked)
        tell(Machine.did)
    return Machine.did

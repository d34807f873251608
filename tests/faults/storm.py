"""Clients that ask without end, in threads, while the test breaks things; and moments that come by what they were told."""

import threading
from random import Random

from django.db import connections

from tests.faults.choosing import Choosing
from tests.faults.clients import Asked, Told
from tests.faults.stage import Stage
from tests.servers import wait_for

CLIENTS = 5
AHEAD = 200
MOST_OPERATIONS = 2000  # a client's: a storm ends even if a test forgets it
PATIENCE_SECONDS = 60  # until somebody is answered again, after whatever was broken
RETRY_SECONDS = 0.1  # a till asks again as soon as it may
GIVE_UP = 0.3  # of those who got no answer: the till was switched off, and asks again only after the storm


class Storm:
    """Use as a context. `until(n)` waits for so many more answers; at the end all clients have stopped.

    They run `ahead` of what the test waits for by so many answers: enough to be in the middle of something always.
    """

    def __init__(self, stage: Stage, *, clients: int = CLIENTS, ahead: int = AHEAD) -> None:
        self.stage, self.ahead = stage, ahead
        self.wanted = 0
        self.over = threading.Event()
        self.answers = 0
        self.problems: list[BaseException] = []
        self._choosing = Choosing(stage)
        self._lock = threading.Lock()
        seeds = [stage.dice.random() for _client in range(clients)]
        self._threads = [threading.Thread(target=self._run, args=(Random(seed),)) for seed in seeds]

    def __enter__(self) -> "Storm":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind, problem, trace) -> None:
        self.over.set()
        for thread in self._threads:
            thread.join()
        if problem is None and self.problems:
            raise self.problems[0]

    def until(self, more: int) -> None:
        """Until the clients have got `more` answers than now."""
        self.wanted = self.answers + more
        wait_for(
            lambda: self.answers >= self.wanted or self.problems,
            seconds=PATIENCE_SECONDS,
            what=f"{more} answers",
        )

    def _run(self, dice: Random) -> None:
        try:
            for _number in range(MOST_OPERATIONS):
                while self.answers >= self.wanted + self.ahead and not self.over.is_set():
                    self.over.wait(RETRY_SECONDS)
                if self.over.is_set():
                    return
                self._ask(self._choosing.choose(dice), gives_up=dice.random() < GIVE_UP)
        except BaseException as problem:  # noqa: BLE001 - told by the thread that waits for us
            self.problems.append(problem)
        finally:
            connections.close_all()

    def _ask(self, asked: Asked, *, gives_up: bool) -> None:
        """With the same key until there is an answer, or the till is switched off, or the storm is over."""
        while not asked.ask().is_clear:
            if gives_up or self.over.wait(RETRY_SECONDS):
                return
        with self._lock:
            self.answers += 1
        if asked.done:
            self._choosing.note(asked)


def at_once(clients: int, asked: list[Asked]) -> list[Told]:
    """Ask for these, by so many clients that begin together; their answers, in the same order."""
    told: list[Told] = [Told(0)] * len(asked)
    barrier, problems = threading.Barrier(clients), []

    def run(number: int) -> None:
        try:
            barrier.wait(30)
            for place in range(number, len(asked), clients):
                told[place] = asked[place].ask()
        except BaseException as problem:  # noqa: BLE001 - told by the thread that waits for us
            problems.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise problems[0]
    return told

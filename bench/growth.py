"""The growth curve: the same posting and the same API with a few movements in the books and with many, in turns.

Two copies of the town's database in one server, each with its own web server: one as the town is after its members'
first purchase, one with years of purchases of its own and of hundreds of other merchants.
"""

import statistics
import time
from dataclasses import asdict
from functools import partial
from typing import Any

from bench import load, posting, town
from bench.history import History, make
from bench.house import BenchHouse, django_at
from bench.machine import whisper
from bench.turns import Turns

FEW, MANY = 10_000, 10_000_000
SIZES = ("few", "many")
WARM_UP_SECONDS = (
    6  # every account once at least: a page costs the log most when it is touched first after a checkpoint
)


class Growth:
    """Both databases."""

    def __init__(
        self, house: BenchHouse, of: town.Town, *, seconds: int, rounds: int, connections: int
    ) -> None:
        self.house, self.town = house, of
        self.seconds, self.rounds, self.connections = seconds, rounds, connections
        self.turns = {"posting": Turns(), "api": Turns()}
        self.latency: dict[str, list[float]] = {size: [] for size in SIZES}
        self.urls: dict[str, str] = {}
        self.history: dict[str, History] = {}

    def copy(self) -> None:
        """Take the town as it is. Nobody else may be connected."""
        for size in SIZES:
            self.house.copy_database(size)

    def measure(self, movements: int) -> dict[str, Any]:
        """`growth_10m_vs_10k`, the lesser of two ratios: posting and API, with many movements to with few."""
        for size, count in zip(SIZES, (min(FEW, movements), movements), strict=True):
            whisper(f"making {count:,} movements")
            self.history[size] = make(self.house, size, self.town, movements=count)
            self.urls[size] = self.house.serve("config.wsgi:application", "/healthz", size)
        town.write_cards(self.town, self.house.folder / "cards")
        for size in SIZES:
            whisper(f"warming up with {size}")
            self._post(size, min(WARM_UP_SECONDS, 2 * self.seconds))
            self._ask(size, min(WARM_UP_SECONDS, 2 * self.seconds))
        self.latency = {size: [] for size in SIZES}
        for number in range(self.rounds):
            whisper(f"few and many movements: pair {number + 1} of {self.rounds}")
            for kind, run in (("posting", self._post), ("api", self._ask)):
                self.turns[kind].take(
                    number, partial(run, "many", self.seconds), partial(run, "few", self.seconds)
                )
        result = self._result()
        self.house.rest()
        for size in SIZES:
            self.house.drop_database(size)
        whisper("")
        return result

    def _post(self, size: str, seconds: int) -> float:
        standings = town.standings(self.house.superuser_dsn(size), self.town)
        rate, _count = posting.measure(
            self.house.app_dsn(size), self.town, standings, connections=self.connections, seconds=seconds
        )
        return rate

    def _ask(self, size: str, seconds: int) -> float:
        arguments = ("api", str(self.house.folder / "cards"), self.town.api_key, self.town.location)
        found = load.measure(self.urls[size], *arguments, connections=self.connections, seconds=seconds)
        self.latency[size].append(found.p99_ms)
        time.sleep(0.2)  # what was on the way when the load ended is written now
        return found.per_second

    def _result(self) -> dict[str, Any]:
        return {
            "growth_10m_vs_10k": round(min(turns.ratio for turns in self.turns.values()), 3),
            "growth": {
                **{kind: turns.told("many", "few") for kind, turns in self.turns.items()},
                **{
                    f"api_p99_ms_{size}": round(statistics.median(found), 2)
                    for size, found in self.latency.items()
                },
                "made": {size: asdict(made) | {"branch": None} for size, made in self.history.items()},
                "books": self._problems() or "add up",
            },
        }

    def _problems(self) -> list[str]:
        """In the books of the town, with everything that was measured in them, and of one of the others."""
        whisper("reading the books of the town and of a branch")
        found = []
        for size, made in self.history.items():
            with django_at(size):
                for merchant in (self.town.merchant_id, made.branch):
                    found += [] if merchant is None else town.problems_in_books(merchant)
        return found

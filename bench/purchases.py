"""The purchase: the limit, the posting, the bare view and the API in turns, so that a noisy machine is unfair to all
alike; and postings to single accounts. Medians of the rounds. Then counts the purchases and proves the books."""

import os
import statistics
import time
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from bench import limit, load, posting, statements, town
from bench.house import BenchHouse, tidy
from bench.machine import whisper

WARM_UP_SECONDS = 2
KINDS = ("limit", "posting", "bare_view", "api")
ACCOUNTS = ("spread_accounts", "hot_account")  # at the most connections only


class Purchases:
    """All measurements of one merchant in one house."""

    def __init__(
        self, house: BenchHouse, of: town.Town, *, seconds: int, rounds: int, connections: Sequence[int]
    ) -> None:
        self.house, self.town = house, of
        self.seconds, self.rounds, self.connections = seconds, rounds, connections
        self.most = connections[-1]  # gives the figures on top
        self.found: dict[tuple[str, int], list[float]] = defaultdict(list)
        self.latency: dict[int, list[tuple[float, float]]] = defaultdict(list)
        self.recorded = 0  # purchases that were answered for
        self.cut = 0  # requests that may have been on the way when a measurement ended
        self.statements = 0.0
        self.hot = 0  # how many accounts were hot already

    def prepare(self) -> None:
        """Servers; everything warm."""
        self.dsn = self.house.superuser_dsn()
        self.script = limit.prepare(self.dsn, self.house.folder)
        self.cards, self.places = self.house.folder / "cards", self.house.folder / "standings"
        town.write_cards(self.town, self.cards)
        os.environ["BENCH_MERCHANT"] = str(self.town.merchant_id)
        self.api = self.house.serve("config.wsgi:application", "/healthz")
        self.bare = self.house.serve("bench.bare:application", "/ready")
        for kind in (*KINDS, *ACCOUNTS):
            self.measure(kind, self.most, min(WARM_UP_SECONDS, self.seconds))
        # Only now: plans made for empty tables read them whole, and go on doing so until somebody counts the rows.
        tidy(self.dsn)
        self.found.clear()
        self.latency.clear()
        self.statements = statements.count(self.town)
        self.recorded += statements.SAMPLE

    def play(self) -> None:
        """All rounds."""
        for number in range(self.rounds):
            for connections in self.connections:
                for kind in KINDS if connections != self.most else (*KINDS, *ACCOUNTS):
                    whisper(f"round {number + 1} of {self.rounds}: {kind.replace('_', ' ')}, {connections}")
                    self.measure(kind, connections, self.seconds)
        whisper("")

    def measure(self, kind: str, connections: int, seconds: int) -> None:
        """One measurement; what it found is noted."""
        rate: float = getattr(self, f"_measure_{kind}")(connections, seconds)
        self.found[kind, connections].append(rate)

    def post(self, connections: int, seconds: float) -> float:
        """Purchases a second by the posting function alone."""
        standings = town.standings(self.dsn, self.town)
        rate, recorded = posting.measure(
            self.house.app_dsn(), self.town, standings, connections=connections, seconds=seconds
        )
        self.recorded += recorded
        return rate

    _measure_posting = post

    def _measure_limit(self, connections: int, seconds: int) -> float:
        pgbench = self.house.postgres.binary("pgbench")
        return limit.measure(pgbench, self.dsn, self.script, connections=connections, seconds=seconds)

    def _measure_bare_view(self, connections: int, seconds: int) -> float:
        town.write_standings(town.standings(self.dsn, self.town), self.places)
        return self._load(
            self.bare, "bare", str(self.places), connections=connections, seconds=seconds
        ).per_second

    def _measure_api(self, connections: int, seconds: int) -> float:
        arguments = ("api", str(self.cards), self.town.api_key, self.town.location)
        found = self._load(self.api, *arguments, connections=connections, seconds=seconds)
        self.latency[connections].append((found.p50_ms, found.p99_ms))
        return found.per_second

    def _measure_spread_accounts(self, connections: int, seconds: int) -> float:
        return self._post_to(town.standings(self.dsn, self.town), connections, seconds)

    def _measure_hot_account(self, connections: int, seconds: int) -> float:
        self.hot += 1
        return self._post_to(town.standings(self.dsn, self.town)[self.hot :][:1], connections, seconds)

    def _post_to(self, accounts: list[town.Standing], connections: int, seconds: int) -> float:
        dsn, calls = self.house.app_dsn(), posting.award_and_spend
        rate, _count = posting.measure(
            dsn, self.town, accounts, connections=connections, seconds=seconds, calls=calls
        )
        return rate

    def _load(self, url: str, *arguments: str, connections: int, seconds: int) -> load.Load:
        found = load.measure(url, *arguments, connections=connections, seconds=seconds)
        self.recorded += found.recorded
        self.cut += connections
        time.sleep(0.2)  # what was on the way when the load ended is written now
        return found

    def check(self) -> dict[str, Any]:
        """Every purchase that was answered for is there, at most those cut off are there besides, and the books add up."""
        there = town.purchases(self.dsn, self.town)
        problems = town.problems_in_books(self.town.merchant_id)
        counted = 0 <= there - self.recorded <= self.cut
        return {
            "purchases_answered": self.recorded,
            "purchases_in_database": there,
            "cut_off_at_most": self.cut,
            "counts_agree": counted,
            "books": problems or "add up",
            "ok": counted and not problems,
        }

    def result(self) -> dict[str, Any]:
        """Everything, with the keys that the issue names on top."""
        by_connections = {str(connections): self._at(connections) for connections in self.connections}
        accounts = {
            f"{kind}_per_s": round(statistics.median(self.found[kind, self.most])) for kind in ACCOUNTS
        }
        return {
            **by_connections[str(self.most)],
            **accounts,
            "statements_per_purchase": self.statements,
            "connections": by_connections,
            "headline_connections": self.most,
            "seconds": self.seconds,
            "rounds": self.rounds,
        }

    def _at(self, connections: int) -> dict[str, float]:
        median = {kind: statistics.median(self.found[kind, connections]) for kind in KINDS}
        p50, p99 = (statistics.median(times) for times in zip(*self.latency[connections], strict=True))
        return {
            **{f"{kind}_per_s": round(median[kind]) for kind in KINDS},
            **{f"api_vs_{kind}": round(self._ratio(kind, connections), 3) for kind in KINDS[:-1]},
            "api_p50_ms": round(p50, 2),
            "api_p99_ms": round(p99, 2),
        }

    def _ratio(self, kind: str, connections: int) -> float:
        """The ratio of each round, then the median: both halves of a ratio met the same noise."""
        both = zip(self.found["api", connections], self.found[kind, connections], strict=True)
        return statistics.median(api / other for api, other in both)

"""Runs the bench: the limit, the posting, the bare view and the API in turns, so that a noisy machine is unfair to all
alike; medians of the rounds; then counts the purchases and proves the books. Prints a table or JSON."""

import argparse
import json
import os
import signal
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench import city, limit, load, pages, posting, town
from bench.house import BenchHouse

CONNECTIONS = (1, 8, 16)  # the last one gives the figures on top
WARM_UP_SECONDS = 2
GOAL = 0.20
KINDS = ("limit", "posting", "bare_view", "api")


class Bench:
    """One run, in one house."""

    def __init__(self, house: BenchHouse, *, seconds: int, rounds: int, connections: Sequence[int]) -> None:
        self.house, self.seconds, self.rounds, self.connections = house, seconds, rounds, connections
        self.found: dict[tuple[str, int], list[float]] = defaultdict(list)
        self.latency: dict[int, list[tuple[float, float]]] = defaultdict(list)
        self.recorded = 0  # purchases that were answered for
        self.cut = 0  # requests that may have been on the way when a measurement ended
        self.statements = 0.0

    def prepare(self) -> None:
        """Members, servers; everything warm."""
        self.town = town.build()
        self.dsn = self.house.superuser_dsn()
        self.script = limit.prepare(self.dsn, self.house.folder)
        self.cards, self.places = self.house.folder / "cards", self.house.folder / "standings"
        town.write_cards(self.town, self.cards)
        os.environ["BENCH_MERCHANT"] = str(self.town.merchant_id)
        self.api = self.house.serve("config.wsgi:application", "/healthz")
        self.bare = self.house.serve("bench.bare:application", "/ready")
        for kind in KINDS:
            self.measure(kind, self.connections[-1], WARM_UP_SECONDS)
        # Only now: plans made for empty tables read them whole, and go on doing so until somebody counts the rows.
        vacuum(self.dsn)
        self.found.clear()
        self.latency.clear()
        self.statements = count_statements(self.town)
        self.recorded += STATEMENT_SAMPLE

    def play(self) -> None:
        """All rounds."""
        for number in range(self.rounds):
            for connections in self.connections:
                for kind in KINDS:
                    whisper(f"round {number + 1} of {self.rounds}: {kind.replace('_', ' ')}, {connections}")
                    self.measure(kind, connections, self.seconds)
        whisper("")

    def measure(self, kind: str, connections: int, seconds: int) -> None:
        """One measurement; what it found is noted."""
        rate: float = getattr(self, f"_measure_{kind}")(connections, seconds)
        self.found[kind, connections].append(rate)

    def _measure_limit(self, connections: int, seconds: int) -> float:
        pgbench = self.house.postgres.binary("pgbench")
        return limit.measure(pgbench, self.dsn, self.script, connections=connections, seconds=seconds)

    def _measure_posting(self, connections: int, seconds: int) -> float:
        standings = town.standings(self.dsn, self.town)
        rate, recorded = posting.measure(
            self.house.app_dsn(), self.town, standings, connections=connections, seconds=seconds
        )
        self.recorded += recorded
        return rate

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

    def _load(self, url: str, *arguments: str, connections: int, seconds: int) -> load.Load:
        found = load.measure(url, *arguments, connections=connections, seconds=seconds)
        self.recorded += found.recorded
        self.cut += connections
        time.sleep(0.2)  # what was on the way when the load ended is written now
        return found

    def check(self) -> dict[str, Any]:
        """Every purchase that was answered for is there, at most those cut off are there besides, and the books add up."""
        there = town.purchases(self.dsn, self.town)
        problems = town.problems_in_books(self.town)
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
        return {
            **by_connections[str(self.connections[-1])],
            "statements_per_purchase": self.statements,
            "connections": by_connections,
            "headline_connections": self.connections[-1],
            "seconds": self.seconds,
            "rounds": self.rounds,
            "check": self.check(),
            "machine": machine(self.house.folder),
        }

    def _at(self, connections: int) -> dict[str, float]:
        median = {kind: statistics.median(self.found[kind, connections]) for kind in KINDS}
        p50, p99 = (statistics.median(times) for times in zip(*self.latency[connections], strict=True))
        # The ratio of each round, then the median: both halves of a ratio met the same noise.
        ratios = [
            api / least
            for api, least in zip(
                self.found["api", connections], self.found["limit", connections], strict=True
            )
        ]
        return {
            **{f"{kind}_per_s": round(median[kind]) for kind in KINDS},
            "api_vs_limit": round(statistics.median(ratios), 3),
            "api_p50_ms": round(p50, 2),
            "api_p99_ms": round(p99, 2),
        }


def prepare_database() -> None:
    """Django, and the tables."""
    import django
    from django.core.management import call_command

    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    call_command("prepare_database", verbosity=0)
    call_command("migrate_as_owner", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)  # pages name their files by content


def measure_pages(house: BenchHouse, *, members: int) -> dict[str, Any]:
    """The pages of a merchant with so many members, on a server that has answered nothing else."""
    whisper(f"making {members:,} members")
    big = city.build(house.superuser_dsn(), members=members)
    url = house.serve("config.wsgi:application", "/healthz")
    whisper("asking for pages")
    found = pages.measure(url, big)
    whisper("reading the books of the city")
    found["pages_books"] = city.problems_in_books(big) or "add up"
    whisper("")
    return found


STATEMENT_SAMPLE = 20


def count_statements(of: town.Town) -> float:
    """SQL statements a purchase sends, counted at the driver, in this process, once versions are known."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from core.ids import new_id

    client = Client(headers={"authorization": f"Bearer {of.api_key}"})
    sent = []
    for _member, card in of.cards[:STATEMENT_SAMPLE]:
        with CaptureQueriesContext(connection) as asked:
            response = client.post(
                "/api/v1/purchases",
                {"card": card, "amount": "12.50", "currency": "EUR", "location": of.location},
                content_type="application/json",
                headers={"idempotency-key": str(new_id())},
            )
        if response.status_code != 201:
            raise load.LoadProblem(response.content.decode()[:300])
        sent.append(len(asked))
    return statistics.median(sent)


def vacuum(dsn: str) -> None:
    """What autovacuum does after its first minute."""
    import psycopg

    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def machine(folder: Path) -> dict[str, Any]:
    """What the figures depend on: cores, how busy they were, how long the disk takes to keep something."""
    path = folder / "fsync"
    times = []
    with path.open("wb") as file:
        for _number in range(100):
            file.write(b"x" * 8192)
            file.flush()
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append((time.perf_counter() - began) * 1000)
    return {
        "cores": os.cpu_count(),
        "load": [round(value, 1) for value in os.getloadavg()],
        "fdatasync_ms": round(statistics.median(times), 3),
    }


def whisper(line: str) -> None:
    """What is going on, for a person who waits."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)


def show(result: dict[str, Any]) -> None:
    """The table."""
    columns = [*(f"{kind}_per_s" for kind in KINDS), "api_vs_limit", "api_p50_ms", "api_p99_ms"]
    print("connections  " + "  ".join(column.rjust(15) for column in columns))
    for connections, row in result["connections"].items():
        print(connections.rjust(11) + "  " + "  ".join(str(row[column]).rjust(15) for column in columns))
    check, where = result["check"], result["machine"]
    print(f"\n{result['statements_per_purchase']:g} SQL statements a purchase.", end=" ")
    print(
        f"{check['purchases_answered']:,} purchases answered, {check['purchases_in_database']:,} in the database",
        end="",
    )
    print(f" (up to {check['cut_off_at_most']} were cut off unanswered). Books: {check['books']}.")
    print(f"{where['cores']} cores, load {where['load']}, fdatasync {where['fdatasync_ms']} ms. ", end="")
    met = "met" if result["api_vs_limit"] >= GOAL else "missed"
    print(
        f"Goal api_vs_limit ≥ {GOAL:.2f} at {result['headline_connections']} connections: {result['api_vs_limit']:.3f}, {met}."
    )


def main(arguments: list[str]) -> int:
    """0, or 1 when purchases were lost or doubled or the books do not add up. Speed fails nothing: machines differ."""
    parser = argparse.ArgumentParser(
        prog="bin/bench", description="How fast a purchase is, beside the limit."
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--seconds", type=int, default=4, metavar="N", help="of each measurement (4)")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="of all measurements (3)")
    parser.add_argument(
        "--connections", type=int, nargs="+", default=CONNECTIONS, metavar="N", help="(1 8 16)"
    )
    parser.add_argument("--pages", action="store_true", help="measure the pages only, and no purchase")
    parser.add_argument(
        "--members",
        type=int,
        default=city.MEMBERS,
        metavar="N",
        help="at the merchant of the pages (100,000)",
    )
    options = parser.parse_args(arguments)
    load.check_wrk()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the house is torn down
    result: dict[str, Any] = {}
    with BenchHouse() as house:
        prepare_database()
        if not options.pages:
            bench = Bench(
                house, seconds=options.seconds, rounds=options.rounds, connections=options.connections
            )
            bench.prepare()
            bench.play()
            result = bench.result()
        result |= measure_pages(house, members=options.members)
    if options.json:
        print(json.dumps(result, indent=2, ensure_ascii=False))
    else:
        if not options.pages:
            show(result)
        pages.show(result)
    is_sound = options.pages or result["check"]["ok"]
    return 0 if is_sound and result["pages_books"] == "add up" else 1

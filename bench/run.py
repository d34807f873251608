"""Runs the bench: the purchase beside its limit, what row-level security costs, the growth curve, the pages. Prints a
table or JSON."""

import argparse
import json
import signal
import sys
from typing import Any

from bench import city, growth, judging, load, pages, rehearsal, report, row_security, town
from bench.house import BenchHouse, prepare_database
from bench.machine import machine, whisper
from bench.purchases import Purchases

CONNECTIONS = (1, 8, 16)  # the last one gives the figures on top
ROW_SECURITY_PAIRS = 5  # in each round


def measure_purchases(house: BenchHouse, options: argparse.Namespace) -> dict[str, Any]:
    """Everything about one merchant's purchases, the books proven at the end."""
    whisper("making the town")
    built, most = town.build(), options.connections[-1]
    pairs = {"seconds": options.seconds, "rounds": options.rounds, "connections": most}
    curve = growth.Growth(house, built, **pairs) if options.growth else None
    if curve:
        curve.copy()
    bench = Purchases(
        house, built, seconds=options.seconds, rounds=options.rounds, connections=options.connections
    )
    bench.prepare()
    bench.play()
    result = bench.result()
    # Two that are nearly alike: a pair says little, the median of many does.
    each = 1 if options.brief else options.rounds * ROW_SECURITY_PAIRS
    result |= row_security.measure(bench.dsn, lambda: bench.post(most, options.seconds), rounds=each)
    result |= judging.measure()
    result |= {"check": bench.check(), "machine": machine(house.folder)}
    house.rest()
    return result | (curve.measure(options.movements) if curve else {})


def measure_pages(house: BenchHouse, *, members: int, brief: bool) -> dict[str, Any]:
    """The pages of a merchant with so many members, on a server that has answered nothing else."""
    whisper(f"making {members:,} members")
    big = city.build(house.superuser_dsn(), members=members)
    url = house.serve("config.wsgi:application", "/healthz")
    whisper("asking for pages")
    found = pages.measure(url, big, rounds=pages.FEWEST_ROUNDS if brief else pages.ROUNDS)
    whisper("reading the books of the city")
    found["pages_books"] = town.problems_in_books(big.merchant_id) or "add up"
    whisper("rehearsing a draft")
    found |= rehearsal.measure(big.merchant_id)
    whisper("")
    return found


def is_sound(result: dict[str, Any]) -> bool:
    """No purchase lost or doubled, and all books add up."""
    books = [result["pages_books"], result.get("growth", {}).get("books", "add up")]
    return all(found == "add up" for found in books) and result.get("check", {"ok": True})["ok"]


def read_options(arguments: list[str]) -> argparse.Namespace:
    """What was asked for; with --json everything."""
    parser = argparse.ArgumentParser(
        prog="bin/bench", description="How fast a purchase is, beside the limit."
    )
    for name, default, what in (
        ("--seconds", 4, "of each measurement (4)"),
        ("--rounds", 3, "of all measurements (3)"),
        ("--members", city.MEMBERS, "at the merchant of the pages (100,000)"),
        ("--movements", growth.MANY, "in the larger of the two books (10,000,000)"),
    ):
        parser.add_argument(name, type=int, default=default, metavar="N", help=what)
    parser.add_argument(
        "--connections", type=int, nargs="+", default=CONNECTIONS, metavar="N", help="(1 8 16)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON, with the growth curve")
    parser.add_argument("--growth", action="store_true", help="the growth curve too: fifteen minutes, 25 GB")
    parser.add_argument(
        "--brief", action="store_true", help="few repetitions: does the bench work? No figures to keep"
    )
    parser.add_argument("--pages", action="store_true", help="measure the pages only, and no purchase")
    options = parser.parse_args(arguments)
    options.growth |= options.json
    return options


def main(arguments: list[str]) -> int:
    """0, or 1 when purchases were lost or doubled or the books do not add up. Speed fails nothing: machines differ."""
    options = read_options(arguments)
    load.check_wrk()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the house is torn down
    result: dict[str, Any] = {}
    with BenchHouse() as house:
        prepare_database()
        if not options.pages:
            result = measure_purchases(house, options)
        result |= measure_pages(house, members=options.members, brief=options.brief)
    if options.json:
        print(json.dumps(result, indent=2, ensure_ascii=False))
    else:
        if not options.pages:
            report.show(result)
        pages.show(result)
    return 0 if is_sound(result) else 1

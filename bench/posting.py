"""Posting functions called from plain Python, without Django: two processes, so that one GIL is not the limit.

A purchase knows where its member stands, as the reading would have told: each connection has members of its own and
remembers. An account's own postings are an award and a spend of the same units in turns, and need to know nothing.
"""

import datetime as dt
import multiprocessing
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import cycle
from typing import Any
from uuid import UUID

import psycopg
from uuid_utils.compat import uuid7

from bench.town import Standing, Town

WRITE = f"SELECT loyalty_record_purchase({', '.join(['%s'] * 34)})"
AWARD = f"SELECT outcome FROM ledger_award({', '.join(['%s'] * 15)})"
SPEND = f"SELECT outcome FROM ledger_use({', '.join(['%s'] * 10)})"
AMOUNT_MINOR, POINTS = 1200, 12
FINGERPRINT = b"0123456789abcdef"
REASON = (
    '{"code":"per_amount","rule":"01980000-0000-7000-8000-000000000001","unit":"points","units":12,'
    '"spent_minor":1200,"per_minor":100,"per_units":1,"base":12,"multiplier_percent":100,"tier":"Bronze"}'
)
ANSWER = (  # as long as a real one
    '{"id":"pur_01980000000070008000000000000001","member":{"id":"mem_01980000000070008000000000000002",'
    '"name":"Member 1234"},"awards":[{"unit":"points","amount":12,"rule":"1 point per €1","reason":"12 for €12.00"}],'
    '"nearly":[],"balances":{"points":{"available":1218,"pending":0,"held":0,"expiring":[]}},"tier":{"name":"Bronze",'
    '"progress":{"current":"212.50","next":"250.00","of":"spend"},"next_tier":"Silver"},"moved_up":false,"rewards_in_reach":[],'
    '"events":["points.earned"]}'
)


def values(merchant_id: UUID, at: Standing) -> list[Any]:
    """What `loyalty_record_purchase` takes for one purchase of €12 by a member who stands there."""
    key, purchase, now = uuid7(), uuid7(), dt.datetime.now(dt.UTC)
    seqs = f'{{"{at.account}":{at.seq}}}'
    awards = (
        f'[{{"entry":"{uuid7()}","account":"{at.account}","seq":{at.seq},"lot":"{uuid7()}","amount":{POINTS},'
        f'"expires_at":null,"event":"{uuid7()}","reasons":{REASON},"pending":false,"vests_at":null}}]'
    )
    return [
        *(merchant_id, key, FINGERPRINT, 201, ANSWER, purchase, at.member, None, "api", None),
        *(AMOUNT_MINOR, "EUR", "", "[]", now, 1, POINTS, f"[{REASON}]"),
        *(at.tier, at.progress + AMOUNT_MINOR, at.version, seqs, awards, None, None, uuid7(), None),
        *(now.date(), False, "{}", "{}", "[]", None, "{}"),
    ]


def after(at: Standing) -> Standing:
    """Where the member stands once that purchase is recorded."""
    return replace(at, version=at.version + 1, progress=at.progress + AMOUNT_MINOR, seq=at.seq + 1)


@dataclass(frozen=True)
class Call:
    """One statement and what it answers if it did its work."""

    statement: str
    values: list[Any]
    answer: tuple[Any, ...]


def purchases(merchant_id: UUID, standings: list[Standing]) -> Iterator[Call]:
    """The members over and over, each where its last purchase left it."""
    now = list(standings)
    for index in cycle(range(len(now))):
        yield Call(WRITE, values(merchant_id, now[index]), (True,))
        now[index] = after(now[index])


def award_and_spend(merchant_id: UUID, standings: list[Standing]) -> Iterator[Call]:
    """The accounts over and over, each given some units and relieved of them at once."""
    for at in cycle(standings):
        now, reasons = dt.datetime.now(dt.UTC), '{"code":"bench"}'
        start = [merchant_id, uuid7(), at.account, FINGERPRINT]
        more = [uuid7(), POINTS, None, reasons, None, None, now, uuid7(), False, None, now]
        yield Call(AWARD, start + more, ("posted",))
        start = [merchant_id, uuid7(), at.account, FINGERPRINT]
        yield Call(SPEND, [*start, POINTS, reasons, None, None, None, now], ("posted",))


@dataclass(frozen=True)
class Crew:
    """What one process is to do."""

    dsn: str
    merchant_id: UUID
    shares: list[list[Standing]]  # of each connection
    calls: Callable[[UUID, list[Standing]], Iterator[Call]]
    seconds: float


def measure(
    dsn: str,
    town: Town,
    standings: list[Standing],
    *,
    connections: int,
    seconds: float,
    calls: Callable[[UUID, list[Standing]], Iterator[Call]] = purchases,
) -> tuple[float, int]:
    """Calls a second, and how many they were. Accounts that are fewer than connections are everybody's."""
    shares = [standings[number::connections] or standings for number in range(connections)]
    processes = min(2, connections)
    spawning = multiprocessing.get_context("spawn")
    results: Any = spawning.Queue()
    start = spawning.Barrier(processes)
    crews = [
        Crew(dsn, town.merchant_id, shares[number::processes], calls, seconds) for number in range(processes)
    ]
    working = [spawning.Process(target=work, args=(crew, start, results)) for crew in crews]
    for process in working:
        process.start()
    for process in working:
        process.join(seconds + 60)
        if process.exitcode != 0:
            raise RuntimeError("A process of the posting measurement failed: see above.")
    counts = [results.get() for _process in working]
    return sum(rate for _count, rate in counts), sum(count for count, _rate in counts)


def work(crew: Crew, start: Any, results: Any) -> None:
    """One process: its threads begin together with the other process's."""
    counts = [0] * len(crew.shares)
    connections = [psycopg.connect(crew.dsn, autocommit=True, prepare_threshold=0) for _share in crew.shares]
    for connection in connections:
        connection.execute("SELECT set_config('app.merchant_id', %s, false)", [str(crew.merchant_id)])
    start.wait(60)
    began = time.monotonic()

    def record(number: int) -> None:
        cursor = connections[number].cursor()
        for call in crew.calls(crew.merchant_id, crew.shares[number]):
            cursor.execute(call.statement, call.values)
            if cursor.fetchone() != call.answer:
                raise RuntimeError("Something was not written.")
            counts[number] += 1
            if time.monotonic() >= began + crew.seconds:
                return

    with ThreadPoolExecutor(len(crew.shares)) as threads:
        list(threads.map(record, range(len(crew.shares))))  # raises what a thread raised
    results.put((sum(counts), sum(counts) / (time.monotonic() - began)))

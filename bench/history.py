"""Books with years in them, made in bulk: the merchant of the bench has a tenth of all movements, its branches the rest."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg

from bench.house import BenchHouse, tidy
from bench.posting import ANSWER
from bench.town import MEMBERS, Town

SQL = Path(__file__).with_suffix(".sql")
BRANCH_MEMBERS, BRANCH_VISITS = 1000, 10
BRANCH_MOVEMENTS = BRANCH_MEMBERS * (2 * BRANCH_VISITS - 1)
AT_ONCE = 2  # sessions, as many as this machine's cores at least
ROOM = "8GB"  # of log before a checkpoint: while it is made, and not when it is measured


@dataclass(frozen=True)
class History:
    """What was made, and how long it took."""

    movements: int
    merchants: int
    branch: UUID | None  # one of the others, for a proof of its books
    seconds: float
    megabytes: int


def make(house: BenchHouse, database: str, town: Town, *, movements: int) -> History:
    """Fill a copy of the town's database until it holds so many movements, or a few more; then vacuum and checkpoint."""
    began, dsn = time.monotonic(), house.superuser_dsn(database)
    visits = max(1, movements // 10 // MEMBERS // 2)
    left = movements - MEMBERS * 2 * visits  # joining was one, and each visit is two but the last
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(f"ALTER SYSTEM SET max_wal_size = '{ROOM}'")
        connection.execute("SELECT pg_reload_conf()")
    with ThreadPoolExecutor(AT_ONCE) as threads:
        own = threads.submit(_live, dsn, town.merchant_id, visits)
        numbers = range(1, max(0, round(left / BRANCH_MOVEMENTS)) + 1)
        branches = list(threads.map(lambda number: _open(dsn, town.merchant_id, number), numbers))
        own.result()
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM RESET max_wal_size")
        connection.execute("SELECT pg_reload_conf()")
    tidy(dsn)
    with psycopg.connect(dsn) as connection:
        count, size = connection.execute(
            "SELECT (SELECT count(*) FROM ledger_movement), pg_database_size(current_database()) / 1048576"
        ).fetchone() or (0, 0)
    return History(
        movements=count,
        merchants=1 + len(branches),
        branch=branches[0] if branches else None,
        seconds=round(time.monotonic() - began, 1),
        megabytes=int(size),
    )


def _session(dsn: str) -> psycopg.Connection:
    connection = psycopg.connect(dsn, autocommit=True)
    connection.execute("SET session_replication_role = replica")  # no trigger: nothing here is a posting
    connection.execute("SET synchronous_commit = off")
    connection.execute(SQL.read_bytes())
    return connection


def _live(dsn: str, merchant_id: UUID, visits: int) -> None:
    with _session(dsn) as connection:
        connection.execute("SELECT pg_temp.live(%s, %s, %s)", [merchant_id, visits, ANSWER])


def _open(dsn: str, first: UUID, number: int) -> UUID:
    with _session(dsn) as connection:
        (branch,) = connection.execute(
            "SELECT pg_temp.open_branch(%s, %s, %s)", [first, number, BRANCH_MEMBERS]
        ).fetchone() or (first,)
        connection.execute("SELECT pg_temp.live(%s, %s, %s)", [branch, BRANCH_VISITS, ANSWER])
        return UUID(str(branch))

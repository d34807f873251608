"""What row-level security costs: the same posting with the policies of all tables on and off, in turns.

Off is switched by the administrator, for this database, and on again before anything else is done with it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

from bench.machine import whisper
from bench.turns import Turns

LOCKED = """SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
            WHERE nspname = 'public' AND relrowsecurity ORDER BY 1"""


def measure(dsn: str, post: Callable[[], float], *, rounds: int) -> dict[str, Any]:
    """`rls_on_vs_off`, the throughput with policies to that without. `dsn` is a superuser's."""
    turns = Turns()
    for number in range(rounds):
        whisper(f"row-level security on and off: pair {number + 1} of {rounds}")
        turns.take(number, post, lambda: _without(dsn, post))
    whisper("")
    return {"rls_on_vs_off": round(turns.ratio, 3), "row_security": turns.told("on", "off")}


def _without(dsn: str, post: Callable[[], float]) -> float:
    with switched_off(dsn):
        return post()


@contextmanager
def switched_off(dsn: str) -> Iterator[None]:
    """Inside, no policy of this database holds."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        tables = [sql.Identifier(name) for (name,) in connection.execute(LOCKED)]
        try:
            for table in tables:
                connection.execute(sql.SQL("ALTER TABLE {} DISABLE ROW LEVEL SECURITY").format(table))
            yield
        finally:
            for table in tables:
                connection.execute(sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(table))

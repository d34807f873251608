"""The jobs role's own connection: it may see what is due, across merchants, and nothing of what is in it. And sweeps by it."""

import datetime as dt
import functools
from collections.abc import Callable
from contextlib import closing, suppress
from typing import Any, Literal
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql


def jobs_connection() -> "psycopg.Connection[tuple[Any, ...]]":
    """A new connection to the database in use, as the jobs role. Its rows begin with merchant, and what is due of it."""
    address = settings.JOBS_DATABASE
    return psycopg.connect(
        dbname=connection.settings_dict["NAME"],
        user=address["USER"],
        password=address["PASSWORD"],
        host=address["HOST"],
        port=address["PORT"] or None,
        options=address["OPTIONS"].get("options"),
    )


# A worker that lost its network holds up the next sweep for no longer; a sweep that takes longer may have one beside it.
SWEEP_ALONE = """
SELECT set_config('idle_in_transaction_session_timeout', '15min', true),
       pg_try_advisory_xact_lock(hashtextextended(%s, 0))
"""


def one_at_a_time(sweep: Callable[[], int]) -> Callable[[], int]:
    """A sweep by the clock that runs once at a time in the whole house. Beside itself it does nothing, and returns 0.

    One that takes longer than its pause would be begun again and again, until no worker is left for what cannot wait.
    """

    @functools.wraps(sweep)
    def alone() -> int:
        with closing(jobs_connection()) as keeper:  # until its transaction ends
            row = keeper.execute(SWEEP_ALONE, [f"sweep {sweep.__name__}"]).fetchone()
            try:
                return sweep() if row and row[1] else 0
            finally:
                with suppress(psycopg.Error):  # it may have been sent away long since: what is done is done
                    keeper.rollback()

    return alone


class Work:
    """A row that asks for work, as `lease_waiting` finds it; a worker shows in `seen_at` that it is at work. For models.

    `total` and `done`: its steps, 0 until they are counted. What is finished and not `succeeded` has failed.
    """

    total: Any
    done: Any
    seen_at: Any
    finished_at: Any

    @property
    def succeeded(self) -> bool:
        """Whether there is what was asked for."""
        raise NotImplementedError

    @property
    def status(self) -> Literal["waiting", "running", "done", "failed"]:
        """How far it is, in a word."""
        if self.finished_at:
            return "done" if self.succeeded else "failed"
        return "running" if self.seen_at else "waiting"

    @property
    def percent(self) -> int:
        """How far it is, for a progress bar."""
        if self.finished_at:
            return 100
        return 100 * self.done // self.total if self.total else 0


# First the oldest of each merchant, drawn by lot: nobody's hundred stand before another's one.
# One looks at a time, so that two who look at once do not both find room.
ONE_LOOKS = "SELECT pg_advisory_xact_lock(hashtext(%s))"
LEASE_WAITING = """
UPDATE {table} r SET seen_at = now()
FROM (SELECT one.merchant_id, one.id
      FROM {table} one JOIN (SELECT merchant_id, id, row_number() OVER (PARTITION BY merchant_id ORDER BY id) AS turn
                             FROM {table} WHERE finished_at IS NULL) asked USING (merchant_id, id)
      WHERE one.finished_at IS NULL AND (one.seen_at IS NULL OR one.seen_at < now() - %(lease)s)
      ORDER BY asked.turn, random()
      LIMIT greatest(0, %(most)s - (SELECT count(*) FROM {table}
                                    WHERE finished_at IS NULL AND seen_at >= now() - %(lease)s))
      FOR UPDATE OF one SKIP LOCKED) waiting
WHERE r.merchant_id = waiting.merchant_id AND r.id = waiting.id
RETURNING r.merchant_id, r.id, r.seen_at
"""


def lease_waiting(table: str, *, lease: dt.timedelta, most: int) -> list[tuple[UUID, UUID, dt.datetime]]:
    """Merchant, id and when it was leased, of rows that ask for work and at which nobody works: so many as make `most` under way.

    The table has `seen_at` and `finished_at`. Nobody else gets them for the length of a lease.
    """
    with jobs_connection() as jobs:
        jobs.execute(ONE_LOOKS, [table])
        asked = sql.SQL(LEASE_WAITING).format(table=sql.Identifier(table))
        return list(jobs.execute(asked, {"lease": lease, "most": most}))

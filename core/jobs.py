"""The jobs role's own connection: it may see what is due, across merchants, and nothing of what is in it. And sweeps by it."""

import functools
from collections.abc import Callable
from contextlib import closing, suppress
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection


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

"""Sweeps that run once at a time."""

import pytest
from django.db import connection

from core.jobs import one_at_a_time

END = """
SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_locks
WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def test_a_sweep_whose_keeper_was_sent_away_is_done_all_the_same(committed_db, servers_of_this_run):
    """The pain: after a quarter of an hour the server sends the keeper away, and the sweep failed with its work done."""
    database = connection.settings_dict["NAME"]

    def long_sweep() -> int:
        with servers_of_this_run.administrator(database) as other:
            assert other.execute(END).fetchone() == (1,)
        return 7

    alone = one_at_a_time(long_sweep)
    assert [alone(), alone()] == [7, 7]


def test_a_sweep_that_fails_says_so_and_may_begin_again(committed_db):
    sweeps = iter([ValueError("broken"), 3])

    def sweep() -> int:
        found = next(sweeps)
        if isinstance(found, ValueError):
            raise found
        return found

    alone = one_at_a_time(sweep)
    with pytest.raises(ValueError, match="broken"):
        alone()
    assert alone() == 3

"""Moments made certain: whoever comes to a gate waits there, and the test knows that it does.

A gate is a trigger or a lock in the database of the house, never a hook in the product.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

import psycopg

from tests.faults.house import House
from tests.servers import wait_for

WAITING = """
SELECT pid FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND usename = 'habitue_%s' LIMIT 1
"""


@dataclass
class Gate:
    """A shut gate. `wait()` for somebody to stand before it, then `open()`."""

    house: House
    keeper: psycopg.Connection

    def wait(self, role: str = "app") -> int:
        """Until a session of this role waits; its number."""
        found: list[int] = []

        def look() -> bool:
            found[:] = eyes.execute(WAITING % role).fetchone() or []
            return bool(found)

        with self.house.administrator() as eyes:
            wait_for(look, what="somebody at the gate")
        return found[0]

    def open(self) -> None:
        """Let everybody through."""
        self.keeper.execute("SELECT pg_advisory_unlock_all()")
        self.keeper.rollback()

    def turn_away(self, pid: int) -> None:
        """End the waiting session: nothing of its transaction remains."""
        with self.house.administrator() as hands:
            hands.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])


@contextmanager
def held_at(house: House, merchant_id: UUID, table: str, moment: str) -> Iterator[Gate]:
    """Who does `moment` to a row of this merchant's in `table` waits, in the midst of its transaction.

    "BEFORE DELETE", "BEFORE INSERT" … as PostgreSQL says it; "COMMIT OF DELETE", having deleted a row, within its commit.
    """
    change = moment.rpartition(" ")[2]
    row = "NEW" if change == "INSERT" else "OLD"
    kind, when, late = "TRIGGER", moment, ""
    if moment.startswith("COMMIT"):
        kind, when, late = "CONSTRAINT TRIGGER", f"AFTER {change}", "DEFERRABLE INITIALLY DEFERRED"
    with house.administrator() as hands, house.administrator() as keeper:
        keeper.execute("SELECT pg_advisory_lock(1)")
        hands.execute(
            f"CREATE {kind} faults_gate {when} ON {table} {late} FOR EACH ROW "
            f"WHEN ({row}.merchant_id = '{merchant_id}') EXECUTE FUNCTION faults_wait()"
        )
        gate = Gate(house, keeper)
        try:
            yield gate
        finally:
            gate.open()
            hands.execute(f"DROP TRIGGER faults_gate ON {table}")


@contextmanager
def locked(house: House, statement: str, values: list[object] | None = None) -> Iterator[Gate]:
    """What `statement` locks is ours: a row, or a whole table. Who needs it waits before it has done anything."""
    with house.administrator() as keeper:
        keeper.execute("BEGIN")
        keeper.execute(statement, values)
        gate = Gate(house, keeper)
        try:
            yield gate
        finally:
            gate.open()

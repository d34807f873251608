"""How a door calls its function in the database, and what it makes of the answer. For the doors only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from core.errors import Decline
from core.idempotency import KeyReused


class InsufficientUnits(Decline):
    """The account has fewer usable units than asked for."""

    code = "insufficient_units"
    message = _("Not enough: %(available)d available, %(asked)d needed.")


class ExceedsOriginal(Decline):
    """More than is left of what is to be undone."""

    code = "exceeds_original"
    message = _("That is more than is left to undo.")


class HoldClosed(Decline):
    """The hold was captured or released before, or its time is out."""

    code = "hold_closed"
    message = _("This is not set aside any more.")


class NothingPending(Decline):
    """Nothing of the award is still to vest."""

    code = "nothing_pending"
    message = _("There is nothing left to confirm.")


DECLINES: dict[str, type[Decline]] = {
    decline.code: decline for decline in (ExceedsOriginal, HoldClosed, NothingPending)
}


@dataclass(frozen=True)
class Posted:
    """What an operation did. `available` and `debt` are the account's right after it, one of them 0.

    `replayed` says that it had been done before.
    """

    amount: int
    available: int
    debt: int
    last_seq: int
    replayed: bool


def posted(row: tuple[Any, ...], asked: int | None = None) -> Posted:
    """What a `ledger_answer` says. Raises KeyReused, or the decline that it is."""
    outcome, replayed, amount, after, last_seq = row
    if outcome == "key_reused":
        raise KeyReused
    available, debt = max(after, 0), max(-after, 0)
    if outcome == "insufficient_units":
        raise InsufficientUnits(available=available, asked=abs(asked or amount))
    if outcome != "posted":
        raise DECLINES[outcome]
    return Posted(amount=amount, available=available, debt=debt, last_seq=last_seq, replayed=replayed)


def call(function: str, values: list[Any]) -> tuple[Any, ...]:
    """The one row of a function's answer."""
    with connection.cursor() as cursor:
        cursor.execute(statement(function, len(values)), values)
        row: tuple[Any, ...] = cursor.fetchone()
        return row


def call_all(function: str, rows: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """As `call` for many, all in one trip."""
    if not rows:
        return []
    with connection.wrap_database_errors, connection.cursor() as cursor:
        # psycopg's own: a pipeline
        cursor.cursor.executemany(statement(function, len(rows[0])), rows, returning=True)
        return [result.fetchone() for result in cursor.cursor.results()]


def statement(function: str, count: int) -> str:
    """The call of a function of ours with so many values."""
    return f"SELECT * FROM {function}({', '.join(['%s'] * count)})"  # noqa: S608  names are ours

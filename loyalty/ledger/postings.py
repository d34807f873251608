"""The only doors into the books. Each is one call to one database function: one trip, one lock, one transaction.

To come with the books' own issue, each a function in `sql/` and a door here: vest, hold, capture, release, return,
expire, adjust, merge. Their arcs join the CHECK on `ledger_movement`, their kinds the one on `ledger_entry`.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from psycopg.types.json import Jsonb

from core.errors import Decline
from core.idempotency import KeyReused, fingerprint_of
from core.ids import id_at, new_id
from core.tenancy import current_merchant_id


class InsufficientUnits(Decline):
    """The account has fewer usable units than asked for. Declined, and declined for ever under its key."""

    code = "insufficient_units"
    message = _("Not enough: %(available)d available, %(asked)d needed.")


@dataclass(frozen=True)
class Posted:
    """What an operation did. `available` is the balance right after it; `replayed` says it had been done before."""

    amount: int
    available: int
    last_seq: int
    replayed: bool


OPEN = "SELECT ledger_open(%s, %s, %s, %s)"


def open_account(*, member_id: UUID, unit_id: UUID) -> UUID:
    """The member's account in this unit, opened if it has none."""
    return UUID(str(_call(OPEN, [current_merchant_id(), new_id(), member_id, unit_id])[0]))


def open_accounts(*, member_ids: Sequence[UUID], unit_id: UUID) -> dict[UUID, UUID]:
    """As `open_account` for many members in one trip: member id → account id."""
    rows = _call_all(
        OPEN, [[current_merchant_id(), new_id(), member_id, unit_id] for member_id in member_ids]
    )
    return {member_id: UUID(str(row[0])) for member_id, row in zip(member_ids, rows, strict=True)}


@dataclass(frozen=True, slots=True)
class Award:
    """Units to give, for `award_all`."""

    account_id: UUID
    amount: int
    key: UUID
    reasons: dict[str, Any]
    cause_id: UUID | None
    actor_id: UUID | None
    occurred_at: dt.datetime
    expires_at: dt.datetime | None = None


AWARD = "SELECT * FROM ledger_award(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, NULL)"


def award(
    *,
    account_id: UUID,
    amount: int,
    key: UUID,
    reasons: dict[str, Any],
    cause_id: UUID | None,
    actor_id: UUID | None,
    occurred_at: dt.datetime,
    expires_at: dt.datetime | None = None,
) -> Posted:
    """Give `amount` units as a new lot. Repeating `key` gives the first answer; with other inputs raises KeyReused."""
    given = Award(account_id, amount, key, reasons, cause_id, actor_id, occurred_at, expires_at)
    return _posted(_call(AWARD, _award_values(given)), amount)


def award_all(awards: Sequence[Award]) -> list[Posted]:
    """As `award`, each a call of its own, all sent in one trip. Raises KeyReused."""
    rows = _call_all(AWARD, [_award_values(given) for given in awards])
    return [_posted(row, given.amount) for row, given in zip(rows, awards, strict=True)]


def _award_values(given: Award) -> list[Any]:
    return [
        current_merchant_id(),
        given.key,
        given.account_id,
        fingerprint_of("award", given.account_id, given.amount, given.cause_id),
        id_at(given.occurred_at),  # lots without an expiry are used in the order of their ids
        given.amount,
        given.expires_at,
        Jsonb(given.reasons),
        given.cause_id,
        given.actor_id,
        given.occurred_at,
        new_id(),
    ]


def spend(
    *,
    account_id: UUID,
    amount: int,
    key: UUID,
    reasons: dict[str, Any],
    cause_id: UUID | None,
    actor_id: UUID | None,
    now: dt.datetime | None = None,
) -> Posted:
    """Use `amount` units, soonest-expiring lot first. Raises InsufficientUnits (kept under `key`), KeyReused."""
    moment = now or timezone.now()
    row = _call(
        "SELECT * FROM ledger_spend(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            current_merchant_id(),
            key,
            account_id,
            fingerprint_of("spend", account_id, amount, cause_id),
            amount,
            Jsonb(reasons),
            cause_id,
            actor_id,
            moment,
            new_id(),
            moment,
        ],
    )
    return _posted(row, amount)


def take_back(
    *,
    account_id: UUID,
    award_id: UUID,
    key: UUID,
    reasons: dict[str, Any],
    actor_id: UUID | None,
    now: dt.datetime,
) -> Posted:
    """Take all units of one award out of its own lot. Raises InsufficientUnits if some were used, KeyReused."""
    row = _call(
        "SELECT * FROM ledger_take_back(%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            current_merchant_id(),
            key,
            account_id,
            fingerprint_of("take back", account_id, award_id),
            award_id,
            Jsonb(reasons),
            actor_id,
            now,
            new_id(),
        ],
    )
    return _posted(row, row[2] or 0)


def lock(member_id: UUID) -> None:
    """Hold the member's accounts until the transaction ends: nothing is recorded for the member meanwhile."""
    _call("SELECT ledger_lock(%s, %s, '{}')", [current_merchant_id(), member_id])


def _posted(row: tuple[Any, ...], asked: int) -> Posted:
    outcome, replayed, amount, available, last_seq = row
    if outcome == "key_reused":
        raise KeyReused
    if outcome == "insufficient_units":
        raise InsufficientUnits(available=available, asked=asked)
    return Posted(amount=amount, available=available, last_seq=last_seq, replayed=replayed)


def _call(statement: str, values: list[Any]) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row: tuple[Any, ...] = cursor.fetchone()
        return row


def _call_all(statement: str, rows: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    with connection.wrap_database_errors, connection.cursor() as cursor:
        cursor.cursor.executemany(statement, rows, returning=True)  # psycopg's own: a pipeline
        return [result.fetchone() for result in cursor.cursor.results()]

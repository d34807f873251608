"""The only doors into the books. Each is one call to one database function: one trip, one lock, one transaction.

To come with the books' own issue, each a function in `sql/` and a door here: vest, hold, capture, release, return,
take back, expire, adjust, merge. Their arcs join the CHECK on `ledger_movement`, their kinds the one on `ledger_entry`.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from psycopg.types.json import Jsonb

from core.errors import DomainError
from core.idempotency import KeyReused, fingerprint_of
from core.ids import new_id
from core.tenancy import current_merchant_id


class InsufficientUnits(DomainError):
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


def open_account(*, member_id: UUID, unit_id: UUID) -> UUID:
    """The member's account in this unit, opened if it has none."""
    return UUID(
        str(
            _call(
                "SELECT ledger_open(%s, %s, %s, %s)", [current_merchant_id(), new_id(), member_id, unit_id]
            )[0]
        )
    )


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
    row = _call(
        "SELECT * FROM ledger_award(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, NULL)",
        [
            current_merchant_id(),
            key,
            account_id,
            fingerprint_of("award", account_id, amount, cause_id),
            new_id(),
            amount,
            expires_at,
            Jsonb(reasons),
            cause_id,
            actor_id,
            occurred_at,
            new_id(),
        ],
    )
    return _posted(row, amount)


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

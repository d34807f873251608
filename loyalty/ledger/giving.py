"""Doors that give units, take them back, and correct them by hand."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from core.idempotency import fingerprint_of
from core.ids import id_at, new_id
from core.tenancy import current_merchant_id
from loyalty.ledger.calls import Posted, call, call_all, posted


@dataclass(frozen=True, slots=True)
class Award:
    """Units to give: at once, from `vests_at` on, or (`on_confirmation`) when somebody says so."""

    account_id: UUID
    amount: int
    key: UUID
    reasons: dict[str, Any]
    cause_id: UUID | None
    actor_id: UUID | None
    occurred_at: dt.datetime
    expires_at: dt.datetime | None = None
    vests_at: dt.datetime | None = None
    on_confirmation: bool = False


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
    vests_at: dt.datetime | None = None,
    on_confirmation: bool = False,
) -> Posted:
    """Give `amount` units as a new lot, what is owed repaid out of it first. Raises KeyReused.

    With `vests_at` or `on_confirmation` they are pending until then, and repay when they vest.
    """
    given = Award(
        account_id,
        amount,
        key,
        reasons,
        cause_id,
        actor_id,
        occurred_at,
        expires_at,
        vests_at,
        on_confirmation,
    )
    return posted(call("ledger_award", _award_values(given)))


def award_all(awards: Sequence[Award]) -> list[Posted]:
    """As `award`, each a call of its own, all sent in one trip. Raises KeyReused."""
    return [posted(row) for row in call_all("ledger_award", [_award_values(given) for given in awards])]


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
        given.vests_at is not None or given.on_confirmation,
        given.vests_at,
        given.occurred_at,
    ]


def vest(
    *,
    account_id: UUID,
    award_id: UUID,
    key: UUID,
    reasons: dict[str, Any],
    actor_id: UUID | None,
    now: dt.datetime,
) -> Posted:
    """Make available what is pending of one award. Raises NothingPending, KeyReused."""
    values = [
        key,
        account_id,
        fingerprint_of("vest", account_id, award_id),
        award_id,
        Jsonb(reasons),
        actor_id,
        now,
    ]
    return posted(call("ledger_vest", [current_merchant_id(), *values]))


def take_back(
    *,
    account_id: UUID,
    award_id: UUID,
    amount: int | None,
    key: UUID,
    reasons: dict[str, Any],
    actor_id: UUID | None,
    now: dt.datetime,
) -> Posted:
    """Take units of one award back; None takes all that is left. What is not there any more is owed.

    Out of the award's own lot first (pending, expired, available), then out of the soonest-expiring ones. The account may
    be one that the award's was merged into. Raises ExceedsOriginal, KeyReused.
    """
    values = [
        key,
        account_id,
        fingerprint_of("take back", account_id, award_id, amount),
        award_id,
        amount,
        Jsonb(reasons),
        actor_id,
        now,
        new_id(),
    ]
    return posted(call("ledger_take_back", [current_merchant_id(), *values]))


def adjust(
    *,
    account_id: UUID,
    amount: int,
    key: UUID,
    reasons: dict[str, Any],
    actor_id: UUID | None,
    now: dt.datetime,
    expires_at: dt.datetime | None = None,
    cause_id: UUID | None = None,
) -> Posted:
    """Correct a balance by hand: upwards with a new lot, downwards from the soonest-expiring lot on. `amount` is not 0.

    Raises InsufficientUnits, KeyReused.
    """
    values = [
        key,
        account_id,
        fingerprint_of("adjust", account_id, amount, cause_id),
        id_at(now),
        amount,
        expires_at,
        Jsonb(reasons),
        cause_id,
        actor_id,
        now,
    ]
    return posted(call("ledger_adjust", [current_merchant_id(), *values]), amount)

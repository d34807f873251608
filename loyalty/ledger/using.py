"""Doors through which units are used, set aside, and given back."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.utils import timezone
from psycopg.types.json import Jsonb

from core.idempotency import fingerprint_of
from core.tenancy import current_merchant_id
from loyalty.ledger.calls import Posted, call, posted


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
    """Use `amount` units, soonest-expiring lot first. Raises InsufficientUnits, KeyReused."""
    asked = fingerprint_of("spend", account_id, amount, cause_id)
    values = [
        key,
        account_id,
        asked,
        amount,
        Jsonb(reasons),
        cause_id,
        actor_id,
        None,
        now or timezone.now(),
    ]
    return posted(call("ledger_use", [current_merchant_id(), *values]), amount)


def hold(
    *,
    account_id: UUID,
    amount: int,
    key: UUID,
    reasons: dict[str, Any],
    cause_id: UUID | None,
    actor_id: UUID | None,
    until: dt.datetime,
    now: dt.datetime,
) -> Posted:
    """Set `amount` units aside until a moment, soonest-expiring lot first. Raises InsufficientUnits, KeyReused."""
    asked = fingerprint_of("hold", account_id, amount, cause_id, until)
    values = [key, account_id, asked, amount, Jsonb(reasons), cause_id, actor_id, until, now]
    return posted(call("ledger_use", [current_merchant_id(), *values]), amount)


def capture(
    *,
    account_id: UUID,
    hold_id: UUID,
    key: UUID,
    reasons: dict[str, Any],
    actor_id: UUID | None,
    now: dt.datetime,
) -> Posted:
    """Use what was set aside; the account is where it is by now. Raises HoldClosed (also when its time is out), KeyReused."""
    return _end_hold(
        kind="capture",
        account_id=account_id,
        hold_id=hold_id,
        key=key,
        reasons=reasons,
        actor_id=actor_id,
        now=now,
    )


def release(
    *,
    account_id: UUID,
    hold_id: UUID,
    key: UUID,
    reasons: dict[str, Any],
    actor_id: UUID | None,
    now: dt.datetime,
) -> Posted:
    """Let go what was set aside, in the account where it is by now. Raises HoldClosed, KeyReused."""
    return _end_hold(
        kind="release",
        account_id=account_id,
        hold_id=hold_id,
        key=key,
        reasons=reasons,
        actor_id=actor_id,
        now=now,
    )


def _end_hold(
    *,
    kind: str,
    account_id: UUID,
    hold_id: UUID,
    key: UUID,
    reasons: dict[str, Any],
    actor_id: UUID | None,
    now: dt.datetime,
) -> Posted:
    asked = fingerprint_of(kind, account_id, hold_id)
    values = [key, account_id, asked, hold_id, kind, Jsonb(reasons), actor_id, now]
    return posted(call("ledger_end_hold", [current_merchant_id(), *values]))


def return_spend(
    *,
    account_id: UUID,
    spend_id: UUID,
    amount: int | None,
    key: UUID,
    reasons: dict[str, Any],
    actor_id: UUID | None,
    now: dt.datetime,
    grace_until: dt.datetime | None,
) -> Posted:
    """Give back units of one spend or capture to their own lots, last used first; None gives back all that is left.

    A lot that has died meanwhile lives again until `grace_until`. What is owed is repaid first. The account may be one
    that the spender's was merged into. Raises ExceedsOriginal, KeyReused.
    """
    asked = fingerprint_of("return", account_id, spend_id, amount)
    values = [key, account_id, asked, spend_id, amount, Jsonb(reasons), actor_id, now, grace_until]
    return posted(call("ledger_return", [current_merchant_id(), *values]))

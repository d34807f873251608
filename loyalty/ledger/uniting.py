"""Doors between two accounts of one unit: merging them, and parting them again."""

import datetime as dt
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from core.idempotency import fingerprint_of
from core.ids import key_within
from core.tenancy import current_merchant_id
from loyalty.ledger.calls import Posted, call, posted


def merge(
    *,
    from_account_id: UUID,
    into_account_id: UUID,
    key: UUID,
    reasons: dict[str, Any],
    actor_id: UUID | None,
    now: dt.datetime,
) -> Posted:
    """Move all units, pending ones and debt too, into another account, and what is set aside with its holds. `amount` is what
    moved; 0 writes no entry.

    The entry of the other account has the key `merge_entry_into(key)`. Raises KeyReused.
    """
    asked = fingerprint_of("merge", from_account_id, into_account_id)
    values = [
        key,
        merge_entry_into(key),
        from_account_id,
        into_account_id,
        asked,
        Jsonb(reasons),
        actor_id,
        now,
    ]
    return posted(call("ledger_merge", [current_merchant_id(), *values]))


def merge_entry_into(key: UUID) -> UUID:
    """The key of a merge's entry in the account that received."""
    return key_within(key, "into")


def unmerge(
    *,
    from_account_id: UUID,
    into_account_id: UUID,
    merge_key: UUID,
    key: UUID,
    reasons: dict[str, Any],
    actor_id: UUID | None,
    now: dt.datetime,
) -> Posted:
    """Give back to its own lots what is still there of what a merge brought, set aside what still is; `amount` is how much.
    Raises KeyReused.

    `from_account_id` and `into_account_id` are the merge's, in its order, and so is `merge_key`.
    """
    asked = fingerprint_of("unmerge", from_account_id, into_account_id, merge_key)
    accounts = [key, key_within(key, "from"), from_account_id, into_account_id]
    values = [*accounts, asked, merge_entry_into(merge_key), Jsonb(reasons), actor_id, now]
    return posted(call("ledger_unmerge", [current_merchant_id(), *values]))

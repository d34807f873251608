"""The only doors into the books. Each is one call to one database function: one trip, one lock, one transaction.

Each locks the account, gives the earlier answer of its key if there is one, settles what is due by itself, and then does
its own. A decline is an entry as well: the same key is declined for ever.
"""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from core.ids import new_id
from core.tenancy import current_merchant_id
from loyalty.ledger.calls import (
    ExceedsOriginal,
    HoldClosed,
    InsufficientUnits,
    NothingPending,
    Posted,
    call,
    call_all,
)
from loyalty.ledger.giving import Award, adjust, award, award_all, take_back, vest
from loyalty.ledger.uniting import merge, merge_entry_into, unmerge
from loyalty.ledger.using import capture, hold, release, return_spend, spend

__all__ = [
    "Award",
    "ExceedsOriginal",
    "HoldClosed",
    "InsufficientUnits",
    "NothingPending",
    "Posted",
    "adjust",
    "award",
    "award_all",
    "capture",
    "carry",
    "hold",
    "lock",
    "merge",
    "merge_entry_into",
    "open_account",
    "open_accounts",
    "prolong",
    "release",
    "renew",
    "return_spend",
    "settle",
    "spend",
    "take_back",
    "unmerge",
    "vest",
]


def open_account(*, member_id: UUID, unit_id: UUID) -> UUID:
    """The member's account in this unit, opened if it has none."""
    return open_accounts(member_ids=[member_id], unit_id=unit_id)[member_id]


def open_accounts(*, member_ids: Sequence[UUID], unit_id: UUID) -> dict[UUID, UUID]:
    """As `open_account` for many members in one trip: member id → account id."""
    rows = call_all(
        "ledger_open", [[current_merchant_id(), new_id(), member_id, unit_id] for member_id in member_ids]
    )
    return {member_id: UUID(str(row[0])) for member_id, row in zip(member_ids, rows, strict=True)}


def settle(*, account_id: UUID, now: dt.datetime) -> int:
    """Do what is due by itself in one account: holds whose time is out, units that vest, units that die.

    Returns how many entries that took. Repeating it does nothing.
    """
    return int(call("ledger_settle", [current_merchant_id(), account_id, now])[0])


def carry(*, account_id: UUID, visited_at: dt.datetime, until: dt.datetime) -> None:
    """Let live until then what lived at that moment and would die earlier. Repeating it does nothing."""
    call("ledger_carry", [current_merchant_id(), account_id, visited_at, until])


def prolong(*, account_id: UUID, award_id: UUID, until: dt.datetime) -> None:
    """Let live until then, at least, what of one award waits for a word. Under the account's lock; repeating it does
    nothing."""
    call("ledger_prolong", [current_merchant_id(), account_id, award_id, until])


def renew(*, unit_id: UUID, until: dt.datetime | None, after: UUID | None, most: int) -> UUID | None:
    """Let live until then at least (for ever: None) what is alive in the next accounts of a unit, in the order of their ids.

    Returns the last of them, None if there was none after `after`. Repeating it does nothing.
    """
    row = call("ledger_renew", [current_merchant_id(), unit_id, until, after, most])
    return UUID(str(row[0])) if row[0] else None


def lock(member_id: UUID) -> None:
    """Hold the member's accounts until the transaction ends: nothing is recorded for the member meanwhile."""
    call("ledger_lock", [current_merchant_id(), member_id, "{}"])

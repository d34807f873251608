"""Units set aside for something, and what becomes of them: let go, or given back after they were used.

For those above who sell for units. They name a member and a unit, and lock the member first (`locking.lock_member`), so that
nobody merges, parts or erases it meanwhile.
"""

import datetime as dt
from typing import Any
from uuid import UUID

from django.utils import timezone

from core.ids import key_within
from loyalty.ledger import holds, postings, statements
from loyalty.ledger.postings import HoldClosed, InsufficientUnits
from members.queries import survivor_id

__all__ = [
    "GRACE",
    "HoldClosed",
    "InsufficientUnits",
    "capture_key",
    "give_back",
    "given_back",
    "let_go",
    "set_aside",
    "used_by",
]

GRACE = dt.timedelta(days=30)  # for units that come back dead: time enough to come in again


def set_aside(
    *,
    member_id: UUID,
    unit_id: UUID,
    amount: int,
    hold_id: UUID,
    reasons: dict[str, Any],
    actor_id: UUID | None,
    until: dt.datetime,
) -> None:
    """Set `amount` units aside until a moment, under the id of the hold. Raises InsufficientUnits."""
    postings.hold(
        account_id=postings.open_account(member_id=member_id, unit_id=unit_id),
        amount=amount,
        key=hold_id,
        reasons=reasons,
        cause_id=hold_id,
        actor_id=actor_id,
        until=until,
        now=timezone.now(),
    )


def capture_key(hold_id: UUID) -> UUID:
    """The entry in the books that uses what is set aside."""
    return key_within(hold_id, "capture")


def given_back(hold_id: UUID) -> int:
    """How many of the units that were used of a hold have come back. One query."""
    return statements.undone([capture_key(hold_id)], "return").get(capture_key(hold_id), 0)


def used_by(hold_id: UUID) -> UUID | None:
    """Whose units they were when they were used: of the member itself, or of the one that it was then; None if they were not."""
    return holds.member_of(capture_key(hold_id))


def let_go(*, hold_id: UUID, reasons: dict[str, Any], actor_id: UUID | None) -> None:
    """Let go what is set aside, with whom it is today. Repeating it does nothing more. Raises HoldClosed."""
    postings.release(
        account_id=holds.account_of(hold_id),
        hold_id=hold_id,
        key=key_within(hold_id, "release"),
        reasons=reasons,
        actor_id=actor_id,
        now=timezone.now(),
    )


def give_back(
    *, member_id: UUID, unit_id: UUID, hold_id: UUID, reasons: dict[str, Any], actor_id: UUID | None
) -> None:
    """Give back what was used of a hold, to whom the member is today. Repeating it does nothing more."""
    now = timezone.now()
    owner_id = survivor_id(member_id)
    postings.return_spend(
        account_id=postings.open_account(member_id=owner_id, unit_id=unit_id),
        spend_id=capture_key(hold_id),
        amount=None,
        key=key_within(hold_id, "void"),
        reasons=reasons,
        actor_id=actor_id,
        now=now,
        grace_until=now + GRACE,
    )

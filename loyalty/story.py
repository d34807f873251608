"""A member's story: the lines of the books with what they were for, and purchases of which the books know nothing."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery, UUIDField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from loyalty.ledger import statements
from loyalty.ledger.models import Entry
from loyalty.models import Note, Purchase
from loyalty.queries import MemberStanding, standing_of
from merchants.models import StaffMember


@dataclass(frozen=True)
class StoryLine:
    """One entry of a member's books: why, and what it did to the balance."""

    entry_id: UUID
    kind: str
    units: int  # what it was about: of an award that is still to vest too, though the balance stays
    amount: int  # what it did to the balance, signed
    balance: int  # after it: what can be used, less what is owed; below zero, a debt
    owed: int  # what it made a debt
    unit: str
    reasons: dict[str, Any]
    note: str  # in the words of whoever adjusted or refunded
    purchase: Purchase | None
    actor: str  # the staff member's name; empty where none had a hand in it
    occurred_at: dt.datetime

    @property
    def repaid(self) -> int:
        """How much of it went to what was owed before."""
        return max(0, min(self.amount - self.balance, self.amount))


def story_of(
    member_id: UUID, *, limit: int = 50, before: UUID | None = None, standing: MemberStanding | None = None
) -> list[StoryLine]:
    """A member's entries in the programme's first unit, newest first, with running balance.

    `before` is the `entry_id` of the last line of the page before. Give `standing` if it is read already: two queries
    less.
    """
    standing = standing or standing_of(member_id)
    if standing.account_id is None:
        return []
    unit = standing.version.units[0]
    rows = list(_told(statements.entries(standing.account_id, before=before))[: limit + 1])
    purchases = _purchases([row.cause_id for row in rows if row.cause_id])
    lines = []
    for row, older in zip(rows[:limit], [*rows[1:], None], strict=False):
        lines.append(
            StoryLine(
                entry_id=row.id,
                kind=row.kind,
                units=row.amount,
                amount=row.available_after - (older.available_after if older else 0),
                balance=row.available_after,
                owed=max(row.owed, 0),
                unit=unit.code,
                reasons=row.reasons,
                note=row.note or "",
                purchase=purchases.get(row.cause_id) if row.cause_id else None,
                actor=row.actor_name or "",
                occurred_at=row.occurred_at,
            )
        )
    return lines


def _told(entries: QuerySet[Entry]) -> QuerySet[Any]:
    """With who had a hand in each, and what they wrote beside it: by the id of the refund, or of the entry itself."""
    refund_id = Cast(KeyTextTransform("refund", "reasons"), UUIDField())
    who = StaffMember.objects.filter(id=OuterRef("actor_id")).values("user__name")[:1]
    note = Note.objects.filter(id=OuterRef("note_id")).values("text")[:1]
    with_id = entries.annotate(note_id=Coalesce(refund_id, F("id")), actor_name=Subquery(who))
    return with_id.annotate(note=Subquery(note))


def unrewarded_purchases(
    member_ids: Sequence[UUID], *, since: dt.datetime | None, before: dt.datetime | None, limit: int
) -> list[Purchase]:
    """Purchases that gave nothing in the programme's first unit, newest first: no line of the books tells of them.

    Those that happened at `since` or later, and earlier than `before`.
    """
    found = Purchase.objects.select_related("location").filter(member_id__in=member_ids, awarded=0)
    if since is not None:
        found = found.filter(occurred_at__gte=since)
    if before is not None:
        found = found.filter(occurred_at__lt=before)
    return list(found.order_by("-occurred_at", "-id")[:limit])


def _purchases(ids: Sequence[UUID]) -> dict[UUID, Purchase]:
    """By id, each with its location."""
    return {row.id: row for row in Purchase.objects.select_related("location").filter(id__in=ids)}

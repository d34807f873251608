"""A member's story: the lines of the books with what they were for, and purchases of which the books know nothing."""

import datetime as dt
import heapq
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery, UUIDField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from loyalty.ledger import statements
from loyalty.ledger.models import Entry
from loyalty.models import Note, Purchase
from loyalty.queries import MemberStanding, standing_of
from loyalty.rules.checking import MOST_UNITS
from loyalty.rules.types import Unit
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
    recorded_at: dt.datetime
    account_id: UUID
    cause_id: UUID | None = None  # the purchase, or what else happened
    waits: bool = False  # an award with units that wait until somebody confirms them
    place: tuple[UUID, ...] = ()  # where the page after this line begins: what `story_of` takes as `before`

    @property
    def repaid(self) -> int:
        """How much of it went to what was owed before."""
        return max(0, min(self.amount - self.balance, self.amount))


def story_of(
    member_id: UUID,
    *,
    limit: int = 50,
    before: Sequence[UUID] = (),
    standing: MemberStanding | None = None,
    is_bare: bool = False,
) -> list[StoryLine]:
    """A member's entries, newest first, each with the balance of its unit after it. In a unit they stand in the order of its
    books; between units, as they were recorded.

    `before` is the `place` of the last line of the page before. Give `standing` if it is read already: two queries
    less. One more where units are still to vest, and one for each unit but the first. `is_bare`: without what was bought,
    for who asks `bought_beside`; one query less.
    """
    standing = standing or standing_of(member_id)
    left = statements.accounts_of_entries(before)
    if before and not left:
        return []
    found = [
        (unit, list(_told(statements.entries(account, before=left.get(account)))[: limit + 1]))
        for unit in standing.version.units
        if (account := standing.accounts.get(unit.id))
    ]
    every = [row for _unit, rows in found for row in rows]
    purchases = {} if is_bare else _purchases([row.cause_id for row in every if row.cause_id])
    pending = any(balance["pending"] for balance in standing.balances.values())
    waiting = statements.waiting_for_a_word(
        [row.id for row in every if row.kind == "award"] if pending else []
    )
    books = [_lines(unit, rows, limit, purchases, waiting) for unit, rows in found]
    lines, reached = [], dict(left)
    for line in islice(heapq.merge(*books, key=_recorded, reverse=True), limit):
        reached[line.account_id] = line.entry_id
        lines.append(replace(line, place=tuple(reached.values())))
    return lines


def write_place(place: Sequence[UUID]) -> str:
    """A line's `place`, to stand in an address or a cursor."""
    return "_".join(entry.hex for entry in place)


def read_place(text: str) -> tuple[UUID, ...]:
    """What `write_place` wrote, the beginning for nothing. Raises ValueError for what is no place."""
    entries = text.split("_") if text else []
    if len(entries) > MOST_UNITS:
        raise ValueError
    return tuple(UUID(hex=entry) for entry in entries)


def _lines(
    unit: Unit, rows: Sequence[Any], limit: int, purchases: Mapping[UUID, Purchase], waiting: Collection[UUID]
) -> list[StoryLine]:
    """One account's, each with what it did to the balance: the row below says what there was."""
    return [
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
            cause_id=row.cause_id,
            waits=row.id in waiting,
            account_id=row.account_id,
            recorded_at=row.recorded_at,
        )
        for row, older in zip(rows[:limit], [*rows[1:], None], strict=False)
    ]


def _recorded(line: StoryLine) -> Any:
    return line.recorded_at


def _told(entries: QuerySet[Entry]) -> QuerySet[Any]:
    """With who had a hand in each, and what they wrote beside it: by the id of the refund, or of the entry itself."""
    refund_id = Cast(KeyTextTransform("refund", "reasons"), UUIDField())
    who = StaffMember.objects.filter(id=OuterRef("actor_id")).values("user__name")[:1]
    note = Note.objects.filter(id=OuterRef("note_id")).values("text")[:1]
    with_id = entries.annotate(note_id=Coalesce(refund_id, F("id")), actor_name=Subquery(who))
    return with_id.annotate(note=Subquery(note))


def bought_beside(
    lines: Iterable[StoryLine],
    member_ids: Collection[UUID],
    *,
    since: dt.datetime | None,
    before: dt.datetime | None,
    limit: int,
) -> tuple[dict[UUID, Purchase], list[Purchase]]:
    """By id, the purchases of which these lines tell; and newest first those that gave nothing, of which no line does: what
    these members bought at `since` or later, and earlier than `before`. One query.
    """
    silent = Purchase.objects.select_related("location").filter(member_id__in=member_ids, awarded=0)
    if since is not None:
        silent = silent.filter(occurred_at__gte=since)
    if before is not None:
        silent = silent.filter(occurred_at__lt=before)
    causes = {line.cause_id for line in lines if line.cause_id}
    told = Purchase.objects.select_related("location").filter(id__in=causes).annotate(as_=Value("told"))
    newest = silent.annotate(as_=Value("silent")).order_by("-occurred_at", "-id")[:limit]
    rows: QuerySet[Any] = told.union(newest, all=True)
    by_id, unrewarded = dict[UUID, Purchase](), list[Purchase]()
    for row in rows:
        if row.as_ == "told":
            by_id[row.id] = row
        elif not any(reason["units"] for reason in row.told):
            unrewarded.append(row)
    return by_id, sorted(unrewarded, key=lambda row: (row.occurred_at, row.id), reverse=True)


def _purchases(ids: Sequence[UUID]) -> dict[UUID, Purchase]:
    """By id, each with its location."""
    return {row.id: row for row in Purchase.objects.select_related("location").filter(id__in=ids)}

"""The lines of a member's books, and between them those of the cards that became one with it, each at its time."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from uuid import UUID

from loyalty import queries
from loyalty.models import Merge
from loyalty.queries import MemberStanding
from loyalty.story import StoryLine, story_of
from members.models import Member
from web.dashboard.merging_words import called


@dataclass(frozen=True)
class Book:
    """One account's lines. `of`: whose card it was, where that is not the member's own."""

    member_id: UUID
    standing: MemberStanding
    of: str = ""


@dataclass(frozen=True)
class Told:
    """A line, and in which of the books it stands."""

    line: StoryLine
    place: int
    of: str


def books_of(member: Member, standing: MemberStanding, merges: Sequence[Merge]) -> list[Book]:
    """The member's own first. One query where somebody was merged, else none."""
    ids = [merge.merged_id for merge in merges]
    accounts = queries.accounts_of(ids, standing.version) if ids else {}
    others = [
        Book(
            merge.merged_id,
            replace(standing, account_id=accounts.get(merge.merged_id)),
            called(merge.merged, member),
        )
        for merge in merges
    ]
    return [Book(member.id, standing), *others]


def lines_of(books: Sequence[Book], *, after: Sequence[UUID | None], limit: int) -> list[Told]:
    """The newest of all, after the entries at which each book was left. In each book the order stays that of the books."""
    streams = [
        [
            Told(line, place, book.of)
            for line in story_of(book.member_id, limit=limit, before=before, standing=book.standing)
        ]
        for place, (book, before) in enumerate(zip(books, after, strict=True))
    ]
    joined = heapq.merge(*streams, key=lambda told: told.line.occurred_at, reverse=True)
    return list(islice(joined, limit))


def left_at(told: Sequence[Told], after: Sequence[UUID | None]) -> list[UUID | None]:
    """At which entry each book is left when these lines are read."""
    left = list(after)
    for each in told:
        left[each.place] = each.line.entry_id
    return left

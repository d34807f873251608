"""The lines of a member's books, and between them those of the cards that became one with it, each at its time."""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from uuid import UUID

from loyalty import queries
from loyalty.membership.story import StoryLine, story_of
from loyalty.models import Merge, Purchase
from loyalty.queries import MemberStanding
from members.models import Member
from web.dashboard.merging_words import called

Place = tuple[UUID, ...]  # in one book: after which entry of each account its next page begins


@dataclass(frozen=True)
class Book:
    """One member's lines. `of`: whose card it was, where that is not the member's own."""

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
    accounts = queries.accounts_of(ids) if ids else {}
    others = [
        Book(
            merge.merged_id,
            replace(standing, accounts=accounts.get(merge.merged_id, {})),
            called(merge.merged, member),
        )
        for merge in merges
    ]
    return [Book(member.id, standing), *others]


def lines_of(books: Sequence[Book], *, after: Sequence[Place], limit: int) -> list[Told]:
    """The newest of all, after the entries at which each book was left, without what was bought. In each book the order stays
    that of the books."""
    streams = [
        [
            Told(line, place, book.of)
            for line in story_of(
                book.member_id, limit=limit, before=before, standing=book.standing, is_bare=True
            )
        ]
        for place, (book, before) in enumerate(zip(books, after, strict=True))
    ]
    joined = heapq.merge(*streams, key=lambda told: told.line.occurred_at, reverse=True)
    return list(islice(joined, limit))


def with_purchases(told: Sequence[Told], purchases: Mapping[UUID, Purchase]) -> list[Told]:
    """Each line with the purchase of which it tells."""
    found = []
    for each in told:
        bought = purchases.get(each.line.cause_id) if each.line.cause_id else None
        found.append(replace(each, line=replace(each.line, purchase=bought)))
    return found


def left_at(told: Sequence[Told], after: Sequence[Place]) -> list[Place]:
    """At which entry each book is left when these lines are read."""
    left = list(after)
    for each in told:
        left[each.place] = each.line.place
    return left

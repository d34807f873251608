"""The member list: which members, in which order, a page at a time or all of them. It changes nothing.

Made for a merchant with 100,000 members. Name and joining have an index. By the other columns all rows are read and the
first few kept: an index on a balance or a last visit would be written by every purchase, for a page that few people open.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.db.models.functions import Coalesce

from core import tenancy
from loyalty.ledger import statements
from loyalty.models import Standing
from loyalty.queries import MemberRow, member_rows
from loyalty.rules.types import Version
from members import queries as member_queries
from members.models import Member

WEEK = dt.timedelta(days=7)
MONTH = dt.timedelta(days=30)  # after which a regular is missed
REACH = 10_000  # nobody leafs further: there they search, filter or export, and no page is slow
BATCH = 1000  # members in one trip of an export


class Activity(StrEnum):
    """When somebody came, as a filter."""

    NEW = "new"  # joined in the last seven days
    RECENT = "recent"  # came in the last thirty days
    MISSING = "missing"  # came before, and not in the last thirty days
    NEVER = "never"  # joined, and never came


class Sort(StrEnum):
    """A column of the list."""

    NAME = "name"
    TIER = "tier"
    POINTS = "points"
    LAST = "last"
    JOINED = "joined"


@dataclass(frozen=True)
class Order:
    """By which column, and which way."""

    sort: Sort = Sort.JOINED
    descending: bool = True


@dataclass(frozen=True)
class Wanted:
    """Which members: those for whom everything holds."""

    text: str = ""
    tier_id: UUID | None = None
    activity: Activity | None = None
    tag: str = ""

    @property
    def is_everybody(self) -> bool:
        """Whether nobody is left out."""
        return not (self.text or self.tag) and self.tier_id is None and self.activity is None


@dataclass(frozen=True)
class Found:
    """One page. `total` is None where there are more than REACH: nobody counts those while a person waits."""

    rows: list[MemberRow]
    first: int
    total: int | None


def find(wanted: Wanted, *, order: Order, page: int, size: int, version: Version, now: dt.datetime) -> Found:
    """The page, or the nearest there is. Five queries at most, however many members."""
    total = _count(wanted, now)
    reachable = REACH if total is None else min(REACH, total)
    first = size * (max(1, min(page, -(-reachable // size))) - 1)
    members = _page(wanted, order, version, now, slice(first, min(first + size, REACH)))
    return Found(member_rows(members, version), first + 1 if members else 0, total)


def batch(wanted: Wanted, *, after: UUID | None, now: dt.datetime, version: Version) -> list[MemberRow]:
    """The next BATCH of all of them, by when they joined. `after` is the last one of the batch before."""
    found = _matching(wanted, now).order_by("id")
    if after is not None:
        found = found.filter(id__gt=after)
    return member_rows(list(found[:BATCH]), version)


def _count(wanted: Wanted, now: dt.datetime) -> int | None:
    """Exact for everybody, whom the desk knows by number, and up to REACH for any others."""
    if wanted.is_everybody:
        return tenancy.all_rows(member_queries.members()).count()
    by_member = bool(wanted.text or wanted.tag) or wanted.activity == Activity.NEW
    matching: QuerySet[Any] = _matching(wanted, now) if by_member else _standings(wanted, now)
    found = matching.values("id")[: REACH + 1].count()
    return None if found > REACH else found


def _matching(wanted: Wanted, now: dt.datetime) -> QuerySet[Member]:
    found = _by_member(wanted, now)
    if wanted.tier_id is None and wanted.activity in {None, Activity.NEW}:
        return found
    return found.filter(id__in=_by_standing(wanted, now).values("member_id"))


def _by_member(wanted: Wanted, now: dt.datetime) -> QuerySet[Member]:
    """What the member's own row can tell."""
    found = tenancy.all_rows(member_queries.search(wanted.text)).order_by()
    if wanted.tag:
        found = found.filter(tags__has_key=wanted.tag)
    return found.filter(joined_at__gte=now - WEEK) if wanted.activity == Activity.NEW else found


def _by_standing(wanted: Wanted, now: dt.datetime) -> QuerySet[Standing]:
    """What the standing can tell."""
    found = tenancy.all_rows(Standing.objects.all())
    if wanted.tier_id is not None:
        found = found.filter(tier_id=wanted.tier_id)
    if wanted.activity == Activity.RECENT:
        return found.filter(last_purchase_at__gte=now - MONTH)
    if wanted.activity == Activity.MISSING:
        return found.filter(last_purchase_at__lt=now - MONTH)
    return found.filter(last_purchase_at=None) if wanted.activity == Activity.NEVER else found


def _standings(wanted: Wanted, now: dt.datetime) -> QuerySet[Standing]:
    """The standings of those for whom everything holds."""
    found = _by_standing(wanted, now)
    if wanted.text or wanted.tag or wanted.activity == Activity.NEW:
        return found.filter(member_id__in=_by_member(wanted, now).values("id"))
    return found.exclude(member_id__in=member_queries.gone_ids())


def _page(wanted: Wanted, order: Order, version: Version, now: dt.datetime, part: slice) -> list[Member]:
    """Members by the column. Equals stand in the order in which they joined."""
    sign = "-" if order.descending else ""
    if order.sort in {Sort.NAME, Sort.JOINED}:
        column = "search" if order.sort == Sort.NAME else "joined_at"
        found: Any = _matching(wanted, now)
        if not wanted.is_everybody:
            # Walking the index in this order until enough have passed the filters may mean walking all of it, one probe a
            # member. A copy of the column has no index: first who, then the few to show.
            found, column = found.annotate(column=Coalesce(column, column)), "column"
        return list(found.order_by(f"{sign}{column}", f"{sign}id")[part])
    if order.sort == Sort.POINTS:
        ids = list(_by_points(wanted, version, now, sign)[part])
    else:
        ids = list(_by_standing_column(wanted, order, version, now, sign)[part])
    found = Member.objects.in_bulk(ids)
    return [found[member_id] for member_id in ids]


def _by_points(wanted: Wanted, version: Version, now: dt.datetime, sign: str) -> QuerySet[Any, UUID]:
    accounts = tenancy.all_rows(statements.accounts(), unit_id=UUID(version.units[0].id))
    if wanted.is_everybody:
        accounts = accounts.exclude(member_id__in=member_queries.gone_ids())
    else:
        accounts = accounts.filter(member_id__in=_matching(wanted, now).values("id"))
    return accounts.order_by(f"{sign}available", f"{sign}member_id").values_list("member_id", flat=True)


def _by_standing_column(
    wanted: Wanted, order: Order, version: Version, now: dt.datetime, sign: str
) -> QuerySet[Any, UUID]:
    standings = _standings(wanted, now)
    columns: list[Any]
    if order.sort == Sort.TIER:
        columns = [
            _rank(version).desc() if order.descending else _rank(version).asc(),
            f"{sign}progress_minor",
        ]
    else:
        last = F("last_purchase_at")
        # Who never came stands at the end, either way.
        columns = [last.desc(nulls_last=True) if order.descending else last.asc(nulls_last=True)]
    return standings.order_by(*columns, f"{sign}member_id").values_list("member_id", flat=True)


def _rank(version: Version) -> Case:
    """A tier's place in the ladder, lowest 0; −1 for none."""
    places = [When(tier_id=tier.id, then=Value(place)) for place, tier in enumerate(version.tiers)]
    return Case(*places, default=Value(-1), output_field=IntegerField())

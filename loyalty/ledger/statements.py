"""Reading the books: balances, stories, and the proof that they cannot lie."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Greatest, JSONObject
from django.utils import timezone

from core.sql import sql_file
from core.tenancy import current_merchant_id
from loyalty.ledger.models import Account, Entry, Lot, Movement

# Of the books, of what is written beside them (purchases, refunds, standings), and of what is sold for units.
LAWS = ("loyalty/ledger/sql/prove.sql", "loyalty/sql/laws.sql", "rewards/sql/laws.sql")


# As the jobs role: it may read these columns and no others.
DUE = """
SELECT merchant_id, account_id FROM ledger_lot WHERE due_at <= now()
UNION
SELECT merchant_id, account_id FROM ledger_hold WHERE until <= now() AND closed_by IS NULL
LIMIT %(most)s
"""


@dataclass
class Balance:
    """One member's units of one kind. `available` leaves out what has died, whether a sweep has been by or not.

    `debt` is what the next units will repay. `expiring` lists (moment, units), soonest first.
    """

    unit_id: UUID
    account_id: UUID
    available: int
    pending: int
    held: int
    debt: int
    expiring: list[tuple[dt.datetime, int]] = field(default_factory=list)


def balances(member_id: UUID) -> list[Balance]:
    """All balances of one member, with what expires next."""
    return balances_by_member([member_id]).get(member_id, [])


def balances_by_member(member_ids: Iterable[UUID]) -> dict[UUID, list[Balance]]:
    """All balances of many members, with what expires next: one query, however many."""
    now = timezone.now()
    owned: dict[UUID, list[Balance]] = {}
    lots = Lot.objects.filter(account_id=OuterRef("id"), available__gt=0, expires_at__isnull=False)
    expiring = lots.values("expires_at").annotate(units=Sum("available")).order_by("expires_at")
    each = ArraySubquery(expiring.values(each=JSONObject(at="expires_at", units="units")))
    for row in Account.objects.filter(member_id__in=list(member_ids)).annotate(expiring=each):
        found = Balance(row.unit_id, row.id, row.available, row.pending, row.held, row.debt)
        owned.setdefault(row.member_id, []).append(found)
        for lot in row.expiring:
            expires_at = dt.datetime.fromisoformat(lot["at"])
            if expires_at <= now:
                found.available -= lot["units"]
            else:
                found.expiring.append((expires_at, lot["units"]))
    return owned


def accounts() -> QuerySet[Account]:
    """All accounts of the current merchant."""
    return Account.objects.all()


def accounts_of(member_id: UUID) -> list[Account]:
    """One member's accounts, in the order of their ids."""
    return list(Account.objects.filter(member_id=member_id).order_by("id"))


def left_of(entry_id: UUID) -> int:
    """Of the units in the lots that one entry made, how many can still be used, now or after they vest."""
    alive = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    left = Lot.objects.filter(alive, entry_id=entry_id).aggregate(left=Sum(F("available") + F("pending")))
    return int(left["left"] or 0)


def posted_amount(entry_id: UUID) -> int | None:
    """The units of one posted entry; None where there is none."""
    return Entry.objects.filter(id=entry_id, outcome="posted").values_list("amount", flat=True).first()


def posted_amounts(entry_ids: Iterable[UUID]) -> dict[UUID, int]:
    """The units of those of these entries that were posted, none of them for nothing, in the order given. One query."""
    posted = Entry.objects.filter(id__in=list(entry_ids), outcome="posted")
    found = dict(posted.values_list("id", "amount"))
    return {entry_id: found[entry_id] for entry_id in entry_ids if found.get(entry_id)}


def available_by_member(member_ids: Iterable[UUID]) -> dict[UUID, dict[str, int]]:
    """Available units of many members at once, for lists: by member, then by the id of the unit. One query."""
    found: dict[UUID, dict[str, int]] = {}
    accounts = Account.objects.filter(member_id__in=list(member_ids))
    for member_id, unit_id, available in accounts.values_list("member_id", "unit_id", "available"):
        found.setdefault(member_id, {})[str(unit_id)] = available
    return found


def entries(account_id: UUID, *, before: UUID | None = None) -> QuerySet[Entry]:
    """Posted entries of an account in the order of the books, newest first: so each balance follows from the next.

    Declines are no part of a member's story. `before` is an entry: only older ones follow.
    """
    found = Entry.objects.filter(account_id=account_id, outcome="posted")
    # An entry that moved nothing, for all of it is owed, shares the place of the one before it and owes more.
    found = found.order_by("-last_seq", "available_after", "id")
    last = Entry.objects.filter(account_id=account_id, id=before).first() if before else None
    if last is None:
        return found if before is None else found.none()
    beside = Q(available_after__gt=last.available_after) | Q(
        available_after=last.available_after, id__gt=last.id
    )
    older = Q(last_seq__lt=last.last_seq) | Q(beside, last_seq=last.last_seq)
    return found.filter(older, last_seq__lte=last.last_seq)


def before_and_after(entry_id: UUID) -> tuple[int, int]:
    """What was available, less what was owed, before a posted entry and after it."""
    entry = Entry.objects.get(id=entry_id)
    before = entries(entry.account_id, before=entry_id).first()
    return before.available_after if before else 0, entry.available_after


def accounts_of_entries(entry_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """In whose account each of these entries is, account id → entry id: one of each account. One query, if there are any."""
    if not entry_ids:
        return {}
    rows = dict(Entry.objects.filter(id__in=entry_ids).values_list("id", "account_id"))
    return {rows[entry_id]: entry_id for entry_id in entry_ids if entry_id in rows}


def first_awards(member_ids: Iterable[UUID], unit_id: UUID) -> dict[UUID, int]:
    """What these members were given for joining: the first entry of their accounts, where joining is its cause."""
    ids = list(member_ids)
    accounts = Account.objects.filter(member_id__in=ids, unit_id=unit_id).values("id")
    first = Entry.objects.filter(account_id__in=accounts, last_seq=1, kind="award", cause_id__in=ids)
    return {member_id: amount for member_id, amount in first.values_list("cause_id", "amount") if member_id}


def entries_of(member_id: UUID, cause_id: UUID, kinds: Collection[str]) -> QuerySet[Entry]:
    """The posted entries of these kinds that follow from one cause, each with its `unit_id`, in the order of the books."""
    mine = Account.objects.filter(member_id=member_id)
    unit = mine.filter(id=OuterRef("account_id")).values("unit_id")
    found = Entry.objects.filter(
        account_id__in=mine.values("id"), cause_id=cause_id, kind__in=kinds, outcome="posted"
    )
    return found.annotate(unit_id=Subquery(unit)).order_by("account_id", "last_seq", "id")


def entries_and_undone(
    member_id: UUID, cause_id: UUID, kinds: Collection[str]
) -> list[tuple[Entry, UUID, int]]:
    """As `entries_of`, each with its unit and how much of it was taken or given back; in one query."""
    undoing = Entry.objects.filter(
        refers_to=OuterRef("id"), kind__in=("take_back", "return"), outcome="posted"
    ).values("refers_to")
    gone = Subquery(undoing.annotate(units=Sum("amount")).values("units"))
    rows: QuerySet[Any] = entries_of(member_id, cause_id, kinds).annotate(gone=gone)
    return [(row, row.unit_id, int(row.gone or 0)) for row in rows]


def waiting_of(awards: Collection[Entry], account_id: UUID, now: dt.datetime) -> int:
    """How many units of these awards lie where taking them back costs nothing of the balance: still to vest, or dead."""
    issued = reduce(or_, (Q(account_id=award.account_id, seq=award.last_seq) for award in awards))
    own = Movement.objects.filter(issued).values("lot_id")
    lots = Lot.objects.filter(Q(id__in=own) | Q(came_from__in=own), account_id=account_id)
    return sum(
        lot.pending + lot.expired + (lot.available if lot.expires_at and lot.expires_at <= now else 0)
        for lot in lots
    )


def waiting_for_a_word(award_ids: Collection[UUID]) -> set[UUID]:
    """Of these awards those with units that wait until somebody confirms them, wherever a merge has taken them. One query."""
    if not award_ids:
        return set()
    waits = Lot.objects.filter(pending__gt=0, vests_at=None)
    own = Lot.objects.filter(entry_id__in=award_ids).annotate(
        waits=Exists(waits.filter(Q(id=OuterRef("id")) | Q(came_from=OuterRef("id"))))
    )
    return set(own.filter(waits=True).values_list("entry_id", flat=True))


def usable(account_id: UUID, now: dt.datetime) -> int:
    """What an account has that can be used at this moment: without what has died, whether a sweep has been by or not."""
    alive = Q(expires_at=None) | Q(expires_at__gt=now)
    lots = Lot.objects.filter(alive, account_id=account_id, available__gt=0)
    return int(lots.aggregate(units=Sum("available"))["units"] or 0)


def undone(entry_ids: Collection[UUID], kind: str) -> dict[UUID, int]:
    """How much of each of these entries was undone by entries of one kind. No key for those of which nothing was."""
    if not entry_ids:
        return {}
    found = Entry.objects.filter(refers_to__in=entry_ids, kind=kind, outcome="posted").values_list(
        "refers_to"
    )
    return {entry_id: units for entry_id, units in found.annotate(units=Sum("amount")) if entry_id}


def taken_back(
    member_ids: Collection[UUID], cause_ids: Collection[UUID]
) -> dict[tuple[UUID, dt.datetime], dict[str, int]]:
    """What was taken back of what these causes had given, by cause and moment, and by unit."""
    units = {row.id: str(row.unit_id) for row in Account.objects.filter(member_id__in=member_ids)}
    award = Entry.objects.filter(id=OuterRef("refers_to")).values("cause_id")
    entries = Entry.objects.filter(account_id__in=list(units), kind="take_back", outcome="posted")
    rows: QuerySet[Any] = entries.annotate(cause=Subquery(award)).filter(cause__in=cause_ids)
    found: dict[tuple[UUID, dt.datetime], dict[str, int]] = {}
    for cause, at, account_id, amount in rows.values_list("cause", "occurred_at", "account_id", "amount"):
        taken = found.setdefault((cause, at), {})
        taken[units[account_id]] = taken.get(units[account_id], 0) + amount
    return found


def balances_through(member_ids: Collection[UUID]) -> dict[UUID, list[tuple[dt.datetime, str, int]]]:
    """Of these members, each balance they ever had: since when, of which unit, how much (below zero a debt); oldest first."""
    mine = {
        row.id: (row.member_id, str(row.unit_id)) for row in Account.objects.filter(member_id__in=member_ids)
    }
    entries = Entry.objects.filter(account_id__in=list(mine), outcome="posted")
    found: dict[UUID, list[tuple[dt.datetime, str, int]]] = {}
    rows = entries.annotate(at=Greatest("occurred_at", "recorded_at"))
    rows = rows.order_by("account_id", "last_seq", "-available_after")
    for account_id, at, available in rows.values_list("account_id", "at", "available_after"):
        member_id, unit = mine[account_id]
        found.setdefault(member_id, []).append((at, unit, available))
    return found


def repaid_by(entry_id: UUID) -> int:
    """How many units of an award repaid what was owed: the movement that issued them stands first of its two."""
    entry = Entry.objects.filter(id=entry_id).first()
    if entry is None:
        return 0
    place = (entry.last_seq - 1, entry.last_seq)
    moved = Movement.objects.filter(account_id=entry.account_id, seq__in=place, entry_id=entry_id)
    return int(moved.filter(target="repaid").aggregate(units=Sum("amount"))["units"] or 0)


def undone_at(entry_id: UUID) -> dt.datetime:
    """When the entry occurred to which this one refers."""
    undone = Entry.objects.filter(id=entry_id).values("refers_to")
    return Entry.objects.get(id__in=undone).occurred_at


def adjustment(entry_id: UUID) -> tuple[UUID | None, dict[str, Any]]:
    """Whose posted correction this is, and its reasons; nobody's if there is none."""
    found = Entry.objects.filter(id=entry_id, kind="adjust", outcome="posted").first()
    if found is None:
        return None, {}
    return Account.objects.get(id=found.account_id).member_id, found.reasons


def reasons_of(entry_id: UUID) -> dict[str, Any] | None:
    """Why one entry was made, or None if there is no such entry."""
    return Entry.objects.filter(id=entry_id).values_list("reasons", flat=True).first()


@dataclass(frozen=True)
class Problem:
    """One way in which the books of a merchant do not add up: which law, and an example of what broke it."""

    law: str
    example: dict[str, Any]


def prove() -> list[Problem]:
    """Check every law of the books of the current merchant from the movements up. An empty list is a proof.

    Independent of what the triggers enforced: it trusts no counter and folds all movements anew.
    """
    problems = []
    with connection.cursor() as cursor:
        for law, statement in _laws():
            cursor.execute(statement, {"merchant": current_merchant_id()})
            columns = [column.name for column in cursor.description or ()]
            problems += [Problem(law, dict(zip(columns, row, strict=True))) for row in cursor.fetchmany(5)]
    return problems


def _laws() -> list[tuple[str, str]]:
    """The laws in the files of LAWS: each begins with a line `-- law: <name>`."""
    parts = [part for path in LAWS for part in sql_file(path).split("-- law: ")[1:]]
    return [
        (name.strip(), statement) for name, _newline, statement in (part.partition("\n") for part in parts)
    ]

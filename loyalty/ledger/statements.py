"""Reading the books: balances, stories, and the proof that they cannot lie."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet, Sum

from core.sql import sql_file
from core.tenancy import current_merchant_id
from loyalty.ledger.models import Account, Entry, Lot


@dataclass
class Balance:
    """One member's units of one kind. `expiring` lists (moment, units), soonest first."""

    unit_id: UUID
    account_id: UUID
    available: int
    pending: int
    held: int
    expiring: list[tuple[dt.datetime, int]] = field(default_factory=list)


def balances(member_id: UUID) -> list[Balance]:
    """All balances of one member, with what expires next."""
    return balances_by_member([member_id]).get(member_id, [])


def balances_by_member(member_ids: Iterable[UUID]) -> dict[UUID, list[Balance]]:
    """All balances of many members, with what expires next: two queries, however many."""
    found: dict[UUID, Balance] = {}
    owned: dict[UUID, list[Balance]] = {}
    for row in Account.objects.filter(member_id__in=list(member_ids)):
        found[row.id] = Balance(row.unit_id, row.id, row.available, row.pending, row.held)
        owned.setdefault(row.member_id, []).append(found[row.id])
    expiring = (
        Lot.objects.filter(account_id__in=found, available__gt=0, expires_at__isnull=False)
        .values_list("account_id", "expires_at")
        .annotate(units=Sum("available"))
        .order_by("expires_at")
    )
    for account_id, expires_at, units in expiring:
        if expires_at is not None:  # the filter says so; the type does not know
            found[account_id].expiring.append((expires_at, units))
    return owned


def accounts() -> QuerySet[Account]:
    """All accounts of the current merchant."""
    return Account.objects.all()


def available_by_member(member_ids: Iterable[UUID], unit_id: UUID) -> dict[UUID, int]:
    """Available units of many members at once, for lists."""
    accounts = Account.objects.filter(member_id__in=list(member_ids), unit_id=unit_id)
    return dict(accounts.values_list("member_id", "available"))


def entries(account_id: UUID, *, before: int | None = None) -> QuerySet[Entry]:
    """Posted entries of an account in the order of the books, newest first: so each balance follows from the next.

    Declines are no part of a member's story. `before` is an entry's `last_seq`: only older ones follow.
    """
    found = Entry.objects.filter(account_id=account_id, outcome="posted").order_by("-last_seq")
    return found if before is None else found.filter(last_seq__lt=before)


def first_awards(member_ids: Iterable[UUID], unit_id: UUID) -> dict[UUID, int]:
    """What these members were given for joining: the first entry of their accounts, where joining is its cause."""
    ids = list(member_ids)
    accounts = Account.objects.filter(member_id__in=ids, unit_id=unit_id).values("id")
    first = Entry.objects.filter(account_id__in=accounts, last_seq=1, kind="award", cause_id__in=ids)
    return {member_id: amount for member_id, amount in first.values_list("cause_id", "amount") if member_id}


def awards_of(member_id: UUID, cause_id: UUID) -> QuerySet[Entry]:
    """What a purchase gave to its member, as posted."""
    mine = Account.objects.filter(member_id=member_id).values("id")
    return Entry.objects.filter(
        account_id__in=mine, cause_id=cause_id, kind="award", outcome="posted"
    ).order_by("account_id", "last_seq")


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
    """The laws in `prove.sql`: each begins with a line `-- law: <name>`."""
    parts = sql_file("loyalty/ledger/sql/prove.sql").split("-- law: ")[1:]
    return [
        (name.strip(), statement) for name, _newline, statement in (part.partition("\n") for part in parts)
    ]

"""Lays the books beside the model: every balance, every bucket of every lot, every hold, entry and event."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.db import connection

from loyalty.ledger import statements
from tests.loyalty.books.accounts import Account
from tests.loyalty.books.model import Books

BUCKETS = ("pending", "available", "held", "spent", "expired", "revoked", "repaid", "moved")
EVENTS = {
    "award": "points.earned",
    "vest": "points.vested",
    "hold": "points.held",
    "release": "points.released",
    "spend": "points.spent",
    "capture": "points.spent",
    "return": "points.returned",
    "take_back": "points.taken_back",
    "expire": "points.expired",
    "adjust": "points.adjusted",
    "merge": "points.moved",
}

ACCOUNTS = "SELECT id, pending, available, held, debt, last_seq FROM ledger_account WHERE id = ANY(%s)"
LOTS = f"""SELECT account_id, expires_at, vests_at, granted, {", ".join(BUCKETS)}
           FROM ledger_lot WHERE account_id = ANY(%s)"""
HOLDS = (
    "SELECT id, account_id, amount, until, closed_by IS NOT NULL FROM ledger_hold WHERE account_id = ANY(%s)"
)
ENTRIES = """SELECT e.account_id, e.kind, e.outcome, e.amount, e.owed FROM ledger_entry e
             WHERE e.account_id = ANY(%s)"""
TOLD = """SELECT e.account_id, e.kind, e.amount, v.name, (v.payload->>'amount')::bigint
          FROM ledger_entry e
          JOIN ledger_account a ON a.merchant_id = e.merchant_id AND a.id = e.account_id
          LEFT JOIN core_event v ON v.merchant_id = e.merchant_id AND v.payload->>'entry' = e.id::text
           AND v.payload->>'member' = a.member_id::text AND v.payload->>'unit' = a.unit_id::text
          WHERE e.account_id = ANY(%s) AND e.outcome = 'posted'"""


def differences(model: Books, accounts: tuple[UUID, ...]) -> dict[str, Any]:
    """What the model says and the books do not, or the other way round, about these accounts. Empty: they agree."""
    said, true = of_model([model.accounts[account_id] for account_id in accounts]), of_books(accounts)
    found: dict[str, Any] = {
        what: {"only the model": said[what] - true[what], "only the books": true[what] - said[what]}
        for what in said
        if said[what] != true[what]
    }
    if problems := statements.prove():
        found["laws"] = problems
    return found


def of_books(accounts: tuple[UUID, ...]) -> dict[str, Counter[Any]]:
    """What is written about these accounts."""
    statement = {"accounts": ACCOUNTS, "lots": LOTS, "holds": HOLDS, "events": TOLD, "entries": ENTRIES}
    return {what: Counter(rows(text, accounts)) for what, text in statement.items()}


def rows(statement: str, accounts: tuple[UUID, ...]) -> list[tuple[Any, ...]]:
    """All rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(accounts)])
        return cursor.fetchall()


def of_model(accounts: list[Account]) -> dict[str, Counter[Any]]:
    """The same of the model."""
    entries = [(account, entry) for account in accounts for entry in account.entries]
    posted = [(account, entry) for account, entry in entries if entry.outcome == "posted"]
    return {
        "accounts": Counter(
            (a.id, *(a.total(bucket) for bucket in BUCKETS[:3]), a.debt, a.moves) for a in accounts
        ),
        "lots": Counter(
            (
                a.id,
                lot.expires_at,
                lot.vests_at,
                lot.units.total(),
                *(lot.units[bucket] for bucket in BUCKETS),
            )
            for a in accounts
            for lot in a.lots
        ),
        "holds": Counter(
            (hold.key, a.id, hold.amount, hold.until, hold not in a.open_holds())
            for a in accounts
            for hold in a.holds
        ),
        "events": Counter((a.id, e.kind, e.amount, EVENTS[e.kind], e.amount) for a, e in posted),
        "entries": Counter((a.id, e.kind, e.outcome, e.amount, e.owed) for a, e in entries),
    }

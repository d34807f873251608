"""What the database does, whatever the code above it does: Aroma's scope is opened, and Bloom's rows are reached for.

Every probe is a statement in a savepoint that is rolled back, in Django's connection as `superuser_as_the_app` makes it.
The app's role may not write everywhere, but functions write as the owner: so it is the owner who reaches.
"""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from core.ids import new_id
from core.rls import OTHER_POLICIES
from tests.isolation.catalogue import PLATFORM, TENANT, ask, expected_references
from tests.isolation.stage import Stage
from tests.scopeless import NO_SCOPE

APP, OWNER, AUDIT, JOBS = "habitue_app", "habitue_owner", "habitue_audit", "habitue_jobs"
JOBS_TABLES = {
    table for table, policies in OTHER_POLICIES.items() if any(JOBS in it.roles for it in policies)
}
TRIGGERS_OFF = "SET LOCAL session_replication_role = replica"
BY_POLICY = "row-level security"


@dataclass(frozen=True)
class Outcome:
    """What came of a statement: rows that it touched or the number it read, or the error."""

    number: int = 0
    error: str = ""
    code: str = ""


@dataclass(frozen=True)
class Sides:
    """Who reaches, and for whose rows."""

    mine: UUID
    others: UUID


def findings(stage: Stage, only: Collection[str] | None = None) -> list[str]:
    """Every reach that was not stopped, in all tables or in `only` these."""
    sides = Sides(stage.aroma.merchant.id, stage.bloom.merchant.id)
    mine = {name: is_part for name, is_part in _tables() if only is None or name in only}
    found = []
    for table, is_part in sorted(mine.items()):
        found += [f"{table}: {words}" for words in _table(table, sides, is_part=is_part)]
    for table, column, target in expected_references():
        if table in mine:
            found += [f"{table}.{column}: {words}" for words in _reference(table, column, target, sides)]
    for table in JOBS_TABLES & mine.keys():
        found += [f"{table}: {words}" for words in _jobs(table, sides)]
    if only is None or "merchants_merchant" in only:
        found += [f"merchants_merchant: {words}" for words in _merchant(sides)]
    return found


def attempt(role: str, scope: UUID | None, statement: str, *, before: str = "") -> Outcome:
    """Run it as this role in this scope, and undo it."""
    with connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(
                    f"SET LOCAL ROLE NONE; {before}; SELECT set_config('app.merchant_id', '{scope or ''}', true); "
                    f"SET LOCAL ROLE {role}"
                )
                cursor.execute(statement)
                outcome = Outcome(_number(cursor))
                transaction.set_rollback(True)
        except DatabaseError as problem:
            cause = problem.__cause__
            return Outcome(error=str(problem).partition("\n")[0], code=getattr(cause, "sqlstate", "") or "")
    return outcome


def _number(cursor: CursorWrapper) -> int:
    row = cursor.fetchone() if cursor.description else None
    return int(row[0]) if row else cursor.rowcount


def _tables() -> list[tuple[str, bool]]:
    return ask(f"SELECT t.relname, c.relispartition FROM ({TENANT}) t JOIN pg_class c ON c.oid = t.oid")


def _table(table: str, sides: Sides, *, is_part: bool) -> Iterator[str]:
    count = f"SELECT count(*) FROM {table} WHERE merchant_id = '{{}}'"
    mine, others = count.format(sides.mine), count.format(sides.others)
    rows = [attempt("postgres", None, statement).number for statement in (mine, others)]
    if 0 in rows:
        if not is_part:
            yield "the stage has no row of each shop in it, so nothing is proven"
        return
    for role in (OWNER,) if is_part else (APP, OWNER):  # nobody else has a right on a partition
        if attempt(role, sides.mine, mine).number != rows[0]:
            yield f"{role} does not see its own rows"
        if (seen := attempt(role, sides.mine, others)) != Outcome(0):
            yield f"{role} reaches for another's rows and gets {seen}"
        if not re.fullmatch(NO_SCOPE, attempt(role, None, mine).error):
            yield f"{role} reads without a scope"
    yield from _writes(table, sides, is_part=is_part)
    if is_part:
        return
    if attempt(AUDIT, None, others).number != rows[1]:
        yield "the audit does not see everything"
    twin = attempt("postgres", None, _copy(table, sides.others, new_id()), before=TRIGGERS_OFF)
    if twin.error:
        yield f"two merchants cannot have the same rows: {twin.error}"


def _writes(table: str, sides: Sides, *, is_part: bool) -> Iterator[str]:
    """As the owner, without triggers: only the policy is left to say no."""

    def write(statement: str) -> Outcome:
        return attempt(OWNER, sides.mine, statement, before=TRIGGERS_OFF)

    if (outcome := write(f"DELETE FROM {table} WHERE merchant_id = '{sides.others}'")) != Outcome(0):
        yield f"another's rows are deleted: {outcome}"
    same = f"UPDATE {table} SET merchant_id = merchant_id WHERE merchant_id = '{sides.others}'"
    if (outcome := write(same)) != Outcome(0):
        yield f"another's rows are changed: {outcome}"
    gift = write(f"UPDATE {table} SET merchant_id = '{sides.others}' WHERE merchant_id = '{sides.mine}'")
    if BY_POLICY not in gift.error and not (is_part and gift.error):
        yield f"one's own rows are given to another: {gift}"
    columns, row = _columns(table), attempt_row(table, sides.others)
    said = sql.Literal(row).as_string(None)
    planted = write(
        f"INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_record(NULL::{table}, {said}::jsonb)"
    )
    if BY_POLICY not in planted.error:
        yield f"a row is planted with another: {planted}"


def attempt_row(table: str, merchant_id: UUID) -> str:
    """One row of the merchant's, as JSON."""
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute(f"SELECT to_jsonb(t) FROM {table} t WHERE merchant_id = %s LIMIT 1", [merchant_id])
        (row,) = cursor.fetchone()
        transaction.set_rollback(True)
    return row if isinstance(row, str) else json.dumps(row)


def _columns(table: str) -> str:
    rows = ask(f"""SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = '{table}'::regclass
                   AND attnum > 0 AND NOT attisdropped AND attgenerated = ''""")
    return ", ".join(name for (name,) in rows)


def _copy(table: str, source: UUID, target: UUID) -> str:
    """All rows of one merchant again, as another's."""
    columns = _columns(table)
    return (
        f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table} t CROSS JOIN LATERAL "
        f'jsonb_populate_record(NULL::{table}, to_jsonb(t) || \'{{"merchant_id": "{target}"}}\') r '
        f"WHERE t.merchant_id = '{source}'"
    ).replace(f"SELECT {columns}", "SELECT " + ", ".join(f"r.{name}" for name in columns.split(", ")))


def _reference(table: str, column: str, target: str, sides: Sides) -> Iterator[str]:
    """The house's own triggers and conditions are away, so that the key alone is left to say no."""
    checks = ask(f"SELECT conname FROM pg_constraint WHERE conrelid = '{table}'::regclass AND contype = 'c'")
    away = [f"ALTER TABLE {table} DISABLE TRIGGER USER"]
    away += [f"ALTER TABLE {table} DROP CONSTRAINT {name}" for (name,) in checks]
    outcome = attempt(
        "postgres",
        sides.mine,
        f"UPDATE {table} SET {column} = (SELECT id FROM {target} WHERE merchant_id = '{sides.others}' LIMIT 1) "
        f"WHERE ctid = (SELECT ctid FROM {table} WHERE merchant_id = '{sides.mine}' LIMIT 1)",
        before="; ".join(away),
    )
    if outcome.code != "23503":
        yield f"takes an id of another's {target}: {outcome}"


def _jobs(table: str, sides: Sides) -> Iterator[str]:
    """The relay and the sweeps see what is due of everybody's; of an event, not what it says."""
    if not attempt(JOBS, None, f"SELECT count(*) FROM {table} WHERE merchant_id = '{sides.others}'").number:
        yield "jobs do not see what is due"
    if table == "core_event":
        if not attempt(JOBS, None, "UPDATE core_event SET due_at = due_at").number:
            yield "the relay cannot lease"
        if not attempt(JOBS, None, "SELECT payload FROM core_event").error:
            yield "the relay reads what events say"


def _merchant(sides: Sides) -> Iterator[str]:
    """A merchant's own row: read by all, written in its own scope."""
    assert "merchants_merchant" in PLATFORM
    if attempt(APP, None, f"SELECT count(*) FROM merchants_merchant WHERE id = '{sides.others}'").number != 1:
        yield "a merchant's name is not public any more"
    for owned, rows in ((sides.others, 0), (sides.mine, 1)):
        name = f"UPDATE merchants_merchant SET name = name WHERE id = '{owned}'"
        if (outcome := attempt(OWNER, sides.mine, name)) != Outcome(rows):
            yield f"changing the row of {owned} in the scope of {sides.mine}: {outcome}"
    if attempt(OWNER, sides.mine, f"DELETE FROM merchants_merchant WHERE id = '{sides.others}'").number:
        yield "a merchant is deleted"
    columns, third = _columns("merchants_merchant"), new_id()
    for scope, wanted in ((sides.mine, BY_POLICY), (third, "")):
        made = attempt(
            OWNER, scope,
            f"INSERT INTO merchants_merchant ({columns}) SELECT {columns} FROM jsonb_populate_record("
            f"(SELECT m FROM merchants_merchant m WHERE id = '{sides.mine}'), "
            f"'{{\"id\": \"{third}\", \"slug\": \"third\", \"number\": 3}}')",
        )  # fmt: skip
        if wanted not in made.error or bool(wanted) != bool(made.error):
            yield f"opening a merchant in the scope of {scope}: {made}"

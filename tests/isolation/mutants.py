"""Each lock taken away in turn. Whatever is removed, something of these suites must go red; what stays green is told.

A mutant of the database is a statement in a transaction that is rolled back: policies dropped and opened, composite keys
dropped, unique keys that reach across merchants, functions that forget to whom they answer. The list is made from the
catalogue, so that a new table's locks are tried from its first day.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import DatabaseError, connection, transaction

from tests.isolation import catalogue, walls
from tests.isolation.catalogue import TENANT, ask
from tests.isolation.stage import Stage


@dataclass(frozen=True)
class Mutant:
    """One lock that is missing. `statement` removes it; `table` is where to look first."""

    name: str
    kind: str
    table: str
    statement: str


CATALOGUE = "catalogue: "  # how a finding begins that nothing but the catalogue made


def database_mutants() -> list[Mutant]:
    """All there are to make in this database, in an order that stays the same."""
    return [*_policies(), *_switches(), *_composite_keys(), *_unique_keys(), *_functions()]


def _policies() -> Iterator[Mutant]:
    """Dropped, and opened on either side."""
    for table, name, using, check in ask(
        "SELECT tablename, policyname, qual, with_check FROM pg_policies WHERE schemaname = 'public' ORDER BY 1, 2"
    ):
        where = f"{name} ON {table}"
        yield Mutant(f"policy {name} of {table} dropped", "policies", table, f"DROP POLICY {where}")
        if using not in (None, "true"):
            yield Mutant(f"policy {name} of {table} lets all be read", "policies", table,
                         f"ALTER POLICY {where} USING (true)")  # fmt: skip
        if check not in (None, "true"):
            yield Mutant(f"policy {name} of {table} lets all be written", "policies", table,
                         f"ALTER POLICY {where} WITH CHECK (true)")  # fmt: skip


def _switches() -> Iterator[Mutant]:
    """Row-level security off, and off for the tables' owner."""
    for (table,) in ask("""SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
                           AND relrowsecurity ORDER BY 1"""):
        yield Mutant(f"row-level security of {table} off", "policies", table,
                     f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")  # fmt: skip
        yield Mutant(f"row-level security of {table} not forced", "policies", table,
                     f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")  # fmt: skip


def _composite_keys() -> Iterator[Mutant]:
    for table, name in ask("""
        SELECT conrelid::regclass::text, conname FROM pg_constraint
        WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND cardinality(conkey) > 1 AND conparentid = 0
        ORDER BY 1, 2"""):
        yield Mutant(f"key {name} of {table} dropped", "composite keys", table,
                     f"ALTER TABLE {table} DROP CONSTRAINT {name}")  # fmt: skip


def _unique_keys() -> Iterator[Mutant]:
    """Beside each, the same without the merchant."""
    for table, name, columns, where in ask(f"""
        SELECT t.relname, x.relname,
               ARRAY(SELECT pg_get_indexdef(i.indexrelid, n, true) FROM generate_series(2, i.indnkeyatts) n),
               pg_get_expr(i.indpred, i.indrelid)
        FROM pg_index i JOIN ({TENANT}) t ON t.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
        WHERE i.indisunique AND NOT x.relispartition AND x.relkind = 'i'
        ORDER BY 1, 2"""):
        across = ", ".join(f"({column})" for column in columns) or "(true)"
        condition = f" WHERE {where}" if where else ""
        statement = f"CREATE UNIQUE INDEX mutant ON {table} ({across if columns else '(true)'}){condition}"
        yield Mutant(f"{name} of {table} is unique across merchants", "unique keys", table, statement)


def _functions() -> Iterator[Mutant]:
    """Functions that act as the owner, let loose."""
    for name, arguments in ask("""SELECT p.proname, pg_get_function_identity_arguments(p.oid) FROM pg_proc p
                                  WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef ORDER BY 1, 2"""):
        which = f"FUNCTION {name}({arguments})"
        yield Mutant(f"{name} looks up names anywhere", "functions", "", f"ALTER {which} RESET search_path")
        yield Mutant(f"{name} may be called by all", "functions", "", f"GRANT EXECUTE ON {which} TO PUBLIC")


def judge(stage: Stage, mutant: Mutant) -> list[str]:
    """What is found while the lock is missing; empty: the mutant lives. In Django's connection as `superuser_as_the_app`
    makes it. The walls are asked first, then the catalogue."""
    with transaction.atomic():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL ROLE NONE; {mutant.statement}; SET LOCAL ROLE habitue_app")
        except DatabaseError as refusal:
            transaction.set_rollback(True)
            return [f"the rows of two merchants do not fit: {refusal}"] if _is_clash(refusal) else []
        found = walls.findings(stage, [mutant.table]) if mutant.table else []
        found = found or [CATALOGUE + words for words in catalogue.findings()]
        transaction.set_rollback(True)
    return found


def _is_clash(refusal: DatabaseError) -> bool:
    """A unique key across merchants cannot even be made where both have the same."""
    return getattr(refusal.__cause__, "sqlstate", "") == "23505"

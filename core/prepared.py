"""Statements of the hot path, sent below Django's cursor: prepared once a connection, values encoded by declared kinds.

Each is one trip and a transaction of its own. Where the cursor's work is needed (inside a transaction, which it may
have to begin, or under a wrapper that watches) the cursor is used. Either way errors are Django's, a broken connection
is noted and replaced as Django does it, and the query log counts.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from enum import Enum
from operator import attrgetter
from time import monotonic
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.abc import Transformer as Reader
from psycopg.adapt import Transformer
from psycopg.errors import InvalidSqlStatementName, error_from_result
from psycopg.pq import ConnStatus, DiagnosticField, ExecStatus
from psycopg.pq.abc import PGconn, PGresult

_TEXT, _BINARY = 0, 1
_NO_STATEMENT = (InvalidSqlStatementName.sqlstate or "").encode()


def _text(value: str) -> bytes:
    """As psycopg refuses it: what travels as text ends at a NUL, and the rest would be lost without a word."""
    if "\x00" in value:
        raise psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
    return value.encode()


def _plain(value: object) -> bytes:
    return str(value).encode()


def _moment(value: dt.datetime) -> bytes:
    return value.isoformat().encode()


class Kind(Enum):
    """What a value is: PostgreSQL's number of the type, how it travels, and what makes it travel so."""

    UUID = (2950, _BINARY, attrgetter("bytes"))
    BYTES = (17, _BINARY, bytes)
    TEXT = (25, _TEXT, _text)
    SMALL = (21, _TEXT, _plain)
    INTEGER = (23, _TEXT, _plain)
    BIG = (20, _TEXT, _plain)
    JSON = (3802, _TEXT, _text)  # jsonb, from JSON text
    MOMENT = (1184, _TEXT, _moment)
    DAY = (1082, _TEXT, _plain)
    TRUTH = (16, _TEXT, _plain)

    def __init__(self, oid: int, form: int, encode: Callable[[Any], bytes]) -> None:
        self.oid, self.form, self.encode = oid, form, encode


# What each connection has prepared, and how the rows of it are read, once there was one.
_prepared: WeakKeyDictionary[psycopg.Connection[Any], dict[bytes, Reader | None]] = WeakKeyDictionary()


class Prepared:
    """One statement, with `%s` for each value, that answers one row."""

    def __init__(self, name: str, sql: str, kinds: Sequence[Kind]) -> None:
        self.name, self.sql = name.encode(), sql
        self.oids = [kind.oid for kind in kinds]
        self.forms = [kind.form for kind in kinds]
        self.encoders = [kind.encode for kind in kinds]
        numbers = (f"${number}" for number in range(1, len(kinds) + 1))
        self.numbered = "".join(part + next(numbers, "") for part in sql.split("%s")).encode()

    def row(self, values: Sequence[Any]) -> tuple[Any, ...]:
        """Send it with these values; the row it answers. Raises what Django's cursor raises."""
        database = connections[DEFAULT_DB_ALIAS]
        database.close_if_health_check_failed()
        if database.connection is None:
            database.ensure_connection()
        if database.in_atomic_block or database.execute_wrappers or not database.autocommit:
            with database.cursor() as cursor:
                cursor.execute(self.sql, values)
                found: tuple[Any, ...] = cursor.fetchone()
                return found
        began = monotonic()
        try:
            with database.wrap_database_errors:
                return self._send(database, values)
        finally:
            if database.queries_logged:
                database.queries_log.append({"sql": self.sql, "time": f"{monotonic() - began:.3f}"})

    def _send(self, database: BaseDatabaseWrapper, values: Sequence[Any]) -> tuple[Any, ...]:
        link: psycopg.Connection[Any] = database.connection
        wire: list[Any] = [
            None if value is None else encode(value)
            for encode, value in zip(self.encoders, values, strict=True)
        ]
        known = _prepared.setdefault(link, {})
        if link.prepare_threshold is None:  # behind a pooler that forgets statements
            result = link.pgconn.exec_params(self.numbered, wire, self.oids, self.forms)
        else:
            result = self._execute(link.pgconn, known, wire)
        _check(link.pgconn, result)
        reader = known.get(self.name)
        if reader is not None:
            reader.set_pgresult(result, set_loaders=False)
        else:
            reader = known[self.name] = Transformer(link.adapters)  # not the link, which it would keep alive
            reader.set_pgresult(result)
        row: tuple[Any, ...] | None = reader.load_row(0, tuple)
        assert row is not None
        return row

    def _execute(self, end: PGconn, known: dict[bytes, Reader | None], wire: list[Any]) -> PGresult:
        if self.name in known:
            result = end.exec_prepared(self.name, wire, self.forms)
            if result.error_field(DiagnosticField.SQLSTATE) != _NO_STATEMENT:
                return result
            known.clear()  # psycopg gives up every prepared statement after a ROLLBACK
        _check(end, end.prepare(self.name, self.numbered, self.oids))
        known[self.name] = None
        return end.exec_prepared(self.name, wire, self.forms)


def _check(end: PGconn, result: PGresult) -> None:
    if result.status in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
        return
    # Where no answer came, there is no code either that would say which error it is.
    if end.status != ConnStatus.OK:
        raise psycopg.OperationalError(end.get_error_message())
    raise error_from_result(result)

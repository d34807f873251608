"""Statements below Django's cursor: they answer, fail, recover and count as if they went through it."""

import datetime as dt
import gc
import weakref
from uuid import UUID

import pytest
from django.db import (
    DataError,
    IntegrityError,
    OperationalError,
    close_old_connections,
    connection,
    transaction,
)
from django.test.utils import CaptureQueriesContext

from core.ids import new_id
from core.prepared import Kind, Prepared
from merchants.models import User

EVERY_KIND = Prepared(
    "test_every_kind",
    """SELECT %s::uuid, %s::bytea, %s::text, %s::smallint, %s::integer, %s::bigint,
              %s::jsonb -> 'é', %s::timestamptz, %s::date, %s::boolean""",
    list(Kind),
)
SOME = [
    UUID(int=7),
    b"\x00\xff",
    "naïve 'quoted' \\ text",
    -1,
    2**31 - 1,
    2**63 - 1,
    '{"é": [1, null]}',
    dt.datetime(2026, 2, 28, 23, 59, 59, 999999, dt.UTC),
    dt.date(2024, 2, 29),
    True,
]
TRANSACTION = Prepared("test_transaction", "SELECT pg_current_xact_id()::text", [])
ADD_USER = Prepared(
    "test_add_user",
    """INSERT INTO merchants_user (id, email, password, name, locale, is_active, merchant_ids, created_at)
       VALUES (%s, 'twice@aroma.example', '', '', 'en', true, '{}', now()) RETURNING id""",
    [Kind.UUID],
)
DIVIDE = Prepared("test_divide", "SELECT 1 / %s", [Kind.INTEGER])


def names_prepared():
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements")
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.parametrize("values", [SOME, [None] * len(SOME)])
def test_every_kind_is_read_as_djangos_cursor_reads_it(committed_db, values):
    alone = [EVERY_KIND.row(values), EVERY_KIND.row(values)]
    assert "test_every_kind" in names_prepared()
    with transaction.atomic():
        assert alone == [EVERY_KIND.row(values)] * 2


def test_it_is_a_transaction_of_its_own_or_part_of_the_one_around_it(committed_db):
    assert TRANSACTION.row([]) != TRANSACTION.row([])
    with transaction.atomic():
        assert TRANSACTION.row([]) == TRANSACTION.row([])


def test_what_it_writes_goes_with_the_transaction_around_it(committed_db):
    with transaction.atomic():
        ADD_USER.row([new_id()])
        transaction.set_rollback(True)
    assert not User.objects.exists()


def test_a_refusal_is_djangos_and_the_connection_serves_on(committed_db):
    ADD_USER.row([new_id()])
    with pytest.raises(IntegrityError):
        ADD_USER.row([new_id()])
    with pytest.raises(DataError, match="division by zero"):
        DIVIDE.row([0])
    assert DIVIDE.row([1]) == (1,)
    assert User.objects.count() == 1


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.JSON])
def test_text_with_a_nul_is_refused_as_the_cursor_refuses_it_and_never_cut_short(committed_db, kind):
    one = Prepared(f"test_nul_{kind.name.lower()}", "SELECT %s::text", [kind])
    with pytest.raises(DataError, match="NUL"):
        one.row(['"kept"\x00cut'])
    with transaction.atomic(), pytest.raises(DataError, match="NUL"):
        one.row(['"kept"\x00cut'])
    assert one.row(['"whole"']) == ('"whole"',)


def test_a_lost_connection_is_an_error_once_and_then_replaced(committed_db, servers_of_this_run):
    assert DIVIDE.row([1]) == (1,)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (process,) = cursor.fetchone()
    with servers_of_this_run.administrator(connection.settings_dict["NAME"]) as session:
        session.execute("SELECT pg_terminate_backend(%s, 5000)", [process])
    with pytest.raises(OperationalError):
        DIVIDE.row([1])
    close_old_connections()
    assert DIVIDE.row([1]) == (1,)


def test_statements_that_were_given_up_are_prepared_anew(committed_db):
    DIVIDE.row([1])
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")  # as psycopg does after a ROLLBACK
    assert DIVIDE.row([1]) == DIVIDE.row([1]) == (1,)
    assert "test_divide" in names_prepared()


def test_a_connection_that_ended_is_forgotten(committed_db):
    DIVIDE.row([1])
    link = weakref.ref(connection.connection)
    connection.close()
    gc.collect()
    assert link() is None


def test_without_prepared_statements_none_is_left_behind(committed_db):
    connection.ensure_connection()
    connection.connection.prepare_threshold = None
    assert DIVIDE.row([1]) == DIVIDE.row([1]) == (1,)
    assert "test_divide" not in names_prepared()


def test_it_is_counted_among_the_queries(committed_db):
    with CaptureQueriesContext(connection) as asked:
        DIVIDE.row([1])
        with pytest.raises(DataError):
            DIVIDE.row([0])
    assert [query["sql"] for query in asked] == [DIVIDE.sql] * 2


def test_a_wrapper_that_watches_sees_it(committed_db):
    DIVIDE.row([1])  # a connection, before anybody watches
    seen = []

    def watch(execute, sql, *rest):
        seen.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(watch):
        DIVIDE.row([1])
    assert seen == [DIVIDE.sql]

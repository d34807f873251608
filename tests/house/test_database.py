"""The tests' own ground: who they are to the database, and that nothing leaks from one test to the next."""

import threading

import pytest
from django.db import connection, connections

from merchants.models import User
from tests.fixtures.databases import rolled_back, turn_to


def one(statement: str):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def test_tests_connect_as_the_app_role(db):
    assert one("SELECT current_user") == "habitue_app"
    assert one("SELECT session_user") == "habitue_app"
    assert one("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user") is False


def test_the_app_role_owns_no_table(db):
    assert one("SELECT count(*) FROM pg_tables WHERE tableowner = 'habitue_app'") == 0


@pytest.mark.parametrize("time", [1, 2])
def test_a_rolled_back_row_is_gone(db, time):
    assert User.objects.count() == 0
    User.objects.create_user("olivia@aroma.example")


@pytest.mark.parametrize("time", [1, 2])
def test_a_committed_row_is_seen_by_another_thread_and_gone_afterwards(committed_db, time):
    assert User.objects.count() == 0
    User.objects.create_user("olivia@aroma.example")
    seen = []

    def look() -> None:
        seen.append(User.objects.count())
        connections.close_all()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [1]


def test_a_connection_that_a_test_closed_spoils_no_later_test(cast_once, django_db_blocker):
    mine, cast = connection.settings_dict["NAME"], cast_once[1]
    with django_db_blocker.unblock():
        for name in (cast, mine):
            turn_to(name)
            with rolled_back():
                assert User.objects.count() >= 0
                if name == mine:
                    connection.close()
        turn_to(cast)
        try:
            with rolled_back():
                assert User.objects.count() > 0
        finally:
            turn_to(mine)
        with rolled_back():
            assert User.objects.count() == 0

"""The stage of these suites: two furnished shops with canaries in them, made once a worker, cloned for each test."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection, connections

from loyalty.programme import versions
from tests.fixtures.databases import in_a_database
from tests.isolation import canaries
from tests.isolation.stage import Stage, make_stage


@pytest.fixture(scope="session")
def staged(cast_once, django_db_blocker, servers_of_this_run) -> Iterator[tuple[Stage, str]]:
    """The stage, and the name of the database where it stands."""
    world, played = cast_once
    name = f"{played}_stage"
    with django_db_blocker.unblock():
        stage = in_a_database(
            servers_of_this_run, name, lambda: make_stage(copy.deepcopy(world)), template=played
        )
    with servers_of_this_run.administrator(name) as administrator:
        for shop in (stage.aroma, stage.bloom):
            canaries.hide_canaries(administrator, shop.merchant.id, shop.merchant.slug)
    yield stage, name
    servers_of_this_run.drop(name)


@pytest.fixture
def beginning(staged) -> str:
    """Every test here begins where the stage is set (see `tests/fixtures/databases.py`)."""
    return staged[1]


@pytest.fixture
def stage(committed_db, staged) -> Stage:
    """Both shops, in a clone that commits."""
    cache.clear()
    versions.forget_versions()  # another test's
    return staged[0]


@pytest.fixture
def administrator(committed_db, servers_of_this_run) -> Iterator[psycopg.Connection]:
    """A superuser's connection to the clone of this test."""
    with servers_of_this_run.administrator(connection.settings_dict["NAME"]) as session:
        yield session


@contextmanager
def superuser_as_the_app() -> Iterator[None]:
    """Django's own connection, signed in as a superuser who acts as the app role: bound by the same policies, and able to
    change the house in a transaction that is then rolled back."""
    settings = connections.settings["default"]
    before = dict(settings)
    name = settings["NAME"]
    connection.close()
    settings.update(django_settings.OWNER_DATABASE)
    settings.update(NAME=name, OPTIONS={"options": "-c role=habitue_app"})
    try:
        yield
    finally:
        connection.close()
        settings.clear()
        settings.update(before)

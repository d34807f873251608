"""The books behind the application's back."""

import pytest
from django.db import connection


@pytest.fixture
def books_as_owner(committed_db, world, servers_of_this_run):
    """A session of the role that owns the books, in Aroma's scope, on committed books."""
    with servers_of_this_run.administrator(connection.settings_dict["NAME"]) as session:
        session.execute("SET ROLE habitue_owner")
        session.execute("SELECT set_config('app.merchant_id', %s, false)", [str(world.aroma.id)])
        yield session

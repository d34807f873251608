"""The database alone keeps the shops apart: no code of ours stands between these statements and the rows."""

import pytest
from django.db import transaction

from tests.isolation import walls
from tests.isolation.conftest import superuser_as_the_app
from tests.isolation.telling import tell


@pytest.fixture
def found(stage):
    """What the walls let through."""
    tell(progress="reaches for another shop's rows, as the app and as the tables' owner")
    with superuser_as_the_app(), transaction.atomic():
        yield walls.findings(stage)
        transaction.set_rollback(True)


def test_no_statement_in_one_shops_scope_reaches_another_shops_rows(found):
    assert "\n".join(found) == ""

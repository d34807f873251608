"""The shop in whose scope rewards are tried."""

import pytest

from core import tenancy
from loyalty.ledger import statements


@pytest.fixture
def aroma(world):
    """Inside Aroma's scope. The books are proven at the end of the test."""
    with tenancy.scope(world.aroma.id):
        yield world.aroma
    with tenancy.scope(world.aroma.id):
        assert statements.prove() == []

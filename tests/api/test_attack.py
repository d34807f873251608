"""Schemathesis reads the document and throws at each operation what fits it, what nearly fits it and what does not.

No answer may be a 5xx, none may have a status or a shape that the document does not tell, and the books must add up.
"""

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from core import tenancy
from loyalty.ledger import statements
from tests.world import make_world

schema = schemathesis.openapi.from_dict(Client().get("/api/v1/openapi.json").json())


@pytest.fixture
def cast(server):
    """The cast, committed, behind a running server."""
    return make_world()


@schema.parametrize()
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@pytest.mark.slow
def test_nothing_thrown_at_an_operation_breaks_it(case, cast, server):
    case.call_and_validate(
        base_url=server.url,
        headers={"Authorization": f"Bearer {cast.aroma_key}"},
        # A number that nobody has, a card of nobody: the document cannot say which values will be accepted.
        excluded_checks=[positive_data_acceptance],
    )
    with tenancy.scope(cast.aroma.id):
        assert statements.prove() == []

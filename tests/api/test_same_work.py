"""What is not there, and what is somebody else's, are looked for with the same questions and told in the same words."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.conftest import Till, public


@pytest.mark.parametrize("path", ["/members/{}", "/members/{}/statement", "/purchases/{}"])
def test_what_is_another_merchants_costs_a_program_what_nothing_costs(world, till, bloom_till, basket, path):
    theirs = (
        till.post("/purchases", basket()).json()["id"] if "purchases" in path else public("mem", world.mia.id)
    )
    nobodys = theirs[:-4] + "0000"
    costs = {seen(bloom_till, path.format(named)) for named in (theirs, nobodys)}
    assert len(costs) == 1


def test_a_wrong_secret_costs_what_a_revoked_key_costs(world, till):
    wrong = Till(till.key[:-6] + "AAAAAA")
    assert seen(wrong, "/programme")[1] == seen(Till(till.key[:-6] + "BBBBBB"), "/programme")[1]


def seen(till, path):
    """What a program is told, and how many questions the database was asked."""
    till.get("/programme")
    with CaptureQueriesContext(connection) as queries:
        answer = till.get(path)
    return answer.status_code, len(queries), answer.content

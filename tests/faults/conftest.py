"""The house of this worker, and a shop in it for each test."""

import json
import os
import random
from collections.abc import Callable, Iterator
from random import Random

import pytest
from django.db import connections

from tests.conftest import DATA_DIR
from tests.faults.house import DATABASE, House
from tests.faults.stage import Stage, open_stage
from tests.faults.tally import PROPERTY, Tally

pytest.register_assert_rewrite("tests.faults.truth")  # what is found there should be told in full
SCALE = int(os.environ.get("HABITUE_FAULTS_SCALE", "1"))  # how much of what chance decides: more in bin/prove


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    """Everything that runs. It is made once a worker, and every test leaves it whole."""
    made = House(DATA_DIR / "faults", Tally())
    try:
        made.open()
        yield made
    finally:
        made.close()


@pytest.fixture
def dice() -> Random:
    """Chance, decided by the seed at the head of the run."""
    return Random(random.getrandbits(64))


@pytest.fixture
def open_shop(request, house, dice, django_db_blocker) -> Iterator[Callable[[], Stage]]:
    """Open a shop in the house; this process speaks to the house's database meanwhile."""
    address, before = connections.settings["default"], dict(connections.settings["default"])
    counted = dict(house.tally.counts)
    house.mend()
    connections.close_all()
    address.update(NAME=DATABASE, HOST=str(house.postgres.run_folder), CONN_MAX_AGE=None)
    try:
        with django_db_blocker.unblock():
            yield lambda: open_stage(house, dice)
    finally:
        connections.close_all()
        address.clear()
        address.update(before)
        request.node.user_properties.append((PROPERTY, json.dumps(house.tally.since(counted))))


@pytest.fixture
def stage(open_shop) -> Stage:
    """A shop of this test's own."""
    return open_shop()

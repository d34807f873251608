"""Thousands of requests that nobody would send, as three callers: no 5xx, nothing undocumented, and the books add up.

The long form is `bin/prove attack`.
"""

import logging
import random

import pytest

from config.wsgi import application
from tests.api.attack import Attack
from tests.world import make_world

SEED, DRAWN = 4, 12
PARTS = 3  # so that several workers share it


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_thrown_at_the_api_breaks_it(committed_db, caplog, part):
    caplog.set_level(logging.CRITICAL, "django.request")  # thousands of refusals are what is wanted here
    attack = Attack(make_world(), application, random.Random(SEED))
    assert attack.begin() == [], "each came all the way"
    for operation in attack.operations[part::PARTS]:
        attack.edges(operation)
        attack.draw(operation, DRAWN, SEED)
    assert attack.problems() == []
    assert {caller.name for caller in attack.callers} == {name for _operation, name in attack.sent}

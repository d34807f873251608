"""Everybody at the same instant: one key, one last unit."""

import pytest

from tests.faults import truth
from tests.faults.stage import WELCOME
from tests.faults.storm import at_once

pytestmark = [pytest.mark.slow, pytest.mark.fault]

SAME = 32
CLIENTS = 200
LAST = 100  # units, for two hundred


@pytest.mark.parametrize("what", ["purchase", "cancellation", "spend"])
def test_the_same_key_32_times_at_once_is_one_operation_and_one_answer(stage, what):
    if what == "cancellation":
        bought = stage.buy()
        bought.ask()
        asked = stage.keep(stage.till.cancellation(bought))
    else:
        asked = stage.buy() if what == "purchase" else stage.spend(stage.members[0], 10)
    told = at_once(SAME, [asked] * SAME)
    assert {(one.status, one.body) for one in told} == {(asked.told[0].status, asked.told[0].body)}
    assert asked.done
    truth.check(stage)


def test_the_last_hundred_units_go_to_a_hundred_of_two_hundred_clients(stage):
    member = stage.members[-1]
    assert stage.spend(member, WELCOME - LAST).ask().status == 200
    told = at_once(CLIENTS, [stage.spend(member, 1) for _client in range(CLIENTS)])
    assert sorted(one.status for one in told) == [200] * LAST + [409] * (CLIENTS - LAST)
    truth.check(stage)

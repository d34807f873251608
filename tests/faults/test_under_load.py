"""Kills at random moments, while clients buy, cancel and spend without end."""

import pytest

from tests.faults import truth
from tests.faults.conftest import SCALE
from tests.faults.storm import Storm

pytestmark = [pytest.mark.slow, pytest.mark.fault, pytest.mark.timeout(240 * SCALE)]

SESSIONS = 24 * SCALE
PROCESSES = (
    *("crash_backend", "crash_postgres", "stop_postgres_at_once", "live_without_redis"),
    *("kill_the_web", "kill_the_worker", "kill_beat", "flush"),
)


def test_the_house_is_as_durable_as_in_life(house):
    assert (
        house.look(
            "SELECT name FROM pg_settings WHERE setting = 'off' "
            "AND name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'autovacuum')"
        )
        == []
    )


def test_database_sessions_ended_at_random_moments_lose_and_double_nothing(stage, house, dice):
    with Storm(stage) as storm:
        for _number in range(SESSIONS):
            storm.until(dice.randrange(1, 8))
            house.terminate_backend()
        storm.until(10)
    truth.check(stage)


def test_processes_killed_at_random_moments_lose_and_double_nothing(stage, house, dice):
    house.start("beat")
    with Storm(stage, ahead=20) as storm:
        for name in dice.sample(PROCESSES * SCALE, len(PROCESSES) * SCALE):
            storm.until(dice.randrange(3, 15))
            print(name)  # shown if it fails
            HAPPENINGS.get(name, lambda house, _storm, name=name: getattr(house, name)())(house, storm)
        storm.until(20)
    house.stop("beat")
    truth.check(stage)


def kill_the_web(house, storm):
    """Nobody is answered until there is another one."""
    house.kill_web(house.web_workers())
    house.wait_for_web()


def kill_the_worker(house, storm):
    """And start another one, as a supervisor does."""
    house.kill("worker")
    house.start("worker")


def kill_beat(house, storm):
    """Nobody relays until the next one."""
    house.kill("beat")
    house.start("beat")


def live_without_redis(house, storm):
    """Tills are answered all the same."""
    house.kill_valkey()
    storm.until(20)
    house.valkey.start()


HAPPENINGS = {
    happening.__name__: happening
    for happening in (kill_the_web, kill_the_worker, kill_beat, live_without_redis)
}

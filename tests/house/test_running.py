"""bin/run: opens from nothing, survives a kill, keeps everything, and leaves nothing behind."""

import os
import signal

import pytest

from tests.house.running import House, free_port, refusal
from tests.servers import wait_for

pytestmark = pytest.mark.slow
DEMO_KEYS = {"base_url", "owner", "cashier", "api_key", "merchant", "location", "currency", "members"}


@pytest.fixture
def data_dir(tmp_path):
    return tmp_path / "data"


def test_a_house_opens_survives_a_kill_and_closes(data_dir):
    port = free_port()
    with House(data_dir, port) as first:
        demo = first.demo
        assert set(demo) >= DEMO_KEYS
        assert demo["base_url"] == f"http://127.0.0.1:{port}"
        assert {"id", "name", "card"} <= set(demo["members"][0])
        for word in (
            demo["base_url"],
            demo["owner"]["email"],
            demo["owner"]["password"],
            demo["cashier"]["email"],
            demo["api_key"],
        ):
            assert word in first.output
        assert first.get("/readyz")[0] == 200
        assert first.get("/")[0] == 200
        assert refusal("--data", str(data_dir), "--port", str(port)) == (
            2,
            [f"Already running on {data_dir}, pid {first.process.pid}."],
        )
        members = first.get(
            "/api/v1/members/" + demo["members"][0]["id"], Authorization=f"Bearer {demo['api_key']}"
        )
        assert members[0] == 200
        first.stop(signal.SIGKILL)

    with House(data_dir, port) as second:
        assert second.seconds_to_open < 10
        assert second.demo == demo
        again = second.get(
            "/api/v1/members/" + demo["members"][0]["id"], Authorization=f"Bearer {demo['api_key']}"
        )
        assert again == members
        assert second.stop(signal.SIGTERM) == 0
        assert second.processes() == {}
        assert not second.is_ready()


def test_what_dies_is_started_again(data_dir):
    with House(data_dir, free_port()) as house:
        for program in ("granian", "celery"):
            os.kill(pid_of(house, program), signal.SIGKILL)
        wait_for(
            lambda: "web ended" in house.output and "worker ended" in house.output,
            what="both deaths to be told",
        )
        wait_for(house.is_ready, seconds=20, what="the web to answer again")
        assert house.stop(signal.SIGINT) == 0
        assert house.processes() == {}


def test_given_servers_are_used_and_none_is_started(data_dir, servers_of_this_run, settings):
    name = f"given_{os.getpid()}"
    servers_of_this_run.clone(name)
    dsn = servers_of_this_run.postgres.dsn
    given = {
        "DATABASE_URL": dsn("habitue_app", name),
        "DATABASE_OWNER_URL": dsn(database=name),
        "DATABASE_JOBS_URL": dsn("habitue_jobs", name),
        "REDIS_URL": settings.REDIS_URL,
    }
    with House(data_dir, free_port(), **given) as house:
        assert house.get("/readyz")[0] == 200
        assert not (data_dir / "postgres").exists()
        assert not (data_dir / "valkey").exists()
        assert house.stop() == 0
    with servers_of_this_run.administrator(name) as connection:
        assert connection.execute("SELECT count(*) > 0 FROM merchants_merchant").fetchone() == (True,)
    servers_of_this_run.drop(name)


def pid_of(house: House, program: str) -> int:
    """The first process of the house that runs `program`."""
    return min(pid for pid, command in house.processes().items() if f"/{program} " in command)

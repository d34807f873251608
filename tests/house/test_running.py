"""bin/run: opens from nothing, survives a kill, keeps everything, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.running import House, free_port, outside_environment, refusal
from tests.servers import ROOT, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.long, pytest.mark.timeout(300)]
DEMO_KEYS = {"base_url", "owner", "cashier", "api_key", "merchant", "location", "currency", "members"}


@pytest.fixture
def data_dir(tmp_path):
    return tmp_path / "data"


def test_a_house_opens_survives_kills_and_closes(data_dir):
    port = free_port()
    with House(data_dir, port) as first:
        demo = first.demo
        it_tells_how_to_try_it(first)
        assert first.get("/")[0] == 200
        assert refusal("--data", str(data_dir), "--port", str(port)) == (
            2,
            [f"Already running on {data_dir}, pid {first.process.pid}."],
        )
        status, member = read_a_member(first)
        assert status == 200
        assert manage(data_dir, "prove") == (0, "aroma: the books balance\nbloom: the books balance\n")
        first.stop(signal.SIGKILL)

    with House(data_dir, port) as second:
        assert second.seconds_to_open < 10 * second.shared_by
        assert second.demo == demo
        assert read_a_member(second) == (200, member)
        kill_one_of_each(second)
        wait_for(
            lambda: "web ended" in second.output and "worker ended" in second.output,
            what="both deaths to be told",
        )
        wait_for(second.is_ready, seconds=30, what="the web to answer again")
        assert second.stop(signal.SIGTERM) == 0
        assert second.processes() == {}
        assert not second.is_ready()
    assert manage(data_dir, "prove")[0] == 0  # its database is started for the time


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
    with House(data_dir, free_port(), HABITUE_SEED="none", **given) as house:
        assert house.get("/readyz")[0] == 200
        with servers_of_this_run.administrator(name) as connection:
            sessions = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [name]
            ).fetchone()
        assert sessions > (1,)  # theirs, beside this one
        assert not (data_dir / "postgres").exists()
        assert not (data_dir / "valkey").exists()
        assert house.stop(signal.SIGINT) == 0
        assert house.processes() == {}
    servers_of_this_run.drop(name)


def manage(data_dir: Path, *command: str) -> tuple[int, str]:
    """bin/manage on that house: its exit code and what it said."""
    ran = subprocess.run(
        [sys.executable, "bin/manage", *command],
        cwd=ROOT,
        env=outside_environment(DATA_DIR=str(data_dir)),
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.returncode, ran.stdout


def it_tells_how_to_try_it(house: House) -> None:
    """demo.json has what a script needs, the terminal what a person needs."""
    demo = house.demo
    assert set(demo) >= DEMO_KEYS
    assert {"id", "name", "card"} <= set(demo["members"][0])
    assert demo["base_url"] == f"http://127.0.0.1:{house.port}"
    people = [value for name in ("owner", "cashier") for value in demo[name].values()]
    assert [word for word in (demo["base_url"], demo["api_key"], *people) if word not in house.output] == []


def read_a_member(house: House) -> tuple[int, bytes]:
    """The first member, asked for with the key of demo.json."""
    demo = house.demo
    return house.get(f"/api/v1/members/{demo['members'][0]['id']}", Authorization=f"Bearer {demo['api_key']}")


def kill_one_of_each(house: House) -> None:
    """End the web server and the worker as a bug or a full memory would."""
    for program in ("granian", "celery"):
        os.kill(
            min(pid for pid, command in house.processes().items() if f"/{program} " in command),
            signal.SIGKILL,
        )

"""Ground for servers of a test's own, and a backup that tests share: of a migrated database without a cast."""

import shutil

import pytest

from tests.conftest import DATA_DIR
from tests.house.backups import back_up


@pytest.fixture
def ground():
    """An empty folder for servers that have a system user. Not pytest's: its next run would close that to all others."""
    folder = DATA_DIR / "ground"
    folder.mkdir(parents=True)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def cluster(servers_of_this_run):
    """This run's PostgreSQL."""
    return servers_of_this_run.postgres


@pytest.fixture(scope="session")
def source(servers_of_this_run, worker_id):
    """A migrated database to back up."""
    name = f"habitue_source_{worker_id}"
    servers_of_this_run.clone(name)
    yield name
    servers_of_this_run.drop(name)


@pytest.fixture(scope="session")
def whole(cluster, source, tmp_path_factory):
    """A backup of it."""
    return back_up(cluster, source, tmp_path_factory.mktemp("backups"))

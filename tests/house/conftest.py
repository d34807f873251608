"""A backup that the tests of this folder share: made once a worker, of a migrated database without a cast."""

import pytest

from tests.house.backups import back_up


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

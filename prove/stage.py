"""What a part that talks to the application in its own process stands on: servers and a database that really commits."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import django

from config.embedded import EmbeddedValkey
from config.running.messages import compile_messages
from tests.servers import KEPT, ROOT, TestServers, environment, silent

DATABASE = "habitue_prove"


@contextmanager
def stage() -> Iterator[TestServers]:
    """PostgreSQL with an empty migrated database, Valkey, and Django set up as the app role. Once a process."""
    folder = KEPT / "runs" / str(os.getpid())
    servers, valkey = TestServers(folder), EmbeddedValkey(folder / "valkey", say=silent)
    (folder / "data" / "static").mkdir(parents=True)
    os.environ.update(environment(servers.postgres, valkey, DATABASE, folder / "data"))
    compile_messages(ROOT / "locale")
    django.setup()
    try:
        servers.start()
        servers.clone(DATABASE)
        valkey.start()
        yield servers
    finally:
        valkey.stop(seconds=2)
        servers.stop()

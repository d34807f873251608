"""A backup brings everything back on an empty server: every row, every lock, the books, and answers already given."""

import json
import subprocess
import sys

import psycopg
import pytest

from config.embedded import EmbeddedPostgres
from core.ids import new_id
from members import cards
from tests.api.conftest import Till
from tests.house.backups import addresses, back_up, command, contents, databases, schema
from tests.servers import ROOT, silent

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SEND_AGAIN = """
import json, sys, django
django.setup()
from tests.api.conftest import Till
key, once, body = json.load(sys.stdin)
answer = Till(key).post("/purchases", body, key=once)
sys.stdout.write(json.dumps([answer.status_code, answer.content.decode()]))
"""


@pytest.fixture
def empty_server(ground):
    """A second server, with nothing on it but an operator's login: no superuser, no role and no database of ours."""
    server = EmbeddedPostgres(ground / "second", durable=False, say=silent)
    server.data_dir.mkdir()
    server.start()
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("CREATE ROLE operator LOGIN CREATEDB CREATEROLE")
    yield server
    server.stop(seconds=5)


def test_a_backup_restores_into_an_empty_server(
    committed_db, world, servers_of_this_run, empty_server, tmp_path
):
    from django.db import connection

    first, name = servers_of_this_run.postgres, connection.settings_dict["NAME"]
    once, body = str(new_id()), {"card": cards.static_code(world.mia_card, world.aroma), "amount": "12.50"}
    body["currency"] = "EUR"
    answer = Till(world.aroma_key).post("/purchases", body, key=once)
    assert answer.status_code == 201
    backup = back_up(first, name, tmp_path / "backups")
    there = addresses(empty_server, "habitue")
    there["DATABASE_OWNER_URL"] = empty_server.dsn("operator", "habitue")

    code, printed, complaint = command("bin/restore", backup, "--data", tmp_path, env=there)

    assert (code, complaint) == (0, ""), complaint
    assert printed.startswith("Restored into habitue: ")
    assert "CARD_SECRET" not in printed
    assert contents(empty_server, "habitue") == contents(first, name)
    assert schema(empty_server, "habitue") == schema(first, name)
    assert "habitue_restoring" not in databases(empty_server)
    code, printed, _complaint = command("manage.py", "prove", env=there)
    assert (code, printed.splitlines()) == (0, ["aroma: the books balance", "bloom: the books balance"])
    # Every policy, key and right of the catalogue test, and that the app's role is nobody special.
    code, printed, complaint = command("manage.py", "check", "--database", "default", env=there)
    assert (code, complaint) == (0, ""), complaint
    assert sent_again(there, world.aroma_key, once, body) == [201, answer.content.decode()]
    assert contents(empty_server, "habitue") == contents(first, name)


def sent_again(env, api_key: str, once: str, body) -> list:
    """The answer of the restored place to a purchase that the first one has answered."""
    done = subprocess.run(
        [sys.executable, "-c", SEND_AGAIN],
        cwd=ROOT,
        env=env | {"DJANGO_SETTINGS_MODULE": "config.settings", "REDIS_URL": "unix:///nowhere"},
        input=json.dumps([api_key, once, body]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)

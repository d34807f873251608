"""The table of codes: complete, and used."""

import importlib
import pkgutil
import re

import pytest
from django.test import Client

from api.errors import STATUSES
from core.errors import Decline, DomainError
from core.idempotency import DECLINED
from tests.servers import APPS

ELSEWHERE = {"web", "config"}  # refusals of pages and processes, which no program meets


def refusals(base: type[DomainError] = DomainError) -> set[type[DomainError]]:
    """Every kind of refusal that is defined, once all modules are loaded."""
    return {base} | {kind for child in base.__subclasses__() for kind in refusals(child)}


@pytest.fixture(scope="module")
def kinds():
    for app in sorted(set(APPS) - ELSEWHERE):
        package = importlib.import_module(app)
        for module in pkgutil.walk_packages(package.__path__, f"{app}."):
            importlib.import_module(module.name)
    return {kind for kind in refusals() if kind.__module__.split(".")[0] not in {*ELSEWHERE, "tests"}}


def test_every_refusal_has_its_status(kinds):
    missing = {kind.code: kind.__qualname__ for kind in kinds if kind.code not in STATUSES}
    assert missing == {}, "give it a line in api/errors.py"


def test_every_line_of_the_table_is_some_refusals(kinds):
    assert set(STATUSES) - {kind.code for kind in kinds} == set()


def test_every_decline_is_told_with_the_status_that_it_is_kept_with(kinds):
    assert {kind.code for kind in kinds if issubclass(kind, Decline) and kind is not Decline} <= {
        code for code, status in STATUSES.items() if status == DECLINED
    }


def test_every_409_that_a_post_may_be_told_is_a_decline(kinds):
    """But for the one that says so of a key: whoever reads 409 knows that it stays."""
    document = Client().get("/api/v1/openapi.json").json()
    told = {
        code
        for path in document["paths"].values()
        for code in re.findall(
            "`(.+?)`", path.get("post", {"responses": {}})["responses"].get("409", {}).get("description", "")
        )
    }
    assert len(told) > 5
    assert told - {kind.code for kind in kinds if issubclass(kind, Decline)} == {"idempotency_key_reused"}


def test_every_status_is_a_clear_one():
    assert {status for status in STATUSES.values() if not 400 <= status < 500} == {500, 503}


def test_every_refusal_can_say_itself(kinds):
    """A sentence with blanks and no values to fill them would fail while it is answered."""
    bare = [kind for kind in kinds if "%(" not in str(kind.message)]
    assert all(kind().detail for kind in bare if "names" not in kind.__init__.__code__.co_varnames)


def test_the_table_is_published():
    response = Client().get("/api/v1/problems")
    assert response.status_code == 200
    assert {row["code"]: row["status"] for row in response.json()["items"]} == STATUSES

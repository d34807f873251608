"""A till that speaks to the API, and what must stay as it was when something is refused."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from core import tenancy
from core.idempotency import DECLINED
from core.ids import new_id
from core.models import Answer, Event
from loyalty.ledger import statements
from loyalty.ledger.models import Entry
from loyalty.models import Purchase, Standing
from members import cards
from members.models import Card, Member
from merchants import api_keys
from tests.world import World


@dataclass
class Till:
    """A program with an API key. Bodies go as JSON, answers come back as Django's responses."""

    key: str

    def get(self, path: str, **query: Any) -> Any:
        return Client().get(f"/api/v1{path}", query, headers=self.headers())

    def post(self, path: str, body: Any, *, key: str | None = "new", **headers: str) -> Any:
        """`key` is the idempotency key: a new one unless given, none at all when None."""
        if key is not None:
            headers["Idempotency-Key"] = str(new_id()) if key == "new" else key
        return self.send("POST", path, body, **headers)

    def patch(self, path: str, body: Any) -> Any:
        return self.send("PATCH", path, body)

    def send(self, method: str, path: str, body: Any, **headers: str) -> Any:
        """`body` may be bytes, to say what JSON libraries will not."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        content_type = headers.pop("Content-Type", "application/json")
        return Client().generic(
            method, f"/api/v1{path}", raw, content_type=content_type, headers=self.headers() | headers
        )

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}


@pytest.fixture
def till(world: World) -> Till:
    """Aroma's till."""
    return Till(world.aroma_key)


@pytest.fixture
def key_with(world: World) -> Callable[..., Till]:
    """A till of Aroma's whose key has these scopes."""

    def make(*scopes: str) -> Till:
        with tenancy.scope(world.aroma.id):
            return Till(api_keys.make_key(name="Narrow", scopes=list(scopes), actor=None)[1])

    return make


@pytest.fixture
def bloom_till(world: World) -> Till:
    """Bloom's till."""
    return Till(world.bloom_key)


@pytest.fixture
def basket(world: World) -> Callable[..., dict[str, Any]]:
    """A purchase of Mia's for €12.50, but for what is given. None takes a field out."""

    def make(**changes: Any) -> dict[str, Any]:
        whole = {"member": public("mem", world.mia.id), "amount": "12.50", "currency": "EUR"} | changes
        return {name: value for name, value in whole.items() if value is not None}

    return make


@pytest.fixture
def books(world: World) -> Callable[[], dict[str, Any]]:
    """Everything at Aroma and Bloom that a request could have changed, to be compared before and after.

    But for declines: that one was told a no is kept, and is all that is (test_declines.py).
    """

    def count() -> dict[str, Any]:
        found: dict[str, Any] = {}
        for merchant in (world.aroma, world.bloom):
            with tenancy.scope(merchant.id):
                found[merchant.name] = {
                    "members": sorted(Member.objects.values_list("id", "name", "phone", "email", "birthday")),
                    "standings": sorted(
                        Standing.objects.values_list("member_id", "progress_minor", "purchases")
                    ),
                    "cards": sorted(Card.objects.values_list("id", "last_step")),
                    "accounts": sorted(statements.accounts().values_list("id", "available", "last_seq")),
                    "purchases": Purchase.objects.count(),
                    "entries": Entry.objects.count(),
                    "answers": Answer.objects.exclude(status=DECLINED).count(),
                    "events": Event.objects.count(),
                }
        return found

    return count


@pytest.fixture
def unchanged(books: Callable[[], Any]) -> Any:
    """Asserts at the end of the test that nothing was changed since it began."""
    before = books()
    yield
    assert books() == before


def public(prefix: str, value: Any) -> str:
    """An id as the API shows it."""
    return f"{prefix}_{value.hex}"


def rotating(world: World, card: Card, **more: Any) -> str:
    """What the live card's QR says now."""
    return cards.rotating_code(card, world.aroma, **more)


def assert_refused(response: Any, status: int, code: str, field: str | None = None) -> None:
    """It is a problem of this status and code, at this field."""
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert (response.status_code, problem["code"]) == (status, code), problem
    assert problem["status"] == status
    assert problem["detail"]
    assert problem["type"].endswith(f"/api/v1/problems#{code}")
    if field is not None:
        assert [error["field"] for error in problem["errors"]] == [field]

"""Keys: each bad one refused in the same words, each good one held to its scopes."""

from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from core import tenancy
from loyalty.programme.versions import version_in_force
from merchants.access import Scope
from merchants.models import ApiKey
from tests.api.conftest import Till, assert_refused, public
from tests.rewards.offering import offered

READS = ["/purchases", "/members", "/programme", "/locations", "/rewards"]


def refused_in_the_same_words(response):
    assert_refused(response, 401, "key_refused")
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    return response.json()


def test_every_bad_key_is_refused_in_the_same_words(world, basket, unchanged):
    right = world.aroma_key
    texts = [
        "",
        "nonsense",
        right[:-1],
        right + "x",
        right[:-1] + ("a" if right[-1] != "a" else "b"),
        world.bloom_key[:40] + right[40:],
        "hb_live_" + "0" * 32 + "a" * 43,
        right.replace("hb_live_", "hb_test_"),
        "\xe9" * 20,
    ]
    answers = []
    for text in texts:
        answers += [refused_in_the_same_words(Till(text).get(path)) for path in READS]
        answers.append(refused_in_the_same_words(Till(text).post("/purchases", basket())))
        answers.append(refused_in_the_same_words(Till(text).post("/purchases", b"{")))
        answers.append(refused_in_the_same_words(Till(text).post("/members", {"phone": "0611223344"})))
    assert all(answer == answers[0] for answer in answers)


def test_a_revoked_key_opens_nothing(till, world, basket, books):
    assert till.post("/purchases", basket(), key="K").status_code == 201
    with tenancy.scope(world.aroma.id):
        ApiKey.objects.update(revoked_at=timezone.now())
    after = books()
    refused_in_the_same_words(till.post("/purchases", basket()))
    refused_in_the_same_words(till.post("/purchases", basket(), key="K"))
    refused_in_the_same_words(till.post("/purchases?dry_run=true", basket(), key=None))
    refused_in_the_same_words(till.post("/purchases", basket(amount="0")))
    refused_in_the_same_words(till.post("/members", {"phone": "0611223344"}))
    refused_in_the_same_words(till.patch(f"/members/{public('mem', world.mia.id)}", {"name": "Eve"}))
    for path in READS:
        refused_in_the_same_words(till.get(path))
    assert books() == after


def test_no_header_another_scheme_or_a_cookie_is_no_key(world, basket, unchanged):
    path = "/api/v1/members"
    client = Client()
    client.force_login(world.olivia, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.cookies["api_key"] = world.aroma_key
    refused_in_the_same_words(client.get(path))
    refused_in_the_same_words(client.get(path, {"api_key": world.aroma_key}))
    refused_in_the_same_words(client.get(path, headers={"Authorization": f"Basic {world.aroma_key}"}))
    refused_in_the_same_words(client.get(path, headers={"Authorization": world.aroma_key}))
    assert client.get(path, headers={"Authorization": f"bearer {world.aroma_key}"}).status_code == 200


@pytest.fixture
def taking(world):
    """What takes a cake for Mia."""
    with tenancy.scope(world.aroma.id):
        unit_id = UUID(version_in_force().units[0].id)
        cake = offered(name="Cake", unit_id=unit_id, cost=10, stock=None, actor=None)
    return {"reward": public("rwd", cake.id), "member": public("mem", world.mia.id)}


@pytest.mark.parametrize("scope", list(Scope))
def test_a_key_does_what_its_scopes_name_and_nothing_else(key_with, basket, taking, world, scope):
    till, mia = key_with(scope), f"/members/{public('mem', world.mia.id)}"
    bought = Till(world.aroma_key).post("/purchases", basket()).json()
    made = Till(world.aroma_key).post("/code-batches", {"name": "Cartons", "size": 3}).json()["id"]
    tries = {
        Scope.READ_PROGRAMME: [lambda: till.get("/programme"), lambda: till.get("/locations")],
        Scope.READ_MEMBERS: [
            lambda: till.get("/members"),
            lambda: till.get(mia),
            lambda: till.get(f"{mia}/statement"),
        ],
        Scope.WRITE_MEMBERS: [
            lambda: till.patch(mia, {}),
            lambda: till.post("/members", {"phone": "0611223344"}),
        ],
        Scope.READ_PURCHASES: [lambda: till.get("/purchases")],
        Scope.WRITE_PURCHASES: [
            lambda: till.post("/purchases?dry_run=true", basket()),
            lambda: till.post("/purchases", basket()),
            lambda: till.post(f"/purchases/{bought['id']}/refunds", {"amount": "1.00"}),
            lambda: till.post(f"/purchases/{bought['id']}/cancellation", {}),
            lambda: till.post("/events", {"member": public("mem", world.mia.id), "type": "review"}),
        ],
        Scope.WRITE_UNITS: [
            lambda: till.post(f"{mia}/adjustments", {"unit": "points", "amount": 5, "reason": "test"}),
        ],
        Scope.WRITE_CODES: [
            lambda: till.post("/code-batches", {"name": f"By {scope}", "size": 3}),
            lambda: till.get(f"/code-batches/{made}/codes"),
            lambda: till.post(f"/code-batches/{made}/stop", {}),
        ],
        Scope.READ_REWARDS: [lambda: till.get("/rewards")],
        Scope.WRITE_REDEMPTIONS: [lambda: till.post("/redemptions", taking)],
    }
    allowed = tries.pop(scope)
    for attempt in allowed:
        assert attempt().status_code in (200, 201)
    for attempt in [attempt for others in tries.values() for attempt in others]:
        response = attempt()
        assert_refused(response, 403, "scope_missing")
        assert "scope" in response.json()["detail"]

"""API keys: shown once, revoked once, the owner's alone."""

import re

import pytest

from core import tenancy
from core.ids import new_id
from merchants.api_keys import read_key
from merchants.models import ApiKey
from tests.web.desk import HOME, desk_of, manager_of, text_of, trips
from tests.world import signed_in

PAGE = f"{HOME}keys/"
FORM = {"name": "Web shop", "scopes": ["members:read", "purchases:write"]}


def keys_of(merchant) -> list[ApiKey]:
    """The merchant's keys, oldest first."""
    with tenancy.scope(merchant.id):
        return list(ApiKey.objects.order_by("created_at"))


def test_a_key_is_shown_once_and_never_cached(world):
    client = desk_of(world)
    response = client.post(PAGE, FORM)
    secret = re.search(r"hb_live_[A-Za-z0-9_-]{75}", text_of(response)).group()
    assert "no-store" in response["Cache-Control"]
    key = keys_of(world.aroma)[-1]
    assert bytes(key.secret_hash) == read_key(secret).secret_hash
    assert key.scopes == ["members:read", "purchases:write"]
    assert key.created_by_id is not None
    again = text_of(client.get(PAGE))
    assert secret not in again
    assert key.hint in again
    assert "Record, refund and cancel purchases" in again


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"name": "\x00"}, "name"),
    ],
)
def test_a_key_that_cannot_be_is_refused_at_its_field(world, change, field):
    response = desk_of(world).post(PAGE, FORM | change)
    assert response.status_code == 422
    assert f'id="key_{field}_error"' in text_of(response)
    assert len(keys_of(world.aroma)) == 1


def test_a_key_is_revoked_after_one_question(world):
    client = desk_of(world)
    [key] = keys_of(world.aroma)
    assert "Revoke Till?" in text_of(client.get(PAGE))
    response = client.post(f"{PAGE}{key.id}/revocation/", follow=True)
    assert "Till is revoked." in text_of(response)
    assert "Revoke Till?" not in text_of(response)
    assert keys_of(world.aroma)[0].revoked_at is not None


def test_opening_the_address_of_a_revocation_revokes_nothing(world):
    [key] = keys_of(world.aroma)
    assert desk_of(world).get(f"{PAGE}{key.id}/revocation/").status_code == 302
    assert keys_of(world.aroma)[0].revoked_at is None


def test_another_merchants_key_is_not_there_and_stays(world):
    [key] = keys_of(world.bloom)
    for key_id in (key.id, new_id()):
        assert desk_of(world).post(f"{PAGE}{key_id}/revocation/").status_code == 404
    assert keys_of(world.bloom)[0].revoked_at is None


def test_keys_are_the_owners_alone(world):
    [key] = keys_of(world.aroma)
    for someone in (world.sam, manager_of(world.aroma)):
        client = signed_in(someone)
        assert client.get(PAGE).status_code == 403
        assert client.post(PAGE, FORM).status_code == 403
        assert client.post(f"{PAGE}{key.id}/revocation/").status_code == 403
    assert len(keys_of(world.aroma)) == 1
    assert keys_of(world.aroma)[0].revoked_at is None


def test_the_page_needs_few_trips(world):
    assert trips(desk_of(world), PAGE) == 6

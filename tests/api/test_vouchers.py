"""Vouchers by the API: listed, read by their code, used once; and why one is not good any more."""

import pytest

from core import tenancy
from core.ids import new_id, public_id
from loyalty.ledger import statements
from loyalty.models import Unit
from loyalty.rules.types import Condition
from rewards import vouchers
from tests.api.conftest import Till, assert_refused
from tests.rewards.offering import offered
from tests.world import points_of


@pytest.fixture
def till(world):
    """Aroma's, where Noah has a voucher for 40 of his 50 points. The books are proven at the end of the test."""
    with tenancy.scope(world.aroma.id):
        unit = Unit.objects.get(code="points")
        cake = offered(name="Cake", unit_id=unit.id, cost=40, valid_days=30)
        taken = {"reward": public_id("rwd", cake.id), "member": public_id("mem", world.noah.id)}
    till = Till(world.aroma_key)
    assert till.post("/redemptions", taken).status_code == 201
    yield till
    with tenancy.scope(world.aroma.id):
        assert statements.prove() == []


def code(world):
    with tenancy.scope(world.aroma.id):
        [voucher] = vouchers.vouchers_of(world.noah, world.aroma)
    return voucher.code


def test_a_members_vouchers_are_listed_with_their_codes_until_they_are_used(world, till):
    path = f"/members/{public_id('mem', world.noah.id)}/vouchers"
    [listed] = till.get(path).json()["items"]
    assert (listed["code"], listed["state"], listed["reward"]["name"]) == (code(world), "issued", "Cake")
    assert till.get(f"/vouchers/{listed['code'].lower()}").json() == listed
    till.post(f"/vouchers/{listed['code']}/redemption", {})
    assert till.get(path).json() == {"items": [], "next": None}


def test_it_is_used_once_under_one_key_and_says_why_under_another(world, till):
    voucher, key = code(world), str(new_id())
    first = till.post(f"/vouchers/{voucher}/redemption", {}, key=key)
    assert (first.status_code, first.json()["status"]) == (201, "captured")
    assert till.post(f"/vouchers/{voucher}/redemption", {}, key=key).content == first.content
    again = till.post(f"/vouchers/{voucher}/redemption", {}).json()
    assert (again["code"], again["detail"]) == (
        "voucher_closed",
        till.get(f"/vouchers/{voucher}").json()["why"],
    )
    assert again["detail"].startswith("This was used on")
    assert points_of(world.aroma, world.noah) == 10


@pytest.mark.parametrize("text", ["K7QX-3MPD-9WEA-22RT", "no voucher", "é"])
def test_what_is_no_voucher_is_not_found(world, till, text):
    for answered in (till.get(f"/vouchers/{text}"), till.post(f"/vouchers/{text}/redemption", {})):
        assert (answered.status_code, answered.json()["code"]) == (404, "voucher_not_found")


def test_one_for_certain_locations_is_used_only_where_it_is_said_to_be(world, till):
    here = Condition("location", {"any": [str(world.croix_rousse.id)]})
    with tenancy.scope(world.aroma.id):
        unit = Unit.objects.get(code="points")
        tea = offered(name="Tea", unit_id=unit.id, cost=1, valid_days=30, conditions=(here,))
    taken = {"reward": public_id("rwd", tea.id), "member": public_id("mem", world.mia.id)}
    assert till.post("/redemptions", taken).status_code == 201
    with tenancy.scope(world.aroma.id):
        [voucher] = vouchers.vouchers_of(world.mia, world.aroma)
    path = f"/vouchers/{voucher.code}/redemption"
    assert_refused(till.post(path, {}), 422, "location_needed", "location")
    assert till.post(path, {"location": public_id("loc", world.croix_rousse.id)}).status_code == 201


def test_codes_are_listed_for_keys_that_may_read_members_and_take_rewards(world, till, key_with):
    path = f"/members/{public_id('mem', world.noah.id)}/vouchers"
    for has, lacking in (("members:read", "redemptions:write"), ("redemptions:write", "members:read")):
        refused = key_with(has).get(path)
        assert_refused(refused, 403, "scope_missing")
        assert lacking in refused.json()["detail"]
    assert len(key_with("members:read", "redemptions:write").get(path).json()["items"]) == 1

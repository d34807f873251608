"""A member who was merged, asked for by an integrator who kept its id, number, address or card: the one who stays."""

import pytest

from core import tenancy
from core.ids import new_id
from loyalty.membership.joining import enrol_member
from loyalty.membership.merging import merge_members
from members import cards
from tests.api.conftest import public
from tests.world import buy


@pytest.fixture
def merged(world):
    """Mia's other card with one purchase, after the merge; the id, and the card."""
    with tenancy.scope(world.aroma.id):
        joined = enrol_member(
            merchant=world.aroma, name="Mia", phone="+33611111111", email="two@example.org", source="join"
        )
    buy(world.aroma, joined.member, 10_000)
    with tenancy.scope(world.aroma.id):
        merge_members(stays_id=world.mia.id, goes_id=joined.member.id, key=new_id(), actor_id=None)
    return joined


def test_its_id_answers_the_one_who_stays_with_that_ones_id(till, world, merged):
    answer = till.get(f"/members/{public('mem', merged.member.id)}").json()
    assert answer["id"] == public("mem", world.mia.id)
    assert answer["balances"]["points"]["available"] == 1350
    assert answer["tier"]["progress"]["current"] == "1034.00"


def test_so_does_everything_that_finds_a_member(till, world, merged):
    spoken = merged.card.spoken_code
    for asked in (
        {"phone": "+33611111111"},
        {"email": "two@example.org"},
        {"card": spoken},
        {"card": cards.static_code(merged.card, world.aroma)},
        {"card": cards.rotating_code(merged.card, world.aroma)},
        {"q": "two@example"},
    ):
        items = till.get("/members", **asked).json()["items"]
        assert [item["id"] for item in items] == [public("mem", world.mia.id)], asked


def test_the_list_has_one_of_the_two(till, world, merged):
    assert {item["name"] for item in till.get("/members").json()["items"]} == {"Mia", "Noah"}
    assert len(till.get("/members").json()["items"]) == 2


def test_a_purchase_in_its_name_is_the_one_who_stays_own(till, world, merged):
    said = {"member": public("mem", merged.member.id), "amount": "10.00", "currency": "EUR"}
    answer = till.post("/purchases", said).json()
    assert answer["member"] == {"id": public("mem", world.mia.id), "name": "Mia"}
    assert answer["awards"][0]["amount"] == 15


def test_purchases_of_both_are_listed_for_both_ids(till, world, merged):
    for member in (world.mia, merged.member):
        items = till.get("/purchases", member=public("mem", member.id)).json()["items"]
        assert [item["amount"] for item in items] == ["100.00", "1.00", "433.00", "500.00"]
        assert {item["member"]["id"] for item in items} == {public("mem", world.mia.id)}


def test_a_change_reaches_the_one_who_stays_and_its_statement_tells_of_the_merge(till, world, merged):
    path = f"/members/{public('mem', merged.member.id)}"
    assert till.patch(path, {"name": "Mia M."}).json()["id"] == public("mem", world.mia.id)
    line = till.get(f"{path}/statement").json()["items"][0]
    assert (line["kind"], line["amount"], line["balance"]) == ("merge", 150, 1350)
    assert line["reason"] == "Two cards became one"


def test_its_number_and_address_are_nobody_elses_to_join_with(till, merged):
    for said in ({"phone": "+33611111111"}, {"email": "two@example.org"}):
        refused = till.post("/members", {"name": "Eve", **said})
        assert (refused.status_code, refused.json()["code"]) == (409, "member_exists")

"""A free product over the counter: which piece of the bill it is, named where that is known and else told to look for."""

import pytest

from core import tenancy
from core.ids import public_id, read_id
from loyalty.models import Unit
from tests.api.conftest import Till as ApiTill
from tests.rewards.offering import offered
from tests.web.scanner.conftest import note_in, words_of
from tests.web.scanner.test_handing import give, scanned


@pytest.fixture
def three_for_two(world):
    with tenancy.scope(world.aroma.id):
        unit_id = Unit.objects.get(code="points").id
        value = {"any": ["coffee"], "of": 3}
        return offered(name="Three for two", unit_id=unit_id, cost=40, kind="free_product", value=value)


def test_of_a_bill_that_nobody_told_the_till_says_which_piece_is_free_before_and_after(
    world, till, three_for_two
):
    looked = scanned(till, world)
    assert "40 points The cheapest of 3 on the bill is free: coffee." in words_of(looked)
    said = words_of(give(till, note_in(looked), three_for_two))
    assert "Hand over Three for two The cheapest of 3 on the bill is free: coffee." in said


def test_of_a_bill_that_is_known_the_till_names_the_piece(world, till, three_for_two):
    items = [
        {"sku": "latte", "category": "coffee", "quantity": 2, "amount": "7.00"},
        {"sku": "espresso", "category": "coffee", "amount": "2.20"},
    ]
    sale = {"member": public_id("mem", world.mia.id), "amount": "9.20", "currency": "EUR", "items": items}
    bought = read_id("pur", ApiTill(world.aroma_key).post("/purchases", sale).json()["id"])
    said = words_of(give(till, note_in(scanned(till, world)), three_for_two, purchase=str(bought)))
    assert "Hand over Three for two Free: espresso, €2.20" in said

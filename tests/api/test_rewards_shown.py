"""Taking by the API for whom a program's till sees: a live card proves it, and what can be copied asks for more."""

import pytest
from django.core.cache import cache

from core import tenancy
from core.ids import public_id
from loyalty.models import Unit
from members import cards, pins
from tests.rewards.offering import offered
from tests.world import points_of

PIN = "4806"


@pytest.fixture
def cake(world):
    """At Aroma, for 100 points; Mia has a PIN."""
    cache.clear()
    with tenancy.scope(world.aroma.id):
        pins.set_pin(member=world.mia, pin=PIN)
        reward = offered(name="Cake", unit_id=Unit.objects.get(code="points").id, cost=100)
    return public_id("rwd", reward.id)


def test_a_live_card_takes_once_and_a_repetition_is_the_first_answer(world, till, cake):
    body = {"reward": cake, "card": cards.rotating_code(world.mia_card, world.aroma)}
    first = till.post("/redemptions", body, key="a")
    assert (first.status_code, first.json()["status"]) == (201, "held")
    assert till.post("/redemptions", body, key="a").content == first.content
    again = till.post("/redemptions", body, key="b")
    assert (again.status_code, again.json()["code"]) == (409, "card_already_used")
    assert points_of(world.aroma, world.mia) == 1100


@pytest.mark.parametrize("what", ["printed", "spoken", "phone"])
def test_what_can_be_copied_takes_with_the_members_pin_alone(world, till, cake, what):
    shown = {
        "printed": {"card": cards.static_code(world.mia_card, world.aroma)},
        "spoken": {"card": world.mia_card.spoken_code},
        "phone": {"phone": "+33612345678"},
    }[what]
    body = {"reward": cake, **shown}
    bare = till.post("/redemptions", body, key="a")
    assert (bare.status_code, bare.json()["code"]) == (403, "second_proof_needed")
    wrong = till.post("/redemptions", body | {"proof": "1357"}, key="a")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "proof_wrong")
    assert points_of(world.aroma, world.mia) == 1200
    # A wrong PIN is no answer: the same key may try again, and then keeps it.
    right = till.post("/redemptions", body | {"proof": PIN}, key="a")
    assert right.status_code == 201
    assert till.post("/redemptions", body, key="a").content == right.content
    assert points_of(world.aroma, world.mia) == 1100


def test_a_dry_run_asks_for_the_same_proof_and_guesses_count(world, till, cake):
    body = {"reward": cake, "card": world.mia_card.spoken_code}
    assert till.post("/redemptions?dry_run=true", body, key=None).json()["code"] == "second_proof_needed"
    assert till.post("/redemptions?dry_run=true", body | {"proof": PIN}, key=None).json()["dry_run"]
    for _try in range(5):
        till.post("/redemptions?dry_run=true", body | {"proof": "1357"}, key=None)
    locked = till.post("/redemptions", body | {"proof": PIN})
    assert (locked.status_code, locked.json()["code"]) == (403, "pin_locked")
    assert points_of(world.aroma, world.mia) == 1200


def test_a_program_names_exactly_one(world, till, cake):
    mia = public_id("mem", world.mia.id)
    for body in ({}, {"member": mia, "card": world.mia_card.spoken_code}):
        refused = till.post("/redemptions", {"reward": cake} | body)
        assert refused.json()["code"] == "member_ambiguous"
    # An id that is shown as a card is one that anybody can copy.
    assert till.post("/redemptions", {"reward": cake, "card": mia}).json()["code"] == "second_proof_needed"
    assert till.post("/redemptions", {"reward": cake, "member": mia}).status_code == 201

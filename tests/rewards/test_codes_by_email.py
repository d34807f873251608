"""A code by e-mail: what its letter says, and the one request that it serves, with its repetitions."""

import re

import pytest
from django.core import mail
from django.core.cache import cache

from core import tenancy
from core.idempotency import KeyReused
from core.ids import new_id, public_id
from core.models import Event
from loyalty.models import Unit
from members.cards import static_code
from merchants.models import ApiKey
from merchants.queries import staff_member
from rewards.proof import ProofWrong, ask_code, make_code, proven
from tests.api.conftest import Till as Program
from tests.loyalty.purchases.test_paying import paying
from tests.rewards.offering import offered
from tests.rewards.test_proof import OLGA, SAM, aroma, sent_code, static, try_at
from tests.web.scanner.conftest import HTMX, Till
from tests.world import points_of

__all__ = ["aroma", "paying"]


@pytest.fixture
def cakes(world):
    """One for 100 points, and one that is sold out."""
    cache.clear()
    with tenancy.scope(world.aroma.id):
        unit_id = Unit.objects.get(code="points").id
        return offered(name="Cake", unit_id=unit_id, cost=100), offered(
            name="Pie", unit_id=unit_id, cost=100, stock=0
        )


@pytest.fixture
def give(world, cakes):
    """Sam's tap, with a code beside Mia's printed card."""
    till, printed = Till(world.sam), static_code(world.mia_card, world.aroma)

    def give(reward, key, proof):
        asked = {"key": key, "code": printed, "reward": str(reward.id), "proof": proof}
        return till.client.post("/scan/aroma/redemptions", asked, headers=HTMX)

    return give


@pytest.fixture
def till_code(world, cakes):
    with tenancy.scope(world.aroma.id):
        return make_code(world.mia.id, staff_member(world.sam.id).id)


def api_code(world):
    with tenancy.scope(world.aroma.id):
        return make_code(world.mia.id, ApiKey.objects.earliest("id").id)


def test_the_letter_says_what_it_is_for_and_opens_nothing(aroma):
    ask_code(member=aroma.mia, actor_id=SAM)
    sent_code(aroma)
    letter = next(each for each in mail.outbox if "counter" in each.subject)
    assert letter.to == ["mia@example.org"]
    assert "If that is you, say this code" in letter.body
    assert "/link/" not in letter.body + letter.alternatives[0][0]
    assert not re.search(r"\d{6}", str(Event.objects.filter(name="proof_code.asked").first() or ""))


def test_it_serves_the_request_that_was_first_and_its_repetitions(aroma):
    code, first, second = make_code(aroma.mia.id, SAM), new_id(), new_id()
    other_till = make_code(aroma.mia.id, OLGA)
    assert try_at(aroma, code, key=None)  # what is only foretold uses nothing up
    for _time in range(2):
        assert try_at(aroma, code, key=first)
    for key in (second, None):
        with pytest.raises(ProofWrong):
            try_at(aroma, code, key=key)
    assert try_at(aroma, other_till, key=second, actor_id=OLGA)
    assert try_at(aroma, make_code(aroma.mia.id, SAM), key=second)


def test_the_refused_twin_of_a_request_gives_no_code_back(aroma):
    """Both came at the same moment; whichever noted the code, the other may have been served by it."""
    said = {"merchant": aroma.aroma, "scanned": static(aroma), "member": aroma.mia, "actor_id": SAM}
    code, key = make_code(aroma.mia.id, SAM), new_id()
    with (
        proven(key=key, given=code, **said),
        pytest.raises(KeyReused),
        proven(key=key, given=code, **said),
    ):
        raise KeyReused
    with pytest.raises(ProofWrong):
        try_at(aroma, code, key=new_id())
    code = make_code(aroma.mia.id, SAM)

    def lose_to_the_twin():
        with proven(key=key, given=code, **said):
            with proven(key=key, given=code, **said):
                pass
            raise KeyReused

    with pytest.raises(KeyReused):
        lose_to_the_twin()
    with pytest.raises(ProofWrong):
        try_at(aroma, code, key=new_id())
    assert try_at(aroma, code, key=key)


def test_a_code_whose_note_goes_as_it_is_looked_for_serves_one_request_all_the_same(aroma, monkeypatch):
    code, add = make_code(aroma.mia.id, SAM), cache.add
    notes = iter(["another request's, which was taken back before it was read"])

    def add_late(name, *args):
        return not (name.endswith(":used") and next(notes, "")) and add(name, *args)

    monkeypatch.setattr(cache, "add", add_late)
    assert try_at(aroma, code, key=new_id())
    with pytest.raises(ProofWrong):
        try_at(aroma, code, key=new_id())


def test_a_tap_that_is_sent_again_is_answered_though_the_code_is_used_up_and_gone(
    world, give, cakes, till_code
):
    cake, _pie = cakes
    assert give(cake, "tap", till_code).status_code == 201
    assert give(cake, "next", till_code).status_code == 422
    cache.clear()
    for proof in (till_code, "", "000000"):
        assert give(cake, "tap", proof).status_code == 200
    assert points_of(world.aroma, world.mia) == 1100


def test_what_is_refused_at_the_till_uses_up_no_code(world, give, cakes, till_code):
    cake, pie = cakes
    assert give(pie, "pie", till_code).status_code == 409
    assert give(cake, "cake", till_code).status_code == 201
    assert points_of(world.aroma, world.mia) == 1100


def test_by_the_api_a_code_takes_one_reward_and_what_is_refused_or_foretold_uses_none_up(world, cakes):
    cake, pie = (public_id("rwd", reward.id) for reward in cakes)
    code, till = api_code(world), Program(world.aroma_key)
    shown = {"card": static_code(world.mia_card, world.aroma), "proof": code}
    assert till.post("/redemptions?dry_run=true", shown | {"reward": cake}, key=None).status_code == 200
    assert till.post("/redemptions", shown | {"reward": pie}).json()["code"] == "reward_sold_out"
    first = till.post("/redemptions", shown | {"reward": cake}, key="a")
    assert first.status_code == 201
    assert till.post("/redemptions", shown | {"reward": cake}, key="b").json()["code"] == "proof_wrong"
    assert till.post("/redemptions?dry_run=true", shown | {"reward": cake}, key=None).status_code == 422
    cache.clear()
    assert till.post("/redemptions", shown | {"reward": cake}, key="a").content == first.content
    assert points_of(world.aroma, world.mia) == 1100


def test_by_the_api_a_code_pays_one_bill_and_what_is_refused_or_foretold_uses_none_up(paying):
    cache.clear()
    code, till = api_code(paying), Program(paying.aroma_key)
    bill = {
        "card": static_code(paying.mia_card, paying.aroma), "proof": code, "amount": "12.50", "currency": "EUR",
        "pay": {"unit": "points", "amount": 10},
    }  # fmt: skip
    assert till.post("/purchases?dry_run=true", bill, key=None).status_code == 200
    too_much = till.post("/purchases", bill | {"pay": {"unit": "points", "amount": 240}})
    assert too_much.json()["code"] == "money_needed"
    first = till.post("/purchases", bill, key="a")
    assert first.status_code == 201
    assert till.post("/purchases", bill, key="b").json()["code"] == "proof_wrong"
    cache.clear()
    assert till.post("/purchases", bill, key="a").content == first.content


def test_at_the_till_a_code_pays_one_bill(paying, till_code):
    till, printed = Till(paying.sam), static_code(paying.mia_card, paying.aroma)

    def pay(key):
        said = {"code": printed, "amount": "12.50", "key": key, "pay_unit": "points", "pay": "most"}
        return till.client.post("/scan/aroma/purchases", said | {"pay_proof": till_code}, headers=HTMX)

    assert [pay(key).status_code for key in ("a", "b", "a")] == [201, 422, 200]

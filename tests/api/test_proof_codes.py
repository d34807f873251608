"""A program asks for the code by e-mail that lets a printed card spend: told the same whether there is an address or not."""

import re

import pytest
from django.core import mail
from django.core.cache import cache

from api.v1 import proof_codes
from core import tenancy
from core.ids import public_id
from core.models import Event
from loyalty.models import Unit
from members.cards import static_code
from rewards import proof
from tests.analytics.test_rollups import deliver_all
from tests.api.conftest import assert_refused
from tests.rewards.offering import offered
from tests.world import points_of

SAID = {"digits": 6, "good_for_seconds": 600}


@pytest.fixture(autouse=True)
def anew(world, settings):
    """Nobody asked before; letters are kept."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    deliver_all(world.aroma)
    mail.outbox.clear()
    cache.clear()


def asked(world):
    with tenancy.scope(world.aroma.id):
        return Event.objects.filter(name="proof_code.asked").count()


@pytest.mark.parametrize("what", ["printed", "spoken", "phone", "member"])
def test_the_code_from_the_letter_lets_the_same_program_take_with_a_printed_card(world, till, what):
    with tenancy.scope(world.aroma.id):
        cake = offered(name="Cake", unit_id=Unit.objects.get(code="points").id, cost=100)
    shown = {
        "printed": {"card": static_code(world.mia_card, world.aroma)},
        "spoken": {"card": world.mia_card.spoken_code},
        "phone": {"phone": "+33612345678"},
        "member": {"member": public_id("mem", world.mia.id)},
    }[what]
    sent = till.post("/proof-codes", shown)
    assert (sent.status_code, sent.json()) == (201, SAID)
    deliver_all(world.aroma)
    [letter] = mail.outbox
    assert letter.to == ["mia@example.org"]
    code = re.search(r"\d{3} \d{3}", letter.body)[0]
    body = {"reward": public_id("rwd", cake.id), "card": world.mia_card.spoken_code, "proof": code}
    assert till.post("/redemptions", body).status_code == 201
    assert points_of(world.aroma, world.mia) == 1100


def test_a_program_learns_nothing_of_an_address_and_where_there_is_none_nothing_is_sent(world, till):
    answers = [
        till.post("/proof-codes", {"card": card.spoken_code}) for card in (world.mia_card, world.noah_card)
    ]
    assert answers[0].content == answers[1].content
    assert [answer.status_code for answer in answers] == [201, 201]
    assert asked(world) == 1
    for _time in range(2):
        till.post("/proof-codes", {"card": world.noah_card.spoken_code})
    refused = till.post("/proof-codes", {"card": world.noah_card.spoken_code})
    assert_refused(refused, 429, "too_many_tries")  # who has none is counted as well


def test_a_repetition_sends_no_second_letter_and_a_dry_run_none_at_all(world, till):
    body = {"card": world.mia_card.spoken_code}
    foretold = till.post("/proof-codes?dry_run=true", body, key=None)
    assert (foretold.status_code, foretold.json()) == (200, {"dry_run": True} | SAID)
    assert asked(world) == 0
    first, again = (till.post("/proof-codes", body, key="a") for _time in range(2))
    assert (again.content, again.headers["Idempotency-Replayed"]) == (first.content, "true")
    assert asked(world) == 1
    assert_refused(
        till.post("/proof-codes", {"phone": "+33698765432"}, key="a"), 409, "idempotency_key_reused"
    )
    assert_refused(till.post("/proof-codes", body, key=None), 400, "idempotency_key_missing")


def test_it_is_asked_for_as_seldom_as_at_a_till_though_by_many_tills(world, till, monkeypatch):
    body = {"card": world.mia_card.spoken_code}
    assert [till.post("/proof-codes", body).status_code for _time in range(4)] == [201] * 3 + [429]
    monkeypatch.setitem(proof.MOST_ASKED_BY, "api", 4)
    assert till.post("/proof-codes", {"card": world.noah_card.spoken_code}).status_code == 429
    assert asked(world) == 3


def test_it_takes_a_key_that_may_spend_and_exactly_one_who_is_there(world, till, key_with):
    card = {"card": world.mia_card.spoken_code}
    assert_refused(
        key_with("purchases:write", "members:read").post("/proof-codes", card), 403, "scope_missing"
    )
    assert_refused(till.post("/proof-codes", {}), 422, "member_ambiguous")
    assert_refused(till.post("/proof-codes", {"phone": "+33600000000"}), 404, "member_not_found")
    assert_refused(
        till.post("/proof-codes?dry_run=true", {"phone": "+33600000000"}, key=None), 404, "member_not_found"
    )
    assert asked(world) == 0


@pytest.mark.parametrize("asked_for", ["?dry_run=true", ""])
def test_a_program_that_tries_numbers_of_nobody_is_stopped_and_learns_of_no_hit_either(
    world, till, monkeypatch, asked_for
):
    monkeypatch.setattr(proof_codes, "MOST_MISSES", 2)
    path, more = f"/proof-codes{asked_for}", {"key": None} if asked_for else {}
    sent = till.post("/proof-codes", {"phone": "+33612345678"}, key="before")
    missed = [till.post(path, {"phone": f"+3360000000{n}"}, **more).status_code for n in range(3)]
    assert missed == [404, 404, 429]
    for typed in ({"phone": "+33612345678"}, {"card": world.mia_card.spoken_code}):
        assert_refused(till.post(path, typed, **more), 429, "too_many_tries")
    printed = {"card": static_code(world.mia_card, world.aroma)}  # signed: nobody comes by one by trying
    assert till.post(path, printed, **more).status_code in (200, 201)
    again = till.post("/proof-codes", {"phone": "+33612345678"}, key="before")
    assert (again.status_code, again.content) == (201, sent.content)


def test_where_nobody_can_send_or_count_that_is_said(world, till, monkeypatch):
    monkeypatch.setattr(proof, "_can_send", lambda: False)
    assert_refused(till.post("/proof-codes", {"card": world.noah_card.spoken_code}), 503, "proof_unavailable")

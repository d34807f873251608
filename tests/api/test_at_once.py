"""Many requests at the same instant, over real HTTP and with real commits."""

import json
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

import pytest

from core import tenancy
from core.ids import new_id
from loyalty.ledger import statements
from loyalty.models import Purchase
from members import cards
from members.models import Member
from tests.api.conftest import public
from tests.world import points_of


@dataclass
class Answer:
    """What came back over the wire."""

    status: int
    body: bytes
    replayed: bool


@pytest.fixture
def cast(server, world):
    """The cast, committed, behind a running server."""
    return world


@pytest.fixture
def send_at_once(server, cast):
    """Send these (path, body, idempotency key) all at the same moment; answers in their order."""

    def send(*requests: tuple[str, Any, str]) -> list[Answer]:
        barrier, answers = threading.Barrier(len(requests)), {}

        def one(number: int, path: str, body: Any, key: str) -> None:
            barrier.wait()
            answers[number] = post(f"{server.url}/api/v1{path}", cast.aroma_key, body, key)

        threads = [
            threading.Thread(target=one, args=(number, *request)) for number, request in enumerate(requests)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return [answers[number] for number in range(len(requests))]

    return send


def post(url: str, api_key: str, body: Any, key: str) -> Answer:
    """One request on a connection of its own."""
    request = urllib.request.Request(
        url,
        json.dumps(body).encode(),
        {"Authorization": f"Bearer {api_key}", "Content-Type": "application/json", "Idempotency-Key": key},
    )
    try:
        with urllib.request.urlopen(request) as response:
            return Answer(response.status, response.read(), "Idempotency-Replayed" in response.headers)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return Answer(refusal.code, refusal.read(), "Idempotency-Replayed" in refusal.headers)


def assert_books_add_up(cast):
    with tenancy.scope(cast.aroma.id):
        assert statements.prove() == []


@pytest.mark.parametrize("kind", ["rotating", "static", "member"])
def test_the_same_purchase_twenty_times_at_once_is_one_purchase(send_at_once, cast, kind):
    who = {
        "rotating": {"card": cards.rotating_code(cast.mia_card, cast.aroma)},
        "static": {"card": cards.static_code(cast.mia_card, cast.aroma)},
        "member": {"member": public("mem", cast.mia.id)},
    }[kind]
    body, key = who | {"amount": "12.50", "currency": "EUR"}, str(new_id())
    answers = send_at_once(*[("/purchases", body, key)] * 20)
    assert {answer.status for answer in answers} == {201}
    assert len({answer.body for answer in answers}) == 1
    assert [answer.replayed for answer in answers].count(False) == 1
    assert points_of(cast.aroma, cast.mia) == 1218
    assert_books_add_up(cast)


def test_two_purchases_of_one_member_at_once_both_land(send_at_once, cast):
    body = {"member": public("mem", cast.mia.id), "amount": "10.00", "currency": "EUR"}
    answers = send_at_once(("/purchases", body, "till-1"), ("/purchases", body, "till-2"))
    assert [answer.status for answer in answers] == [201, 201]
    balances = sorted(json.loads(answer.body)["balances"]["points"]["available"] for answer in answers)
    assert balances == [1215, 1230]
    assert points_of(cast.aroma, cast.mia) == 1230
    assert_books_add_up(cast)


def test_a_crowd_of_purchases_by_two_members_adds_up(send_at_once, cast):
    who = [public("mem", cast.mia.id), public("mem", cast.noah.id)]
    requests = [
        ("/purchases", {"member": who[number % 2], "amount": "4.00", "currency": "EUR"}, f"till-{number}")
        for number in range(24)
    ]
    assert {answer.status for answer in send_at_once(*requests)} == {201}
    assert points_of(cast.aroma, cast.mia) == 1200 + 12 * 6
    assert points_of(cast.aroma, cast.noah) == 50 + 12 * 4
    assert_books_add_up(cast)


def test_one_rotating_code_at_two_tills_serves_one_of_them(send_at_once, cast):
    body = {"card": cards.rotating_code(cast.mia_card, cast.aroma), "amount": "12.50", "currency": "EUR"}
    answers = send_at_once(*[("/purchases", body, f"till-{number}") for number in range(8)])
    assert sorted(answer.status for answer in answers) == [201] + [409] * 7
    codes = {json.loads(answer.body)["code"] for answer in answers if answer.status == 409}
    assert codes == {"card_already_used"}
    assert points_of(cast.aroma, cast.mia) == 1218
    assert_books_add_up(cast)


@pytest.mark.parametrize("what", ["used code", "cancelled purchase", "taken number"])
def test_the_same_no_eight_times_at_once_is_one_no(send_at_once, cast, server, what):
    code = {"card": cards.rotating_code(cast.mia_card, cast.aroma), "amount": "12.50", "currency": "EUR"}
    bought = json.loads(post(f"{server.url}/api/v1/purchases", cast.aroma_key, code, "first").body)
    cancellation = f"/purchases/{bought['id']}/cancellation"
    post(f"{server.url}/api/v1{cancellation}", cast.aroma_key, {}, "undo")
    path, body = {
        "used code": ("/purchases", code),
        "cancelled purchase": (cancellation, {}),
        "taken number": ("/members", {"name": "Ada", "phone": cast.noah.phone}),
    }[what]
    answers = send_at_once(*[(path, body, "K")] * 8)
    assert {answer.status for answer in answers} == {409}
    assert len({answer.body for answer in answers}) == 1
    assert [answer.replayed for answer in answers].count(False) == 1
    assert points_of(cast.aroma, cast.mia) == 1200
    assert_books_add_up(cast)


def test_each_of_eight_tills_that_cancel_at_once_hears_its_own_answer_again(send_at_once, cast, server):
    body = {"member": public("mem", cast.mia.id), "amount": "12.50", "currency": "EUR"}
    bought = json.loads(post(f"{server.url}/api/v1/purchases", cast.aroma_key, body, "first").body)
    tills = [(f"/purchases/{bought['id']}/cancellation", {}, f"till-{number}") for number in range(8)]
    first, again = send_at_once(*tills), send_at_once(*tills)
    assert sorted(answer.status for answer in first) == [201] + [409] * 7
    assert [answer.body for answer in again] == [answer.body for answer in first]
    assert {answer.replayed for answer in again} == {True}
    assert_books_add_up(cast)


def test_one_key_for_two_different_purchases_at_once_serves_one_of_them(send_at_once, cast):
    bodies = [
        {"member": public("mem", member.id), "amount": "12.50", "currency": "EUR"}
        for member in (cast.mia, cast.noah)
    ]
    with tenancy.scope(cast.aroma.id):
        before = Purchase.objects.count()
    answers = send_at_once(*[("/purchases", bodies[number % 2], "K") for number in range(10)])
    assert sorted(answer.status for answer in answers) == [201] * 5 + [409] * 5
    assert {json.loads(answer.body).get("code") for answer in answers} == {None, "idempotency_key_reused"}
    with tenancy.scope(cast.aroma.id):
        assert Purchase.objects.count() == before + 1
    assert_books_add_up(cast)


def test_the_same_enrolment_ten_times_at_once_is_one_member(send_at_once, cast):
    body = {"name": "Ada", "phone": "+33611223344", "email": "ada@example.org"}
    answers = send_at_once(*[("/members", body, "enrol-ada")] * 10)
    assert {answer.status for answer in answers} == {201}
    assert len({answer.body for answer in answers}) == 1
    with tenancy.scope(cast.aroma.id):
        assert Member.objects.filter(phone="+33611223344").count() == 1
    assert_books_add_up(cast)


def test_one_phone_number_enrolled_at_two_tills_is_one_member(send_at_once, cast):
    body = {"name": "Ada", "phone": "+33611223344"}
    answers = send_at_once(*[("/members", body, f"till-{number}") for number in range(8)])
    assert sorted(answer.status for answer in answers) == [201] + [409] * 7
    assert_books_add_up(cast)

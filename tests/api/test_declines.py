"""What was declined stays declined: the same key gives the same no for ever, in the same bytes, whatever has changed since."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from core import tenancy
from core.models import Answer
from loyalty.membership.leaving import erase_member
from members import cards
from tests.api.conftest import assert_refused, public, rotating
from tests.world import points_of


def assert_the_same_again(first, again):
    """Byte for byte, and said to be a repetition."""
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["Content-Type"] == first.headers["Content-Type"] == "application/problem+json"
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers


@pytest.fixture
def used(till, basket, world):
    """A scan of Mia's code that has served a purchase already."""
    body = basket(member=None, card=rotating(world, world.mia_card))
    assert till.post("/purchases", body).status_code == 201
    return body


@pytest.fixture
def revoked(basket, world):
    """A scan of Mia's printed card, which was replaced."""
    body = basket(member=None, card=cards.static_code(world.mia_card, world.aroma))
    replace_card(world, 1)
    return body


def replace_card(world, by):
    with tenancy.scope(world.aroma.id):
        world.mia_card.generation += by
        world.mia_card.save(update_fields=["generation"])


def test_a_used_code_is_declined_in_the_same_bytes_for_ever(till, used, books):
    first = till.post("/purchases", used, key="K")
    assert_refused(first, 409, "card_already_used", "card")
    after = books()
    for language in ("en", "fr", "de"):
        assert_the_same_again(first, till.post("/purchases", used, key="K", **{"Accept-Language": language}))
    assert books() == after


def test_a_no_in_french_stays_french(till, used):
    first = till.post("/purchases", used, key="K", **{"Accept-Language": "fr"})
    english = till.post("/purchases", used)
    assert first.json()["detail"] != english.json()["detail"]
    assert_the_same_again(first, till.post("/purchases", used, key="K"))


def test_a_card_that_counts_again_stays_declined_under_that_key(till, revoked, world, books):
    first = till.post("/purchases", revoked, key="K")
    assert_refused(first, 409, "card_revoked", "card")
    replace_card(world, -1)
    after = books()
    assert_the_same_again(first, till.post("/purchases", revoked, key="K"))
    assert books() == after
    assert till.post("/purchases", revoked).status_code == 201, "it would have been a yes"


def test_a_code_that_came_too_early_stays_declined_when_its_time_has_come(till, basket, world):
    in_an_hour = timezone.now() + dt.timedelta(hours=1)
    body = basket(member=None, card=rotating(world, world.mia_card, now=in_an_hour.timestamp()))
    first = till.post("/purchases", body, key="K")
    assert_refused(first, 409, "card_expired", "card")
    with time_machine.travel(in_an_hour):
        assert_the_same_again(first, till.post("/purchases", body, key="K"))
        assert till.post("/purchases", body).status_code == 201, "it would have been a yes"


def test_another_request_under_a_declined_key_is_told_so(till, used, books):
    till.post("/purchases", used, key="K")
    after = books()
    for path, body in (
        ("/purchases", used | {"amount": "12.51"}),
        ("/members", {"phone": "0611223344"}),
    ):
        assert_refused(till.post(path, body, key="K"), 409, "idempotency_key_reused")
    assert books() == after


def test_a_second_cancellation_is_declined_for_ever(till, basket, books):
    path = f"/purchases/{till.post('/purchases', basket()).json()['id']}/cancellation"
    yes = till.post(path, {}, key="yes")
    no = till.post(path, {}, key="no")
    assert_refused(no, 409, "purchase_cancelled")
    after = books()
    assert_the_same_again(no, till.post(path, {}, key="no"))
    assert till.post(path, {}, key="yes").content == yes.content
    assert books() == after


def test_a_number_that_was_somebodys_stays_so_under_that_key(till, world):
    body = {"name": "Ada", "phone": world.noah.phone}
    first = till.post("/members", body, key="K")
    assert_refused(first, 409, "member_exists", "phone")
    assert_refused(till.patch(f"/members/{public('mem', world.mia.id)}", body), 409, "member_exists")
    changed = till.patch(f"/members/{public('mem', world.noah.id)}", {"phone": "+33611223344"})
    assert changed.status_code == 200
    assert_the_same_again(first, till.post("/members", body, key="K"))
    assert till.post("/members", body).status_code == 201, "it would have been a yes"


def test_a_dry_run_is_no_request_and_keeps_no_answer(till, used, world):
    assert_refused(till.post("/purchases?dry_run=true", used, key="K"), 409, "card_already_used")
    with tenancy.scope(world.aroma.id):
        assert not Answer.objects.filter(status=409).exists()


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"amount": "0"}, 422),
        ({"member": "mem_" + "0" * 32}, 404),
        ({"occurred_at": "2999-01-01T00:00:00Z"}, 422),
    ],
)
def test_a_request_that_was_wrong_is_not_kept_and_may_be_corrected(till, basket, world, changes, status):
    assert till.post("/purchases", basket(**changes), key="K").status_code == status
    assert till.post("/purchases", basket(), key="K").status_code == 201
    assert points_of(world.aroma, world.mia) == 1218


def test_erasing_a_member_blanks_what_it_was_declined(till, used, world):
    path = f"/purchases/{till.post('/purchases', used | {'card': world.mia_card.spoken_code}).json()['id']}/cancellation"
    till.post(path, {})
    told = [
        ("/purchases", used, "card_already_used"),
        ("/members", {"phone": world.mia.phone}, "member_exists"),
        (path, {}, "purchase_cancelled"),
    ]
    for number, (address, body, code) in enumerate(told):
        assert_refused(till.post(address, body, key=f"K{number}"), 409, code)
    with tenancy.scope(world.aroma.id):
        erase_member(member=world.mia, actor="member")
        assert not Answer.objects.filter(status=409).exclude(body="", fingerprint=b"").exists()
    for number, (address, body, _code) in enumerate(told):
        assert_refused(till.post(address, body, key=f"K{number}"), 410, "answer_erased")


def test_a_key_that_was_revoked_is_not_told_what_was_declined(till, bloom_till, used):
    till.post("/purchases", used, key="K")
    assert_refused(bloom_till.post("/purchases", used, key="K"), 422, "card_other_merchant")
    till.key += "x"
    assert_refused(till.post("/purchases", used, key="K"), 401, "key_refused")

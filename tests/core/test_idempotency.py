"""What is kept under a key, and what a second asker gets: the verb's side of it. Over HTTP: tests/api/test_declines.py."""

import orjson
import pytest
from django.db import connection
from django.utils.translation import override

from core import tenancy
from core.errors import Decline, ValueUnreadable
from core.events import record
from core.idempotency import KeyReused, answer_once, fingerprint_of, keep_decline
from core.ids import new_id
from core.models import Answer, Event

ASKED = fingerprint_of("a cake")


class CakeGone(Decline):
    """One whose making takes what nobody knows any more when it is repeated."""

    code = "cake_gone"
    message = "Sold out: %(left)d left."
    field = "cake"

    def __init__(self, left, **more):
        super().__init__(left=left, **more)


@pytest.fixture
def key(world):
    """A key at Aroma, in whose scope the test is."""
    with tenancy.scope(world.aroma.id):
        yield new_id()


def sold_out(left=0):
    """Work that writes something, and finds that there is no cake."""

    def work():
        record("cake.taken", {})
        raise CakeGone(left)

    return work


def sold():
    return 201, {"cake": "yours"}, None


def declined(key, work, **more):
    with pytest.raises(CakeGone) as told:
        answer_once(key, ASKED, work, **more)
    return told.value


def test_a_decline_is_kept_and_what_was_done_before_it_is_not(key):
    first = declined(key, sold_out())
    assert (first.answered.status, first.answered.replayed) == (409, False)
    assert not Event.objects.filter(name="cake.taken").exists()
    assert Answer.objects.get(key=key).body == first.answered.body


def test_it_is_raised_again_as_what_it_was_in_the_words_of_then(key):
    first = declined(key, sold_out(left=0))
    with override("fr"):
        again = declined(key, sold)
    assert again.answered.replayed
    assert again.answered.body == first.answered.body
    assert (again.detail, again.code, again.fields) == ("Sold out: 0 left.", "cake_gone", ["cake"])


def test_another_request_under_its_key_is_refused(key):
    declined(key, sold_out())
    with pytest.raises(KeyReused):
        answer_once(key, fingerprint_of("a pie"), sold)


def test_whom_it_is_about_is_told_by_the_decline_or_by_the_caller(key):
    mia, noah = new_id(), new_id()
    declined(key, sold_out(), member_id=mia)
    assert Answer.objects.get(key=key).member_id == mia

    def work():
        raise CakeGone(0, member_id=noah)

    other = new_id()
    declined(other, work, member_id=mia)
    assert Answer.objects.get(key=other).member_id == noah


def test_a_refusal_of_the_request_is_not_kept(key):
    def work():
        raise ValueUnreadable

    with pytest.raises(ValueUnreadable):
        answer_once(key, ASKED, work)
    assert answer_once(key, ASKED, sold).status == 201


def test_a_yes_that_came_first_is_the_answer_of_a_decline_that_comes_late(key):
    """Two askers at once: this one found no cake, for the other one, under the same key, has it."""
    yes = answer_once(key, ASKED, sold)
    assert keep_decline(key, ASKED, CakeGone(0)).body == yes.body


def test_a_scope_keeps_the_decline_and_gives_up_everything_else(world):
    key = new_id()
    with pytest.raises(CakeGone), tenancy.scope(world.aroma.id):
        answer_once(key, ASKED, sold_out())
    with pytest.raises(CakeGone), tenancy.scope(world.aroma.id):
        sold_out()()
    with tenancy.scope(world.aroma.id):
        assert orjson.loads(Answer.objects.get(key=key).body)["code"] == "cake_gone"
        assert not Event.objects.filter(name="cake.taken").exists()
    assert not connection.needs_rollback

"""One key, two askers at the same instant, of whom one would hear yes and the other no: both hear what was written first.

A till repeats a scan that got no answer; its code is a second older now, and a second too old.
"""

import dataclasses

import pytest

from core import tenancy
from core.idempotency import KeyReused
from core.ids import new_id
from core.models import Answer
from loyalty.ledger import statements
from loyalty.models import Purchase
from loyalty.purchases import earning
from loyalty.purchases.earning import NewPurchase, record_purchase
from members.cards import CardExpired, Scanned
from tests.world import points_of


@pytest.fixture
def scan(committed_db, world):
    """Mia's code, still good; the same request when it is too old; and the key of both."""
    who = Scanned(serial=world.mia_card.serial, generation=world.mia_card.generation, step=2**31)
    good = NewPurchase(who=who, amount_minor=1_200, channel="api", asked=["the same"])
    return good, dataclasses.replace(good, who=dataclasses.replace(who, expired=True)), new_id()


@pytest.fixture
def in_between(monkeypatch):
    """Have somebody else be quicker: they are served once the first asker has read, and before it writes."""

    def serve(other):
        read, served = earning._read, []

        def read_and_be_overtaken(*args):
            state = read(*args)
            if not served:
                served.append(True)
                other()
            return state

        monkeypatch.setattr(earning, "_read", read_and_be_overtaken)

    return serve


def assert_one_answer_was_written(world, key, status, points):
    with tenancy.scope(world.aroma.id):
        assert Answer.objects.get(key=key).status == status
        assert Purchase.objects.filter(amount_minor=1_200).count() == (status == 201)
        assert statements.prove() == []
    assert points_of(world.aroma, world.mia) == points


def test_a_yes_that_comes_second_is_the_no_that_came_first(world, scan, in_between):
    good, late, key = scan

    def be_declined():
        with pytest.raises(CardExpired):
            record_purchase(merchant=world.aroma, bought=late, key=key)

    in_between(be_declined)
    with pytest.raises(CardExpired) as told:
        record_purchase(merchant=world.aroma, bought=good, key=key)
    assert told.value.answered.replayed
    assert_one_answer_was_written(world, key, 409, 1200)


def test_a_no_that_comes_second_is_the_yes_that_came_first(world, scan, in_between):
    good, late, key = scan
    first = []
    in_between(lambda: first.append(record_purchase(merchant=world.aroma, bought=good, key=key)))
    second = record_purchase(merchant=world.aroma, bought=late, key=key)
    assert (second.body, second.replayed) == (first[0].body, True)
    assert_one_answer_was_written(world, key, 201, 1218)


def test_another_requests_no_under_the_key_is_a_reused_key(world, scan, in_between):
    good, late, key = scan
    other = dataclasses.replace(late, asked=["another"])

    def be_declined():
        with pytest.raises(CardExpired):
            record_purchase(merchant=world.aroma, bought=other, key=key)

    in_between(be_declined)
    with pytest.raises(KeyReused):
        record_purchase(merchant=world.aroma, bought=good, key=key)
    assert_one_answer_was_written(world, key, 409, 1200)

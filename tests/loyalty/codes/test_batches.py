"""Making codes and stopping them."""

import datetime as dt

import pytest

from core import tenancy
from core.ids import new_id
from core.models import Event
from loyalty.codes import batches
from loyalty.models import CodeBatch
from tests.loyalty.codes.making import OATLY, made


def names(merchant):
    with tenancy.scope(merchant.id):
        return list(
            Event.objects.filter(name__startswith="codes.").order_by("id").values_list("name", flat=True)
        )


def test_codes_are_made_with_all_that_was_said(world):
    batch = made(world.aroma, name="  Oat   cartons ", per_member=2, last_on=dt.date(2027, 3, 31))
    assert (batch.name, batch.source, batch.size, batch.per_member) == ("Oat cartons", "Oatly", 20, 2)
    assert (batch.number, batch.used, batch.last_on) == (1, 0, dt.date(2027, 3, 31))
    assert names(world.aroma) == ["codes.made"]


def test_batches_are_counted_shop_by_shop(world):
    assert [made(world.aroma, name=name).number for name in ("A", "B")] == [1, 2]
    assert made(world.bloom, name="A").number == 1


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"name": " "}, "name_missing"),
        ({"name": "x" * 61}, "text_too_long"),
        ({"size": 0}, "codes_out_of_range"),
        ({"size": 10_001}, "codes_out_of_range"),
        ({"per_member": 0}, "codes_out_of_range"),
        ({"word": "abc"}, "word_unreadable"),
        ({"word": "no!"}, "word_unreadable"),
        ({"word": "ABCDEFGH2345"}, "word_unreadable"),
        ({"first_on": dt.date(2027, 1, 2), "last_on": dt.date(2027, 1, 1)}, "days_reversed"),
        ({"name": "OAT CARTONS"}, "code_name_taken"),
        ({"name": "Other", "word": "früh-stück"}, "word_taken"),
    ],
)
def test_what_cannot_be_made_is_refused_and_nothing_is_made(world, said, refusal):
    made(world.aroma)
    made(world.aroma, name="A word", word="FRUHSTUCK", size=200_000)
    with pytest.raises(Exception, match=refusal):
        made(world.aroma, **{"name": "New", **said})
    with tenancy.scope(world.aroma.id):
        assert CodeBatch.objects.count() == 2


def test_the_same_form_twice_makes_codes_once(world):
    form = new_id()
    with tenancy.scope(world.aroma.id):
        first = batches.make_batch(asked=OATLY, actor_id=None, batch_id=form)
        assert batches.make_batch(asked=OATLY, actor_id=None, batch_id=form) == first
        assert CodeBatch.objects.count() == 1


def test_stopping_twice_is_stopping_once(world):
    batch = made(world.aroma)
    with tenancy.scope(world.aroma.id):
        first = batches.stop_batch(batch_id=batch.id, actor_id=None).stopped_at
        assert batches.stop_batch(batch_id=batch.id, actor_id=None).stopped_at == first
        with pytest.raises(batches.BatchUnknown):
            batches.stop_batch(batch_id=new_id(), actor_id=None)
    assert names(world.aroma) == ["codes.made", "codes.stopped"]

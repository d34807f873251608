"""Codes by program: made, listed, read out, stopped, and entered for a member."""

import pytest

from core import tenancy
from core.models import Event
from members.cards import static_code
from merchants.access import Scope
from merchants.api_keys import make_key
from merchants.models import ApiKey
from tests.api.conftest import Till, assert_refused, public
from tests.api.test_events import limiting_to
from tests.loyalty.codes.making import NO_TEXTS, code, gives, made
from tests.world import points_of

ASKED = {
    "name": "Oat milk, spring",
    "source": "Oatly",
    "size": 120,
    "per_member": 5,
    "last_day": "2027-05-31",
}


@pytest.fixture
def redeem(till, world):
    """A code for Noah: the response."""
    return lambda typed, **more: till.post(
        "/codes/redemptions", {"member": public("mem", world.noah.id), "code": typed}, **more
    )


def test_codes_are_made_read_out_page_by_page_and_entered(till, redeem, world):
    gives(world.aroma)
    batch = till.post("/code-batches", ASKED, key="spring").json()
    assert {name: batch[name] for name in ASKED} == ASKED
    first = till.get(f"/code-batches/{batch['id']}/codes?limit=100").json()
    rest = till.get(f"/code-batches/{batch['id']}/codes?limit=100&cursor={first['next']}").json()
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (100, 20, None)
    answer = redeem(rest["items"][-1]["link"]).json()
    assert [award["amount"] for award in answer["awards"]] == [20]
    assert answer["batch"] == {"id": batch["id"], "name": "Oat milk, spring", "source": "Oatly"}
    assert points_of(world.aroma, world.noah) == 70
    assert till.get(f"/code-batches/{batch['id']}").json()["used"] == 1


def test_the_same_key_makes_codes_once_and_the_same_name_is_declined(till):
    first, again = (till.post("/code-batches", ASKED, key="spring") for _time in range(2))
    assert (again.content, again.headers["Idempotency-Replayed"]) == (first.content, "true")
    assert_refused(till.post("/code-batches", ASKED), 409, "code_name_taken", "name")


def test_batches_are_listed_newest_first(till, world):
    for name in ("A", "B", "C"):
        made(world.aroma, name=name)
    first = till.get("/code-batches?limit=2").json()
    rest = till.get(f"/code-batches?limit=2&cursor={first['next']}").json()
    assert [batch["name"] for batch in first["items"] + rest["items"]] == ["C", "B", "A"]


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ({"size": 0}, "value_out_of_range", "size"),
        ({"size": 10_001}, "codes_out_of_range", "size"),
        ({"size": "many"}, "value_of_wrong_kind", "size"),
        ({"last_day": "31 May"}, "value_of_wrong_kind", "last_day"),
        ({"first_day": "2027-06-01"}, "days_reversed", "last_day"),
        ({"name": ""}, "name_missing", "name"),
        ({"word": "?"}, "word_unreadable", "word"),
    ],
)
def test_what_cannot_be_made_is_refused_at_its_field(till, said, code, field):
    assert_refused(till.post("/code-batches", ASKED | said), 422, code, field)


def test_a_used_code_is_declined_and_stays_so_under_its_key(till, redeem, world):
    gives(world.aroma)
    typed = code(world.aroma, made(world.aroma))
    redeem(typed, key="first")
    assert_refused(redeem(typed, key="second"), 409, "code_used", "code")
    again = redeem(typed, key="second")
    assert again.headers["Idempotency-Replayed"] == "true"
    assert redeem(typed, key="first").json()["awards"][0]["amount"] == 20


def test_stopped_codes_and_texts_that_are_none_are_refused(till, redeem, world):
    gives(world.aroma)
    batch = made(world.aroma)
    stopped = till.post(f"/code-batches/{public('cdb', batch.id)}/stop", {})
    assert stopped.json()["stopped_at"]
    assert_refused(redeem(code(world.aroma, batch)), 409, "code_stopped", "code")
    assert_refused(redeem("NO SUCH WORD"), 422, "code_unknown", "code")
    assert_refused(till.get(f"/code-batches/{public('cdb', world.noah.id)}"), 404, "code_batch_not_found")
    assert points_of(world.aroma, world.noah) == 50


def test_a_word_is_one_code(till, world):
    batch = made(world.aroma, word="Summer 26", size=3)
    page = till.get(f"/code-batches/{public('cdb', batch.id)}/codes").json()
    assert ([one["code"] for one in page["items"]], page["next"]) == (["SUMMER26"], None)


@pytest.mark.parametrize("typed", NO_TEXTS)
def test_a_text_that_no_code_can_be_is_an_unknown_code(redeem, world, typed):
    gives(world.aroma)
    assert_refused(redeem(typed), 422, "code_unknown", "code")


def test_who_may_only_read_is_not_told_the_word(till, world):
    batch = made(world.aroma, word="Summer 26", size=3)
    made(world.aroma, name="Each its own")
    with tenancy.scope(world.aroma.id):
        reads = Till(make_key(name="Figures", scopes=[Scope.READ_PROGRAMME], actor=None)[1])
    words = [one["word"] for one in reads.get("/code-batches").json()["items"]]
    assert words == ["", None]
    assert reads.get(f"/code-batches/{public('cdb', batch.id)}").json()["word"] is None
    assert till.get(f"/code-batches/{public('cdb', batch.id)}").json()["word"] == "SUMMER26"


def test_a_printed_card_enters_no_more_codes_on_a_day_than_it_may(till, world):
    gives(world.aroma)
    limiting_to(world, static_a_day=2)
    batch, card = made(world.aroma), static_code(world.noah_card, world.aroma)
    told = [
        till.post("/codes/redemptions", {"card": card, "code": code(world.aroma, batch, serial)})
        for serial in (1, 2, 3)
    ]
    assert [answer.status_code for answer in told] == [201, 201, 409]
    assert_refused(told[2], 409, "static_limit_reached")
    assert points_of(world.aroma, world.noah) == 90


def test_the_audit_knows_which_key_read_codes_out(till, world):
    batch = made(world.aroma)
    till.get(f"/code-batches/{public('cdb', batch.id)}")
    till.get(f"/code-batches/{public('cdb', batch.id)}/codes")
    with tenancy.scope(world.aroma.id):
        told, key = Event.objects.get(name="codes.downloaded").payload, ApiKey.objects.get()
    assert told == {"batch": str(batch.id), "actor": str(key.id)}

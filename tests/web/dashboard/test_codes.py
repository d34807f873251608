"""Codes at the desk: made in one form, looked at, taken away, stopped, and given a sentence of their own."""

import csv
import io

import pytest

from core import tenancy
from core.ids import new_id
from core.models import Event
from loyalty.codes.texts import place_of
from loyalty.models import CodeBatch
from tests.loyalty.codes.making import code, enter, gives, made
from tests.web.desk import HOME, desk_of, drafted, text_of, trips
from tests.world import signed_in

PAGE = f"{HOME}codes/"


def asked(**said):
    """The form as it is sent, but for what is said."""
    return {"name": "Oat cartons", "source": "Oatly", "size": "500", "key": str(new_id()), **said}


def batches(merchant):
    with tenancy.scope(merchant.id):
        return list(CodeBatch.objects.order_by("number"))


def test_an_empty_page_says_what_codes_are_for(world):
    assert "No codes yet" in text_of(desk_of(world).get(PAGE))


def test_codes_are_made_and_shown(world):
    response = desk_of(world).post(f"{PAGE}new/", asked(last_on="2027-03-31"), follow=True)
    page = text_of(response)
    assert "500 codes are made." in page
    assert "until 31 March 2027" in page
    assert "No sentence of the programme gives anything for these codes yet." in page
    assert [batch.name for batch in batches(world.aroma)] == ["Oat cartons"]
    listed = text_of(desk_of(world).get(PAGE))
    assert "0 of 500" in listed
    assert "Oatly" in listed


def test_a_form_that_is_sent_twice_makes_codes_once(world):
    desk, form = desk_of(world), asked()
    first, second = (desk.post(f"{PAGE}new/", form) for _time in range(2))
    assert first["Location"] == second["Location"]
    assert len(batches(world.aroma)) == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": ""}, "name"),
        ({"size": "0"}, "size"),
        ({"size": "10001"}, "size"),
        ({"size": "many"}, "size"),
        ({"per_member": "0"}, "per_member"),
        ({"word": "no!"}, "word"),
        ({"first_on": "2027-02-01", "last_on": "2027-01-01"}, "last_on"),
    ],
)
def test_what_cannot_be_made_is_told_at_its_field(world, said, field):
    response = desk_of(world).post(f"{PAGE}new/", asked(**said))
    assert response.status_code == 422
    assert f'id="codes_{field}_error"' in text_of(response)
    assert batches(world.aroma) == []


def test_a_batch_tells_who_entered_it_and_what_it_gives(world):
    gives(world.aroma, 20, "Oat cartons")
    batch = made(world.aroma)
    enter(world.aroma, world.noah, code(world.aroma, batch))
    page = text_of(desk_of(world).get(f"{PAGE}{batch.id}/"))
    assert "20 points for a code from “Oat cartons”" in page
    assert "Noah" in page
    assert "Codes entered, by day" in page
    assert "1 of 20" in text_of(desk_of(world).get(PAGE))


def test_the_file_has_a_line_for_each_code_and_the_audit_knows_who_took_it(world):
    gives(world.aroma)
    batch = made(world.aroma)
    enter(world.aroma, world.noah, code(world.aroma, batch, 3))
    response = desk_of(world).post(f"{PAGE}{batch.id}/file/")
    lines = list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    assert [place_of(world.aroma.id, line["code"].replace("-", "")) for line in lines] == [
        (batch.number, serial) for serial in range(1, 21)
    ]
    assert lines[0]["link"].endswith(f"/c/aroma/codes?code={lines[0]['code']}")
    assert [bool(line["used_on"]) for line in lines[:4]] == [False, False, True, False]
    with tenancy.scope(world.aroma.id):
        assert Event.objects.get(name="codes.downloaded").payload["batch"] == str(batch.id)


def test_ten_thousand_codes_are_one_file(world):
    batch = made(world.aroma, size=10_000)
    response = desk_of(world).post(f"{PAGE}{batch.id}/file/")
    assert response.getvalue().count(b"\r\n") == 10_001


def test_a_sentence_for_them_is_put_into_the_draft_and_its_amount_is_open(world):
    batch = made(world.aroma)
    response = desk_of(world).post(f"{PAGE}{batch.id}/sentence/")
    rule = drafted(world.aroma).rules[-1]
    assert (rule.trigger, rule.conditions[0].given) == ("code", {"any": ["Oat cartons"]})
    assert f"rule={rule.id}&blank=amount" in response["Location"]
    assert "Its sentence is in the draft." in text_of(desk_of(world).get(f"{PAGE}{batch.id}/"))


def test_stopped_codes_say_so_and_are_not_stopped_again(world):
    batch = made(world.aroma)
    page = text_of(desk_of(world).post(f"{PAGE}{batch.id}/stop/", follow=True))
    assert "“Oat cartons” is stopped." in page
    assert "Stop these codes" not in page
    assert batches(world.aroma)[0].stopped_at is not None


def test_a_word_is_shown_with_its_link(world):
    batch = made(world.aroma, word="Summer 26")
    page = text_of(desk_of(world).get(f"{PAGE}{batch.id}/"))
    assert "/c/aroma/codes?code=SUMMER26" in page
    assert f'<path fill="{world.aroma.brand_colour.lower()}"' in page


def test_the_file_of_a_word_is_its_qr(world):
    batch = made(world.aroma, word="Summer 26")
    response = desk_of(world).post(f"{PAGE}{batch.id}/file/")
    assert response["Content-Type"] == "image/svg+xml"
    assert response.content.startswith(b"<svg")
    assert f'fill="{world.aroma.brand_colour.lower()}"'.encode() in response.content
    with tenancy.scope(world.aroma.id):
        assert Event.objects.get(name="codes.downloaded").payload["batch"] == str(batch.id)


def test_what_partners_brought_is_added_up(world):
    gives(world.aroma)
    for name in ("A", "B"):
        batch = made(world.aroma, name=name)
        enter(world.aroma, world.noah, code(world.aroma, batch))
    page = text_of(desk_of(world).get(PAGE))
    assert "By partner" in page
    assert "5%" in page  # 2 of 40


def test_a_cashier_makes_and_takes_no_codes(world):
    batch, sam = made(world.aroma), signed_in(world.sam)
    for answer in (
        sam.get(PAGE),
        sam.post(f"{PAGE}new/", asked(name="Mine")),
        sam.post(f"{PAGE}{batch.id}/file/"),
    ):
        assert answer.status_code == 403
    assert len(batches(world.aroma)) == 1


def test_pages_need_few_trips_to_the_database(world):
    gives(world.aroma)
    found = [made(world.aroma, name=f"Batch {number}") for number in range(8)]
    enter(world.aroma, world.noah, code(world.aroma, found[0]))
    assert trips(desk_of(world), PAGE) <= 12
    assert trips(desk_of(world), f"{PAGE}{found[0].id}/") <= 12


def test_a_sentence_for_codes_offers_the_batches_that_there_are(world):
    found, desk = [made(world.aroma, name=name) for name in ("Oat milk", "Coffee bags")], desk_of(world)
    desk.post(f"{PAGE}{found[0].id}/sentence/")
    rule = drafted(world.aroma).rules[-1]
    at = f"{HOME}programme/rules/{rule.id}/"
    page = text_of(desk.get(f"{HOME}programme/?rule={rule.id}&blank=batch"))
    assert "Coffee bags" in page
    assert desk.post(f"{at}blanks/batch/", {"batch": ["Coffee bags"]}).status_code == 302
    assert drafted(world.aroma).rules[-1].conditions[0].given == {"any": ["Coffee bags"]}
    desk.post(f"{at}extras/batch/", {"out": "1"})
    assert drafted(world.aroma).rules[-1].conditions == ()
    desk.post(f"{at}extras/batch/")
    assert drafted(world.aroma).rules[-1].conditions[0].given == {"any": ["Coffee bags"]}

"""A packet's code at the till: for the member in hand, with the next step still to come."""

import re

import pytest

from core import tenancy
from core.ids import new_id
from loyalty.models import CodeUse
from members.cards import rotating_code, static_code
from studio.links import link_address, poster_link
from tests.loyalty.codes.making import NO_TEXTS, also_gives, code, made
from tests.web.scanner.conftest import note_in, words_of
from tests.world import points_of


@pytest.fixture
def batch(world):
    """Codes on oat cartons, and 20 points for each."""
    also_gives(world.aroma)
    return made(world.aroma)


def enter(till, card, typed, key=None):
    said = {"code": card, "typed": typed, "key": str(key or new_id())}
    return till.client.post(f"{till.base}codes", said, headers=till.headers)


def uses(world):
    with tenancy.scope(world.aroma.id):
        return CodeUse.objects.count()


def test_a_code_counts_for_the_card_in_hand_and_the_purchase_comes_after_it(world, till, batch):
    note = note_in(till.look_up(rotating_code(world.mia_card, world.aroma)))
    response = enter(till, note, code(world.aroma, batch).lower())
    assert "20 points for the code." in words_of(response)
    assert "1,220 points" in words_of(response)
    assert note_in(response) == note
    assert till.stamp(note, "12").status_code == 201
    assert points_of(world.aroma, world.mia) == 1238


def test_the_link_of_a_packets_qr_is_as_good(world, till, batch):
    typed = f"https://example.org/c/aroma/codes?code={code(world.aroma, batch)}"
    assert "20 points for the code." in words_of(enter(till, world.mia_card.spoken_code, typed))


def test_two_taps_count_once_and_say_the_same(world, till, batch):
    key, card = new_id(), world.mia_card.spoken_code
    said = [words_of(enter(till, card, code(world.aroma, batch), key)) for _time in range(2)]
    assert "20 points for the code." in said[1]
    assert uses(world) == 1


@pytest.mark.parametrize(("serial", "title"), [(1, "Used already"), (99, "No such code")])
def test_what_does_not_count_is_said_above_the_open_step(world, till, batch, serial, title):
    enter(till, world.noah_card.spoken_code, code(world.aroma, batch))
    response = enter(till, world.mia_card.spoken_code, code(world.aroma, batch, serial))
    assert response.status_code in (409, 422)
    assert title in words_of(response)
    assert points_of(world.aroma, world.mia) == 1200


def test_without_javascript_the_whole_till_says_it(world, plain_till, batch):
    page = plain_till.look_up(world.mia_card.spoken_code).content.decode()
    key = re.search(r'till-code".*?name="key" value="([^"]+)"', page, re.DOTALL)[1]
    response = enter(plain_till, world.mia_card.spoken_code, code(world.aroma, batch), key)
    assert "<html" in response.content.decode()
    assert "20 points for the code." in words_of(response)


def test_no_field_where_no_rule_gives_for_codes(world, till):
    assert "Enter a code" not in words_of(till.look_up(world.mia_card.spoken_code))
    assert enter(till, world.mia_card.spoken_code, "SUMMER26", "x" * 256).status_code == 422


def test_a_packet_scanned_before_the_card_is_told_apart_from_a_bad_card(world, till, batch):
    printed = code(world.aroma, batch)
    for text in (printed, f"https://example.org/c/aroma/codes?code={printed}"):
        assert "Scan the member’s card first" in words_of(till.look_up(text))
    assert "This is not a card" in words_of(till.look_up("https://example.org/c/aroma/join"))
    assert uses(world) == 0


@pytest.mark.parametrize("typed", NO_TEXTS)
def test_a_text_that_no_code_can_be_is_no_such_code(world, till, batch, typed):
    assert "No such code" in words_of(enter(till, world.mia_card.spoken_code, typed))
    assert till.look_up(typed).status_code == 422
    assert uses(world) == 0


def test_a_card_where_a_code_was_asked_for_is_somebody_who_waits(world, till, batch):
    response = enter(till, world.mia_card.spoken_code, static_code(world.noah_card, world.aroma))
    assert response.status_code == 422
    assert "One at a time" in words_of(response)
    assert uses(world) == 0


def test_a_shop_whose_address_begins_with_q_has_its_packets_told_from_cards(world, till):
    response = enter(till, world.mia_card.spoken_code, "https://example.org/c/q/codes?code=K7QX-3MPD-9WEA")

    assert "One at a time" not in words_of(response)
    assert "No such code" in words_of(response)


def test_the_shops_own_poster_is_no_code_for_the_card_in_hand(world, till, batch):
    with tenancy.scope(world.aroma.id):
        text = link_address(poster_link(world.croix_rousse), world.aroma)
    response = enter(till, world.mia_card.spoken_code, text)
    assert response.status_code == 422
    assert "Not a card This is your shop’s link" in words_of(response)
    assert uses(world) == 0

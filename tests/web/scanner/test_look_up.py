"""Who is this? Nothing is written, and a card scanned in time may be stamped a few minutes later."""

import time

from core import tenancy
from members.cards import STEP_SECONDS, rotating_code, static_code
from studio.links import link_address, poster_link
from tests.web.scanner.conftest import Till, note_in, words_of
from tests.world import points_of


def test_a_scanned_card_shows_name_balance_and_tier(world, till):
    response = till.look_up(rotating_code(world.mia_card, world.aroma))
    assert response.status_code == 200
    assert "Mia 1,200 points Gold" in words_of(response)


def test_a_phone_number_and_a_spoken_code_find_her_too(world, till):
    for code in ("06 12 34 56 78", "+33 6 12 34 56 78", world.mia_card.spoken_code):
        assert "Mia" in words_of(till.look_up(code))


def test_looking_changes_nothing(world, till):
    code = rotating_code(world.mia_card, world.aroma)
    till.look_up(code)
    till.look_up(code)
    with tenancy.scope(world.aroma.id):
        world.mia_card.refresh_from_db()
    assert world.mia_card.last_step == 0
    assert points_of(world.aroma, world.mia) == 1200


def test_a_code_that_ages_while_the_amount_is_typed_still_counts_and_only_once(world, till):
    # The oldest code that a look-up still takes: by the time the amount is typed it would be too old by itself.
    code = rotating_code(world.mia_card, world.aroma, now=time.time() - STEP_SECONDS)
    note = note_in(till.look_up(code))
    assert till.stamp(note, "12").status_code == 201
    again = till.stamp(note, "12")
    assert again.status_code == 409
    assert points_of(world.aroma, world.mia) == 1218


def test_what_lasts_by_itself_needs_no_note(world, till):
    for code in (static_code(world.mia_card, world.aroma), world.mia_card.spoken_code, "06 12 34 56 78"):
        assert note_in_or_none(till.look_up(code)) is None


def test_a_note_of_another_merchant_is_refused(world, till):
    note = note_in(Till(world.petra, "bloom").look_up(rotating_code(world.zoe_card, world.bloom)))
    response = till.stamp(note, "12")
    assert response.status_code == 422
    assert "Not our card" in words_of(response)


def test_an_altered_note_is_refused(world, till):
    note = note_in(till.look_up(rotating_code(world.mia_card, world.aroma)))
    head, _dot, mac = note.rpartition(".")
    for forged in (note[:-2], head, note.replace("-", "1", 1), f"{head}.{mac[::-1]}"):
        assert till.stamp(forged, "12").status_code == 422
    assert points_of(world.aroma, world.mia) == 1200


def test_a_used_code_is_refused_before_the_amount_is_typed(world, till):
    code = rotating_code(world.mia_card, world.aroma)
    till.stamp(code, "12")
    response = till.look_up(code)
    assert response.status_code == 409
    assert "Already scanned" in words_of(response)


def test_blooms_card_shows_nothing_of_zoe(world, till):
    response = till.look_up(rotating_code(world.zoe_card, world.bloom))
    assert response.status_code == 422
    assert "Not our card" in words_of(response)
    assert "Zoe" not in response.content.decode()


def test_unknown_expired_and_broken_codes_are_told_apart(world, till):
    assert till.look_up("+33 6 00 00 00 00").status_code == 404
    assert "Code too old" in words_of(till.look_up(rotating_code(world.mia_card, world.aroma, now=1)))
    assert "Card not read" in words_of(till.look_up("https://example.org/"))
    assert "Card not read" in words_of(till.look_up(""))
    assert "Card not read" in words_of(till.look_up("\x00"))


def test_without_javascript_a_look_up_is_the_page_with_the_member_and_the_code_in_it(world, plain_till):
    page = plain_till.look_up(world.mia_card.spoken_code).content.decode()
    assert "Mia" in page
    assert f'value="{world.mia_card.spoken_code}"' in page


def note_in_or_none(response):
    return None if 'data-code=""' in response.content.decode() else note_in(response)


def test_the_shops_own_poster_is_told_for_what_it_is_and_anothers_is_no_card_of_ours(world, till):
    for merchant, place, title in (
        (world.aroma, world.croix_rousse, "Not a card This is your shop’s link"),
        (world.bloom, world.bloom_shop, "Card not read This is not a card of this programme."),
    ):
        with tenancy.scope(merchant.id):
            text = link_address(poster_link(place), merchant)
        response = till.look_up(text)
        assert response.status_code == 422
        assert title in words_of(response)


def test_and_in_french_too(world, till):
    with tenancy.scope(world.aroma.id):
        text = link_address(poster_link(world.croix_rousse), world.aroma)
    till.headers = till.headers | {"Accept-Language": "fr"}
    assert "Pas une carte C’est le lien de votre commerce" in words_of(till.look_up(text))

"""What a QR says: read without a query, refused with a reason."""

import base64
import hmac
import re
import struct

import pytest

from members import cards

NOW = 1_800_000_000


def test_a_static_code_names_its_card(world):
    scanned = cards.read(cards.static_code(world.mia_card, world.aroma), world.aroma)
    assert (scanned.serial, scanned.generation, scanned.step) == (world.mia_card.serial, 1, None)


def test_reading_a_code_takes_no_query(world, django_assert_num_queries):
    text = cards.rotating_code(world.mia_card, world.aroma)
    with django_assert_num_queries(0):
        cards.read(text, world.aroma)


@pytest.mark.parametrize(
    ("age", "expired"),
    [(-11, True), (-10, False), (0, False), (30, False), (49, False), (50, True), (3600, True)],
)
def test_a_rotating_code_lives_for_at_most_a_minute(world, age, expired):
    text = cards.rotating_code(world.mia_card, world.aroma, now=NOW)  # NOW begins a step
    assert cards.read(text, world.aroma, now=NOW + age).expired is expired


def test_after_a_purchase_the_next_code_is_another_and_is_good_at_once(world):
    before = cards.read(cards.rotating_code(world.mia_card, world.aroma, now=NOW), world.aroma, now=NOW)
    world.mia_card.last_step = before.step
    after = cards.read(cards.rotating_code(world.mia_card, world.aroma, now=NOW), world.aroma, now=NOW)
    assert (after.step, after.expired) == (before.step + 1, False)


def test_what_a_phone_is_given_draws_that_cards_rotating_codes_and_nothing_else(world):
    head, key = cards.phone_key(world.mia_card, world.aroma)
    step = struct.pack(">I", NOW // cards.STEP_SECONDS)
    drawn = head + step + hmac.digest(key, step, "sha256")[:8]
    body = base64.b32encode(drawn).decode().rstrip("=")
    assert cards.rotating_code(world.mia_card, world.aroma, now=NOW).endswith(f"/q/{body}")
    static = bytes([cards.STATIC]) + head[1:]
    forged = base64.b32encode(static + hmac.digest(key, b"", "sha256")[:8]).decode().rstrip("=")
    with pytest.raises(cards.CardUnreadable):
        cards.read(f"http://x/q/{forged}", world.aroma)


def test_a_qr_is_an_address_that_fits_a_small_symbol_and_says_nothing_about_the_member(world):
    text = cards.rotating_code(world.mia_card, world.aroma)
    assert re.fullmatch(r"http://[a-z0-9.:]+/q/[A-Z2-7]{44}", text)
    assert "Mia" not in text
    assert world.mia.id.hex not in text.lower()


def test_a_card_of_another_merchant_is_refused_as_such(world):
    with pytest.raises(cards.CardForeign):
        cards.read(cards.static_code(world.zoe_card, world.bloom), world.aroma)


def test_every_single_altered_bit_is_refused(world):
    text = cards.rotating_code(world.mia_card, world.aroma)
    head, body = text.rsplit("/", 1)
    raw = base64.b32decode(body + "=" * (-len(body) % 8))
    for bit in range(len(raw) * 8):
        forged = bytearray(raw)
        forged[bit // 8] ^= 1 << bit % 8
        code = base64.b32encode(bytes(forged)).decode().rstrip("=")
        with pytest.raises(cards.CardUnreadable):
            cards.read(f"{head}/{code}", world.aroma)


def test_every_truncation_is_refused(world):
    text = cards.static_code(world.mia_card, world.aroma)
    for length in range(len(text)):
        with pytest.raises(cards.CardUnreadable):
            cards.read(text[:length], world.aroma)


@pytest.mark.parametrize(
    "text",
    ["", " ", "hello", "https://example.org/menu", "WIFI:T:WPA;S:x;P:y;;", "BEGIN:VCARD", "5901234123457" * 3,
     "http://x/q/", "/q/é", "/q/\x00", "\ud800", "K7M 42", "q/AAAA", "tel:12"],
)  # fmt: skip
def test_foreign_texts_are_refused(world, text):
    with pytest.raises(cards.CardUnreadable):
        cards.read(text, world.aroma)


def test_a_code_signed_with_another_secret_is_refused(world, settings):
    text = cards.static_code(world.mia_card, world.aroma)
    settings.CARD_SECRET = "another environment"
    with pytest.raises(cards.CardUnreadable):
        cards.read(text, world.aroma)


def test_a_rotating_code_cannot_be_turned_into_a_static_one(world):
    parts = world.aroma.number, world.mia_card.serial, 1
    assert cards.card_key("s", cards.STATIC, *parts) != cards.card_key("s", cards.ROTATING, *parts)


def test_spoken_codes_and_phone_numbers_are_read_as_people_type_them(world):
    spoken = world.mia_card.spoken_code
    assert cards.read(f" {spoken[:3]} {spoken[3:]} ".lower(), world.aroma).spoken_code == spoken
    for phone in ("+33 6 12 34 56 78", "06.12.34.56.78", "0033612345678"):
        assert cards.read(phone, world.aroma).phone == "+33612345678"


def test_the_spoken_alphabet_has_no_look_alikes():
    assert not set("0O1ILU") & set(cards.SPOKEN_ALPHABET)

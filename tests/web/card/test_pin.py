"""A member's PIN on the card: set, changed and forgotten by whoever has just shown to be the member, and nobody else."""

import pytest
from django.core.cache import cache

from core import tenancy
from members import cards, pins
from members.models import Card
from rewards.proof import PinLocked, ProofWrong, prove
from tests.web.card.conftest import phone_of, words_of
from tests.web.card.conftest import prove as prove_phone
from tests.web.card.test_coming_back import code_of

PAGE, PROOF = "/c/aroma/me/pin", "/c/aroma/me/pin/proof"
PIN = {"pin": "4806", "again": "4806"}


@pytest.fixture
def proven(world, mias_phone):
    prove_phone(mias_phone, world.aroma, world.mia)
    return mias_phone


def kept(world, card):
    with tenancy.scope(world.aroma.id):
        return Card.objects.get(id=card.id).pin


def at_the_till(world, given):
    with tenancy.scope(world.aroma.id):
        scanned = cards.read(cards.static_code(world.mia_card, world.aroma), world.aroma)
        return prove(
            merchant=world.aroma,
            scanned=scanned,
            member=world.mia,
            actor_id=world.olivia.id,
            given=given,
            key=None,
        )


def test_a_pin_is_set_changed_and_forgotten(world, proven):
    assert "Your PIN is set." in words_of(proven.post(PAGE, PIN, follow=True))
    assert at_the_till(world, "4806")
    proven.post(PAGE, {"pin": "7193", "again": "7193"})
    with pytest.raises(ProofWrong):
        at_the_till(world, "4806")
    assert at_the_till(world, "7193")
    assert "Change or forget my PIN" in words_of(proven.get("/c/aroma/me"))
    assert "Your PIN is forgotten." in words_of(proven.post(PAGE, {"forget": "yes"}, follow=True))
    with pytest.raises(ProofWrong):
        at_the_till(world, "7193")


def test_a_phone_that_proved_nothing_sets_and_forgets_none(world, mias_phone):
    with tenancy.scope(world.aroma.id):
        pins.set_pin(member=world.mia, pin="7193")
    before = kept(world, world.mia_card)
    for form in (PIN, {"forget": "yes"}):
        assert mias_phone.post(PAGE, form).status_code == 403
    assert kept(world, world.mia_card) == before
    assert "First show that it is you" in words_of(mias_phone.get(PAGE))


def test_the_e_mailed_code_opens_the_page(world, mias_phone, post_office):
    mias_phone.post(PROOF)
    response = mias_phone.post(PROOF, {"code": code_of(post_office(world.aroma)[-1])})
    assert response.headers["Location"] == PAGE
    assert "New PIN" in words_of(mias_phone.get(PAGE))


def test_who_has_no_address_is_told_that_the_phone_is_enough(world):
    noahs_phone = phone_of(world.aroma, world.noah)
    assert "show the card on your phone" in words_of(noahs_phone.get(PAGE))
    assert noahs_phone.post(PROOF).status_code == 409


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"pin": "1212", "again": "1212"}, "Choose another one"),
        ({"pin": "4806", "again": "4860"}, "These two are not the same."),
        ({"pin": "48x6", "again": "48x6"}, "A PIN is four digits."),
    ],
)
def test_a_pin_that_is_none_is_told_at_the_field_and_never_shown_again(world, proven, form, said):
    response = proven.post(PAGE, form)
    assert response.status_code == 422
    assert said in words_of(response)
    assert f'value="{form["pin"]}"' not in response.content.decode()
    assert kept(world, world.mia_card) == ""


def test_a_new_pin_opens_what_five_wrong_ones_had_shut(world, proven):
    cache.clear()
    proven.post(PAGE, PIN)
    for _try in range(5):
        with pytest.raises(ProofWrong):
            at_the_till(world, "1357")
    with pytest.raises(PinLocked):
        at_the_till(world, "4806")
    proven.post(PAGE, {"pin": "7193", "again": "7193"})
    assert at_the_till(world, "7193")

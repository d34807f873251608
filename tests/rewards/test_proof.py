"""The gate before units are spent: a live card passes; what anybody can copy does not, without a PIN or an e-mailed code."""

import re
import time

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisAway

from core import tenancy
from core.errors import DomainError
from core.ids import new_id
from core.rate_limits import TooManyTries
from loyalty.membership.leaving import erase_member
from loyalty.purchases import earning
from members import cards, pins
from members.cards_replacing import replace_card
from members.models import Card
from rewards import proof
from rewards.proof import (
    PinLocked,
    ProofUnavailable,
    ProofWrong,
    SecondProofNeeded,
    Ways,
    ask_code,
    prove,
    proves,
    ways_of,
)
from tests.analytics.test_rollups import deliver_all

PIN = "4806"
SAM, OLGA = new_id(), new_id()  # two tills
SCAN = new_id()  # a request


@pytest.fixture
def aroma(world, settings):
    """Inside its scope; Mia has a PIN, and e-mails are kept."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    cache.clear()
    with tenancy.scope(world.aroma.id):
        pins.set_pin(member=world.mia, pin=PIN)
        yield world


def live(world, *, now=None):
    return cards.read(cards.rotating_code(world.mia_card, world.aroma, now=now), world.aroma, now=now)


def static(world):
    return cards.read(cards.static_code(world.mia_card, world.aroma), world.aroma)


def try_at(world, given="", *, scanned=None, member=None, actor_id=SAM, key=SCAN, **more):
    return prove(
        merchant=world.aroma, scanned=scanned or static(world), member=member or world.mia, actor_id=actor_id,
        given=given, key=key, **more,
    )  # fmt: skip


def sent_code(world):
    """The newest code in a letter."""
    mail.outbox.clear()
    deliver_all(world.aroma)
    [letter] = [each for each in mail.outbox if "counter" in each.subject]
    return re.search(r"\d{3} \d{3}", letter.body)[0]


def test_a_live_card_proves_and_nothing_else_does(aroma):
    texts = (
        cards.static_code(aroma.mia_card, aroma.aroma), aroma.mia_card.spoken_code, "+33612345678",
        f"mem_{aroma.mia.id.hex}",
    )  # fmt: skip
    for text in texts:
        scanned = cards.read(text, aroma.aroma)
        assert not proves(scanned)
        with pytest.raises(SecondProofNeeded):
            try_at(aroma, scanned=scanned)
    assert proves(live(aroma))
    assert try_at(aroma, scanned=live(aroma))


def test_the_members_pin_proves_and_no_other_does(aroma):
    pins.set_pin(member=aroma.noah, pin="7193")
    for wrong in ("7193", "4807", "48060", "\u0664\u0668\u0660\u0666"):
        with pytest.raises(ProofWrong):
            try_at(aroma, wrong)
    assert try_at(aroma, f" {PIN} ")


def test_a_pin_of_another_shop_or_a_hash_that_was_carried_over_fits_nobody(aroma):
    mine = Card.objects.get(id=aroma.mia_card.id).pin
    assert PIN not in mine
    Card.objects.filter(id=aroma.noah_card.id).update(pin=mine)
    with pytest.raises(ProofWrong):
        try_at(aroma, PIN, member=aroma.noah)


def test_five_wrong_ones_shut_the_pin_for_the_right_one_too_at_every_till(aroma):
    for _try in range(5):
        with pytest.raises(ProofWrong):
            try_at(aroma, "1357")
    for till in (SAM, OLGA):
        with pytest.raises(PinLocked):
            try_at(aroma, PIN, actor_id=till)
    # Only what the member alone can do opens it again.
    ask_code(member=aroma.mia, actor_id=SAM)
    assert try_at(aroma, sent_code(aroma))
    assert try_at(aroma, PIN, actor_id=OLGA)


def test_a_month_of_guessing_is_five_guesses(aroma):
    for _try in range(5):
        with pytest.raises(ProofWrong):
            try_at(aroma, "1357")
    key = next(name for name in cache._cache.get_client().scan_iter("*tries:pin-wrong*"))
    assert cache._cache.get_client().ttl(key) > 29 * 24 * 3600


def test_a_right_pin_begins_the_count_anew(aroma):
    for _time in range(3):
        for _try in range(4):
            with pytest.raises(ProofWrong):
                try_at(aroma, "1357")
        assert try_at(aroma, PIN)


def test_who_has_no_pin_is_guessed_as_slowly(aroma):
    for _try in range(5):
        with pytest.raises(ProofWrong):
            try_at(aroma, "1357", member=aroma.noah)
    with pytest.raises(PinLocked):
        try_at(aroma, "1357", member=aroma.noah)


def test_a_till_that_tries_one_pin_at_many_members_is_stopped(aroma, monkeypatch):
    monkeypatch.setitem(proof.MOST_WRONG_BY, "scanner", 3)
    for member in (aroma.mia, aroma.noah, aroma.mia):
        with pytest.raises(ProofWrong):
            try_at(aroma, "1357", member=member)
    with pytest.raises(TooManyTries):
        try_at(aroma, "1357", member=aroma.noah)
    with pytest.raises(TooManyTries):
        try_at(aroma, PIN)
    assert try_at(aroma, PIN, actor_id=OLGA)


def test_an_e_mailed_code_is_good_at_the_till_that_asked_and_for_that_member(aroma):
    ask_code(member=aroma.mia, actor_id=SAM)
    code = sent_code(aroma)
    for said in ({"actor_id": OLGA}, {"member": aroma.noah}):
        with pytest.raises(ProofWrong):
            try_at(aroma, code, **said)
    assert try_at(aroma, code)
    assert try_at(aroma, code.replace(" ", ""))  # a request that is sent again


def test_a_newer_code_takes_the_place_of_the_older_and_none_is_guessed(aroma):
    ask_code(member=aroma.mia, actor_id=SAM)
    old = sent_code(aroma)
    ask_code(member=aroma.mia, actor_id=SAM)
    new = sent_code(aroma)
    for _try in range(5):
        with pytest.raises(ProofWrong):
            try_at(aroma, old if old != new else "x" * 6)
    with pytest.raises(TooManyTries):
        try_at(aroma, new)


def test_codes_are_not_sent_to_an_address_that_nobody_proved_nor_often(aroma):
    assert ways_of(aroma.noah) == Ways(pin=False, code=False)
    with pytest.raises(ProofUnavailable):
        ask_code(member=aroma.noah, actor_id=SAM)
    assert ways_of(aroma.mia) == Ways(pin=True, code=True)
    for _time in range(3):
        ask_code(member=aroma.mia, actor_id=SAM)
    with pytest.raises(TooManyTries):
        ask_code(member=aroma.mia, actor_id=OLGA)
    aroma.mia.email_verified_at = None
    assert not ways_of(aroma.mia).code


def test_one_live_code_spends_at_one_till(aroma):
    scanned = live(aroma)
    assert try_at(aroma, scanned=scanned)
    assert try_at(aroma, scanned=scanned)  # the same till, again
    with pytest.raises(cards.CardAlreadyUsed):
        try_at(aroma, scanned=scanned, actor_id=OLGA)
    earlier = live(aroma, now=time.time() - 20)
    with pytest.raises(cards.CardAlreadyUsed):
        try_at(aroma, scanned=earlier)


def test_behind_a_key_of_many_tills_one_live_code_spends_under_one_request(aroma):
    scanned, first, second = live(aroma), new_id(), new_id()
    assert try_at(aroma, scanned=scanned, channel="api", key=first)
    assert try_at(aroma, scanned=scanned, channel="api", key=first)
    with pytest.raises(cards.CardAlreadyUsed):
        try_at(aroma, scanned=scanned, channel="api", key=second)


def test_a_code_that_paid_elsewhere_spends_nothing_here(aroma):
    scanned = live(aroma)
    bought = earning.NewPurchase(who=scanned, amount_minor=100, channel="scanner", asked=["x"], actor_id=OLGA)
    earning.record_purchase(merchant=aroma.aroma, bought=bought, key=new_id())
    with pytest.raises(cards.CardAlreadyUsed):
        try_at(aroma, scanned=scanned, actor_id=SAM)
    assert try_at(aroma, scanned=scanned, actor_id=OLGA)  # who pays and then takes shows one code


def test_at_the_till_that_was_paid_an_older_code_than_the_one_that_paid_spends_nothing(aroma):
    with time_machine.travel(timezone.now(), tick=False):
        older, scanned = live(aroma, now=time.time() - 20), live(aroma)
        bought = earning.NewPurchase(
            who=scanned, amount_minor=100, channel="scanner", asked=["x"], actor_id=SAM
        )
        earning.record_purchase(merchant=aroma.aroma, bought=bought, key=new_id())
        with pytest.raises(cards.CardAlreadyUsed):
            try_at(aroma, scanned=older)
        assert try_at(aroma, scanned=scanned)


def test_a_screenshot_a_replaced_card_and_another_members_card_prove_nothing(aroma):
    old = cards.rotating_code(aroma.mia_card, aroma.aroma, now=time.time() - 90)
    with pytest.raises(cards.CardExpired):
        try_at(aroma, scanned=cards.read(old, aroma.aroma))
    with pytest.raises(cards.CardRevoked):
        try_at(aroma, scanned=live(aroma), member=aroma.noah)
    scanned = live(aroma)
    replace_card(member=aroma.mia, actor="member")
    with pytest.raises(cards.CardRevoked):
        try_at(aroma, scanned=scanned)


def test_what_was_proven_holds_for_a_visit_at_that_till_for_that_member_alone(aroma):
    with time_machine.travel(timezone.now(), tick=False) as now:
        held = try_at(aroma, PIN)
        assert try_at(aroma, held) == held
        for said in ({"actor_id": OLGA}, {"member": aroma.noah}):
            with pytest.raises(ProofWrong):
                try_at(aroma, held, **said)
        with pytest.raises(ProofWrong):
            prove(
                merchant=aroma.bloom,
                scanned=static(aroma),
                member=aroma.mia,
                actor_id=SAM,
                given=held,
                key=SCAN,
            )
        now.shift(301)
        with pytest.raises(ProofWrong):
            try_at(aroma, held)


def test_with_redis_away_what_must_be_counted_is_refused_and_a_live_card_passes(aroma, monkeypatch):
    def away(*_args, **_more):
        raise RedisAway

    for name in ("add", "incr", "get", "set", "delete"):
        monkeypatch.setattr(cache, name, away)
    for given in (PIN, "123456"):
        with pytest.raises(ProofUnavailable):
            try_at(aroma, given)
    with pytest.raises(ProofUnavailable):
        ask_code(member=aroma.mia, actor_id=SAM)
    assert try_at(aroma, scanned=live(aroma))


@pytest.mark.parametrize("pin", ["1234", "9876", "0000", "1212", "5678", "1990", "0214", "1402"])
def test_a_pin_that_a_thief_tries_first_is_refused(aroma, pin):
    aroma.mia.birthday = aroma.mia.birthday or timezone.datetime(1990, 2, 14).date()
    with pytest.raises(pins.PinTooEasy):
        pins.set_pin(member=aroma.mia, pin=pin)


@pytest.mark.parametrize("pin", ["", "123", "12345", "12a4", "\u0661\u0662\u0663\u0669", "4806\n"])
def test_a_pin_is_four_digits(aroma, pin):
    with pytest.raises(pins.PinUnreadable):
        pins.set_pin(member=aroma.mia, pin=pin)


def test_a_pin_that_was_forgotten_or_whose_member_is_gone_proves_nothing(aroma):
    pins.forget_pin(member=aroma.mia)
    with pytest.raises(ProofWrong):
        try_at(aroma, PIN)
    pins.set_pin(member=aroma.mia, pin=PIN)
    erase_member(member=aroma.mia, actor="member")
    assert Card.objects.get(id=aroma.mia_card.id).pin == ""
    with pytest.raises(DomainError):
        try_at(aroma, PIN)

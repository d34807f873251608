"""Rewards over the counter: offered to whoever was scanned, handed over once a tap, taken back within seconds."""

import datetime as dt
import re
import time

import pytest
import time_machine
from django.utils import timezone

from core import tenancy
from core.ids import new_id
from loyalty.ledger import statements
from loyalty.models import Unit
from loyalty.rules.types import Condition
from members.cards import STEP_SECONDS, rotating_code, static_code
from members.models import Member
from members.pins import set_pin
from merchants.queries import staff_member
from rewards.handing import capture_redemption
from rewards.models import Redemption, Reward
from rewards.proof import make_code
from rewards.taking import take_reward
from tests.rewards.offering import offered
from tests.web.scanner.conftest import HTMX, Till, note_in, words_of
from tests.world import points_of

BASE = "/scan/aroma/"


@pytest.fixture
def cake(world):
    """A cake for 300 points, two in stock; a feast that nobody here has points enough for."""
    with tenancy.scope(world.aroma.id):
        unit_id = Unit.objects.get(code="points").id
        offered(name="A feast", unit_id=unit_id, cost=1232)
        made = offered(name="A cake", unit_id=unit_id, cost=300, stock=2, terms={"en": "One slice."})
    yield made
    with tenancy.scope(world.aroma.id):
        assert statements.prove() == []


def scanned(till, world):
    """Mia's live card, as a look-up answers it."""
    return till.look_up(rotating_code(world.mia_card, world.aroma))


def give(till, code, reward, key="tap", **said):
    asked = {"key": key, "code": code, "reward": str(reward.id), **said}
    return till.client.post(f"{BASE}redemptions", asked, headers=HTMX)


def left(world, reward):
    with tenancy.scope(world.aroma.id):
        kept = Reward.objects.get(id=reward.id)
    return kept.stock - kept.taken


def nothing_happened(world, reward):
    assert points_of(world.aroma, world.mia) == 1200
    assert left(world, reward) == 2
    with tenancy.scope(world.aroma.id):
        assert not Redemption.objects.exists()


def test_whoever_is_scanned_is_shown_what_may_be_taken_and_what_is_missing(world, till, cake):
    words = words_of(scanned(till, world))
    assert "1 reward Mia may take now A cake 300 points Give it" in words
    assert "A feast 32 more points" in words
    noah = words_of(till.look_up(static_code(world.noah_card, world.aroma)))
    assert "A cake 250 more points" in noah
    assert "Give it" not in noah


def test_a_cashier_is_not_told_a_birthday_by_the_day_of_its_reward(world, till):
    with tenancy.scope(world.aroma.id):
        Member.objects.filter(id=world.mia.id).update(birthday=timezone.localdate() - dt.timedelta(days=7000))
        unit_id = Unit.objects.get(code="points").id
        offered(name="A gift", unit_id=unit_id, cost=1, conditions=(Condition("birthday", {"days": 0}),))
    said = words_of(till.look_up(world.mia.phone))
    assert "A gift" in said
    assert "possible" not in said


def test_without_rewards_the_till_speaks_of_none(world, till):
    assert "eward" not in words_of(scanned(till, world))


def test_a_tap_takes_it_once_and_keeps_who_and_where(world, till, cake):
    note = note_in(scanned(till, world))
    first, again = give(till, note, cake), give(till, note, cake)
    assert (first.status_code, again.status_code) == (201, 200)
    assert "Hand over A cake Mia −300 · 900 points One slice." in words_of(first)
    assert (points_of(world.aroma, world.mia), left(world, cake)) == (900, 1)
    with tenancy.scope(world.aroma.id):
        kept = Redemption.objects.get()
    assert (kept.status, kept.location_id) == ("captured", world.croix_rousse.id)
    assert kept.captured_by is not None


def test_the_amount_may_come_next_with_the_same_member_in_hand(world, till, cake):
    note = note_in(scanned(till, world))
    handed = give(till, note, cake, then="amount")
    assert "Now the amount" in words_of(handed)
    assert "Mia 900 points" in words_of(till.look_up(note))
    assert "+18" in words_of(till.stamp(note, "12"))


def test_under_the_answer_to_a_purchase_the_tickets_come_by_themselves(world, till, cake):
    note = note_in(scanned(till, world))
    answer = till.stamp(note, "12").content.decode()
    assert 'hx-post="/scan/aroma/rewards"' in answer
    said = till.client.post(f"{BASE}rewards", {"code": note}, headers=HTMX)
    assert "Mia may take now A cake 300 points Give it : A cake 14 more points: A feast" in words_of(said)
    [bought] = re.findall(r'name="purchase" value="([^"]+)"', answer)
    assert give(till, note, cake, purchase=bought).status_code == 201
    assert points_of(world.aroma, world.mia) == 918
    with tenancy.scope(world.aroma.id):
        assert str(Redemption.objects.get().purchase_id) == bought
    assert give(till, note, cake, key="other", purchase="what?").status_code == 404


def test_without_javascript_the_answer_has_its_tickets_and_each_tap_is_a_form(world, plain_till, till, cake):
    note = note_in(scanned(till, world))
    assert "Mia may take now A cake" in words_of(plain_till.stamp(note, "12"))
    asked = {"key": "tap", "code": note, "reward": str(cake.id)}
    page = plain_till.client.post(f"{BASE}redemptions", asked).content.decode()
    [undo] = re.findall(r'<form class="undo" method="post" action="([^"]+)"', page)
    back = plain_till.client.post(undo)
    assert "<html" in back.content.decode()
    assert (points_of(world.aroma, world.mia), left(world, cake)) == (1218, 2)


@pytest.mark.parametrize("code", ["static", "spoken", "phone"])
def test_what_anybody_can_copy_or_say_spends_nothing(world, till, cake, code):
    codes = {
        "static": static_code(world.mia_card, world.aroma),
        "spoken": world.mia_card.spoken_code,
        "phone": "+33612345678",
    }
    for said in ({}, {"proof": "0000"}, {"proof": "proven.by nobody"}):
        refused = give(till, codes[code], cake, **said)
        assert refused.status_code == 422
        assert "Is it Mia?" in words_of(refused)
    nothing_happened(world, cake)


def test_her_pin_lets_a_printed_card_spend_and_the_next_reward_asks_nothing(world, till, cake):
    with tenancy.scope(world.aroma.id):
        set_pin(member=world.mia, pin="4806")
    printed = static_code(world.mia_card, world.aroma)
    asked = give(till, printed, cake, then="amount")
    assert "PIN, or the code from the e-mail Go on Send a code by e-mail Not now" in words_of(asked)
    assert sorted(re.findall(r'name="(key|reward|then)" value="([^"]+)"', asked.content.decode())) == [
        ("key", "tap"), ("reward", str(cake.id)), ("then", "amount"),
    ]  # fmt: skip
    assert "This is neither the PIN nor the newest code." in words_of(give(till, printed, cake, proof="1793"))
    nothing_happened(world, cake)
    handed = give(till, printed, cake, proof="4806", then="amount")
    assert handed.status_code == 201
    [proof] = re.findall(r'name="proof" value="([^"]+)"', handed.content.decode())
    assert give(till, printed, cake, key="second", proof=proof).status_code == 201
    assert give(Till(world.olivia), printed, cake, key="third", proof=proof).status_code == 422
    assert points_of(world.aroma, world.mia) == 600
    with tenancy.scope(world.aroma.id):
        Reward.objects.update(stock=9)
    again = till.client.post(f"{BASE}lookup", {"code": printed, "proof": proof}, headers=HTMX)
    assert f'name="proof" value="{proof}"' in again.content.decode()


def test_without_a_pin_a_code_goes_to_her_e_mail_and_who_has_neither_shows_the_phone(world, till, cake):
    printed = static_code(world.mia_card, world.aroma)
    assert "The code from the e-mail Go on" in words_of(give(till, printed, cake))
    said = {"code": printed, "reward": str(cake.id), "key": "tap"}
    sent = till.client.post(f"{BASE}proofs", said, headers=HTMX)
    assert (sent.status_code, "The code is on its way." in words_of(sent)) == (200, True)
    with tenancy.scope(world.aroma.id):
        code = make_code(world.mia.id, staff_member(world.sam.id).id)
    assert give(till, printed, cake, proof=f"{code[:3]} {code[3:]}").status_code == 201
    noah = static_code(world.noah_card, world.aroma)
    assert "First the phone" in words_of(give(till, noah, cake, key="Noah"))
    assert points_of(world.aroma, world.noah) == 50


def test_a_refusal_says_why_and_nothing_happened(world, till, cake):
    note = note_in(scanned(till, world))
    with tenancy.scope(world.aroma.id):
        unit_id = Unit.objects.get(code="points").id
        elsewhere = Condition("location", {"any": [str(world.bloom_shop.id)]})
        far = offered(name="A far cake", unit_id=unit_id, cost=5, conditions=(elsewhere,))
        dear = offered(name="A palace", unit_id=unit_id, cost=5000)
        gone = offered(name="The last", unit_id=unit_id, cost=5, stock=0)
    for reward, title in ((far, "Not here"), (dear, "Not enough yet"), (gone, "Sold out")):
        refused = give(till, note, reward, key=f"tap {title}")
        assert (refused.status_code, title in words_of(refused)) == (409, True)
    assert give(till, note, cake, key="").status_code == 422
    assert give(till, static_code(world.zoe_card, world.bloom), cake).status_code == 422
    unknown = {"key": "x", "code": note, "reward": "what?"}
    assert till.client.post(f"{BASE}redemptions", unknown, headers=HTMX).status_code == 404
    nothing_happened(world, cake)


def undo_of(handed):
    return re.search(r'data-cancels="([^"]+)"', handed.content.decode())[1]


def test_it_is_taken_back_however_often_the_button_is_pressed(world, till, cake):
    undo = undo_of(give(till, note_in(scanned(till, world)), cake))
    first, again = (till.client.post(undo, headers=HTMX) for _press in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert "A cake Mia 1,200 points 300 points are back. Keep the reward here." in words_of(first)
    assert (points_of(world.aroma, world.mia), left(world, cake)) == (1200, 2)


def test_a_tap_that_is_repeated_after_its_undo_hands_nothing_over_again(world, till, cake):
    note = note_in(scanned(till, world))
    till.client.post(undo_of(give(till, note, cake)), headers=HTMX)
    again = give(till, note, cake)
    assert again.status_code == 200
    said = words_of(again)
    assert "Hand over" not in said
    assert "A cake Mia 1,200 points 300 points are back. Keep the reward here." in said


def test_after_the_seconds_and_for_others_it_takes_a_manager(world, till, cake):
    note = note_in(scanned(till, world))
    undo = undo_of(give(till, note, cake))
    next_code = rotating_code(world.mia_card, world.aroma, now=time.time() + STEP_SECONDS)
    assert "Already scanned" in words_of(give(Till(world.olivia), note, cake, key="Olivia's"))
    others = undo_of(give(Till(world.olivia), next_code, cake, key="Olivia's own"))
    assert till.client.post(others, headers=HTMX).status_code == 403
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=31)):
        assert till.client.post(undo, headers=HTMX).status_code == 403
        assert points_of(world.aroma, world.mia) == 600
        assert Till(world.olivia).client.post(undo, headers=HTMX).status_code == 201
    assert points_of(world.aroma, world.mia) == 900
    assert till.client.post(f"{BASE}redemptions/{new_id()}/cancellation", headers=HTMX).status_code == 404


def test_another_shop_neither_gives_nor_takes_back_what_is_ours(world, till, cake):
    undo = undo_of(give(till, note_in(scanned(till, world)), cake))
    petra = Till(world.petra, "bloom")
    assert petra.client.post(undo.replace("aroma", "bloom"), headers=HTMX).status_code == 404
    asked = {"key": "x", "code": rotating_code(world.zoe_card, world.bloom), "reward": str(cake.id)}
    assert petra.client.post("/scan/bloom/redemptions", asked, headers=HTMX).status_code == 404
    assert (points_of(world.aroma, world.mia), left(world, cake)) == (900, 1)


def test_an_undo_that_came_too_early_does_not_spoil_the_one_that_is_right(world, till, cake):
    with tenancy.scope(world.aroma.id):
        take_reward(
            merchant=world.aroma, key=new_id(), actor_id=None, reward_id=cake.id, member_id=world.mia.id
        )
        taken = Redemption.objects.latest("id")
    undo, manager = f"{BASE}redemptions/{taken.id}/cancellation", Till(world.olivia)
    assert till.client.post(undo, headers=HTMX).status_code == 403
    early = manager.client.post(undo, headers=HTMX)
    assert (early.status_code, "not handed over yet" in words_of(early)) == (422, True)
    capture_redemption(merchant=world.aroma, redemption_id=taken.id, key=new_id())
    assert till.client.post(undo, headers=HTMX).status_code == 403
    assert manager.client.post(undo, headers=HTMX).status_code == 201
    assert points_of(world.aroma, world.mia) == 1200


def test_after_a_reload_the_last_scans_show_it_with_its_undo_among_the_purchases(world, till, cake):
    note = note_in(scanned(till, world))
    till.stamp(note, "12")
    undo = undo_of(give(till, note, cake))
    till.stamp(static_code(world.noah_card, world.aroma), "4.20")
    page = till.open()
    assert re.search(r"Noah €4\.20 \+4 Mia A cake −300 Mia €12\.00 \+18", words_of(page))
    assert f'data-cancels="{undo}"' in page.content.decode()
    assert "A cake" not in words_of(Till(world.olivia).open())
    till.client.post(undo, headers=HTMX)
    page = till.open()
    assert "Mia A cake · given back −300" in words_of(page)
    assert undo not in page.content.decode()
    with tenancy.scope(world.aroma.id):
        unit_id = Unit.objects.get(code="points").id
        pie = offered(name="A pie", unit_id=unit_id, cost=5, valid_days=30)
        given = take_reward(
            merchant=world.aroma, reward_id=pie.id, member_id=world.mia.id, key=new_id(), actor_id=None
        )
    with time_machine.travel(timezone.now() + dt.timedelta(days=2)):
        [pies] = re.findall(r'name="redemption" value="([^"]+)"', scanned(till, world).content.decode())
        note = note_in(scanned(till, world))
        asked = {"key": "pie", "code": note, "redemption": pies}
        assert till.client.post(f"{BASE}redemptions", asked, headers=HTMX).status_code == 201
        assert "Mia A pie −5" in words_of(till.open())
    assert given.status == 201

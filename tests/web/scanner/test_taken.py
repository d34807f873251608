"""A reward that a member took on the card comes to the till: handed over in one tap, once; or the till says why not."""

import datetime as dt
import re

import orjson
import pytest
import time_machine
from django.utils import timezone

from core import tenancy
from core.ids import new_id, read_id
from loyalty.ledger import statements
from loyalty.membership.merging import merge_members
from loyalty.models import Unit
from loyalty.rules.types import Condition
from loyalty.wording.numbers import say_day
from members.cards import rotating_code, static_code
from merchants import locations
from rewards.models import Redemption, Reward
from rewards.redemption import release_redemption
from rewards.showing import write_taken
from rewards.taking import take_reward
from rewards.vouchers import issue_voucher, vouchers_of
from tests.rewards.offering import offered
from tests.web.scanner.conftest import HTMX, Till, note_in, words_of
from tests.world import points_of

BASE = "/scan/aroma/"


@pytest.fixture
def taken(world):
    """What Mia's phone shows: a cake for 300 points, taken a moment ago."""
    with tenancy.scope(world.aroma.id):
        unit_id = Unit.objects.get(code="points").id
        cake = offered(name="A cake", unit_id=unit_id, cost=300, stock=2, terms={"en": "One slice."})
    yield take(world, cake)
    with tenancy.scope(world.aroma.id):
        assert statements.prove() == []


def take(world, reward):
    with tenancy.scope(world.aroma.id):
        answered = take_reward(
            merchant=world.aroma, reward_id=reward.id, member_id=world.mia.id, key=new_id(), actor_id=None
        )
        return write_taken(
            Redemption.objects.get(id=read_id("red", orjson.loads(answered.body)["id"])), world.aroma
        )


def capture(till, code, key="tap"):
    return till.client.post(f"{BASE}captures", {"code": code, "key": key}, headers=HTMX)


def let_go(world, redemption_id=None):
    with tenancy.scope(world.aroma.id):
        found = Redemption.objects.get(**{"id": redemption_id} if redemption_id else {})
        release_redemption(merchant=world.aroma, redemption_id=found.id, key=new_id(), actor_id=None)


def state(world):
    """What Mia has to use, how many are left, and what became of the redemption."""
    with tenancy.scope(world.aroma.id):
        reward, redemption = Reward.objects.get(), Redemption.objects.get()
    return points_of(world.aroma, world.mia), reward.stock - reward.taken, redemption.status


def test_its_code_lands_on_what_is_to_be_handed_over_and_writes_nothing(world, till, taken):
    shown = till.look_up(taken)
    words = words_of(shown)
    assert "For Mia A cake 300 points, set aside until" in words
    assert "One slice. Hand it over Not now" in words
    assert state(world) == (900, 1, "held")


def test_what_a_card_took_that_was_merged_since_is_for_the_member_who_stays(world, till):
    with tenancy.scope(world.aroma.id):
        cake = offered(name="A cake", unit_id=Unit.objects.get(code="points").id, cost=300, stock=2)
        issue_voucher(
            merchant=world.aroma, reward_id=cake.id, member_id=world.noah.id, key=new_id(), actor_id=None
        )
        merge_members(stays_id=world.mia.id, goes_id=world.noah.id, key=new_id(), actor_id=None)
        [voucher] = vouchers_of(world.mia, world.aroma)
    assert "For Mia A cake" in words_of(till.look_up(voucher.code))


def test_one_tap_hands_it_over_once_with_where_and_by_whom(world, till, taken):
    first, again = capture(till, taken), capture(till, taken)
    assert (first.status_code, again.status_code) == (201, 200)
    assert "Hand over A cake Mia −300 · 900 points" in words_of(first)
    assert state(world) == (900, 1, "captured")
    with tenancy.scope(world.aroma.id):
        assert Redemption.objects.get().location_id == world.croix_rousse.id


def test_a_second_till_is_told_where_it_went(world, till, taken):
    capture(till, taken)
    late = capture(Till(world.olivia), taken, key="another")
    assert (late.status_code, "Handed over" in words_of(late)) == (409, True)
    shown = till.look_up(taken)
    assert shown.status_code == 409
    assert re.search(
        r"Handed over already A cake was handed over at \d\d:\d\d \(Croix-Rousse\)", words_of(shown)
    )


def test_its_undo_brings_back_units_and_stock(world, till, taken):
    undo = re.search(r'data-cancels="([^"]+)"', capture(till, taken).content.decode())[1]
    assert till.client.post(undo, headers=HTMX).status_code == 201
    assert state(world) == (1200, 2, "voided")
    assert "Given back A cake was given back at" in words_of(till.look_up(taken))


def test_what_ran_out_or_was_let_go_says_so_and_when(world, till, taken):
    with tenancy.scope(world.aroma.id):
        until = timezone.localtime(Redemption.objects.get().held_until, dt.timezone(dt.timedelta(hours=1)))
    with time_machine.travel(until + dt.timedelta(days=2)):
        late = till.look_up(taken)
        assert late.status_code == 409
        assert f"Time ran out A cake was set aside until {until:%H:%M} on " in words_of(late)
        assert capture(till, taken).status_code == 409
    let_go(world)
    assert "Let go A cake was let go at" in words_of(till.look_up(taken))
    assert capture(till, taken, key="other").status_code == 409
    assert state(world) == (1200, 2, "released")


def test_elsewhere_it_is_not_handed_over_and_the_till_says_where(world, till):
    with tenancy.scope(world.aroma.id):
        far = locations.add_location(name="Bellecour", address="", map_url="", hours=[], actor=None)
        unit_id = Unit.objects.get(code="points").id
        only_there = Condition("location", {"any": [str(far.id)]})
        code = take(world, offered(name="A tart", unit_id=unit_id, cost=5, stock=2, conditions=(only_there,)))
    for said in (till.look_up(code), capture(till, code)):
        assert (said.status_code, "Not here A tart: only at Bellecour" in words_of(said)) == (409, True)
    assert state(world) == (1195, 1, "held")


def test_a_voucher_is_used_once_and_says_why_it_is_good_no_more(world, till):
    with tenancy.scope(world.aroma.id):
        unit_id = Unit.objects.get(code="points").id
        take(world, offered(name="A pie", unit_id=unit_id, cost=100, stock=2, valid_days=30))
        [voucher] = vouchers_of(world.mia, world.aroma)
    typed = voucher.code.lower()
    good_until = say_day(voucher.last_on.isoformat(), "en")
    assert f"For Mia A pie Good until {good_until}. Hand it over" in words_of(till.look_up(typed))
    assert state(world) == (1100, 1, "held")
    assert "Hand over A pie Mia −100 · 1,100 points" in words_of(capture(till, typed))
    assert capture(Till(world.olivia), typed, key="another").status_code == 409
    assert "Used already A pie: This was used on" in words_of(till.look_up(typed))
    assert state(world) == (1100, 1, "captured")


def test_while_the_amount_is_asked_for_it_opens_and_the_member_comes_again(world, till, taken):
    note = note_in(till.look_up(rotating_code(world.noah_card, world.aroma)))
    said = {"code": note, "typed": taken, "key": str(new_id())}
    shown = till.client.post(f"{BASE}codes", said, headers=HTMX)
    assert "For Mia A cake 300 points, set aside until" in words_of(shown)
    assert state(world) == (900, 1, "held")
    [back] = re.findall(r'name="card" value="([^"]+)"', shown.content.decode())
    handed = till.client.post(f"{BASE}captures", {"code": taken, "key": "tap", "card": back}, headers=HTMX)
    assert "Hand over A cake Mia −300 · 900 points" in words_of(handed)
    [again] = re.findall(r'name="code" value="([^"]+)"', handed.content.decode())
    assert "Now the amount" in words_of(handed)
    assert "Noah 50 points" in words_of(till.look_up(again))
    assert state(world) == (900, 1, "captured")
    over = till.client.post(f"{BASE}codes", said, headers=HTMX)
    assert (over.status_code, "Handed over already" in words_of(over)) == (409, True)


def named_in(shown):
    """The purchase that the tap will name, if any."""
    return "".join(re.findall(r'name="purchase" value="([^"]+)"', shown.content.decode()))


def test_right_after_a_purchase_of_the_same_member_it_names_that_purchase_and_comes_back_with_it(
    world, till, taken
):
    answer = till.stamp(static_code(world.mia_card, world.aroma), "12").content.decode()
    bought, undo = (re.search(rf'data-{what}="([^"]+)"', answer)[1] for what in ("purchase", "cancels"))
    assert named_in(till.look_up(taken)) == bought
    said = {"code": taken, "key": "tap", "purchase": bought}
    assert till.client.post(f"{BASE}captures", said, headers=HTMX).status_code == 201
    with tenancy.scope(world.aroma.id):
        assert str(Redemption.objects.get().purchase_id) == bought
    assert "300 points are back." in words_of(till.client.post(undo, headers=HTMX))
    assert points_of(world.aroma, world.mia) == 1200


def test_no_other_purchase_is_named(world, till):
    with tenancy.scope(world.aroma.id):
        unit_id = Unit.objects.get(code="points").id
        taken = take(world, offered(name="A pie", unit_id=unit_id, cost=100, valid_days=30))
    mias = static_code(world.mia_card, world.aroma)
    assert not named_in(till.look_up(taken))
    undo = re.search(r'data-cancels="([^"]+)"', till.stamp(mias, "12").content.decode())[1]
    assert not named_in(Till(world.olivia).look_up(taken))  # another till's
    in_hand = {"code": mias, "typed": taken, "key": str(new_id())}  # the next one is still to come
    assert not named_in(till.client.post(f"{BASE}codes", in_hand, headers=HTMX))
    till.client.post(undo, headers=HTMX)
    assert not named_in(till.look_up(taken))
    till.stamp(mias, "12")
    assert named_in(till.look_up(taken))
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=11)):
        assert not named_in(till.look_up(taken))
    till.stamp(static_code(world.noah_card, world.aroma), "12")
    assert not named_in(till.look_up(taken))


def test_a_voucher_that_ran_out_says_when(world, till):
    with tenancy.scope(world.aroma.id):
        unit_id = Unit.objects.get(code="points").id
        take(world, offered(name="A pie", unit_id=unit_id, cost=100, stock=2, valid_days=1))
        [voucher] = vouchers_of(world.mia, world.aroma)
    with time_machine.travel(timezone.now() + dt.timedelta(days=3)):
        late = till.look_up(voucher.code)
        assert "Too late A pie: This ran out: its last day was" in words_of(late)
        assert capture(till, voucher.code).status_code == 409


def test_another_shops_is_not_ours(world, till, taken):
    petra = Till(world.petra, "bloom")
    for path in ("lookup", "captures"):
        said = petra.client.post(f"/scan/bloom/{path}", {"code": taken, "key": "x"}, headers=HTMX)
        assert (said.status_code, "Not our card" in words_of(said)) == (422, True)
    assert capture(till, "no code at all").status_code == 404
    assert capture(till, taken, key="").status_code == 422
    assert state(world) == (900, 1, "held")

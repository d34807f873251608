"""What a member took before and holds still comes first after a scan, and is handed over in one tap, to that member alone."""

import re

import pytest

from core import tenancy
from core.ids import new_id
from loyalty.ledger import statements
from loyalty.models import Unit
from members.cards import rotating_code, static_code
from members.pins import set_pin
from rewards.models import Redemption
from tests.rewards.offering import offered
from tests.web.scanner.conftest import note_in, words_of
from tests.web.scanner.test_handing import give
from tests.web.scanner.test_taken import let_go, take
from tests.world import points_of

BASE = "/scan/aroma/"


@pytest.fixture
def aside(world):
    """A coffee that Mia took for 300 points, and a pie as a voucher; a cake that she may take besides."""
    with tenancy.scope(world.aroma.id):
        unit_id = Unit.objects.get(code="points").id
        pie = offered(name="A pie", unit_id=unit_id, cost=100, valid_days=30)
        coffee = offered(name="A coffee", unit_id=unit_id, cost=300)
        offered(name="A cake", unit_id=unit_id, cost=10)
    take(world, pie)
    take(world, coffee)
    with tenancy.scope(world.aroma.id):
        yield Redemption.objects.get(reward=coffee)
        assert statements.prove() == []


def hand(till, code, aside, key="tap", **said):
    asked = {"key": key, "code": code, "redemption": str(aside.id), **said}
    return till.client.post(f"{BASE}redemptions", asked, headers=till.headers)


def status_of(world, aside):
    with tenancy.scope(world.aroma.id):
        return Redemption.objects.get(id=aside.id).status


def test_after_a_scan_it_comes_first_what_runs_out_first_before(world, till, aside):
    words = words_of(till.look_up(rotating_code(world.mia_card, world.aroma)))
    assert re.search(
        r"2 set aside · 3 rewards Set aside for Mia A coffee Until \d\d:\d\d(?: on \d+ \w+)? Hand it over : A coffee "
        r"A pie Good until \d+ \w+ \d{4} Hand it over : A pie Mia may take now",
        words,
    )
    assert "et aside" not in words_of(till.look_up(static_code(world.noah_card, world.aroma)))


def test_one_tap_hands_it_over_once_and_it_is_listed_no_more(world, till, aside):
    note = note_in(till.look_up(rotating_code(world.mia_card, world.aroma)))
    first, again = hand(till, note, aside, then="amount"), hand(till, note, aside, then="amount")
    assert (first.status_code, again.status_code) == (201, 200)
    assert "Hand over A coffee Mia −300 · 800 points Now the amount" in words_of(first)
    assert (status_of(world, aside), points_of(world.aroma, world.mia)) == ("captured", 800)
    assert "1 set aside · 3 rewards Set aside for Mia A pie" in words_of(till.look_up(note))


def test_under_the_answer_to_a_purchase_it_comes_first_and_names_the_purchase(world, till, aside):
    note = note_in(till.look_up(rotating_code(world.mia_card, world.aroma)))
    bought = re.search(r'data-purchase="([^"]+)"', till.stamp(note, "12").content.decode())[1]
    asked = {"code": note, "purchase": bought}
    shown = till.client.post(f"{BASE}rewards", asked, headers=till.headers)
    assert re.search(
        r"^Set aside for Mia A coffee Until .* Set aside for Mia A pie .* Mia may take now", words_of(shown)
    )
    assert hand(till, note, aside, purchase=bought).status_code == 201
    with tenancy.scope(world.aroma.id):
        assert str(Redemption.objects.get(id=aside.id).purchase_id) == bought


def test_a_card_that_anybody_can_copy_gets_it_with_a_proof(world, till, aside):
    with tenancy.scope(world.aroma.id):
        set_pin(member=world.mia, pin="4806")
    printed = static_code(world.mia_card, world.aroma)
    for said in ({}, {"proof": "1793"}):
        asked = hand(till, printed, aside, **said)
        assert (asked.status_code, "Is it Mia?" in words_of(asked)) == (422, True)
        assert f'name="redemption" value="{aside.id}"' in asked.content.decode()
    assert status_of(world, aside) == "held"
    assert hand(till, printed, aside, proof="4806").status_code == 201
    assert status_of(world, aside) == "captured"


def test_somebody_elses_or_none_of_ours_is_not_there(world, till, aside):
    noahs = note_in(till.look_up(rotating_code(world.noah_card, world.aroma)))
    for taken in (str(aside.id), str(new_id()), "what?"):
        said = {"key": taken, "code": noahs, "redemption": taken}
        assert till.client.post(f"{BASE}redemptions", said, headers=till.headers).status_code == 404
    assert status_of(world, aside) == "held"


def test_what_was_let_go_is_listed_no_more_and_a_late_tap_says_so(world, till, aside):
    note = note_in(till.look_up(rotating_code(world.mia_card, world.aroma)))
    let_go(world, aside.id)
    assert "A coffee Until" not in words_of(till.look_up(note))
    late = hand(till, note, aside)
    assert (late.status_code, "That is over" in words_of(late)) == (409, True)
    assert give(till, note, aside.reward, key="other").status_code == 201

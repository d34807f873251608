"""POST /events/{id}/cancellation and /confirmation: what the desk can, programs can."""

import pytest

from core import tenancy
from core.ids import new_id, read_id
from loyalty.models import Happening
from merchants.access import Scope
from tests.api.conftest import assert_refused, public
from tests.api.test_events import gives
from tests.loyalty.codes.making import also_gives, code, enter, made
from tests.loyalty.happenings.test_taking_back import tell as told_by_hand
from tests.loyalty.programme.test_lasting import living
from tests.loyalty.purchases.test_cancelling import problems
from tests.loyalty.ruled import with_rules
from tests.world import points_of


@pytest.fixture
def told(till, world):
    """Something that Noah did, for 20 points: its id."""

    def tell(kind="review"):
        with_rules(world.aroma, gives(world, kind, 20))
        return till.post("/events", {"member": public("mem", world.noah.id), "type": kind}).json()["id"]

    return tell


@pytest.mark.parametrize("kind", ["review", "newsletter", "profile", "visit"])
def test_a_program_takes_back_what_it_told(till, told, world, kind):
    path = f"/events/{told(kind)}/cancellation"
    first, again = till.post(path, {}, key="ok"), till.post(path, {}, key="ok")
    answer = first.json()
    assert (first.status_code, answer["taken_back"]) == (201, [{"unit": "points", "amount": 20}])
    assert answer["events"] == ["points.taken_back", "happening.cancelled"]
    assert (again.content, again.headers["Idempotency-Replayed"]) == (first.content, "true")
    assert_refused(till.post(path, {}), 409, "event_cancelled")
    assert points_of(world.aroma, world.noah) == 50
    assert problems(world) == []


def test_a_program_confirms_what_an_event_gave(till, told, world):
    living(world, vesting="on_confirmation")
    path = f"/events/{told()}/confirmation"
    first, again = till.post(path, {}, key="ok"), till.post(path, {}, key="ok")
    assert (first.status_code, first.json()["confirmed"]) == (201, [{"unit": "points", "amount": 20}])
    assert (again.content, again.headers["Idempotency-Replayed"]) == (first.content, "true")
    assert points_of(world.aroma, world.noah) == 70
    assert_refused(till.post(path, {}), 409, "nothing_pending")


@pytest.mark.parametrize("what", ["cancellation", "confirmation"])
def test_what_is_not_there_or_another_shops_is_unknown(till, bloom_till, told, world, what):
    event = told()
    assert_refused(bloom_till.post(f"/events/{event}/{what}", {}), 404, "event_not_found")
    for nobodys in (public("evt", new_id()), "evt_nonsense", event.removeprefix("evt_")):
        assert_refused(till.post(f"/events/{nobodys}/{what}", {}), 404, "event_not_found")
    with tenancy.scope(world.aroma.id):
        assert Happening.objects.get(id=read_id("evt", event)).cancelled_at is None


def test_what_comes_once_by_a_code_is_not_taken_back(till, world):
    also_gives(world.aroma)
    enter(world.aroma, world.noah, code(world.aroma, made(world.aroma)), actor_id=new_id())
    with tenancy.scope(world.aroma.id):
        used = Happening.objects.get(trigger="code")
    assert_refused(till.post(f"/events/{public('evt', used.id)}/cancellation", {}), 404, "event_not_found")
    assert points_of(world.aroma, world.noah) == 70


@pytest.mark.parametrize("what", ["cancellation", "confirmation"])
def test_a_gift_of_the_team_is_for_keys_that_may_give_and_take_units(till, key_with, world, what):
    """No program may tell of a gift: what it may not give, a key for purchases alone does not take back or confirm either."""
    living(world, vesting="on_confirmation")
    with_rules(world.aroma, gives(world, "gift", 20))
    gift = told_by_hand(world, "gift")
    path = f"/events/{public('evt', gift)}/{what}"
    assert_refused(key_with(Scope.WRITE_PURCHASES).post(path, {}), 403, "scope_missing")
    with tenancy.scope(world.aroma.id):
        assert Happening.objects.get(id=gift).cancelled_at is None
    assert till.post(path, {}).status_code == 201

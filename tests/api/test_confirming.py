"""POST /purchases/{id}/confirmation: the word by program."""

from core.ids import new_id
from tests.api.conftest import assert_refused, public
from tests.loyalty.programme.test_lasting import living
from tests.loyalty.purchases.test_cancelling import bought
from tests.world import points_of


def test_a_program_confirms_once_and_is_answered_alike(till, world):
    living(world, vesting="on_confirmation")
    path = f"/purchases/{public('pur', bought(world, world.noah, 2_000))}/confirmation"
    first, again = till.post(path, {}, key="ok"), till.post(path, {}, key="ok")
    assert (first.status_code, first.json()["confirmed"]) == (201, [{"unit": "points", "amount": 20}])
    assert (again.content, again.headers["Idempotency-Replayed"]) == (first.content, "true")
    assert points_of(world.aroma, world.noah) == 70
    assert_refused(till.post(path, {}), 409, "nothing_pending")


def test_nobody_confirms_what_is_not_there(till, unchanged):
    assert_refused(
        till.post(f"/purchases/{public('pur', new_id())}/confirmation", {}), 404, "purchase_not_found"
    )

"""POST /purchases/{id}/cancellation: the way back, through the public door."""

from core.ids import new_id
from tests.api.conftest import assert_refused, public
from tests.world import points_of


def path_of(purchase):
    return f"/purchases/{purchase['id']}/cancellation"


def test_a_cancelled_purchase_gives_back_what_it_gave_and_says_so_everywhere(till, basket, world):
    purchase = till.post("/purchases", basket(member=public("mem", world.mia.id))).json()
    response = till.post(path_of(purchase), {})
    answer = response.json()
    assert response.status_code == 201
    assert answer["taken_back"] == [{"unit": "points", "amount": 18}]
    assert answer["balances"]["points"]["available"] == 1200
    read = till.get(f"/purchases/{purchase['id']}").json()
    assert read["cancelled_at"] == answer["cancelled_at"]
    back, given = till.get(f"/members/{public('mem', world.mia.id)}/statement").json()["items"][:2]
    assert (back["kind"], back["amount"], back["reason"]) == (
        "take_back",
        -18,
        "Purchase of €12.50 cancelled",
    )
    assert (given["amount"], given["cancelled"], given["purchase"]) == (18, True, purchase["id"])


def test_the_same_key_answers_the_same_and_another_is_told(till, basket, world):
    purchase = till.post("/purchases", basket(member=public("mem", world.mia.id))).json()
    key = str(new_id())
    first = till.post(path_of(purchase), {}, key=key)
    again = till.post(path_of(purchase), {}, key=key)
    assert again.content == first.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert_refused(till.post(path_of(purchase), {}), 409, "purchase_cancelled")
    assert_refused(till.post(path_of(purchase), {}, key=None), 400, "idempotency_key_missing")
    assert points_of(world.aroma, world.mia) == 1200


def test_no_purchase_is_cancelled_through_another_merchants_key(till, bloom_till, basket, world):
    purchase = till.post("/purchases", basket(member=public("mem", world.mia.id))).json()
    assert_refused(bloom_till.post(path_of(purchase), {}), 404, "purchase_not_found")
    assert_refused(till.post("/purchases/pur_nonsense/cancellation", {}), 404, "purchase_not_found")
    assert points_of(world.aroma, world.mia) == 1218

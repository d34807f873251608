"""POST and GET /purchases: the main job through its public door."""

import datetime as dt

import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.ids import new_id
from loyalty import meeting
from loyalty.programme import versions
from members import cards
from tests.api.conftest import assert_refused, public, rotating
from tests.world import points_of


def test_a_scan_answers_with_points_reasons_balances_and_tier(till, basket, world):
    response = till.post("/purchases", basket(member=None, card=rotating(world, world.mia_card)))
    assert response.status_code == 201
    answer = response.json()
    assert answer.pop("id").startswith("pur_")
    assert answer == {
        "member": {"id": public("mem", world.mia.id), "name": "Mia"},
        "awards": [{"unit": "points", "amount": 18, "rule": "1 point per €1", "reason": "12 × 1.5 (Gold)"}],
        "badges": [],
        "nearly": [],
        "balances": {"points": {"available": 1218, "pending": 0, "held": 0, "debt": 0, "expiring": []}},
        "tier": {
            "name": "Gold",
            "progress": {"current": "946.50", "next": None, "of": "spend"},
            "next_tier": None,
        },
        "moved_up": False,
        "rewards_in_reach": [],
        "events": ["points.earned"],
    }
    assert points_of(world.aroma, world.mia) == 1218


def test_a_member_is_named_by_card_code_id_or_phone(till, basket, world):
    names = [
        {"card": cards.static_code(world.mia_card, world.aroma)},
        {"card": world.mia_card.spoken_code},
        {"member": public("mem", world.mia.id)},
        {"phone": "06 12 34 56 78"},
    ]
    for name in names:
        response = till.post("/purchases", basket(**({"member": None} | name)))
        assert response.status_code == 201, response.json()
        assert response.json()["member"]["name"] == "Mia"


def test_everything_a_till_knows_is_kept(till, basket, world):
    sold_at = (timezone.now() - dt.timedelta(hours=2)).replace(microsecond=0)
    items = [
        {"sku": "latte", "category": "coffee", "quantity": 2, "amount": "7.00"},
        {"sku": "voucher", "amount": "-1.50"},
    ]
    made = till.post(
        "/purchases",
        basket(
            location=public("loc", world.croix_rousse.id),
            reference="R-1042",
            items=items,
            occurred_at=sold_at.astimezone(dt.timezone(dt.timedelta(hours=-5))).isoformat(),
        ),
    ).json()
    kept = till.get(f"/purchases/{made['id']}").json()
    assert kept["location"] == {"id": public("loc", world.croix_rousse.id), "name": "Croix-Rousse"}
    assert kept["reference"] == "R-1042"
    assert kept["items"] == [items[0], {"sku": "voucher", "category": "", "quantity": 1, "amount": "-1.50"}]
    assert kept["awards"] == made["awards"]
    assert (kept["amount"], kept["currency"], kept["channel"], kept["tier"]) == (
        "12.50",
        "EUR",
        "api",
        "Gold",
    )
    assert dt.datetime.fromisoformat(kept["occurred_at"]) == sold_at
    assert kept["occurred_at"].endswith(("+01:00", "+02:00")), "the merchant's offset, whatever the till's"


def test_a_purchase_takes_at_most_three_statements_and_then_two(till, basket):
    versions.forget_versions()
    meeting.forget_merchants()
    counts = []
    for _time in range(3):
        with CaptureQueriesContext(connection) as queries:
            assert till.post("/purchases", basket()).status_code == 201
        counts.append(len(queries))
    assert counts == [3, 2, 2]


def test_a_dry_run_answers_the_same_and_changes_nothing(till, basket, books):
    before = books()
    preview = till.post("/purchases?dry_run=true", basket(), key=None)
    assert preview.status_code == 200
    assert books() == before
    real = till.post("/purchases", basket()).json()
    assert preview.json() == {"dry_run": True} | {name: value for name, value in real.items() if name != "id"}


def test_the_same_key_and_body_give_the_same_bytes_for_ever(till, basket, books):
    key = "till-1/receipt-1042"
    first = till.post("/purchases", basket(), key=key)
    after = books()
    again = till.post("/purchases", basket(), key=key)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert books() == after


def test_a_retry_after_the_code_expired_repeats_the_first_answer(till, basket, world, books):
    key, body = str(new_id()), basket(member=None, card=rotating(world, world.mia_card))
    first = till.post("/purchases", body, key=key)
    after = books()
    with time_machine.travel(timezone.now() + dt.timedelta(days=2)):
        again = till.post("/purchases", body, key=key)
        assert_refused(till.post("/purchases", body), 409, "card_expired", "card")
    assert (again.status_code, again.content) == (201, first.content)
    assert books() == after


def test_reasons_are_said_in_the_language_asked_for(till, basket):
    french = till.post("/purchases", basket(), **{"Accept-Language": "fr-CA, en;q=0.5"})
    assert french.headers["Content-Language"] == "fr"
    assert french.json()["awards"][0]["rule"].endswith("1\xa0€")
    english = till.post("/purchases", basket(), **{"Accept-Language": "de, *;q=0.1"})
    assert english.headers["Content-Language"] == "en"
    assert english.json()["awards"][0]["rule"] == "1 point per €1"


def test_purchases_are_listed_newest_first_page_by_page(till, basket, world):
    made = [till.post("/purchases", basket(reference=f"R-{number}")).json()["id"] for number in range(5)]
    first = till.get("/purchases", limit=2).json()
    second = till.get("/purchases", limit=2, cursor=first["next"]).json()
    assert [row["id"] for row in first["items"] + second["items"]] == made[:0:-1]
    of_noah = till.get("/purchases", member=public("mem", world.noah.id)).json()
    assert of_noah == {"items": [], "next": None}
    of_mia = till.get("/purchases", member=public("mem", world.mia.id), limit=100).json()
    assert len(of_mia["items"]) == 8
    assert of_mia["next"] is None


def test_since_asks_for_when_it_was_bought(till, basket):
    now = timezone.now()
    old = till.post("/purchases", basket(occurred_at=(now - dt.timedelta(days=9)).isoformat())).json()["id"]
    recent = till.post("/purchases", basket(occurred_at=(now - dt.timedelta(minutes=1)).isoformat())).json()[
        "id"
    ]
    rows = till.get("/purchases", since=(now - dt.timedelta(days=1)).isoformat()).json()["items"]
    assert recent in [row["id"] for row in rows]
    assert old not in [row["id"] for row in rows]
    assert till.get("/purchases", since=(now + dt.timedelta(days=1)).isoformat()).json()["items"] == []


def test_reading_a_list_takes_the_same_queries_however_long(till, basket):
    counts = []
    till.get("/purchases")  # this process meets the programme's versions
    for _time in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert till.get("/purchases").status_code == 200
        counts.append(len(queries))
        till.post("/purchases", basket())
    assert counts[0] == counts[1]

"""Examples of bodies and answers in the OpenAPI document. The café Aroma's, and true: a test sends and compares them."""

from typing import Any

MEMBER_ID = "mem_01987d3e5a4c7f3b8a2d6e9f10b4c7d2"
PURCHASE_ID = "pur_01987d4102b87c1e9d5a3f7b6c8e0a14"
REFUND_ID = "ref_01987f2a10c47d35a1e2c3b4d5f60718"
ENTRY_ID = "ent_01987d4102b98a6f8c0b2d4e6f8091a3"
LOCATION_ID = "loc_01987d3e59f07a2c8b1d4e6f8a0c2e4b"

BALANCES: dict[str, Any] = {"points": {"available": 1218, "pending": 0, "held": 0, "debt": 0, "expiring": []}}
GOLD: dict[str, Any] = {
    "name": "Gold",
    "progress": {"current": "946.50", "next": None, "of": "spend"},
    "next_tier": None,
}
AWARD = {"rule": "1 point per €1", "reason": "12 × 1.5 (Gold)", "unit": "points", "amount": 18}

NEW_PURCHASE = {
    "card": "https://loyalty.example/q/AEAAAAAAAA",
    "amount": "12.50",
    "currency": "EUR",
    "location": LOCATION_ID,
    "reference": "R-1042",
    "items": [{"sku": "latte", "category": "coffee", "quantity": 2, "amount": "7.00"}],
    "tax": "1.14",
    "payment": "card",
    "occurred_at": "2026-11-21T09:30:00+01:00",
}
RECORDED = {
    "id": PURCHASE_ID,
    "member": {"id": MEMBER_ID, "name": "Mia"},
    "awards": [AWARD],
    "badges": [],
    "nearly": [],
    "balances": BALANCES,
    "tier": GOLD,
    "moved_up": False,
    "rewards_in_reach": [],
    "events": ["points.earned"],
}
PREVIEW = {"dry_run": True} | {name: value for name, value in RECORDED.items() if name != "id"}
PURCHASE = {
    "id": PURCHASE_ID,
    "member": {"id": MEMBER_ID, "name": "Mia"},
    "amount": "12.50",
    "currency": "EUR",
    "location": {"id": LOCATION_ID, "name": "Croix-Rousse"},
    "reference": "R-1042",
    "items": [{"sku": "latte", "category": "coffee", "quantity": 2, "amount": "7.00"}],
    "tax": "1.14",
    "tip": "0.00",
    "paid_with_units": "0.00",
    "discount": "0.00",
    "payment": "card",
    "channel": "api",
    "awards": [AWARD],
    "badges": [],
    "nearly": [],
    "tier": "Gold",
    "programme_version": 2,
    "occurred_at": "2026-11-21T09:30:00+01:00",
    "recorded_at": "2026-11-21T09:30:02+01:00",
    "refunded": "5.00",
    "refunds": [{"id": REFUND_ID, "amount": "5.00", "refunded_at": "2026-11-21T17:02:40+01:00"}],
    "cancelled_at": None,
}
CANCELLED = {
    "id": PURCHASE_ID,
    "cancelled_at": "2026-11-21T09:31:10+01:00",
    "member": {"id": MEMBER_ID, "name": "Mia"},
    "taken_back": [{"unit": "points", "amount": 18}],
    "given_back": [],
    "balances": {"points": {"available": 1200, "pending": 0, "held": 0, "debt": 0, "expiring": []}},
    "tier": {
        "name": "Gold",
        "progress": {"current": "934.00", "next": None, "of": "spend"},
        "next_tier": None,
    },
    "moved_down": False,
    "events": ["points.taken_back", "purchase.cancelled"],
}
NEW_REFUND = {"amount": "5.00", "reason": "One latte was cold"}
REFUNDED = {
    "id": REFUND_ID,
    "purchase": PURCHASE_ID,
    "amount": "5.00",
    "currency": "EUR",
    "in_money": "5.00",
    "reason": "One latte was cold",
    "refunded": "5.00",
    "left": "7.50",
    "refunded_at": "2026-11-21T17:02:40+01:00",
    "member": {"id": MEMBER_ID, "name": "Mia"},
    "taken_back": [{"unit": "points", "amount": 7}],
    "given_back": [],
    "balances": {"points": {"available": 1211, "pending": 0, "held": 0, "debt": 0, "expiring": []}},
    "tier": {
        "name": "Gold",
        "progress": {"current": "941.50", "next": None, "of": "spend"},
        "next_tier": None,
    },
    "moved_down": False,
    "events": ["points.taken_back", "purchase.refunded"],
}
NEW_ADJUSTMENT = {"unit": "points", "amount": -30, "reason": "Counted twice on Monday"}
ADJUSTED = {
    "id": ENTRY_ID,
    "member": {"id": MEMBER_ID, "name": "Mia"},
    "unit": "points",
    "amount": -30,
    "reason": "Counted twice on Monday",
    "balances": {"points": {"available": 1188, "pending": 0, "held": 0, "debt": 0, "expiring": []}},
    "events": ["points.adjusted", "units.adjusted"],
}
ENROLMENT = {
    "name": "Ada",
    "phone": "06 12 34 56 79",
    "email": "ada@example.org",
    "locale": "fr",
    "birthday": "1990-05-24",
    "location": LOCATION_ID,
    "consents": {"points_email": True},
}
MEMBER = {
    "id": MEMBER_ID,
    "name": "Ada",
    "phone": "+33612345679",
    "email": "ada@example.org",
    "locale": "fr",
    "birthday": "1990-05-24",
    "joined_at": "2026-11-21T09:12:40+01:00",
    "tags": [],
    "balances": {"points": {"available": 50, "pending": 0, "held": 0, "debt": 0, "expiring": []}},
    "tier": {
        "name": "Bronze",
        "progress": {"current": "0.00", "next": "250.00", "of": "spend"},
        "next_tier": "Silver",
    },
    "perks": [],
    "challenges": [
        {"name": "Three visits this month", "done": 2, "of": 3, "words": "2 of 3 visits this month"}
    ],
    "badges": [],
}
CHANGE = {"name": "Ada L.", "birthday": None, "tags": ["press"]}
LINE = {
    "id": ENTRY_ID,
    "kind": "award",
    "unit": "points",
    "amount": 18,
    "balance": 1218,
    "units": 18,
    "rule": "1 point per €1",
    "reason": "12 × 1.5 (Gold)",
    "note": "",
    "purchase": PURCHASE_ID,
    "cancelled": False,
    "occurred_at": "2026-11-21T09:30:00+01:00",
}
PROGRAMME = {
    "name": "Aroma",
    "version": 2,
    "currency": "EUR",
    "units": [{"code": "points", "names": {"en": ["point", "points"], "fr": ["point", "points"]}}],
    "rules": [
        {"rule": "50 points on joining", "when": "joining", "unit": "points", "amount": 50, "per": None},
        {"rule": "1 point per €1", "when": "purchase", "unit": "points", "amount": 1, "per": "1.00"},
    ],
    "tiers": [
        {"name": "Bronze", "threshold": "0.00", "multiplier": "1"},
        {"name": "Silver", "threshold": "250.00", "multiplier": "1.25"},
        {"name": "Gold", "threshold": "500.00", "multiplier": "1.5"},
    ],
}
LOCATION = {"id": LOCATION_ID, "name": "Croix-Rousse", "address": "4 place de la Croix-Rousse, Lyon"}
PROBLEM = {
    "type": "https://loyalty.example/api/v1/problems#amount_too_precise",
    "title": "Unprocessable Entity",
    "status": 422,
    "detail": "EUR has 2 decimals; the amount has more.",
    "code": "amount_too_precise",
    "errors": [
        {
            "field": "amount",
            "code": "amount_too_precise",
            "detail": "EUR has 2 decimals; the amount has more.",
        }
    ],
}

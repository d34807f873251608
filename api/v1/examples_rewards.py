"""Examples of rewards and redemptions, for the OpenAPI document."""

from api.v1.examples import MEMBER_ID, PURCHASE_ID

REWARD_ID = "rwd_019aa5c2f3b07e118a3fd2c9b4e6a701"
REDEMPTION_ID = "red_019aa5c9d0a4726c9b5e0f4d3c2b1a90"
REWARD = {
    "id": REWARD_ID,
    "name": "Free cake",
    "kind": "free_product",
    "brings": "one for nothing: cake",
    "asks": "on Saturdays",
    "terms": "While the cakes last.",
    "cost": {"unit": "points", "amount": 200},
    "left": 12,
    "in_reach": True,
    "missing": 0,
    "refusals": [{"code": "wrong_day", "detail": "only on Saturdays"}],
    "possible_on": "2026-11-28",
}
NEW_REDEMPTION = {"reward": REWARD_ID, "member": MEMBER_ID}
HELD = {
    "id": REDEMPTION_ID,
    "status": "held",
    "reward": {"id": REWARD_ID, "name": "Free cake"},
    "member": {"id": MEMBER_ID, "name": "Mia"},
    "cost": {"unit": "points", "amount": 200},
    "held_until": "2026-11-21T09:40:00+01:00",
    "closed_at": None,
    "purchase": None,
    "free": None,
    "returned": 0,
    "void_reason": None,
    "balances": {"points": {"available": 1018, "pending": 0, "held": 200, "debt": 0, "expiring": []}},
}
PREVIEW = {"dry_run": True} | {name: value for name, value in HELD.items() if name != "id"}
CLOSED = HELD | {"closed_at": "2026-11-21T09:33:20+01:00"}
USED = {"points": {"available": 1018, "pending": 0, "held": 0, "debt": 0, "expiring": []}}
BACK = {"points": {"available": 1218, "pending": 0, "held": 0, "debt": 0, "expiring": []}}
CAPTURE = {"purchase": PURCHASE_ID}
PIECE = {"sku": "carrot-cake", "category": "cake", "amount": "4.50"}
CAPTURED = CLOSED | {"status": "captured", "purchase": PURCHASE_ID, "free": PIECE, "balances": USED}
RELEASED = CLOSED | {"status": "released", "balances": BACK}
VOID = {"reason": "not_good", "note": "The cake was from yesterday"}
VOIDED = CAPTURED | {"status": "voided", "returned": 200, "void_reason": "not_good", "balances": BACK}
NEW_PROOF_CODE = {"card": "https://loyalty.example/q/AEAAAAAAAA"}
PROOF_CODE = {"digits": 6, "good_for_seconds": 600}

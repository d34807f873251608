"""What the OpenAPI document says of taking back and correcting: see `document`. Nothing here runs when a request comes."""

from typing import Any

from api.v1 import examples
from api.v1 import shapes_corrections as shapes
from api.v1.document import BODY, IDEMPOTENCY_KEY, ONCE, answered, body, operation, refused

CONFIRMED: dict[str, Any] = {
    "id": examples.PURCHASE_ID,
    "confirmed_at": "2026-12-05T10:00:00+01:00",
    "member": {"id": examples.MEMBER_ID, "name": "Mia"},
    "confirmed": [{"unit": "points", "amount": 18}],
    "balances": examples.BALANCES,
    "tier": examples.GOLD,
    "events": ["points.vested", "units.confirmed"],
}

purchase_cancel = operation(
    "purchase_cancel",
    "purchases",
    [
        answered(shapes.Cancelled, examples.CANCELLED, status=201, description="Cancelled."),
        refused(
            *ONCE,
            "answer_erased",
            "purchase_not_found",
            "purchase_cancelled",
            "purchase_refunded",
            "busy",
        ),
    ],
    summary="Cancel a purchase",
    description="Takes back all that it gave, gives back all that was used on it, and takes its share out of the member's "
    "standing; of a purchase that was refunded in part, the rest. Units that were used since are owed.",
    parameters=[IDEMPOTENCY_KEY],
    request=None,
)
purchase_confirm = operation(
    "purchase_confirm",
    "purchases",
    [
        answered(shapes.Confirmed, CONFIRMED, status=201, description="Confirmed."),
        refused(
            *ONCE, "answer_erased", "purchase_not_found", "purchase_cancelled", "purchase_refunded", "nothing_pending",
            "busy",
        ),
    ],
    summary="Confirm a purchase",
    description="Where units wait for a word, what the purchase gave becomes usable. To take it back instead, cancel it.",
    parameters=[IDEMPOTENCY_KEY],
    request=None,
)  # fmt: skip
purchase_refund = operation(
    "purchase_refund",
    "purchases",
    [
        answered(shapes.Refunded, examples.REFUNDED, status=201, description="Refunded."),
        refused(
            *BODY, *ONCE, "answer_erased", "purchase_not_found", "purchase_cancelled", "refund_exceeds_purchase",
            "amount_unreadable", "amount_out_of_range", "amount_too_precise", "currency_mismatch", "text_forbidden",
            "busy",
        ),
    ],
    summary="Refund a purchase, or a part of it",
    description="Any number of times, up to the whole. Units follow pro rata: of all units that the purchase gave, as many "
    "are taken back as belong to all refunds so far, rounded down; so of parts in any sizes the last takes back what is "
    "left. Units that were used on the purchase are given back in the same way.",
    parameters=[IDEMPOTENCY_KEY],
    request=shapes.NewRefund,
    examples=body(examples.NEW_REFUND),
)  # fmt: skip
adjustment_make = operation(
    "adjustment_make",
    "members",
    [
        answered(shapes.Adjusted, examples.ADJUSTED, status=201, description="Adjusted."),
        refused(
            *BODY, *ONCE, "answer_erased", "member_not_found", "insufficient_units", "field_missing", "unit_unknown",
            "units_out_of_range", "value_out_of_range", "reason_missing", "text_forbidden", "busy",
        ),
    ],
    summary="Correct a balance by hand",
    description="Give units, or with a minus take them, for a reason. Needs the scope `units:write`.",
    parameters=[IDEMPOTENCY_KEY],
    request=shapes.NewAdjustment,
    examples=body(examples.NEW_ADJUSTMENT),
)  # fmt: skip

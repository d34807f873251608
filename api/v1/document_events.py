"""What the OpenAPI document says of events: see `document`. Nothing here runs when a request comes."""

from typing import Any

from api.v1 import shapes_events as shapes
from api.v1.document import BODY, CARD, IDEMPOTENCY_KEY, ONCE, answered, body, operation, refused
from api.v1.examples import BALANCES, GOLD, MEMBER_ID

NEW_EVENT = {"member": MEMBER_ID, "type": "attendance", "name": "Latte art evening"}
HAPPENED: dict[str, Any] = {
    "id": "evt_01987d4102b87c1e9d5a3f7b6c8e0a15",
    "type": "attendance",
    "name": "latte art evening",
    "member": {"id": MEMBER_ID, "name": "Mia"},
    "awards": [],
    "badges": [],
    "nearly": [],
    "balances": BALANCES,
    "tier": GOLD,
    "occurred_at": "2026-11-21T19:30:00+01:00",
    "events": ["happening.recorded"],
}

event_record = operation(
    "event_record",
    "members",
    [
        answered(shapes.Happened, HAPPENED, status=201, description="Recorded."),
        refused(
            *BODY, *ONCE, *CARD, "member_not_found", "member_ambiguous", "phone_unreadable", "id_unreadable",
            "field_missing", "event_type_taken", "moment_unreadable", "occurred_at_out_of_range", "text_forbidden",
            "busy",
        ),
    ],
    summary="Record what a member did",
    description="A visit, a review, an event of your own: what rules may reward, but for purchases. Each is judged once, by "
    "the programme in force, and answered with what it gave. Where no rule asks for it, it is kept and gives nothing. Needs "
    "the scope `purchases:write`.",
    parameters=[IDEMPOTENCY_KEY],
    request=shapes.NewEvent,
    examples=body(NEW_EVENT),
)  # fmt: skip

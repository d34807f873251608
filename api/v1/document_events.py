"""What the OpenAPI document says of events: see `document`. Nothing here runs when a request comes."""

from typing import Any

from api.v1 import shapes_corrections, shapes_events
from api.v1.document import BODY, CARD, IDEMPOTENCY_KEY, ONCE, answered, body, operation, refused
from api.v1.document_corrections import CONFIRMED as WORD
from api.v1.examples import BALANCES, CANCELLED, GOLD, MEMBER_ID

EVENT_ID = "evt_01987d4102b87c1e9d5a3f7b6c8e0a15"
NEW_EVENT = {"member": MEMBER_ID, "type": "attendance", "name": "Latte art evening"}
HAPPENED: dict[str, Any] = {
    "id": EVENT_ID,
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

CONFIRMED = WORD | {"id": EVENT_ID}
TAKEN_BACK = CANCELLED | {"id": EVENT_ID, "events": ["points.taken_back", "happening.cancelled"]}

event_record = operation(
    "event_record",
    "members",
    [
        answered(shapes_events.Happened, HAPPENED, status=201, description="Recorded."),
        refused(
            *BODY, *ONCE, *CARD, "member_not_found", "member_ambiguous", "phone_unreadable", "id_unreadable",
            "field_missing", "event_type_taken", "moment_unreadable", "occurred_at_out_of_range", "text_forbidden",
            "location_not_found", "too_soon", "day_limit_reached", "static_limit_reached", "busy",
        ),
    ],
    summary="Record what a member did",
    description="A visit, a review, an event of your own: what rules may reward, but for purchases. Each is judged once, by "
    "the programme in force, and answered with what it gave. A visit obeys the limits of purchases, and whatever a printed "
    "card tells of counts among what it may do on a day. Where no rule asks for it, it is kept and gives nothing. Needs "
    "the scope `purchases:write`.",
    parameters=[IDEMPOTENCY_KEY],
    request=shapes_events.NewEvent,
    examples=body(NEW_EVENT),
)  # fmt: skip
event_cancel = operation(
    "event_cancel",
    "members",
    [
        answered(shapes_corrections.Cancelled, TAKEN_BACK, status=201, description="Taken back."),
        refused(*ONCE, "answer_erased", "event_not_found", "event_cancelled", "busy"),
    ],
    summary="Take an event back",
    description="Takes back all that it gave, as if it had not happened. What is used already is owed, or not, as the programme "
    "says. Only what somebody told, by hand or by program: what comes once by itself, or by a code, stays. A gift of the team needs "
    "the scope `units:write`, too.",
    parameters=[IDEMPOTENCY_KEY],
    request=None,
)
event_confirm = operation(
    "event_confirm",
    "members",
    [
        answered(shapes_corrections.Confirmed, CONFIRMED, status=201, description="Confirmed."),
        refused(*ONCE, "answer_erased", "event_not_found", "nothing_pending", "busy"),
    ],
    summary="Confirm an event",
    description="Where units wait for a word, what the event gave becomes usable. To take it back instead, cancel it. "
    "A gift of the team needs the scope `units:write`, too.",
    parameters=[IDEMPOTENCY_KEY],
    request=None,
)

"""What the OpenAPI document says of codes: see `document`. Nothing here runs when a request comes."""

from typing import Any

from api.v1 import shapes_codes as shapes
from api.v1.document import (
    BODY,
    CARD,
    IDEMPOTENCY_KEY,
    ONCE,
    PAGED,
    PAGING,
    answered,
    body,
    operation,
    page,
    refused,
)  # fmt: skip
from api.v1.document_events import HAPPENED
from api.v1.examples import MEMBER_ID

BATCH_ID = "cdb_01987d4102b87c1e9d5a3f7b6c8e0b20"
NEW_BATCH = {
    "name": "Oat milk, spring",
    "source": "Oatly",
    "size": 500,
    "per_member": 5,
    "last_day": "2027-05-31",
}
BATCH: dict[str, Any] = {
    "id": BATCH_ID,
    "name": "Oat milk, spring",
    "source": "Oatly",
    "word": "",
    "size": 500,
    "used": 0,
    "per_member": 5,
    "first_day": None,
    "last_day": "2027-05-31",
    "made_at": "2026-11-21T09:30:00+01:00",
    "stopped_at": None,
}
CODE = {
    "code": "K7QX-3MPD-9WEA",
    "link": "https://habitue.example/c/aroma/codes?code=K7QX-3MPD-9WEA",
    "used_on": None,
}
NEW_REDEMPTION = {"member": MEMBER_ID, "code": "K7QX-3MPD-9WEA"}
REDEEMED = HAPPENED | {
    "type": "code",
    "name": "Oat milk, spring",
    "batch": {"id": BATCH_ID, "name": "Oat milk, spring", "source": "Oatly"},
}

code_batches_list = operation(
    "code_batches_list",
    "codes",
    [page(shapes.CodeBatch, BATCH), refused(*PAGED)],
    summary="List batches of codes",
    description="Newest first, each with how many of it were entered. Needs the scope `programme:read`; who knows a word can "
    "enter it, so it is told to keys with `codes:write` only.",
    parameters=PAGING,
)
code_batch_make = operation(
    "code_batch_make",
    "codes",
    [
        answered(shapes.CodeBatch, BATCH, status=201, description="Made."),
        refused(
            *BODY, *ONCE, "field_missing", "text_forbidden", "value_out_of_range", "name_missing", "codes_out_of_range",
            "word_unreadable", "days_reversed", "code_name_taken", "word_taken", "too_many_batches",
        ),
    ],
    summary="Make codes",
    description="For packaging, or for a partner: codes that count once each, or one word for so many entries. What they give "
    "is what the programme's rules on codes give; a rule may ask for the batch by its name. Needs the scope `codes:write`.",
    parameters=[IDEMPOTENCY_KEY],
    request=shapes.NewCodeBatch,
    examples=body(NEW_BATCH),
)  # fmt: skip
code_batch_read = operation(
    "code_batch_read",
    "codes",
    [answered(shapes.CodeBatch, BATCH), refused("code_batch_not_found")],
    summary="Read a batch",
    description="Needs the scope `programme:read`.",
)
code_batch_codes = operation(
    "code_batch_codes",
    "codes",
    [page(shapes.Code, CODE), refused("code_batch_not_found", *PAGED)],
    summary="Read the codes themselves",
    description="In the order of the file that the desk downloads. Whoever has them can enter them, so this needs the scope "
    "`codes:write`.",
    parameters=PAGING,
)
code_batch_stop = operation(
    "code_batch_stop",
    "codes",
    [
        answered(
            shapes.CodeBatch,
            BATCH | {"stopped_at": "2026-11-21T10:00:00+01:00"},
            status=201,
            description="Stopped.",
        ),
        refused(*ONCE, "code_batch_not_found"),
    ],
    summary="Stop a batch",
    description="None of its codes counts from now on, for ever; what they gave stays. Needs the scope `codes:write`.",
    parameters=[IDEMPOTENCY_KEY],
    request=None,
)
code_redeem = operation(
    "code_redeem",
    "codes",
    [
        answered(shapes.Redeemed, REDEEMED, status=201, description="Entered."),
        refused(
            *BODY, *ONCE, *CARD, "member_not_found", "member_ambiguous", "phone_unreadable", "id_unreadable",
            "field_missing", "text_forbidden", "code_unknown", "code_not_yet", "code_over", "code_stopped", "code_used",
            "code_used_up", "too_many_codes", "static_limit_reached", "code_gives_nothing", "too_many_tries", "busy",
        ),
    ],
    summary="Enter a code for a member",
    description="Each counts once. A code that gives nothing is declined and stays good. Needs the scope `purchases:write`.",
    parameters=[IDEMPOTENCY_KEY],
    request=shapes.NewCodeRedemption,
    examples=body(NEW_REDEMPTION),
)  # fmt: skip

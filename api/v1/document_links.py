"""What the OpenAPI document says of printed links: see `document`. Nothing here runs when a request comes."""

from typing import Any

from api.v1 import shapes_links as shapes
from api.v1.document import (
    BODY,
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

NEW_LINK = {"kind": "join", "label": "Oat milk, the spring shelf", "partner": "Oatly", "campaign": "Spring"}
LINK: dict[str, Any] = {
    "id": "lnk_01987d4102b87c1e9d5a3f7b6c8e0b21",
    "kind": "join",
    "label": "Oat milk, the spring shelf",
    "address": "https://habitue.example/q/5wq7h3k/k7m2xa",
    "location": None,
    "reward": None,
    "partner": "Oatly",
    "campaign": "Spring",
    "figures": {"scans": 128, "opened": 97, "joined": 31, "first_purchase": 18},
    "made_at": "2026-11-21T09:30:00+01:00",
    "stopped_at": None,
}

links_list = operation(
    "links_list",
    "links",
    [page(shapes.Link, LINK), refused(*PAGED)],
    summary="List printed links",
    description="Newest first, those that were stopped among them, each with what came of it. Needs the scope `programme:read`.",
    parameters=PAGING,
)
link_make = operation(
    "link_make",
    "links",
    [
        answered(shapes.Link, LINK, status=201, description="Made."),
        refused(
            *BODY, *ONCE, "field_missing", "text_forbidden", "value_out_of_range", "name_missing", "location_not_found",
            "reward_not_found", "too_many_links",
        ),
    ],
    summary="Make a link",
    description="A short address to print as a QR code, of the kind `join` or `table` (it opens the join form, or the card of who "
    "has one) or `reward` (it opens that reward on the card). Scans, joinings and first purchases are counted by it. Needs the "
    "scope `codes:write`.",
    parameters=[IDEMPOTENCY_KEY],
    request=shapes.NewLink,
    examples=body(NEW_LINK),
)  # fmt: skip
link_change = operation(
    "link_change",
    "links",
    [
        answered(shapes.Link, LINK | {"stopped_at": "2026-12-01T18:00:00+01:00"}),
        refused(*BODY, "text_forbidden", "name_missing", "link_not_found", "too_many_links"),
    ],
    summary="Rename, stop or resume a link",
    description="Fields that are not given stay. Repeating it changes nothing more, so it needs no key. A stopped link’s page says "
    "that it is over, and how to join all the same; resumed, it leads where it led. Needs the scope `codes:write`.",
    request=shapes.LinkChange,
    examples=body({"stopped": True}),
)
link_read = operation(
    "link_read",
    "links",
    [answered(shapes.Link, LINK), refused("link_not_found")],
    summary="Read a link",
    description="Needs the scope `programme:read`.",
)

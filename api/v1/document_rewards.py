"""What the OpenAPI document says of rewards: see `document`. Nothing here runs when a request comes."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.types import OpenApiTypes

from api.v1 import examples_rewards as examples
from api.v1 import shapes_rewards as shapes
from api.v1.document import (
    BODY,
    CARD,
    IDEMPOTENCY_KEY,
    ONCE,
    OPTIONAL_KEY,
    View,
    answered,
    body,
    operation,
    page,
    query,
    refused,
)

rewards_list = operation(
    "rewards_list",
    "rewards",
    [page(shapes.Reward, examples.REWARD), refused("member_not_found", "unavailable")],
    summary="List rewards",
    description="What can be taken for units, in the shop’s order. With a member: those that it sees, what stands against taking each, and from which day it is possible; that needs `members:read` too.",
    parameters=[query("member", "`mem_…`: tell what this member can take.")],
)
redemption_take = operation(
    "redemption_take",
    "rewards",
    [
        answered(shapes.Taken, examples.HELD, status=201, description="Set aside."),
        answered(shapes.Taken, examples.PREVIEW, description="A dry run: what would happen. Nothing was changed."),
        refused(
            *BODY, *ONCE, *CARD, "card_already_used", "field_missing", "text_forbidden", "reward_not_found", "member_not_found",
            "member_ambiguous", "phone_unreadable", "second_proof_needed", "proof_wrong", "pin_locked", "proof_unavailable",
            "too_many_tries", "insufficient_units",
            "location_not_found", "id_unreadable",
            "reward_elsewhere", "basket_short", "reward_limit_reached", "reward_not_for_member", "reward_not_now", "reward_sold_out",
            "reward_withdrawn", "unavailable",
        ),
    ],
    summary="Take a reward",
    description="Sets the reward and its units aside for ten minutes. Capture it when it is handed over; what is not "
    "captured in time is let go by itself. A printed card, a spoken code or a number takes nothing without `proof`.",
    parameters=[
        OPTIONAL_KEY,
        query("dry_run", "`true` answers what would happen, and changes nothing.", OpenApiTypes.BOOL),
    ],
    request=shapes.NewRedemption,
    examples=body(examples.NEW_REDEMPTION),
)  # fmt: skip


redemption_read = operation(
    "redemption_read",
    "rewards",
    [
        answered(shapes.Taken, examples.VOIDED, description="The redemption."),
        refused("redemption_not_found", "unavailable"),
    ],
    summary="Read a redemption",
    description="As it is now, with what has come back of it, and the member’s balances.",
)


def _ending(
    name: str, example: dict[str, Any], summary: str, description: str, *codes: str, **sent: Any
) -> Callable[[View], View]:
    return operation(
        f"redemption_{name}",
        "rewards",
        [
            answered(shapes.Taken, example, status=201, description="Done."),
            refused(*ONCE, *codes, "redemption_not_found", "redemption_closed", "busy", "unavailable"),
        ],
        summary=summary,
        description=description,
        parameters=[IDEMPOTENCY_KEY],
        **({"request": None} | sent),
    )


redemption_capture = _ending(
    "capture",
    examples.CAPTURED,
    "Hand a reward over",
    "Uses the units that were set aside. A redemption ends once. With a purchase, a refund of that gives them back pro rata.",
    *BODY, "text_forbidden", "id_unreadable", "location_not_found", "purchase_not_found", "purchase_not_open", "reward_elsewhere", "location_needed", "basket_short",
    request=shapes.Capture,
    examples=body(examples.CAPTURE),
)  # fmt: skip
redemption_release = _ending(
    "release",
    examples.RELEASED,
    "Let a reward go",
    "The units are available again, the reward is in stock again.",
)
redemption_void = _ending(
    "void",
    examples.VOIDED,
    "Give a reward back",
    "For one that was handed over no more than 30 days ago: its units come back to the lots they came from, the reward is in "
    "stock again. Units that have expired meanwhile can be used for 30 days more.",
    *BODY,
    "text_forbidden",
    "void_reason_unknown",
    "void_too_late",
    "not_handed_over",
    request=shapes.Void,
    examples=body(examples.VOID),
)

"""What the OpenAPI document says of rewards: see `document`. Nothing here runs when a request comes."""

from collections.abc import Callable
from typing import Any

from api.v1 import examples_rewards as examples
from api.v1 import shapes_rewards as shapes
from api.v1.document import BODY, IDEMPOTENCY_KEY, ONCE, View, answered, body, operation, page, query, refused

rewards_list = operation(
    "rewards_list",
    "rewards",
    [page(shapes.Reward, examples.REWARD), refused("member_not_found", "unavailable")],
    summary="List rewards",
    description="What can be taken for units, the cheapest first. With a member: what is in reach, and how far the rest is; that needs `members:read` too.",
    parameters=[query("member", "`mem_…`: tell what this member can take.")],
)
redemption_take = operation(
    "redemption_take",
    "rewards",
    [
        answered(shapes.Taken, examples.HELD, status=201, description="Set aside."),
        refused(
            *BODY, *ONCE, "field_missing", "text_forbidden", "reward_not_found", "member_not_found", "insufficient_units",
            "reward_sold_out", "reward_withdrawn", "unavailable",
        ),
    ],
    summary="Take a reward",
    description="Sets the reward and its units aside for ten minutes. Capture it when it is handed over; what is not "
    "captured in time is let go by itself.",
    parameters=[IDEMPOTENCY_KEY],
    request=shapes.NewRedemption,
    examples=body(examples.NEW_REDEMPTION),
)  # fmt: skip


def _ending(name: str, example: dict[str, Any], summary: str, description: str) -> Callable[[View], View]:
    return operation(
        f"redemption_{name}",
        "rewards",
        [
            answered(shapes.Taken, example, status=201, description="Done."),
            refused(*ONCE, "redemption_not_found", "redemption_closed", "unavailable"),
        ],
        summary=summary,
        description=description,
        parameters=[IDEMPOTENCY_KEY],
        request=None,
    )


redemption_capture = _ending(
    "capture",
    examples.CAPTURED,
    "Hand a reward over",
    "Uses the units that were set aside. A redemption ends once.",
)
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
    "For one that was handed over: its units come back to the lots they came from. Units that have expired meanwhile can be "
    "used for 30 days more.",
)

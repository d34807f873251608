"""What the OpenAPI document says of vouchers: see `document`. Nothing here runs when a request comes."""

from typing import get_args

from rest_framework import serializers
from rest_framework.serializers import CharField, Serializer

from api.v1 import examples_rewards as examples
from api.v1 import shapes_rewards as shapes
from api.v1.document import BODY, IDEMPOTENCY_KEY, ONCE, answered, body, operation, page, refused
from api.v1.shapes import MemberName
from api.v1.shapes_corrections import Units
from rewards.vouchers import State


class Voucher(Serializer):
    """A voucher. Whoever has its code may use it, once."""

    code = CharField(help_text="Sixteen letters and digits, as they are printed and as the QR says them.")
    state = serializers.ChoiceField(choices=get_args(State))
    why = CharField(
        allow_blank=True, help_text="Why it cannot be used any more, and since when; empty: it can."
    )
    last_on = serializers.DateField(help_text="The last day on which it can be used.")
    redemption = CharField(help_text="`red_…`: to let it go, or to give it back.")
    reward = shapes.RewardName()
    member = MemberName()
    cost = Units()


VOUCHER = {
    "code": "K7QX-3MPD-9WEA-22RT",
    "state": "issued",
    "why": "",
    "last_on": "2027-01-20",
    "redemption": examples.REDEMPTION_ID,
    "reward": examples.HELD["reward"],
    "member": examples.HELD["member"],
    "cost": examples.HELD["cost"],
}
vouchers_list = operation(
    "vouchers_list",
    "rewards",
    [page(Voucher, VOUCHER), refused("member_not_found", "unavailable")],
    summary="List a member’s vouchers",
    description="Those that can be used, what runs out first before. It needs `members:read` too.",
)
voucher_read = operation(
    "voucher_read",
    "rewards",
    [answered(Voucher, VOUCHER, description="The voucher."), refused("voucher_not_found", "unavailable")],
    summary="Read a voucher",
    description="By its code, in whatever letters and groups.",
)
voucher_redeem = operation(
    "voucher_redeem",
    "rewards",
    [
        answered(shapes.Taken, examples.CAPTURED, status=201, description="Used."),
        refused(
            *BODY, *ONCE, "voucher_not_found", "voucher_closed", "location_not_found", "purchase_not_found",
            "purchase_not_open", "reward_elsewhere", "location_needed", "text_forbidden", "id_unreadable", "unavailable",
        ),
    ],
    summary="Use a voucher",
    description="Once: what it says is handed over, and the units that waited for it are used.",
    parameters=[IDEMPOTENCY_KEY],
    request=shapes.Capture,
    examples=body(examples.CAPTURE),
)  # fmt: skip

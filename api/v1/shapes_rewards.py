"""Shapes of rewards and redemptions, for the OpenAPI document: see `shapes`. They read and write nothing."""

from rest_framework import serializers
from rest_framework.serializers import CharField, IntegerField, Serializer

from api.v1.shapes import MOMENT, Balance, MemberName
from api.v1.shapes_corrections import Units
from api.v1.shapes_paying import Proof
from rewards.kinds import KINDS
from rewards.models import Redemption, VoidReason
from rewards.voiding import LONGEST_NOTE, REASONS


class RewardRefusal(Serializer):
    """One thing that stands against taking a reward."""

    code = CharField(help_text="Such as `too_few_units`, `not_yet`, `other_tier`, `sold_out`, `had_lately`.")
    detail = CharField()


class Reward(Serializer):
    """Something for units."""

    id = CharField()
    name = CharField()
    kind = serializers.ChoiceField(choices=list(KINDS), help_text="What it is.")
    brings = CharField(
        allow_blank=True, help_text="What it is worth, in words; empty where its name says it."
    )
    asks = CharField(allow_blank=True, help_text="For whom and when, in words; empty: for everybody, always.")
    terms = CharField(allow_blank=True, help_text="The small print.")
    cost = Units()
    left = IntegerField(allow_null=True, help_text="How many there still are; null is no limit.")
    in_reach = serializers.BooleanField(required=False, help_text="With a member: it has the units.")
    missing = IntegerField(required=False, help_text="With a member: the units that it has not.")
    refusals = RewardRefusal(
        many=True, required=False, help_text="With a member: why it cannot be taken now."
    )
    possible_on = serializers.DateField(
        required=False,
        allow_null=True,
        help_text="With a member: the first day on which time alone has removed what stands against it; today if nothing does. Null where it would tell a birthday.",
    )


class RewardName(Serializer):
    """Which reward it is."""

    id = CharField()
    name = CharField()


class NewRedemption(Serializer):
    """Which reward, for whom."""

    reward = CharField(help_text="`rwd_…`")
    member = CharField(
        required=False,
        help_text="`mem_…`: you have made sure yourself that it is the member who asks. This, `card` or `phone`.",
    )
    card = CharField(
        required=False,
        help_text="The scanned text, or the code read aloud. A live card proves who shows it; once.",
    )
    phone = CharField(required=False, help_text="E.164, or as dialled where the shop is.")
    proof = Proof(
        help_text="With a printed card, a spoken code or a number: the member’s PIN, or the code by e-mail (`POST /proof-codes`)."
    )
    location = CharField(
        required=False, help_text="`loc_…`: where; one that asks for a place asks again when it is captured."
    )


class Capture(Serializer):
    """Where, and on which purchase."""

    location = CharField(
        required=False, help_text="`loc_…`: asked for by what is given at certain locations alone."
    )
    purchase = CharField(
        required=False,
        help_text="`pur_…`, of the same member: the reward is used on it. A refund of a part gives units back pro rata, one of "
        "the whole voids the redemption.",
    )


class Void(Serializer):
    """Why it comes back."""

    reason = serializers.ChoiceField(
        required=False, choices=REASONS, help_text="`other` where nothing is said."
    )
    note = CharField(
        required=False, allow_blank=True, max_length=LONGEST_NOTE, help_text="The member may read it."
    )


class FreePiece(Serializer):
    """One piece of what was bought, for nothing."""

    sku = CharField(allow_null=True)
    category = CharField(allow_null=True)
    amount = CharField(allow_null=True, help_text="What one costs, if a price was told.")


class Taken(Serializer):
    """A reward taken by a member, and its balances after that."""

    id = CharField(required=False, help_text="Absent in a dry run.")
    dry_run = serializers.BooleanField(required=False, help_text="Present, and true, in a dry run.")
    status = serializers.ChoiceField(choices=Redemption.Status.values)
    reward = RewardName()
    member = MemberName()
    cost = Units()
    held_until = serializers.DateTimeField(help_text=MOMENT)
    closed_at = serializers.DateTimeField(allow_null=True, help_text=MOMENT)
    purchase = CharField(allow_null=True, help_text="`pur_…`: on which it was used, if that was told.")
    free = FreePiece(
        allow_null=True,
        help_text="Of a free product: which piece of the purchase it is, if its items were told.",
    )
    returned = IntegerField(help_text="Units of its cost that have come back since it was handed over.")
    void_reason = serializers.ChoiceField(
        allow_null=True,
        choices=VoidReason.values,
        help_text="Why it was given back, or taken back, if it was.",
    )
    balances = serializers.DictField(child=Balance(), help_text="By unit code.")

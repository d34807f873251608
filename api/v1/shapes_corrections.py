"""Shapes of what takes back and corrects, for the OpenAPI document: see `shapes`. They read and write nothing."""

from rest_framework import serializers
from rest_framework.serializers import CharField, IntegerField, ListField, Serializer

from api.v1.shapes import AMOUNT, MOMENT, Balance, MemberName
from api.v1.shapes_standing import Standing
from loyalty.purchases.refunding import LONGEST_REASON
from loyalty.units.adjusting import MOST_UNITS


class Units(Serializer):
    """Units of one kind."""

    unit = CharField()
    amount = IntegerField()


class _Undone(Serializer):
    member = MemberName()
    taken_back = Units(many=True, help_text="Of what the purchase gave. What was used meanwhile is owed.")
    given_back = Units(many=True, help_text="Of what was used on it.")
    balances = serializers.DictField(child=Balance(), help_text="By unit code, after it.")
    tier = Standing()
    moved_down = serializers.BooleanField(help_text="The purchase had lifted the member to a tier.")
    events = ListField(child=CharField())


class Cancelled(_Undone):
    """A purchase that counts no more, and where its member stands without it."""

    id = CharField()
    cancelled_at = serializers.DateTimeField(help_text=MOMENT)


class Confirmed(Serializer):
    """What became usable of what a purchase gave, and where its member stands now."""

    id = CharField()
    confirmed_at = serializers.DateTimeField(help_text=MOMENT)
    member = MemberName()
    confirmed = Units(many=True)
    balances = serializers.DictField(child=Balance(), help_text="By unit code, after it.")
    tier = Standing()
    events = ListField(child=CharField())


class NewRefund(Serializer):
    """How much goes back. Without an amount, all that is left."""

    amount = CharField(required=False, help_text=AMOUNT)
    currency = CharField(required=False, help_text="ISO 4217; the merchant's own.")
    reason = CharField(
        required=False, allow_blank=True, max_length=LONGEST_REASON, help_text="The member may read it."
    )


class Refunded(_Undone):
    """A part of a purchase that went back, and where its member stands after it."""

    id = CharField(help_text="`ref_…`")
    purchase = CharField(help_text="`pur_…`")
    amount = CharField(help_text=AMOUNT)
    currency = CharField()
    reason = CharField(allow_blank=True)
    in_money = CharField(help_text="Of the amount, what goes back in money: the rest was paid with units.")
    refunded = CharField(help_text="All refunds of this purchase together.")
    left = CharField(help_text="What can still be refunded.")
    refunded_at = serializers.DateTimeField(help_text=MOMENT)


class NewAdjustment(Serializer):
    """Units to give, or with a minus to take, and why."""

    unit = CharField(help_text="A unit's code: `points`.")
    amount = IntegerField(min_value=-MOST_UNITS, max_value=MOST_UNITS, help_text="Signed, and not zero.")
    reason = CharField(max_length=LONGEST_REASON, help_text="The member may read it.")


class Adjusted(Serializer):
    """A correction by hand, and the balances after it."""

    id = CharField(help_text="`ent_…`: its line in the statement.")
    member = MemberName()
    unit = CharField()
    amount = IntegerField(help_text="Signed.")
    reason = CharField(allow_blank=True)
    balances = serializers.DictField(child=Balance(), help_text="By unit code, after it.")
    events = ListField(child=CharField())

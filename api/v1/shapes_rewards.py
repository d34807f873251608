"""Shapes of rewards and redemptions, for the OpenAPI document: see `shapes`. They read and write nothing."""

from rest_framework import serializers
from rest_framework.serializers import CharField, IntegerField, Serializer

from api.v1.shapes import MOMENT, Balance, MemberName
from api.v1.shapes_corrections import Units
from rewards.models import Redemption


class Reward(Serializer):
    """Something for units."""

    id = CharField()
    name = CharField()
    cost = Units()
    left = IntegerField(allow_null=True, help_text="How many there still are; null is no limit.")
    in_reach = serializers.BooleanField(required=False, help_text="With a member: it has the units.")
    missing = IntegerField(required=False, help_text="With a member: the units that it has not.")


class RewardName(Serializer):
    """Which reward it is."""

    id = CharField()
    name = CharField()


class NewRedemption(Serializer):
    """Which reward, for whom."""

    reward = CharField(help_text="`rwd_…`")
    member = CharField(help_text="`mem_…`")


class Taken(Serializer):
    """A reward taken by a member, and its balances after that."""

    id = CharField()
    status = serializers.ChoiceField(choices=Redemption.Status.values)
    reward = RewardName()
    member = MemberName()
    cost = Units()
    held_until = serializers.DateTimeField(help_text=MOMENT)
    closed_at = serializers.DateTimeField(allow_null=True, help_text=MOMENT)
    balances = serializers.DictField(child=Balance(), help_text="By unit code.")

"""Shapes of what a member has reached besides units, for the OpenAPI document: see `shapes`. They read and write nothing."""

from rest_framework.serializers import CharField, IntegerField, ListField, Serializer


class Challenge(Serializer):
    """What takes several times: how far the member is."""

    name = CharField(allow_blank=True, help_text="What the shop calls it, if anything.")
    done = IntegerField()
    of = IntegerField()
    words = CharField(help_text='"2 of 3 visits this month".')


class Reached(Serializer):
    """Perks of the tier, challenges that are on, badges; in the language of the request."""

    perks = ListField(child=CharField(), help_text="What the tier brings besides units.")
    challenges = Challenge(many=True)
    badges = ListField(child=CharField())

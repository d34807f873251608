"""Shapes of events, for the OpenAPI document: see `shapes`. They read and write nothing."""

from rest_framework import serializers
from rest_framework.serializers import CharField, ListField, Serializer

from api.v1.shapes import MOMENT, Award, Balance, MemberName, Why
from api.v1.shapes_standing import Standing
from loyalty.happenings.happening import LONGEST_NAME


class NewEvent(Serializer):
    """What a member did but buy. Name the member by exactly one of `card`, `member`, `phone`."""

    card = CharField(required=False, max_length=400, help_text="The scanned text, or the code read aloud.")
    member = CharField(required=False, help_text="`mem_…`")
    phone = CharField(required=False, max_length=40)
    type = CharField(
        max_length=LONGEST_NAME,
        help_text="`visit`, `profile`, `review`, `newsletter`, `survey`, `share`, `attendance`, or a name of yours "
        "that rules ask for. It counts in small letters.",
    )
    name = CharField(
        required=False,
        allow_blank=True,
        max_length=LONGEST_NAME,
        help_text="Which of them, such as that of what was attended. Nothing with a type of your own.",
    )
    location = CharField(required=False, help_text="`loc_…`: where it happened.")
    occurred_at = serializers.DateTimeField(
        required=False, help_text="RFC 3339 with an offset, in the past year. Default: now."
    )


class Happened(Serializer):
    """What an event earned, and where the member stands after it."""

    id = CharField(help_text="`evt_…`")
    type = CharField()
    name = CharField(allow_blank=True)
    member = MemberName()
    awards = Award(many=True)
    badges = Why(many=True)
    nearly = Why(many=True, help_text="Rules that gave nothing, and how far they were.")
    balances = serializers.DictField(child=Balance(), help_text="By unit code, after it.")
    tier = Standing()
    occurred_at = serializers.DateTimeField(help_text=MOMENT)
    events = ListField(child=CharField())

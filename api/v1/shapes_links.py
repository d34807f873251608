"""Shapes of printed links, for the OpenAPI document: see `shapes`. They read and write nothing."""

from rest_framework import serializers
from rest_framework.serializers import CharField, IntegerField, Serializer

from api.v1.shapes import MOMENT
from studio.links import LONGEST_LABEL, LONGEST_NAME


class NewLink(Serializer):
    """A link to be made."""

    kind = CharField(
        help_text="`join`, `reward` or `table`: what it is printed on. Where it leads follows from this."
    )
    label = CharField(  # type: ignore[assignment]  # a field of ours, not of theirs
        max_length=LONGEST_LABEL, help_text="What the shop calls it. No part of the address."
    )
    location = CharField(required=False, allow_null=True, help_text="`loc_…`: whose member joins by it.")
    reward = CharField(
        required=False, allow_null=True, help_text="`rwd_…`: of the kind `reward`, and of no other."
    )
    partner = CharField(required=False, allow_blank=True, max_length=LONGEST_NAME, help_text="Who shows it.")
    campaign = CharField(required=False, allow_blank=True, max_length=LONGEST_NAME)


class LinkChange(Serializer):
    """What may be changed of a link. Where it leads is not among it."""

    label = CharField(required=False, max_length=LONGEST_LABEL)  # type: ignore[assignment]  # as above
    stopped = serializers.BooleanField(required=False)


class LinkFigures(Serializer):
    """How many people got how far, since it was made."""

    scans = IntegerField(help_text="Each person once a day.")
    opened = IntegerField(help_text="Those of them who saw the page behind it.")
    joined = IntegerField()
    first_purchase = IntegerField(help_text="Those who joined by it and have bought since.")


class Link(Serializer):
    """What a printed code says, and what came of it."""

    id = CharField(help_text="`lnk_…`")
    kind = CharField()
    label = CharField()  # type: ignore[assignment]  # a field of ours, not of theirs
    address = CharField(
        help_text="For a QR code. It never changes, and it goes on working whatever the shop changes."
    )
    location = CharField(allow_null=True, help_text="`loc_…`")
    reward = CharField(allow_null=True, help_text="`rwd_…`")
    partner = CharField(allow_blank=True)
    campaign = CharField(allow_blank=True)
    figures = LinkFigures()
    made_at = serializers.DateTimeField(help_text=MOMENT)
    stopped_at = serializers.DateTimeField(allow_null=True, help_text=MOMENT)

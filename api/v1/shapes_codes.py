"""Shapes of codes, for the OpenAPI document: see `shapes`. They read and write nothing."""

from rest_framework import serializers
from rest_framework.serializers import CharField, IntegerField, Serializer

from api.v1.shapes import MOMENT
from api.v1.shapes_events import Happened
from loyalty.codes.batches import LONGEST_WORD, MOST_ENTRIES
from loyalty.codes.texts import LONGEST_TYPED
from loyalty.rules.shapes import LONGEST_NAME


class NewCodeBatch(Serializer):
    """Codes to be made."""

    name = CharField(
        max_length=LONGEST_NAME, help_text="What rules ask for. It never changes, and no other batch has it."
    )
    source = CharField(  # type: ignore[assignment]  # a field of ours, not of theirs
        required=False,
        allow_blank=True,
        max_length=LONGEST_NAME,
        help_text="The partner or product that carries them.",
    )
    size = IntegerField(
        min_value=1,
        max_value=MOST_ENTRIES,
        help_text="How many codes, 10,000 at most; with a word, how often it counts.",
    )
    word = CharField(
        required=False,
        allow_blank=True,
        max_length=LONGEST_WORD * 2,
        help_text="One word for everybody, instead of a code each: `SUMMER26`.",
    )
    per_member = IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=MOST_ENTRIES,
        help_text="So many for one member at most. Without it: of codes no limit, of a word once.",
    )
    first_day = serializers.DateField(required=False, allow_null=True, help_text="The shop's day, within.")
    last_day = serializers.DateField(required=False, allow_null=True, help_text="The shop's day, within.")


class CodeBatch(Serializer):
    """Codes that were made together."""

    id = CharField(help_text="`cdb_…`")
    name = CharField()
    source = CharField(allow_blank=True)  # type: ignore[assignment]  # a field of ours, not of theirs
    word = CharField(
        allow_blank=True,
        allow_null=True,
        help_text="Empty where each has a code of its own; null where there is one and the key lacks `codes:write`.",
    )
    size = IntegerField()
    used = IntegerField(help_text="How many were entered so far.")
    per_member = IntegerField(allow_null=True)
    first_day = serializers.DateField(allow_null=True)
    last_day = serializers.DateField(allow_null=True)
    made_at = serializers.DateTimeField(help_text=MOMENT)
    stopped_at = serializers.DateTimeField(allow_null=True, help_text=MOMENT)


class Code(Serializer):
    """One code."""

    code = CharField()
    link = CharField(help_text="For a QR code: it opens the member's card with the code in its field.")
    used_on = serializers.DateField(allow_null=True, help_text="The shop's day. Of a word always null.")


class NewCodeRedemption(Serializer):
    """A code, for a member. Name the member by exactly one of `card`, `member`, `phone`."""

    card = CharField(required=False, max_length=400, help_text="The scanned text, or the code read aloud.")
    member = CharField(required=False, help_text="`mem_…`")
    phone = CharField(required=False, max_length=40)
    code = CharField(max_length=LONGEST_TYPED, help_text="As it was typed, or the link of its QR code.")


class BatchName(Serializer):
    """Which batch it is of."""

    id = CharField(help_text="`cdb_…`")
    name = CharField()
    source = CharField(allow_blank=True)  # type: ignore[assignment]  # a field of ours, not of theirs


class Redeemed(Happened):
    """What a code gave, and where the member stands after it."""

    batch = BatchName()

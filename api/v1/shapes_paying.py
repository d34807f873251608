"""Shapes of what units pay of a purchase, for the OpenAPI document: see `shapes`. They read and write nothing."""

from rest_framework import serializers
from rest_framework.serializers import CharField, IntegerField, Serializer

from api.v1.paying import LONGEST_PROOF


class Proof(CharField):
    """A PIN, or a code by e-mail."""

    def __init__(self, *, help_text: str) -> None:
        super().__init__(required=False, max_length=LONGEST_PROOF, help_text=help_text)


class Pay(Serializer):
    """What of a purchase is paid with units: so many, so much money's worth, or all but what must be paid in money."""

    unit = CharField(max_length=40, help_text="A unit's code: `points`.")
    amount = IntegerField(required=False, min_value=1, max_value=1_000_000_000, help_text="So many units.")
    money = CharField(required=False, help_text="At most so much money's worth. Decimal text.")
    most = serializers.BooleanField(required=False, help_text="`true`: as much as is possible.")


class Paid(Serializer):
    """What units paid, and what is left to be paid in money."""

    unit = CharField()
    amount = IntegerField()
    money = CharField(help_text="Decimal text.")
    left = CharField(help_text="Decimal text.")

"""What the OpenAPI document says of codes by e-mail: see `document`. Nothing here runs when a request comes."""

from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.serializers import CharField, IntegerField, Serializer

from api.v1 import examples_rewards as examples
from api.v1.document import BODY, CARD, ONCE, OPTIONAL_KEY, answered, body, operation, query, refused


class WhoseProofCode(Serializer):
    """Exactly one of the three."""

    card = CharField(required=False, help_text="The scanned text, or the code read aloud.")
    phone = CharField(required=False, help_text="E.164, or as dialled where the shop is.")
    member = CharField(required=False, help_text="`mem_…`")


class ProofCode(Serializer):
    """What the member will read out."""

    dry_run = serializers.BooleanField(required=False, help_text="Present, and true, in a dry run.")
    digits = IntegerField(help_text="How many it has.")
    good_for_seconds = IntegerField(help_text="From the moment at which it is sent.")


proof_code_ask = operation(
    "proof_code_ask",
    "rewards",
    [
        answered(ProofCode, examples.PROOF_CODE, status=201, description="Sent, if there is an address."),
        answered(ProofCode, {"dry_run": True} | examples.PROOF_CODE, description="A dry run: nothing was sent."),
        refused(
            *BODY, *ONCE, *CARD, "text_forbidden", "member_not_found", "member_ambiguous", "phone_unreadable", "id_unreadable",
            "proof_unavailable", "too_many_tries", "unavailable",
        ),
    ],
    summary="Send a code by e-mail",
    description="For who stands at the counter with a printed card, a spoken code or a number: six digits go to the member’s "
    "e-mail, and serve as `proof` of one request with the same API key. You are told the same where no address is known or "
    "proven; then nothing is sent.",
    parameters=[
        OPTIONAL_KEY,
        query("dry_run", "`true` answers what would happen, and sends nothing.", OpenApiTypes.BOOL),
    ],
    request=WhoseProofCode,
    examples=body(examples.NEW_PROOF_CODE),
)  # fmt: skip

"""What the OpenAPI document says of each operation. The views wear these; nothing here runs when a request comes."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    inline_serializer,
)
from rest_framework import serializers

from api.errors import CONTENT_TYPE, STATUSES
from api.pagination import LARGEST_PAGE, PAGE
from api.v1 import examples, shapes
from api.v1.shapes_members import Enrolment, MemberChange

ALWAYS = (
    "key_refused",
    "scope_missing",
    "rate_exceeded",
    "field_unknown",
    "request_unreadable",
    "internal_error",
    "unavailable",
)
BODY = (
    "json_unreadable",
    "length_required",
    "body_too_large",
    "content_type_unsupported",
    "value_of_wrong_kind",
    "text_too_long",
)
PROFILE = ("contact_missing", "phone_unreadable", "email_unreadable", "birthday_impossible", "locale_unknown")
ONCE = ("idempotency_key_missing", "idempotency_key_unreadable", "idempotency_key_reused", "answer_erased")
PAGED = ("cursor_unreadable", "value_out_of_range", "value_of_wrong_kind")
CARD = ("card_unreadable", "card_other_merchant", "card_expired", "card_revoked")

Responses = dict[Any, OpenApiResponse]
View = TypeVar("View", bound=Callable[..., Any])


def refused(*codes: str) -> Responses:
    """Problem answers, one a status, each listing its codes."""
    by_status: dict[int, list[str]] = {}
    for code in sorted({*ALWAYS, *codes}):
        by_status.setdefault(STATUSES[code], []).append(f"`{code}`")
    return {
        (status, CONTENT_TYPE): OpenApiResponse(
            shapes.Problem,
            description=", ".join(words),
            examples=[OpenApiExample("problem", value=examples.PROBLEM)] if status == 422 else [],
        )
        for status, words in sorted(by_status.items())
    }


def answered(shape: Any, example: Any, *, status: int = 200, description: str = "") -> Responses:
    """A JSON answer with its example."""
    return {
        (status, "application/json"): OpenApiResponse(
            shape, description=description, examples=[OpenApiExample("answer", value=example)]
        )
    }


def page(shape: type[serializers.Serializer], example: Any) -> Responses:
    """One page of a list."""
    whole = inline_serializer(
        f"{shape.__name__}Page",
        {
            "items": shape(many=True),
            "next": serializers.CharField(allow_null=True, help_text="The next `cursor`."),
        },
    )
    return answered(whole, {"items": [example], "next": None})


def body(example: Any) -> list[OpenApiExample]:
    """The example of a request's body."""
    return [OpenApiExample("request", value=example, request_only=True)]


def query(name: str, description: str, kind: Any = OpenApiTypes.STR) -> OpenApiParameter:
    """A parameter of the address."""
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, description=description)


def operation(name: str, tag: str, responses: Iterable[Responses], **more: Any) -> Callable[[View], View]:
    """The decorator of one operation."""
    whole = {status: response for part in responses for status, response in part.items()}
    decorator: Callable[[View], View] = extend_schema(operation_id=name, tags=[tag], responses=whole, **more)
    return decorator


IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description="1 to 255 printable characters, new for each new request; a UUIDv7 is best. Repeat a request with the "
    "same key and body to get the same answer, with `Idempotency-Replayed: true`, for ever. That holds for a 409 too: what "
    "was declined stays declined under its key, even if it would be granted now. Other refusals are not kept: correct the "
    "request and send it under the same key.",
)
OPTIONAL_KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description=f"{IDEMPOTENCY_KEY.description} Required unless `dry_run` is true.",
)
PAGING = [
    query("cursor", "`next` of the page before."),
    OpenApiParameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE},
        OpenApiParameter.QUERY,
    ),
]

members_list = operation(
    "members_list",
    "members",
    [page(shapes.Member, examples.MEMBER), refused(*PAGED, *CARD, "phone_unreadable", "email_unreadable",
                                                   "member_ambiguous", "text_too_long", "text_forbidden")],
    summary="Find members",
    description="Newest first. At most one of `phone`, `email`, `card`, `q`.",
    parameters=[
        query("phone", "As people write it."),
        query("email", "The whole address."),
        query("card", "The scanned text, or the code read aloud."),
        query("q", "Words of a name, a number or an address."),
        *PAGING,
    ],
)  # fmt: skip
members_enrol = operation(
    "members_enrol",
    "members",
    [
        answered(shapes.Member, examples.MEMBER, status=201),
        refused(
            *BODY,
            *ONCE,
            *PROFILE,
            "member_exists",
            "location_not_found",
            "referrer_not_found",
            "link_not_found",
            "link_stopped",
            "id_unreadable",
            "text_forbidden",
        ),
    ],
    summary="Enrol a member",
    description="The welcome award, if the programme has one, is in the balance already. With a `link`, the member counts among those "
    "who joined by it.",
    parameters=[IDEMPOTENCY_KEY],
    request=Enrolment,
    examples=body(examples.ENROLMENT),
)
member_read = operation(
    "member_read",
    "members",
    [answered(shapes.Member, examples.MEMBER), refused("member_not_found")],
    summary="Read a member",
    description="The id, number, address or card of a member who was merged into another one finds the one who stays: "
    "the answer's `id` is then another than you asked for. The same holds wherever a member is named.",
)
member_change = operation(
    "member_change",
    "members",
    [
        answered(shapes.Member, examples.MEMBER),
        refused(
            *BODY,
            *PROFILE,
            "member_not_found",
            "member_exists",
            "text_forbidden",
            "tag_reserved",
            "too_many_tags",
        ),
    ],
    summary="Change a member",
    description="Fields that are not given stay. Repeating it changes nothing more, so it needs no key. "
    "Correcting a phone number or an e-mail replaces the card: its older codes and links stop working.",
    request=MemberChange,
    examples=body(examples.CHANGE),
)
statement_read = operation(
    "statement_read",
    "members",
    [page(shapes.Line, examples.LINE), refused(*PAGED, "member_not_found")],
    summary="A member's statement",
    description="Every entry of the books of every kind, newest first, with its reason and the balance of its unit "
    "right after it: each follows from the next line of that unit by this line's amount.",
    parameters=PAGING,
)
purchases_list = operation(
    "purchases_list",
    "purchases",
    [page(shapes.Purchase, examples.PURCHASE), refused(*PAGED, "member_not_found", "moment_unreadable")],
    summary="List purchases",
    description="Newest first, as recorded.",
    parameters=[
        query("member", "`mem_…`"),
        query("since", "Bought at this moment or later.", OpenApiTypes.DATETIME),
        *PAGING,
    ],
)
purchases_record = operation(
    "purchases_record",
    "purchases",
    [
        answered(shapes.Recorded, examples.RECORDED, status=201, description="Recorded."),
        answered(shapes.Recorded, examples.PREVIEW, description="A dry run: what would happen. Nothing was changed."),
        refused(
            *BODY, *ONCE, *CARD, "card_already_used", "member_not_found", "member_ambiguous", "phone_unreadable",
            "location_not_found", "id_unreadable", "amount_unreadable", "amount_out_of_range", "amount_too_precise",
            "currency_mismatch", "field_missing", "moment_unreadable", "occurred_at_out_of_range",
            "value_out_of_range", "text_forbidden", "bill_exceeds_amount", "busy",
            "pay_ambiguous", "paid_twice", "unit_unknown", "insufficient_units", "money_needed",
            "unit_pays_nothing", "second_proof_needed", "proof_wrong", "pin_locked", "proof_unavailable", "too_many_tries",
        ),
    ],
    summary="Record a purchase",
    description="The main job: points, tier and reasons in one answer. Money is decimal text and never a JSON number, "
    "for a number may lose cents on its way. Tell what of the amount is tax, tip or paid with units, and what was bought, "
    "where your programme's rules ask for it.",
    parameters=[
        OPTIONAL_KEY,
        query("dry_run", "`true` answers what would happen, and changes nothing.", OpenApiTypes.BOOL),
    ],
    request=shapes.NewPurchase,
    examples=body(examples.NEW_PURCHASE),
)  # fmt: skip
purchase_read = operation(
    "purchase_read",
    "purchases",
    [answered(shapes.Purchase, examples.PURCHASE), refused("purchase_not_found")],
    summary="Read a purchase",
)
programme_read = operation(
    "programme_read",
    "programme",
    [answered(shapes.Programme, examples.PROGRAMME), refused()],
    summary="The published programme",
    description="Units, rules and tiers of the version in force.",
)
locations_list = operation(
    "locations_list",
    "programme",
    [page(shapes.Location, examples.LOCATION), refused()],
    summary="The open locations",
)
problems_list: Callable[[View], View] = extend_schema(
    operation_id="problems_list",
    tags=["problems"],
    auth=[],
    summary="All codes of refusals",
    description="What a problem's `type` points to. Needs no key.",
    responses={
        (200, "application/json"): inline_serializer("ProblemKinds", {"items": shapes.ProblemKind(many=True)})
    },
)

"""Shapes of bodies and answers, for the OpenAPI document. They read and write nothing: see `new_purchases`, `members`, `said`.

A test holds them against what is really read and said.
"""

from rest_framework import serializers
from rest_framework.serializers import CharField, IntegerField, ListField, Serializer

from api.v1.shapes_paying import Paid, Pay, Proof
from api.v1.shapes_reached import Reached
from api.v1.shapes_standing import Standing

AMOUNT = 'Decimal text with a point, such as "12.50". Never a JSON number.'
MOMENT = "RFC 3339 with an offset."
KINDS = ("award", "vest", "hold", "capture", "release", "spend", "return", "take_back", "expire",
         "adjust", "merge")  # fmt: skip


class FieldProblem(Serializer):
    """What is wrong with one field."""

    field = CharField(help_text="Its place in the body, such as `items.3.amount`.")
    code = CharField()
    detail = CharField()


class Problem(Serializer):
    """A refusal (RFC 9457)."""

    type = CharField()
    title = CharField()
    status = IntegerField()
    detail = CharField(help_text="A sentence for people, in the language of Accept-Language (en, fr).")
    code = CharField(help_text="Stable, for programs. All codes: GET /api/v1/problems.")
    errors = FieldProblem(many=True)  # type: ignore[assignment]  # the library takes it off the class


class ProblemKind(Serializer):
    """A code that a refusal may have."""

    code = CharField()
    status = IntegerField()
    title = CharField()


class Expiring(Serializer):
    """Units that end on a day."""

    amount = IntegerField()
    on = serializers.DateField()


class Balance(Serializer):
    """Units of one kind. What is available can be used; pending and held cannot, yet."""

    available = IntegerField()
    pending = IntegerField()
    held = IntegerField()
    debt = IntegerField(
        help_text="Owed: the next units repay it first. Above zero only while none are available."
    )
    expiring = Expiring(many=True)


class Why(Serializer):
    """A rule and what came of it, in words."""

    rule = CharField()
    reason = CharField()


class Award(Why):
    """Units given by one rule."""

    unit = CharField()
    amount = IntegerField()


class MemberName(Serializer):
    """Whose purchase it is."""

    id = CharField()
    name = CharField(allow_blank=True)


class Member(Reached):
    """A member and where it stands."""

    id = CharField()
    name = CharField(allow_blank=True)
    phone = CharField(allow_blank=True, help_text="E.164, or empty.")
    email = CharField(allow_blank=True)
    locale = CharField()
    birthday = serializers.DateField(allow_null=True)
    joined_at = serializers.DateTimeField(help_text=MOMENT)
    tags = ListField(child=CharField(), help_text="Words by which the shop marks the member.")
    balances = serializers.DictField(child=Balance(), help_text="By unit code.")
    tier = Standing()


class Item(Serializer):
    """A line of the basket. Kept beside the purchase."""

    sku = CharField(required=False, allow_blank=True, max_length=60)
    category = CharField(required=False, allow_blank=True, max_length=60)
    quantity = IntegerField(required=False, min_value=1, max_value=1_000_000, default=1)
    amount = CharField(required=False, help_text="Decimal text; zero for a gift, negative for a discount.")


class NewPurchase(Serializer):
    """A purchase as a till sends it. Name the member by exactly one of `card`, `member`, `phone`."""

    card = CharField(required=False, max_length=400, help_text="The scanned text, or the code read aloud.")
    member = CharField(required=False, help_text="`mem_…`")
    phone = CharField(required=False, max_length=40)
    amount = CharField(help_text=AMOUNT)
    currency = CharField(help_text="ISO 4217; the merchant's own.")
    location = CharField(required=False, help_text="`loc_…`")
    reference = CharField(
        required=False, allow_blank=True, max_length=60, help_text="Yours, such as a receipt's number."
    )
    items = Item(many=True, required=False)
    tax = CharField(required=False, help_text="Of the amount, the tax. Decimal text.")
    tip = CharField(required=False, help_text="Of the amount, the tip. Decimal text.")
    paid_with_units = CharField(
        required=False,
        help_text="Of the amount, what was paid with points or vouchers elsewhere. Decimal text.",
    )
    pay = Pay(
        required=False,
        help_text="What to take of the member's units for a part of the amount, in one act with the purchase. Needs the scope "
        "`redemptions:write`, too. By `card`, only the live card may spend, others with a `proof`; whom you name by `member`, "
        "you have made sure of yourself.",
    )
    proof = Proof(help_text="With `pay`, no live card: the PIN, or a code by e-mail.")
    discount = CharField(required=False, help_text="What was taken off before: the amount is without it.")
    payment = CharField(
        required=False,
        allow_blank=True,
        max_length=40,
        help_text="How it was paid, in a word of yours that rules may ask for: `cash`, `card`. In small letters.",
    )
    occurred_at = serializers.DateTimeField(
        required=False, help_text="RFC 3339 with an offset, in the past year. Default: now."
    )


class Recorded(Serializer):
    """What a purchase earned, and where the member stands after it."""

    id = CharField(required=False, help_text="`pur_…`; absent in a dry run.")
    dry_run = serializers.BooleanField(required=False, help_text="Present, and true, in a dry run.")
    member = MemberName()
    awards = Award(many=True)
    badges = Why(many=True)
    nearly = Why(many=True, help_text="Rules that gave nothing, and how far they were.")
    balances = serializers.DictField(child=Balance(), help_text="By unit code, after the purchase.")
    tier = Standing()
    moved_up = serializers.BooleanField()
    paid = Paid(required=False, help_text="Present where units paid a part.")
    rewards_in_reach = ListField(child=serializers.DictField())
    events = ListField(child=CharField())


class LocationName(Serializer):
    """Where it was bought."""

    id = CharField()
    name = CharField()


class RefundLine(Serializer):
    """A part of a purchase's money that went back."""

    id = CharField(help_text="`ref_…`")
    amount = CharField(help_text=AMOUNT)
    refunded_at = serializers.DateTimeField(help_text=MOMENT)


class Purchase(Serializer):
    """A purchase as it was recorded, and what became of it."""

    id = CharField()
    member = MemberName()
    amount = CharField(help_text=AMOUNT)
    currency = CharField()
    location = LocationName(allow_null=True)
    reference = CharField(allow_blank=True)
    items = Item(many=True)
    tax = CharField(help_text=AMOUNT)
    tip = CharField(help_text=AMOUNT)
    paid_with_units = CharField(help_text=AMOUNT)
    discount = CharField(help_text=AMOUNT)
    payment = CharField(allow_blank=True)
    channel = CharField()
    awards = Award(many=True)
    badges = Why(many=True)
    nearly = Why(many=True)
    tier = CharField(allow_null=True, help_text="The tier after it.")
    programme_version = IntegerField(help_text="The version that judged it.")
    occurred_at = serializers.DateTimeField(help_text=MOMENT)
    recorded_at = serializers.DateTimeField(help_text=MOMENT)
    refunded = CharField(help_text="All its refunds together. " + AMOUNT)
    refunds = RefundLine(many=True, help_text="Oldest first.")
    cancelled_at = serializers.DateTimeField(allow_null=True, help_text=f"{MOMENT} Null while it counts.")


class Line(Why):
    """One entry of a member's books."""

    id = CharField()
    kind = serializers.ChoiceField(choices=KINDS)
    unit = CharField()
    amount = IntegerField(
        help_text="What it did to the balance, signed; zero for units that wait, such as an award that is still to vest."
    )
    balance = IntegerField(
        help_text="Right after it: what can be used, less what is owed. Below zero, a debt."
    )
    units = IntegerField(help_text="How many units it was about, never negative.")
    note = CharField(allow_blank=True, help_text="In the words of whoever adjusted or refunded.")
    purchase = CharField(allow_null=True, help_text="`pur_…`, if it follows from one.")
    cancelled = serializers.BooleanField(help_text="That purchase was cancelled since.")
    occurred_at = serializers.DateTimeField(help_text=MOMENT)


class Unit(Serializer):
    """What is counted."""

    code = CharField()
    names = serializers.DictField(child=ListField(child=CharField()), help_text="Language: [one, many].")


class Rule(Serializer):
    """When this happens, award that."""

    rule = CharField(help_text="In words.")
    when = CharField()
    unit = CharField()
    amount = IntegerField()
    per = CharField(allow_null=True, help_text="For each so much spent; null when given once.")


class Tier(Serializer):
    """A level, and what it multiplies."""

    name = CharField()
    threshold = CharField()
    multiplier = CharField()


class Programme(Serializer):
    """The published version."""

    name = CharField()
    version = IntegerField()
    currency = CharField()
    units = Unit(many=True)
    rules = Rule(many=True)
    tiers = Tier(many=True)


class Location(Serializer):
    """A place where scans happen."""

    id = CharField()
    name = CharField()
    address = CharField(allow_blank=True)

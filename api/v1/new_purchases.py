"""A purchase as a till sends it, read into a `NewPurchase`. On the hot path: no query, no serializer."""

from typing import Any
from uuid import UUID

from api.fields import Fields
from api.refusals import MemberAmbiguous
from api.v1.paying import read_pay
from core.errors import DomainError
from core.ids import IdUnreadable
from core.money import CurrencyMismatch, exponent, read_amount
from loyalty.purchases.earning import NewPurchase
from loyalty.purchases.telling import refuse_exceeding
from members import cards
from members.cards import MemberUnknown, Scanned
from members.contacts import read_phone, region_of
from merchants.models import Merchant

WHO = ("card", "member", "phone")
# Parts of the bill, and what they are kept as.
PARTS = {
    "tax": "tax_minor",
    "tip": "tip_minor",
    "discount": "discount_minor",
    "paid_with_units": "paid_in_units_minor",
}
KNOWN = frozenset(
    {
        *WHO,
        *PARTS,
        "amount",
        "currency",
        "payment",
        "pay",
        "proof",
        "location",
        "reference",
        "items",
        "occurred_at",
    }
)
ITEM = frozenset({"sku", "category", "quantity", "amount"})
MOST_ITEMS = 200  # a basket of a boutique's stocktaking day; beyond it is a batch, not a purchase
MOST_PIECES = 1_000_000
LONGEST_PAYMENT = 40


def read_new_purchase(values: dict[str, Any], merchant: Merchant) -> NewPurchase:
    """The purchase that these fields describe. Raises what fields, amounts and cards raise, CurrencyMismatch."""
    fields = Fields(values, KNOWN)
    fields.require("amount", "currency")
    currency = fields.text("currency", limit=20)
    if currency != merchant.currency:
        raise CurrencyMismatch(expected=merchant.currency, given=currency)
    amount_minor = read_amount(fields.amount("amount"), currency)
    bill = _bill(fields, amount_minor, currency)
    return NewPurchase(
        who=read_who(fields, merchant),
        amount_minor=amount_minor,
        channel="api",
        asked=values,
        location_id=fields.id("location", "loc"),
        reference=fields.text("reference", limit=60),
        items=[
            _item(item, number, currency)
            for number, item in enumerate(fields.objects("items", most=MOST_ITEMS))
        ],
        bill=bill,
        pay=read_pay(fields, bill, currency),
        occurred_at=fields.moment("occurred_at"),
    )


def read_who(fields: Fields, merchant: Merchant) -> Scanned:
    """Whom exactly one of `card`, `member`, `phone` names. Raises MemberAmbiguous, and what each raises."""
    given = [name for name in WHO if name in fields.values]
    if len(given) != 1:
        raise MemberAmbiguous(names=", ".join(WHO), field=given[1] if given else WHO[0])
    if given == ["card"]:
        return cards.read(fields.code("card", limit=400), merchant)
    if given == ["member"]:
        return Scanned(member_id=_member_id(fields))
    phone = read_phone(fields.text("phone", limit=40), region=region_of(merchant.time_zone))
    if not phone:
        raise MemberUnknown(field="phone")
    return Scanned(phone=phone)


def _member_id(fields: Fields) -> UUID | None:
    try:
        return fields.id("member", "mem")
    except IdUnreadable:
        raise MemberUnknown(field="member") from None


def _bill(fields: Fields, amount_minor: int, currency: str) -> dict[str, Any]:
    """What of the amount is what, and how it was paid; what is nothing is left out. Raises BillExceedsAmount."""
    found: dict[str, Any] = {}
    for name, kept in PARTS.items():
        if name in fields.values:
            text = _amount_from_zero(fields, name, currency)
            if text.strip("0."):
                found[kept] = read_amount(text, currency)
    refuse_exceeding(found, amount_minor, currency)
    payment = fields.text("payment", limit=LONGEST_PAYMENT).lower()
    return found | ({"payment": payment} if payment else {})


def _item(values: dict[str, Any], number: int, currency: str) -> dict[str, Any]:
    """A line of the basket, as it is kept. Its amount may be zero (a gift) or negative (a discount)."""
    fields = Fields(values, ITEM, where=f"items.{number}.")
    item = {
        "sku": fields.text("sku", limit=60),
        "category": fields.text("category", limit=60),
        "quantity": fields.whole("quantity", least=1, most=MOST_PIECES, default=1),
    }
    if "amount" in values:
        item["amount"] = _item_amount(fields, currency)
    return item


def _item_amount(fields: Fields, currency: str) -> str:
    text = fields.amount("amount").strip()
    _check(text.removeprefix("-"), fields, "amount", currency)
    return text


def _amount_from_zero(fields: Fields, name: str, currency: str) -> str:
    text = fields.amount(name).strip()
    _check(text, fields, name, currency)
    return text


def _check(size: str, fields: Fields, name: str, currency: str) -> None:
    """As `read_amount`, but zero is an amount too."""
    decimals = size.partition(".")[2]
    if size.strip("0.") or not size.replace(".", "", 1).isdigit() or len(decimals) > exponent(currency):
        try:
            read_amount(size, currency)
        except DomainError as refusal:
            refusal.field = fields.where + name
            raise

"""Taking back what was recorded: a purchase cancelled or refunded, a balance corrected by hand."""

from typing import ClassVar

from django.http import HttpRequest, HttpResponse

from api.errors import repeat
from api.fields import Fields
from api.v1 import document_corrections as document
from api.v1.members import read_member_id
from api.v1.purchases import read_purchase_id
from api.views import Endpoint, read_idempotency_key
from core.money import CurrencyMismatch, read_amount
from loyalty.purchases.cancelling import cancel_purchase
from loyalty.purchases.refunding import LONGEST_REASON, refund_purchase
from loyalty.units.adjusting import MOST_UNITS, adjust_units
from loyalty.units.confirming import confirm_purchase
from merchants.access import Scope
from merchants.models import Merchant

REFUND = frozenset({"amount", "currency", "reason"})
ADJUSTMENT = frozenset({"unit", "amount", "reason"})


class Cancellation(Endpoint):
    """The end of one purchase."""

    scopes: ClassVar[dict[str, Scope]] = {"POST": Scope.WRITE_PURCHASES}

    @document.purchase_cancel
    def post(self, request: HttpRequest, purchase_id: str) -> HttpResponse:
        """All of it, or what refunds have left."""
        self.query()
        key = read_idempotency_key(self.request._request)
        wanted = read_purchase_id(purchase_id)
        return repeat(
            cancel_purchase(merchant=self.merchant, purchase_id=wanted, key=key, actor_id=self.key.id)
        )


class Confirmation(Endpoint):
    """The word that what a purchase gave waits for."""

    scopes: ClassVar[dict[str, Scope]] = {"POST": Scope.WRITE_PURCHASES}

    @document.purchase_confirm
    def post(self, request: HttpRequest, purchase_id: str) -> HttpResponse:
        """All of it that waits."""
        self.query()
        key = read_idempotency_key(self.request._request)
        wanted = read_purchase_id(purchase_id)
        return repeat(
            confirm_purchase(merchant=self.merchant, purchase_id=wanted, key=key, actor_id=self.key.id)
        )


class Refunds(Endpoint):
    """The refunds of one purchase."""

    scopes: ClassVar[dict[str, Scope]] = {"POST": Scope.WRITE_PURCHASES}

    @document.purchase_refund
    def post(self, request: HttpRequest, purchase_id: str) -> HttpResponse:
        """A part, or without an amount all that is left."""
        self.query()
        key = read_idempotency_key(self.request._request)
        wanted = read_purchase_id(purchase_id)
        body = self.body(REFUND)
        return repeat(
            refund_purchase(
                merchant=self.merchant,
                purchase_id=wanted,
                amount_minor=_amount(body, self.merchant),
                key=key,
                actor_id=self.key.id,
                reason=body.text("reason", limit=LONGEST_REASON),
            )
        )


class Adjustments(Endpoint):
    """The corrections of one member's balances."""

    scopes: ClassVar[dict[str, Scope]] = {"POST": Scope.WRITE_UNITS}

    @document.adjustment_make
    def post(self, request: HttpRequest, member_id: str) -> HttpResponse:
        """Up or down, for a reason."""
        self.query()
        key = read_idempotency_key(self.request._request)
        wanted = read_member_id(member_id)
        body = self.body(ADJUSTMENT)
        body.require("unit", "amount", "reason")
        return repeat(
            adjust_units(
                member_id=wanted,
                unit=body.text("unit", limit=20),
                amount=body.whole("amount", least=-MOST_UNITS, most=MOST_UNITS, default=0),
                reason=body.text("reason", limit=LONGEST_REASON),
                key=key,
                actor_id=self.key.id,
            )
        )


def _amount(body: Fields, merchant: Merchant) -> int | None:
    """Raises CurrencyMismatch, and what amounts raise."""
    currency = body.text("currency", limit=20, default=merchant.currency)
    if currency != merchant.currency:
        raise CurrencyMismatch(expected=merchant.currency, given=currency)
    return read_amount(body.amount("amount"), currency) if "amount" in body.values else None

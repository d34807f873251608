"""Undo: whoever scanned takes it back within seconds. A manager may later too; a cashier is sent to one."""

import datetime as dt
from uuid import UUID

import orjson
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from core.errors import DomainError
from core.ids import key_within, moment_of, read_id
from core.languages import reader_language
from core.money import say_money
from loyalty.programme.versions import version_in_force
from loyalty.purchases import queries
from loyalty.purchases.cancelling import PurchaseUnknown, cancel_purchase
from merchants.access import Permission, may
from web.access import StaffRequest, staff_view
from web.parts import form_of
from web.scanner import till
from web.scanner.problems import draw_problem
from web.scanner.words import undone_words

# The page counts ten seconds down; a late tap, and a slow network, get this long.
SHOWN, GRACE = dt.timedelta(seconds=10), dt.timedelta(seconds=30)


@form_of("scanner")
@staff_view(Permission.SCAN)
def cancel(request: StaffRequest, purchase_id: UUID) -> HttpResponse:
    """201 with what there is now, 200 when it is a repetition, a 4xx with the reason and nothing changed.

    The key follows from the purchase: however often the button is pressed, it is one cancellation.
    """
    anybodys = may(request.staff, Permission.CANCEL_PURCHASES)
    try:
        purchase = queries.purchase(purchase_id)
        if purchase is None:
            raise PurchaseUnknown
        answered = cancel_purchase(
            merchant=request.merchant,
            purchase_id=purchase_id,
            key=key_within(purchase_id, "undo at the till"),
            actor_id=request.staff.id,
            own_within=None if anybodys else GRACE,
        )
    except DomainError as refusal:
        return draw_problem(request, refusal)
    language = reader_language()
    amount = say_money(purchase.amount_minor, purchase.currency, language)
    words = undone_words(purchase.id, amount, orjson.loads(answered.body), version_in_force(), language)
    return till.draw(request, "_undone", {"undone": words}, status=200 if answered.replayed else 201)


def undo_words(request: StaffRequest, purchase: str) -> dict[str, str]:
    """The purchase by its public id, and where its undo is sent while there is time for it."""
    purchase_id = read_id("pur", purchase)
    words = {"id": str(purchase_id)}
    # A purchase that was recorded long before its answer arrived cannot show ten seconds that it does not have.
    if timezone.now() - moment_of(purchase_id) <= GRACE - SHOWN:
        words["cancels"] = reverse("scanner-cancellation", args=[request.merchant.slug, purchase_id])
    return words

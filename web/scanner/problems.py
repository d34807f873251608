"""Refusals at the till: a status for the browser, a title one reads at arm's length, the sentence under it."""

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from web.access import StaffRequest
from web.scanner import till

FORBIDDEN, NOT_FOUND, CONFLICT, REFUSED, TOO_MANY = 403, 404, 409, 422, 429

_SAID = {
    "card_unreadable": (REFUSED, _("Card not read")),
    "card_other_merchant": (REFUSED, _("Not our card")),
    "card_expired": (REFUSED, _("Code too old")),
    "card_revoked": (REFUSED, _("Card replaced")),
    "card_already_used": (CONFLICT, _("Already scanned")),
    "member_not_found": (NOT_FOUND, _("Nobody found")),
    "amount_unreadable": (REFUSED, _("Check the amount")),
    "amount_out_of_range": (REFUSED, _("Check the amount")),
    "amount_too_precise": (REFUSED, _("Check the amount")),
    "idempotency_key_reused": (CONFLICT, _("Already sent")),
    "purchase_not_found": (NOT_FOUND, _("Nothing to undo")),
    "purchase_cancelled": (CONFLICT, _("Already undone")),
    "purchase_refunded": (CONFLICT, _("Already refunded")),
    "manager_needed": (FORBIDDEN, _("Too late to undo")),
    "too_many_tries": (TOO_MANY, _("Too many wrong codes")),
    "location_not_found": (REFUSED, _("Choose the location again")),
}
# Where the cashier can do more than the sentence says.
_ADVICE = {
    "member_not_found": _("Check the code or the number, or enrol a new member."),
    "too_many_tries": _("Scan the card, or wait ten minutes before you type again."),
}


class KeyMissing(DomainError):
    """A form without its key: it could count one purchase twice."""

    code = "idempotency_key_missing"
    message = _("This page is out of date. Reload it and scan again.")
    field = "key"


def draw_problem(request: StaffRequest, refusal: DomainError) -> HttpResponse:
    """The refusal above the step that was open. Without JavaScript, the page with everything as it was typed."""
    status, title = _SAID.get(refusal.code, (REFUSED, _("That did not work")))
    typed = {name: request.POST.get(name, "") for name in ("code", "amount")}
    # Nothing was written, so the next try is another purchase: it gets a key of its own.
    problem = {"title": title, "detail": _ADVICE.get(refusal.code, refusal.detail), "code": refusal.code}
    return till.draw(request, "_problem", {"problem": problem, **typed}, status=status)

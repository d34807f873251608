"""Refusals at the till: a status for the browser, a title one reads at arm's length, the sentence under it."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.ids import key_of
from web.access import StaffRequest
from web.scanner import till

FORBIDDEN, NOT_FOUND, CONFLICT, REFUSED, TOO_MANY = 403, 404, 409, 422, 429
LONGEST_KEY = 255

_SAID = {
    "card_unreadable": (REFUSED, _("Card not read")),
    "card_other_merchant": (REFUSED, _("Not our card")),
    "card_expired": (REFUSED, _("Code too old")),
    "card_revoked": (REFUSED, _("Card replaced")),
    "card_already_used": (CONFLICT, _("Already scanned")),
    "member_not_found": (NOT_FOUND, _("Nobody found")),
    "card_first": (REFUSED, _("First the card")),
    "link_instead": (REFUSED, _("Not a card")),
    "card_in_hand": (REFUSED, _("One at a time")),
    "code_unknown": (REFUSED, _("No such code")),
    "code_used": (CONFLICT, _("Used already")),
    "code_used_up": (CONFLICT, _("Used already")),
    "code_not_yet": (CONFLICT, _("Not yet")),
    "code_over": (CONFLICT, _("Too late")),
    "code_stopped": (CONFLICT, _("Too late")),
    "code_gives_nothing": (CONFLICT, _("Gives nothing today")),
    "too_many_codes": (CONFLICT, _("Enough of these")),
    "amount_unreadable": (REFUSED, _("Check the amount")),
    "amount_out_of_range": (REFUSED, _("Check the amount")),
    "amount_too_precise": (REFUSED, _("Check the amount")),
    "idempotency_key_reused": (CONFLICT, _("Already sent")),
    "purchase_not_found": (NOT_FOUND, _("Nothing to undo")),
    "purchase_cancelled": (CONFLICT, _("Already undone")),
    "event_not_found": (NOT_FOUND, _("Nothing to undo")),
    "event_cancelled": (CONFLICT, _("Already undone")),
    "act_gone": (REFUSED, _("The programme has changed")),
    "purchase_refunded": (CONFLICT, _("Already refunded")),
    "manager_needed": (FORBIDDEN, _("Too late to undo")),
    "too_many_tries": (TOO_MANY, _("Too many wrong codes")),
    "reward_not_found": (NOT_FOUND, _("No such reward")),
    "reward_sold_out": (CONFLICT, _("Sold out")),
    "reward_withdrawn": (CONFLICT, _("Not offered any more")),
    "reward_refused": (CONFLICT, _("Not this time")),
    "reward_not_now": (CONFLICT, _("Not today")),
    "reward_not_for_member": (CONFLICT, _("Not for this member")),
    "basket_short": (CONFLICT, _("Not yet")),
    "reward_elsewhere": (CONFLICT, _("Not here")),
    "reward_limit_reached": (CONFLICT, _("Enough of these")),
    "insufficient_units": (CONFLICT, _("Not enough yet")),
    "money_needed": (CONFLICT, _("Not that much")),
    "unit_pays_nothing": (CONFLICT, _("Pays nothing")),
    "redemption_not_found": (NOT_FOUND, _("Nothing to undo")),
    "not_handed_over": (REFUSED, _("Nothing to undo")),
    "redemption_closed": (CONFLICT, _("That is over")),
    "voucher_redeemed": (CONFLICT, _("Used already")),
    "voucher_expired": (CONFLICT, _("Too late")),
    "voucher_voided": (CONFLICT, _("Given back")),
    "voucher_closed": (CONFLICT, _("That is over")),
    "taken_expired": (CONFLICT, _("Time ran out")),
    "taken_released": (CONFLICT, _("Let go")),
    "taken_handed_over": (CONFLICT, _("Handed over already")),
    "taken_given_back": (CONFLICT, _("Given back")),
    "second_proof_needed": (REFUSED, _("First the phone")),
    "proof_wrong": (REFUSED, _("First the phone")),
    "pin_locked": (REFUSED, _("First the phone")),
    "proof_unavailable": (REFUSED, _("First the phone")),
    "purchase_not_open": (CONFLICT, _("Not for this purchase")),
    "void_too_late": (FORBIDDEN, _("Too late to undo")),
    "location_needed": (REFUSED, _("Choose the location again")),
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


def read_key(text: str) -> UUID:
    """The key of a form, whatever the browser made of it. Raises KeyMissing."""
    if not 0 < len(text) <= LONGEST_KEY:
        raise KeyMissing
    return key_of(text)


def read_uuid(text: str, unknown: type[DomainError]) -> UUID:
    """An id that a form of ours carries. Raises `unknown`."""
    try:
        return UUID(text)
    except ValueError:
        raise unknown from None


def draw_problem(request: StaffRequest, refusal: DomainError) -> HttpResponse:
    """The refusal above the step that was open. Without JavaScript, the page with everything as it was typed."""
    status, title = _SAID.get(refusal.code, (REFUSED, _("That did not work")))
    typed = {name: request.POST.get(name, "") for name in ("code", "amount")}
    # Nothing was written, so the next try is another purchase: it gets a key of its own.
    problem = {"title": title, "detail": _ADVICE.get(refusal.code, refusal.detail), "code": refusal.code}
    return till.draw(request, "_problem", {"problem": problem, **typed}, status=status)

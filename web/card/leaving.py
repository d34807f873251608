"""Erasing oneself: one question, said plainly, of a browser that has just shown that it is the member's.

A session lives for a year, and a phone may lie on a table: so who wants to go proves once more that it reads the card's
e-mail. Without an address, or without a way to send, the counter does it: proof is refused, never skipped.
"""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core.languages import reader_language
from loyalty.membership.leaving import erase_member
from loyalty.queries import standing_of
from loyalty.wording import say_all
from web.card.proving import ProofForm, proof_context, take_proof
from web.card.session import CardRequest, MerchantRequest, has_proof, member_view, merchant_view, sign_out


@member_view
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: CardRequest) -> HttpResponse:
    """What will happen, and the one button. 403 for a browser that has not proven itself lately; then nothing happened."""
    if request.method != "POST":
        return _page(request)
    if not has_proof(request):
        return _page(request, status=403)
    erase_member(member=request.member, actor="member")
    return sign_out(redirect("card-erased", request.merchant.slug), request.merchant)


@member_view
@require_http_methods(["POST"])
def prove(request: CardRequest) -> HttpResponse:
    """Send a code to the card's e-mail, or take it: then the question may be answered for half an hour."""
    return take_proof(request, _page, to="card-erase")


@merchant_view
@require_safe
def erased(request: MerchantRequest) -> HttpResponse:
    """The last page: it says that nothing is kept. `sign_out` has told the phone to forget this merchant's card.

    No Clear-Site-Data: that wipes the whole origin, and other merchants' cards and tills live there.
    """
    return render(request, "card/erased.html", {"merchant": request.merchant})


def _page(request: CardRequest, form: ProofForm | None = None, status: int = 200) -> HttpResponse:
    standing, language = standing_of(request.member.id), reader_language()
    said = say_all(standing.version, standing.balances, language)
    context = proof_context(request, form) | {"balance": ", ".join(said if standing.points else said[1:])}
    return render(request, "card/erase.html", context, status=status)

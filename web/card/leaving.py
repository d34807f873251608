"""Erasing oneself: one question, said plainly, of a browser that has just shown that it is the member's.

A session lives for a year, and a phone may lie on a table: so who wants to go proves once more that it reads the card's
e-mail. Without an address, or without a way to send, the counter does it: proof is refused, never skipped.
"""

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import DomainError
from core.languages import reader_language
from core.rate_limits import TooManyTries, count_try
from integrations.notifications.one_time_codes import ask_code, can_send, check_code
from loyalty.leaving import erase_member
from loyalty.queries import standing_of
from loyalty.wording import say_units
from members.links import Claim
from members.profiles import verify_email
from web.card.coming_back import MOST_ENTERED, WINDOW_SECONDS, CodeForm
from web.card.session import (
    CardRequest,
    MerchantRequest,
    asker_of,
    has_proof,
    keep_asker,
    keep_proof,
    member_view,
    merchant_view,
    sign_out,
)
from web.errors import show_at_field


class ProofForm(CodeForm):
    """The code alone: whose it is, the session says."""

    email = forms.CharField(required=False, widget=forms.HiddenInput)
    code = forms.CharField(label=_("Code from the e-mail"), widget=CodeForm.base_fields["code"].widget)


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
    if not _can_prove(request):
        return _page(request, status=409)
    here, browser = request.META["REMOTE_ADDR"], asker_of(request)
    if "code" not in request.POST:
        ask_code(email=request.member.email, browser=browser, asker=here)
        return keep_asker(_page(request, form=ProofForm()), request.merchant, browser)
    form = ProofForm(request.POST)
    if form.is_valid():
        count_try("code", request.merchant.id, here, most=MOST_ENTERED, seconds=WINDOW_SECONDS)
        try:
            member = check_code(email=request.member.email, code=form.cleaned_data["code"], browser=browser)
            card = verify_email(member=member, email=member.email, is_own_browser=True)
            claim = Claim(request.merchant.id, member.id, card.generation)
            return keep_proof(redirect("card-erase", request.merchant.slug), request.merchant, claim)
        except TooManyTries:
            raise
        except DomainError as refusal:
            show_at_field(form, refusal)
    return _page(request, form=form, status=422)


@merchant_view
@require_safe
def erased(request: MerchantRequest) -> HttpResponse:
    """The last page: it says that nothing is kept. `sign_out` has told the phone to forget this merchant's card.

    No Clear-Site-Data: that wipes the whole origin, and other merchants' cards and tills live there.
    """
    return render(request, "card/erased.html", {"merchant": request.merchant})


def _can_prove(request: CardRequest) -> bool:
    return bool(request.member.email) and can_send()


def _page(request: CardRequest, *, form: ProofForm | None = None, status: int = 200) -> HttpResponse:
    standing, language = standing_of(request.member.id), reader_language()
    context = {
        "merchant": request.merchant,
        "member": request.member,
        "balance": say_units(standing.version.units[0], standing.points, language) if standing.points else "",
        "is_proven": has_proof(request),
        "can_prove": _can_prove(request),
        "address": _veiled(request.member.email),
        "form": form,
        "nav_current": "me",
    }
    return render(request, "card/erase.html", context, status=status)


def _veiled(email: str) -> str:
    """ "m…@example.org": enough to know which, too little to learn it over a shoulder."""
    name, _at, host = email.partition("@")
    return f"{name[:1]}…@{host}" if email else ""

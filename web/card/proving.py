"""Showing that one is the member whose card this browser holds: a code sent to the address on file, typed here.

A session lives for a year, and a phone may lie on a table. So what would take the card from its member asks for this
first: another number, another address, erasing. It never sends a code to an address that was typed just now.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from core.rate_limits import TooManyTries, count_try
from integrations.notifications.one_time_codes import ask_code, can_send, check_code
from members.links import Claim
from members.profiles import verify_email
from web.card.coming_back import MOST_ENTERED, WINDOW_SECONDS, CodeForm
from web.card.session import CardRequest, asker_of, has_proof, keep_asker, keep_proof, member_view
from web.errors import show_at_field


class ProofForm(CodeForm):
    """The code alone: whose it is, the session says."""

    email = forms.CharField(required=False, widget=forms.HiddenInput)
    code = forms.CharField(label=_("Code from the e-mail"), widget=CodeForm.base_fields["code"].widget)


Page = Callable[[CardRequest, ProofForm | None, int], HttpResponse]


@member_view
@require_http_methods(["GET", "HEAD", "POST"])
def show_proof(request: CardRequest) -> HttpResponse:
    """Before a number or an address is changed."""
    if request.method == "POST":
        return take_proof(request, _page, to="card-me")
    return redirect("card-me", request.merchant.slug) if has_proof(request) else _page(request, None, 200)


def take_proof(request: CardRequest, page: Page, *, to: str) -> HttpResponse:
    """Send a code to the card's e-mail, or take it: then `to` may be done for half an hour. 409 without a way to send."""
    if not can_prove(request):
        return page(request, None, 409)
    here, browser = request.META["REMOTE_ADDR"], asker_of(request)
    if "code" not in request.POST:
        ask_code(email=request.member.email, browser=browser, asker=here)
        return keep_asker(page(request, ProofForm(), 200), request.merchant, browser)
    form = ProofForm(request.POST)
    if form.is_valid():
        count_try("code", request.merchant.id, here, most=MOST_ENTERED, seconds=WINDOW_SECONDS)
        try:
            member = check_code(email=request.member.email, code=form.cleaned_data["code"], browser=browser)
            card = verify_email(member=member, email=member.email, is_own_browser=True)
            claim = Claim(request.merchant.id, member.id, card.generation)
            return keep_proof(redirect(to, request.merchant.slug), request.merchant, claim)
        except TooManyTries:
            raise
        except DomainError as refusal:
            show_at_field(form, refusal)
    return page(request, form, 422)


def can_prove(request: CardRequest) -> bool:
    """Whether there is an address, and a way to write to it."""
    return bool(request.member.email) and can_send()


def proof_context(request: CardRequest, form: ProofForm | None) -> dict[str, Any]:
    """What a page says that asks for the proof."""
    return {
        "merchant": request.merchant,
        "member": request.member,
        "is_proven": has_proof(request),
        "can_prove": can_prove(request),
        "address": _veiled(request.member.email),
        "form": form,
        "nav_current": "me",
    }


def _page(request: CardRequest, form: ProofForm | None, status: int) -> HttpResponse:
    return render(request, "card/proof.html", proof_context(request, form), status=status)


def _veiled(email: str) -> str:
    """ "m…@example.org": enough to know which, too little to learn it over a shoulder."""
    name, _at, host = email.partition("@")
    return f"{name[:1]}…@{host}" if email else ""

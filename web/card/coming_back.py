"""Coming back to a card: a one-time code by e-mail, or the signed link in one. Same answer, member or not.

A link opens nothing by being fetched, for mail scanners fetch every link: the page it shows has a button that does.
"""

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from core import tenancy
from core.errors import DomainError
from core.rate_limits import TooManyTries, count_try
from integrations.notifications.one_time_codes import (
    RecoveryUnavailable,
    ask_code,
    can_send,
    check_code,
)
from members import queries
from members.contacts import read_email, read_phone, region_of
from members.links import Claim, LinkUnreadable, read_link
from merchants.models import Merchant
from web.card.session import MerchantRequest, merchant_view, sign_in
from web.errors import show_at_field

# One counter or office may stand behind one address; a list of addresses being tried is longer.
MOST_ASKED, MOST_ENTERED, WINDOW_SECONDS = 20, 60, 600


class AskForm(forms.Form):
    """Which address the code goes to."""

    email = forms.CharField(
        label=_("E-mail"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "maxlength": 254}),
    )


class CodeForm(forms.Form):
    """The code, and the address that it went to."""

    email = forms.CharField(widget=forms.HiddenInput)
    code = forms.CharField(
        label=_("Code"),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "maxlength": 12,
                "autofocus": True,
            }
        ),
    )


@merchant_view
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: MerchantRequest) -> HttpResponse:
    """Ask for a code. Refused where no e-mail can be sent."""
    if not can_send():
        return _page(request, "return", {"refusal": RecoveryUnavailable().detail}, status=503)
    form = AskForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, "return", {"form": form}, status=422 if form.is_bound else 200)
    count_try(
        "return", request.merchant.id, request.META["REMOTE_ADDR"], most=MOST_ASKED, seconds=WINDOW_SECONDS
    )
    try:
        email = read_email(form.cleaned_data["email"])
        with tenancy.scope(request.merchant.id):
            ask_code(email=email)
    except TooManyTries:
        raise
    except DomainError as refusal:
        show_at_field(form, refusal)
        return _page(request, "return", {"form": form}, status=422)
    return say_code_is_on_its_way(request, email)


@merchant_view
@require_http_methods(["POST"])
def enter(request: MerchantRequest) -> HttpResponse:
    """Enter the code: the card opens in this browser."""
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, "return_code", {"form": form}, status=422)
    count_try(
        "code", request.merchant.id, request.META["REMOTE_ADDR"], most=MOST_ENTERED, seconds=WINDOW_SECONDS
    )
    try:
        with tenancy.scope(request.merchant.id):
            email = read_email(form.cleaned_data["email"])
            member = queries.member(check_code(email=email, code=form.cleaned_data["code"]))
            claim = Claim(request.merchant.id, member.id, queries.card_of(member).generation)
    except DomainError as refusal:
        show_at_field(form, refusal)
        return _page(request, "return_code", {"form": form}, status=422)
    return sign_in(redirect("card", request.merchant.slug), request.merchant, claim)


@merchant_view
@require_http_methods(["GET", "HEAD", "POST"])
def follow_link(request: MerchantRequest, token: str) -> HttpResponse:
    """A link from an e-mail: a button, and behind it the card. 410 when the link is too old, altered or not of here."""
    try:
        claim = read_link(token, request.merchant)
        with tenancy.scope(request.merchant.id):
            if queries.card_with_member(claim.member_id, generation=claim.generation) is None:
                raise LinkUnreadable
    except LinkUnreadable as refusal:
        return _page(request, "link", {"refusal": refusal.detail}, status=410)
    if request.method != "POST":
        return _page(request, "link", {})
    return sign_in(redirect("card", request.merchant.slug), request.merchant, claim)


def say_code_is_on_its_way(request: MerchantRequest, email: str) -> HttpResponse:
    """What everyone reads who gave a contact that may or may not be a member's."""
    form = CodeForm(initial={"email": email}) if email and can_send() else None
    return _page(request, "return_code", {"form": form, "email": email})


def send_codes_to_members(merchant: Merchant, *, phone: str, email: str) -> None:
    """A code to each member that these contacts name, at the address on file: never at one that was just typed.

    Asked too often, or without a way to send, nothing is sent and nothing is said.
    """
    try:
        with tenancy.scope(merchant.id):
            number = read_phone(phone, region=region_of(merchant.time_zone))
            found = [queries.by_contact(phone=number), queries.by_contact(email=read_email(email))]
            for address in sorted({member.email for member in found if member is not None and member.email}):
                ask_code(email=address)
    except (TooManyTries, RecoveryUnavailable):
        return


def _page(
    request: MerchantRequest, name: str, context: dict[str, object], *, status: int = 200
) -> HttpResponse:
    return render(request, f"card/{name}.html", {"merchant": request.merchant, **context}, status=status)

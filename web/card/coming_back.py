"""Coming back to a card: a one-time code by e-mail, or the signed link in one. Same answer, member or not.

A link opens nothing by being fetched, for mail scanners fetch every link: the page it shows has a button that does.
"""

from contextlib import suppress

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from core import tenancy
from core.errors import DomainError
from core.rate_limits import TooManyTries, count_try
from integrations.notifications.one_time_codes import (
    RecoveryUnavailable,
    ask_code,
    ask_link,
    can_send,
    check_code,
)
from members import queries
from members.contacts import read_email, read_phone, region_of
from members.links import Claim, LinkUnreadable, is_fresh_link, read_link
from members.models import Member
from members.profiles import consents_of, verify_email
from web.card.session import (
    MerchantRequest,
    asker_of,
    holds_card,
    keep_asker,
    keep_proof,
    merchant_view,
    sign_in,
)
from web.errors import show_at_field

# One counter or office may stand behind one address; a list of addresses being tried is longer.
MOST_ASKED, MOST_ENTERED, WINDOW_SECONDS = 20, 60, 600


class AskForm(forms.Form):
    """Which address the code goes to."""

    email = forms.CharField(
        label=_("E-mail"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "maxlength": 254, "autofocus": True}),
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
        browser = asker_of(request)
        with tenancy.scope(request.merchant.id):
            ask_code(email=email, browser=browser, asker=request.META["REMOTE_ADDR"])
    except TooManyTries:
        raise
    except DomainError as refusal:
        show_at_field(form, refusal)
        return _page(request, "return", {"form": form}, status=422)
    return say_code_is_on_its_way(request, email, browser)


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
            member = check_code(email=email, code=form.cleaned_data["code"], browser=asker_of(request))
            claim = _prove(request, member)
    except DomainError as refusal:
        show_at_field(form, refusal)
        return _page(request, "return_code", {"form": form}, status=422)
    return keep_proof(_open(request, "card", claim), request.merchant, claim)


@merchant_view
@require_http_methods(["GET", "HEAD", "POST"])
def follow_link(request: MerchantRequest, token: str) -> HttpResponse:
    """A link from an e-mail: a button, and behind it the card. 410 when the link is too old, altered or not of here."""
    try:
        claim = read_link(token, request.merchant)
        with tenancy.scope(request.merchant.id):
            found = queries.card_with_member(claim.member_id, generation=claim.generation)
            if found is None or not queries.letters_open(found[0]):
                raise LinkUnreadable
            if request.method == "POST":
                claim = _prove(request, found[0].member)
    except LinkUnreadable as refusal:
        return _page(request, "link", {"refusal": refusal.detail}, status=410)
    if request.method != "POST":
        return _page(request, "link", {})
    response = _open(request, "card-me" if request.GET.get("to") == "me" else "card", claim)
    # A letter of last week may have been passed on, or lie open on the phone of whoever found it: it opens, no more.
    return (
        keep_proof(response, request.merchant, claim) if is_fresh_link(token, request.merchant) else response
    )


def say_code_is_on_its_way(request: MerchantRequest, email: str, browser: str) -> HttpResponse:
    """What everyone reads who gave a contact that may or may not be a member's."""
    form = CodeForm(initial={"email": email}) if email and can_send() else None
    response = _page(request, "return_code", {"form": form, "email": email})
    return keep_asker(response, request.merchant, browser)


def answer_a_member(request: MerchantRequest, *, phone: str, email: str) -> HttpResponse:
    """To whoever joins with a member's contact. The member gets an e-mail at the address on file, never at another.

    A code where this address was typed here, for it can be entered here; else the link alone. Asked too often, or without
    a way to send, nothing is sent and nothing is said.
    """
    browser, asker = asker_of(request), request.META["REMOTE_ADDR"]
    with suppress(TooManyTries, RecoveryUnavailable), tenancy.scope(request.merchant.id):
        number, address = read_phone(phone, region=region_of(request.merchant.time_zone)), read_email(email)
        called = queries.by_contact(phone=number)
        if called is not None and called.email not in {"", address}:
            ask_link(member=called, asker=asker, is_staff=False)
        if address and queries.by_contact(email=address):
            ask_code(email=address, browser=browser, asker=asker)
    return say_code_is_on_its_way(request, email, browser)


def ask_for_proof(request: MerchantRequest, member: Member) -> None:
    """Say that an e-mail waits to be opened, to who agreed to e-mails at an address that nobody has proven yet."""
    if not member.email or member.email_verified_at:
        return
    with tenancy.scope(request.merchant.id):
        agreed = any(consents_of(member).values())
    if agreed:
        messages.info(
            request,
            gettext("Open your card once from the e-mail we sent: it shows that the address is yours."),
        )


def _open(request: MerchantRequest, page: str, claim: Claim) -> HttpResponse:
    """The card opens in this browser."""
    return sign_in(request, redirect(page, request.merchant.slug), request.merchant, claim)


def _prove(request: MerchantRequest, member: Member) -> Claim:
    """What this browser holds from now on: it showed that it reads the member's e-mail. In the merchant's scope."""
    is_own = holds_card(request, request.merchant, member)
    card = verify_email(member=member, email=member.email, is_own_browser=is_own)
    return Claim(request.merchant.id, member.id, card.generation)


def _page(
    request: MerchantRequest, name: str, context: dict[str, object], *, status: int = 200
) -> HttpResponse:
    return render(request, f"card/{name}.html", {"merchant": request.merchant, **context}, status=status)

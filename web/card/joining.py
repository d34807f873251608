"""Joining from the poster's QR: one form, and the card is there.

It says nothing of a member: no name, no address, no points. Yet who tries to join learns whether the contact has a card
here already, because only a new one is given a card at once (ADR 0009). So the tries that meet a member are few.
"""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from core import tenancy
from core.errors import DomainError
from core.ids import IdUnreadable, read_id
from core.languages import reader_language
from core.rate_limits import TooManyTries, count_if_counting
from loyalty.membership.joining import Joined, enrol_member
from loyalty.programme.publishing import try_due_in_force
from loyalty.programme.versions import version_in_force
from loyalty.wording import say_units
from members.cards import merchant_number_of
from members.enrolment import AlreadyMember, read_profile
from members.links import Claim
from members.models import Consent, Member
from members.referring import ReferrerUnknown, read_referrer
from merchants import queries
from merchants.models import Location
from studio.links import leading_link
from studio.models import Link
from web.birthdays import BirthdayField
from web.card.codes import try_code
from web.card.coming_back import answer_a_member, ask_for_proof
from web.card.links import note_opened
from web.card.session import MerchantRequest, claim_of, keep_proof, merchant_view, sign_in
from web.card.words import welcome_words
from web.errors import focus_first_error, show_at_field

# A full café behind one address joins within the hour of an opening party; a script joins faster.
MOST_JOINS, JOINS_SECONDS = 60, 600
# Who has forgotten that they have a card tries once or twice; a list of numbers being tried is longer, from many places.
MOST_MET, MOST_MET_IN_ALL, MET_SECONDS = 10, 100, 3600


class JoinForm(forms.Form):
    """What a newcomer says. What it means is read by `members.enrolment`."""

    name = forms.CharField(
        label=_("Your name"),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "given-name",
                "maxlength": 80,
                "autofocus": True,
                "autocapitalize": "words",
            }
        ),
    )
    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "maxlength": 40}),
    )
    email = forms.CharField(
        label=_("E-mail"),
        required=False,
        help_text=_("A phone number or an e-mail is enough. With an e-mail you can get your card back."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "maxlength": 254}),
    )
    birthday = BirthdayField(label=_("Birthday"))
    points_email = forms.BooleanField(label=_("E-mail me when points arrive"), required=False)
    news_email = forms.BooleanField(label=_("E-mail me news and offers, now and then"), required=False)
    at = forms.CharField(required=False, widget=forms.HiddenInput)
    by = forms.CharField(required=False, widget=forms.HiddenInput)
    code = forms.CharField(required=False, widget=forms.HiddenInput)
    link = forms.CharField(required=False, widget=forms.HiddenInput)


@merchant_view
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: MerchantRequest) -> HttpResponse:
    """The form, or the new card. Who has a card in this browser is taken to it."""
    note_opened(request)
    if claim_of(request, request.merchant):
        return redirect(_card_of(request))
    if request.method != "POST":
        return _form_page(request, _hinted(request.GET))
    form = JoinForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    try:
        joined = _enrol(request, form.cleaned_data)
    except AlreadyMember:
        return _answer_a_member(request, form.cleaned_data)
    except TooManyTries:
        raise
    except DomainError as refusal:
        show_at_field(form, refusal)
        return _form_page(request, form, status=422)
    return _welcome(request, joined, form.cleaned_data["code"])


@require_safe
def follow_code(request: HttpRequest, code: str) -> HttpResponse:
    """A camera app opened a card's QR: to the merchant's door, whoever's card it is, and true or not."""
    number = merchant_number_of(code)
    merchant = queries.merchant_by_number(number) if number is not None else None
    if merchant is None:
        raise Http404
    return redirect("card-join", merchant.slug)


def _enrol(request: MerchantRequest, said: dict[str, Any]) -> Joined:
    merchant, language = request.merchant, reader_language()
    told = {name: said[name] for name in ("name", "phone", "email", "birthday")} | {"locale": language}
    read_profile(merchant=merchant, **told)  # a form with a slip in it is no try
    count_if_counting(
        "join", merchant.id, request.META["REMOTE_ADDR"], most=MOST_JOINS, seconds=JOINS_SECONDS
    )
    # A consent to e-mails without an address would be an answer to a question that nobody asked.
    purposes = Consent.Purpose.values if said["email"] else []
    try_due_in_force(merchant.id)
    with tenancy.scope(merchant.id):
        link = leading_link(said["link"])
        return enrol_member(
            merchant=merchant,
            **told,
            consents={purpose: said[purpose] for purpose in purposes},
            source="join",
            location=_location(said["at"], link),
            referred_by=_referrer(said["by"]),
            link_id=link.id if link else None,
        )


def _hinted(given: QueryDict) -> JoinForm:
    """With what the address says: where the poster hung, whose friend this is, the code on the packet, and the link."""
    return JoinForm(
        initial={
            "at": given.get("at", ""),
            "by": given.get("by", ""),
            "code": given.get("code", ""),
            "link": given.get("link", ""),
        }
    )


def _location(text: str, link: Link | None) -> Location | None:
    """Where the printed code hung, as its link or an old poster says: a hint, so what is not one of ours is no error."""
    try:
        place_id = link.location_id if link and link.location_id else read_id("loc", text)
    except IdUnreadable:
        return None
    return queries.locations().filter(id=place_id).first()


def _referrer(text: str) -> Member | None:
    """Who passed the link on: a hint, too."""
    try:
        return read_referrer(text) if text else None
    except ReferrerUnknown:
        return None


def _card_of(request: MerchantRequest) -> str:
    """Where a member goes who came by a link for newcomers; with its code, to the field for it."""
    slug, code = request.merchant.slug, request.GET.get("code", "")
    return (
        f"{reverse('card-codes', args=[slug])}?{urlencode({'code': code})}"
        if code
        else reverse("card", args=[slug])
    )


def _count_code(request: MerchantRequest, joined: Joined, code: str) -> None:
    """The code that brought somebody here. Why it does not count, is said; they have joined all the same."""
    try:
        with tenancy.scope(request.merchant.id):
            messages.success(request, try_code(request, joined.member, code, joined.member.id))
    except DomainError as refusal:
        messages.error(request, refusal.detail)


def _welcome(request: MerchantRequest, joined: Joined, code: str) -> HttpResponse:
    if joined.welcome:
        with tenancy.scope(request.merchant.id):
            unit = version_in_force().units[0]
        welcome = say_units(unit, joined.welcome, reader_language())
        messages.success(request, gettext("Welcome. %(units)s to begin with.") % {"units": welcome})
    if code:
        _count_code(request, joined, code)
    ask_for_proof(request, joined.member)
    claim = Claim(request.merchant.id, joined.member.id, joined.card.generation)
    response = sign_in(request, redirect("card", request.merchant.slug), request.merchant, claim)
    return keep_proof(response, request.merchant, claim)


def _answer_a_member(request: MerchantRequest, said: dict[str, Any]) -> HttpResponse:
    """The contact has a card already. Its owner gets an e-mail, if there is an address; the page tells nothing more."""
    here = request.merchant.id
    count_if_counting("join-met", here, request.META["REMOTE_ADDR"], most=MOST_MET, seconds=MET_SECONDS)
    count_if_counting("join-met-in-all", here, most=MOST_MET_IN_ALL, seconds=MET_SECONDS)
    return answer_a_member(request, phone=said["phone"], email=said["email"])


def _form_page(request: MerchantRequest, form: JoinForm, *, status: int = 200) -> HttpResponse:
    if form.errors:
        focus_first_error(form)
    with tenancy.scope(request.merchant.id):
        version = version_in_force()
    return render(
        request,
        "card/join.html",
        {
            "merchant": request.merchant,
            "form": form,
            "welcome": welcome_words(version, reader_language()),
        },
        status=status,
    )

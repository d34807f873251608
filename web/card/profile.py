"""What the member says of itself, and what it agreed to. Ends with forgetting this device; the card lives on."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from core.rate_limits import count_if_counting
from integrations.notifications.messages import tell_old_address
from integrations.notifications.one_time_codes import ask_link, can_send
from loyalty.rules.calendar import local_day
from members.enrolment import AlreadyMember
from members.links import Claim
from members.models import Consent, Member
from members.profiles import FIELDS, change_profile, consent_history, needs_proof, set_consent
from web.birthdays import BirthdayField
from web.card.bringing import friend_words
from web.card.coming_back import ask_for_proof
from web.card.pin import shows_pin
from web.card.proving import can_prove
from web.card.session import (
    CardRequest,
    MerchantRequest,
    has_proof,
    is_own_phone,
    keep_proof,
    member_view,
    merchant_view,
    sign_in,
    sign_out,
)
from web.errors import focus_first_error, show_at_field
from web.places import places_of
from web.templatetags.habitue import full_date

# Nobody changes their number thirty times; whoever does is looking for numbers that are taken.
MOST_CHANGES, CHANGES_SECONDS = 30, 3600


class ProfileForm(forms.Form):
    """What it means is read by `members.profiles`."""

    name = forms.CharField(
        label=_("Name"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name", "maxlength": 80}),
    )
    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "maxlength": 40}),
    )
    email = forms.CharField(
        label=_("E-mail"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "maxlength": 254}),
    )
    locale = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    birthday = BirthdayField(label=_("Birthday"))
    points_email = forms.BooleanField(label=_("E-mail me when points arrive"), required=False)
    news_email = forms.BooleanField(label=_("E-mail me news and offers, now and then"), required=False)


@member_view
@require_http_methods(["GET", "HEAD", "POST"])
def edit_profile(request: CardRequest) -> HttpResponse:
    """The form, and after a change the same page with a word that it was kept. The phone of who was merged into the member
    is shown no form before a proof: it would tell the other's number and address, or wipe what it does not tell."""
    if request.method != "POST":
        return _page(request, None)
    if not is_own_phone(request):
        return _page(request, None, status=409)
    form = ProfileForm(request.POST)
    count_if_counting("profile", request.member.id, most=MOST_CHANGES, seconds=CHANGES_SECONDS)
    was_proven = has_proof(request)
    if not form.is_valid() or not _change(request, form):
        return _page(request, form, status=422)
    with override(form.cleaned_data["locale"]):
        messages.success(request, gettext("Kept."))
        ask_for_proof(request, request.member)
    # A new number or address replaced the card; this browser, which asked for it, keeps its hold: on its own card, for
    # a merge can be undone.
    request.card.refresh_from_db(fields=["generation"])
    claim = Claim(request.merchant.id, request.card.member_id, request.card.generation)
    response = sign_in(request, redirect("card-me", request.merchant.slug), request.merchant, claim)
    if was_proven:  # a slip in the new address must not wait for the counter
        keep_proof(response, request.merchant, claim)
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)  # the choice made here is the newer one
    return response


@member_view
@require_http_methods(["POST"])
def send_link(request: CardRequest) -> HttpResponse:
    """The letter that proves the address, once more."""
    try:
        if request.member.email:
            ask_link(member=request.member, asker=request.META["REMOTE_ADDR"], is_staff=False)
            messages.success(request, gettext("The e-mail is on its way. Open your card from it once."))
    except DomainError as refusal:
        messages.error(request, refusal.detail)
    return redirect("card-me", request.merchant.slug)


@merchant_view
@require_http_methods(["POST"])
def forget_device(request: MerchantRequest) -> HttpResponse:
    """This browser forgets the card."""
    messages.info(request, gettext("This device has forgotten the card. Your points are safe."))
    return sign_out(redirect("card-join", request.merchant.slug), request.merchant)


def _current(member: Member, answers: list[Consent]) -> dict[str, Any]:
    return {field: getattr(member, field) for field in FIELDS} | {row.purpose: row.given for row in answers}


def _change(request: CardRequest, form: ProfileForm) -> bool:
    said, old = form.cleaned_data, request.member.email if request.member.email_verified_at else ""
    try:
        change_profile(
            member=request.member,
            merchant=request.merchant,
            changes={field: said[field] for field in FIELDS},
            actor="member",
            is_proven=has_proof(request),
        )
    except AlreadyMember as refusal:
        # Not that somebody else has it: that would tell whose number belongs to a member.
        form.add_error(refusal.field, gettext("This cannot be used here. Ask at the counter."))
        return False
    except DomainError as refusal:
        show_at_field(form, refusal)
        return False
    if old and old != request.member.email:
        tell_old_address(request.member, old)
    for purpose in Consent.Purpose.values:
        set_consent(member=request.member, purpose=purpose, given=said[purpose], source="card")
    return True


def _page(request: CardRequest, form: ProfileForm | None, *, status: int = 200) -> HttpResponse:
    member, answers = request.member, consent_history(request.member)
    if form is not None:
        focus_first_error(form)
    context = {
        "merchant": request.merchant,
        "member": member,
        "form": form or ProfileForm(initial=_current(member, answers)),
        "is_own": is_own_phone(request),
        "nav_current": "me",
        "needs_proof": needs_proof(member) and not has_proof(request),
        "can_prove": can_prove(request),
        "may_prove": bool(member.email) and member.email_verified_at is None and can_send(),
        "places": places_of(request.merchant),
        "friend": friend_words(request),
        "has_pin": shows_pin(request),
        "answers": [_say_answer(request, row) for row in reversed(answers)],
    }
    return render(request, "card/me.html", context, status=status)


def _say_answer(request: CardRequest, row: Consent) -> dict[str, Any]:
    """One line of what was agreed to, on the day of the merchant's calendar."""
    day = local_day(row.recorded_at, request.merchant.time_zone)
    return {"what": Consent.Purpose(row.purpose).label, "given": row.given, "when": full_date(day)}

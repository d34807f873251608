"""Codes from packaging: a field for one, filled in where a QR led here. Only sending the form counts it, never a link alone.

Who has no card yet is taken to the door, and the code counts with the joining.
"""

from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from core.ids import key_within, new_id
from core.rate_limits import count_if_counting, refuse_if_counting
from loyalty.codes.texts import LONGEST_TYPED, bare
from loyalty.codes.using import CodeUnknown, enter_code
from members.cards import Scanned
from members.models import Member
from web.card.session import CardRequest, MerchantRequest, claim_of, member_view, merchant_view
from web.codes import say_code_given
from web.errors import focus_first_error, show_at_field

# A family around one table tries its packets; a script behind one address tries words.
MOST_WRONG, WRONG_SECONDS = 30, 3600


class CodeEntryForm(forms.Form):
    """A code as somebody reads it off a packet."""

    code = forms.CharField(
        label=_("Code"),
        max_length=LONGEST_TYPED,
        help_text=_("Capitals and hyphens do not matter."),
        widget=forms.TextInput(
            attrs={
                "autocapitalize": "characters",
                "autocomplete": "off",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


@merchant_view
def enter(request: MerchantRequest) -> HttpResponse:
    """The field; a good code leads to the card, which says what came."""
    slug, code = request.merchant.slug, request.GET.get("code", "")[:LONGEST_TYPED]
    if claim_of(request, request.merchant) is None:
        door = reverse("card-join", args=[slug])
        return redirect(f"{door}?{urlencode({'code': code})}" if code else door)
    response: HttpResponse = _enter(request, slug)
    return response


@member_view
@require_http_methods(["GET", "HEAD", "POST"])
def _enter(request: CardRequest) -> HttpResponse:
    if request.method != "POST":
        given = {"code": request.GET.get("code", "")[:LONGEST_TYPED], "key": new_id()}
        return _page(request, CodeEntryForm(initial=given))
    form = CodeEntryForm(request.POST)
    if form.is_valid():
        try:
            said = try_code(request, request.member, form.cleaned_data["code"], form.cleaned_data["key"])
            messages.success(request, said)
            return redirect("card", request.merchant.slug)
        except DomainError as refusal:
            show_at_field(form, refusal)
            form.data = {**dict(form.data.items()), "key": str(new_id())}  # the next try is another one
    return _page(request, form, status=422)


def try_code(request: MerchantRequest, member: Member, typed: str, key: UUID) -> str:
    """What it gave, in words. In the merchant's scope. Raises what `enter_code` raises, TooManyTries."""
    here = request.merchant.id, request.META["REMOTE_ADDR"]
    refuse_if_counting("codes-wrong", *here, most=MOST_WRONG)
    try:
        answered = enter_code(
            merchant=request.merchant,
            who=Scanned(member_id=member.id),
            typed=typed,
            key=key_within(member.id, str(key)),
            asked=[str(member.id), bare(typed)],
            channel="card",
        )
    except CodeUnknown:
        count_if_counting("codes-wrong", *here, most=MOST_WRONG, seconds=WRONG_SECONDS)
        raise
    return say_code_given(answered)


def _page(request: CardRequest, form: CodeEntryForm, *, status: int = 200) -> HttpResponse:
    if form.errors:
        focus_first_error(form)
    context = {"merchant": request.merchant, "member": request.member, "form": form, "nav_current": "card"}
    return render(request, "card/codes.html", context, status=status)

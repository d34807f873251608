"""The member's PIN: set, changed and forgotten on the card, by whoever has just shown to be the member.

A phone may lie on a table: so this asks for the e-mailed code first, as another number or address does. Who has no address
needs no PIN: the live card is on the phone, and it proves more.
"""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from core.rate_limits import count_try
from members.pins import DIGITS, forget_pin, has_pin, set_pin
from rewards.proof import forget_wrong
from web.card.proving import ProofForm, proof_context, take_proof
from web.card.session import CardRequest, has_proof, member_view
from web.errors import focus_first_error, show_at_field

MOST_CHANGES, CHANGES_SECONDS = 20, 3600


class PinForm(forms.Form):
    """What it may be is read by `members.pins`."""

    pin = forms.CharField(
        label=_("New PIN"),
        max_length=DIGITS,
        help_text=_("Four digits that nobody guesses: no birthday, no 1234."),
        widget=forms.PasswordInput(
            attrs={"inputmode": "numeric", "autocomplete": "new-password", "autofocus": True}
        ),
    )
    again = forms.CharField(
        label=_("Once more"),
        max_length=DIGITS,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "new-password"}),
    )

    def clean(self) -> None:
        """A slip that nobody sees would shut its member out."""
        said = super().clean() or {}
        if "pin" in said and "again" in said and said["pin"] != said["again"]:
            self.add_error("again", gettext("These two are not the same."))


@member_view
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: CardRequest) -> HttpResponse:
    """Set it, or forget it. 403 for a browser that has not proven itself lately; then nothing happened."""
    if request.method != "POST":
        return _page(request)
    if not has_proof(request):
        return _page(request, status=403)
    count_try("pin-changed", request.member.id, most=MOST_CHANGES, seconds=CHANGES_SECONDS)
    if "forget" in request.POST:
        forget_pin(member=request.member)
        messages.success(request, gettext("Your PIN is forgotten."))
        return redirect("card-me", request.merchant.slug)
    form = PinForm(request.POST)
    if form.is_valid() and _set(request, form):
        messages.success(request, gettext("Your PIN is set."))
        return redirect("card-me", request.merchant.slug)
    return _page(request, form, status=422)


@member_view
@require_http_methods(["POST"])
def prove(request: CardRequest) -> HttpResponse:
    """Send a code to the card's e-mail, or take it: then the PIN may be set for half an hour."""
    return take_proof(request, _proof_page, to="card-pin")


def shows_pin(request: CardRequest) -> bool:
    """Whether the member has one. No query for the member's own card."""
    is_own = request.card.member_id == request.member.id
    return bool(request.card.pin) if is_own else has_pin(request.member)


def _set(request: CardRequest, form: PinForm) -> bool:
    try:
        set_pin(member=request.member, pin=form.cleaned_data["pin"])
        forget_wrong(request.member)
    except DomainError as refusal:
        show_at_field(form, refusal, proof="pin")
        return False
    return True


def _proof_page(request: CardRequest, form: ProofForm | None, status: int = 200) -> HttpResponse:
    context = proof_context(request, form) | {"has_pin": shows_pin(request)}
    return render(request, "card/pin.html", context, status=status)


def _page(request: CardRequest, form: PinForm | None = None, status: int = 200) -> HttpResponse:
    if form is not None:
        focus_first_error(form)
    context = proof_context(request, None)
    context |= {"has_pin": shows_pin(request), "pin_form": form or PinForm()}
    return render(request, "card/pin.html", context, status=status)

"""A purchase taken back at the desk: refunded, whole or in part, or cancelled. Each page says first what follows from it."""

from typing import Any
from uuid import UUID

import orjson
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from core.ids import key_within, new_id
from core.money import read_amount
from loyalty import queries
from loyalty.cancelling import cancel_purchase, foresee_cancellation
from loyalty.models import Purchase
from loyalty.queries import MemberStanding, standing_of
from loyalty.refunding import LONGEST_REASON, foresee_refund, refund_purchase
from members.queries import member as member_of
from merchants.access import Permission
from merchants.models import Merchant
from web.access import StaffRequest, page_context, staff_view
from web.dashboard.consequences import follows_from
from web.dashboard.forms import MoneyField, currency_sign, typed_money
from web.errors import show_at_field
from web.parts import render_part
from web.templatetags.habitue import money

EDITABLE = ("GET", "HEAD", "POST")


class RefundForm(forms.Form):
    """How much goes back, and why. What may, the verb says."""

    def __init__(self, *args: Any, purchase: Purchase, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount_minor"] = MoneyField(label=_("Amount"), currency=purchase.currency)
        self.fields["amount_minor"].widget.attrs["autofocus"] = True
        self.fields["reason"] = forms.CharField(
            label=_("Why"),
            max_length=LONGEST_REASON,
            required=False,
            help_text=_("For you, and for the member to read on the card."),
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )
        self.fields["key"] = forms.UUIDField(widget=forms.HiddenInput)


@require_http_methods(EDITABLE)
@staff_view(Permission.CANCEL_PURCHASES)
def refund(request: StaffRequest, purchase_id: UUID) -> HttpResponse:
    """Ask how much, say what follows, and do it. With `amount_minor` in the address: what follows from that much."""
    purchase, standing = _left_of(purchase_id)
    form = RefundForm(request.POST or None, purchase=purchase, initial=_initial(request, purchase))
    if form.is_valid():
        try:
            answered = refund_purchase(
                merchant=request.merchant,
                purchase_id=purchase.id,
                actor_id=request.staff.id,
                **form.cleaned_data,
            )
            return _done(request, purchase, standing, orjson.loads(answered.body))
        except DomainError as refusal:
            show_at_field(form, refusal, amount="amount_minor")
    context = _page(request, purchase, standing) | {
        "form": form,
        "follows": _foreseen(form, purchase, standing, request.merchant),
        "sign": currency_sign(purchase.currency),
    }
    status = 422 if request.method == "POST" else 200
    return render_part(request, "dashboard/refund.html", "follows", context, status=status)


@require_http_methods(EDITABLE)
@staff_view(Permission.CANCEL_PURCHASES)
def void(request: StaffRequest, purchase_id: UUID) -> HttpResponse:
    """One question, and after it the purchase counts no more."""
    purchase, standing = _left_of(purchase_id)
    try:
        if request.method == "POST":
            answered = cancel_purchase(
                merchant=request.merchant,
                purchase_id=purchase.id,
                key=key_within(purchase.id, "void at the desk"),
                actor_id=request.staff.id,
            )
            return _done(request, purchase, standing, orjson.loads(answered.body))
        foreseen = foresee_cancellation(merchant=request.merchant, purchase_id=purchase.id)
    except DomainError as refusal:
        messages.error(request, refusal.detail)
        return redirect("dashboard-member", request.merchant.slug, _owner(purchase).id)
    context = _page(request, purchase, standing) | {"follows": _follows(foreseen, purchase, standing)}
    return render(request, "dashboard/void.html", context)


def _left_of(purchase_id: UUID) -> tuple[Purchase, MemberStanding]:
    """The purchase, and where the member stands for whom it counts. Nobody at all is a 404."""
    purchase = queries.purchase(purchase_id)
    if purchase is None or purchase.member.erased_at:
        raise Http404
    return purchase, standing_of(_owner(purchase).id)


def _owner(purchase: Purchase) -> Any:
    return member_of(purchase.member_id)


def _initial(request: StaffRequest, purchase: Purchase) -> dict[str, Any]:
    asked = request.GET.get("amount_minor", typed_money(purchase.left_minor, purchase.currency))
    return {"amount_minor": asked, "key": new_id()}


def _page(request: StaffRequest, purchase: Purchase, standing: MemberStanding) -> dict[str, Any]:
    return page_context(request, "members") | {
        "purchase": purchase,
        "member": _owner(purchase),
        "refunded": money(purchase.refunded_minor, purchase.currency) if purchase.refunded_minor else "",
    }


def _foreseen(
    form: RefundForm, purchase: Purchase, standing: MemberStanding, merchant: Merchant
) -> list[str]:
    """What follows from the amount in the form; nothing from what is no amount, or too much."""
    field = form.fields["amount_minor"]
    try:
        minor = field.clean(form["amount_minor"].value())
        foreseen = foresee_refund(merchant=merchant, purchase_id=purchase.id, amount_minor=minor)
    except forms.ValidationError as slip:
        return list(slip.messages)
    except DomainError as refusal:
        return [refusal.detail]
    return _follows(foreseen, purchase, standing)


def _follows(answer: dict[str, Any], purchase: Purchase, standing: MemberStanding) -> list[str]:
    return follows_from(
        answer, name=str(_owner(purchase)), held=standing.tier, debt=standing.debt, version=standing.version
    )


def _done(
    request: StaffRequest, purchase: Purchase, standing: MemberStanding, answer: dict[str, Any]
) -> HttpResponse:
    minor = money(purchase.amount_minor, purchase.currency)
    done = (
        gettext("The purchase of %(money)s is cancelled.") % {"money": minor}
        if "cancelled_at" in answer
        else gettext("%(money)s refunded.")
        % {"money": money(read_amount(answer["amount"], purchase.currency), purchase.currency)}
    )
    messages.success(request, " ".join([done, *_follows(answer, purchase, standing)]))
    return redirect("dashboard-member", request.merchant.slug, _owner(purchase).id)

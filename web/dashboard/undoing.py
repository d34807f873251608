"""A purchase taken back at the desk: refunded, whole or in part, or cancelled. Each page says first what follows from it."""

from collections import Counter
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
from loyalty.models import Purchase
from loyalty.purchases import queries
from loyalty.purchases.cancelling import cancel_purchase, refuse_ended
from loyalty.purchases.foreseeing import Consequence, UnitConsequence, foresee_undoing
from loyalty.purchases.refunding import LONGEST_REASON, in_money, part_to_refund, refund_purchase
from loyalty.queries import MemberStanding, standing_of
from merchants.access import Permission
from web.access import StaffRequest, page_context, staff_view
from web.dashboard.consequences import say_consequence
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
    purchase, standing = _found(purchase_id)
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
    context = _page(request, purchase) | {
        "form": form,
        "follows": _follows_from_typed(form, purchase, standing),
        "sign": currency_sign(purchase.currency),
    }
    status = 422 if request.method == "POST" else 200
    return render_part(request, "dashboard/refund.html", "follows", context, status=status)


@require_http_methods(EDITABLE)
@staff_view(Permission.CANCEL_PURCHASES)
def void(request: StaffRequest, purchase_id: UUID) -> HttpResponse:
    """One question, and after it the purchase counts no more. One that does not is told so at its member's."""
    purchase, standing = _found(purchase_id)
    try:
        if request.method == "POST":
            answered = cancel_purchase(
                merchant=request.merchant,
                purchase_id=purchase.id,
                key=key_within(purchase.id, "void at the desk"),
                actor_id=request.staff.id,
            )
            return _done(request, purchase, standing, orjson.loads(answered.body))
        refuse_ended(purchase)
    except DomainError as refusal:
        messages.error(request, refusal.detail)
        return redirect("dashboard-member", request.merchant.slug, purchase.member.survivor.id)
    context = _page(request, purchase) | {"follows": _follows(purchase, standing, purchase.left_minor)}
    return render(request, "dashboard/void.html", context)


def _found(purchase_id: UUID) -> tuple[Purchase, MemberStanding]:
    """The purchase, and where the member stands for whom it counts. Of who was erased it is a 404."""
    purchase = queries.purchase(purchase_id)
    if purchase is None or purchase.member.survivor.erased_at:
        raise Http404
    return purchase, standing_of(purchase.member.survivor.id)


def _initial(request: StaffRequest, purchase: Purchase) -> dict[str, Any]:
    asked = request.GET.get("amount_minor", typed_money(purchase.left_minor, purchase.currency))
    return {"amount_minor": asked, "key": new_id()}


def _page(request: StaffRequest, purchase: Purchase) -> dict[str, Any]:
    return page_context(request, "members") | {
        "purchase": purchase,
        "member": purchase.member.survivor,
        "refunded": money(purchase.refunded_minor, purchase.currency) if purchase.refunded_minor else "",
    }


def _follows_from_typed(form: RefundForm, purchase: Purchase, standing: MemberStanding) -> list[str]:
    """What follows from the amount in the form; what is wrong with it, where it is none or too much."""
    try:
        minor = form.fields["amount_minor"].clean(form["amount_minor"].value())
        return _follows(purchase, standing, part_to_refund(purchase, minor))
    except forms.ValidationError as slip:
        return list(slip.messages)
    except DomainError as refusal:
        return [refusal.detail]


def _follows(purchase: Purchase, standing: MemberStanding, by_minor: int) -> list[str]:
    follows = foresee_undoing(purchase=purchase, standing=standing, by_minor=by_minor)
    return _in_money(purchase, by_minor) + say_consequence(follows, str(purchase.member.survivor), standing)


def _in_money(purchase: Purchase, by_minor: int) -> list[str]:
    """How much to hand back, where units paid a part; else that is clear."""
    if not purchase.bill.get("paid_in_units_minor"):
        return []
    back = money(in_money(purchase, by_minor), purchase.currency)
    return [gettext("In money %(money)s go back; units paid the rest.") % {"money": back}]


def _done(
    request: StaffRequest, purchase: Purchase, before: MemberStanding, answer: dict[str, Any]
) -> HttpResponse:
    """To the member's page, with a toast that says what was done, by the answer that is kept."""
    member = purchase.member.survivor
    after = standing_of(member.id)
    taken, given = (
        Counter({part["unit"]: part["amount"] for part in answer[each]})
        for each in ("taken_back", "given_back")
    )
    units = (
        UnitConsequence(
            unit, taken[unit.code], given[unit.code], after.balances.get(unit.code, {}).get("debt", 0)
        )
        for unit in before.version.units
    )
    follows = Consequence(tuple(units), after.tier)
    if "cancelled_at" in answer:
        minor, amount = purchase.left_minor, {"money": money(purchase.amount_minor, purchase.currency)}
        done = gettext("The purchase of %(money)s is cancelled.") % amount
    else:
        minor = read_amount(answer["amount"], purchase.currency)
        done = gettext("%(money)s refunded.") % {"money": money(minor, purchase.currency)}
    said = _in_money(purchase, minor) + say_consequence(follows, str(member), before)
    messages.success(request, " ".join([done, *said]))
    return redirect("dashboard-member", request.merchant.slug, member.id)

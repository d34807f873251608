"""A balance corrected by hand at the desk: how many, and why. The toast takes it back."""

from typing import Any
from uuid import UUID

import orjson
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from core.ids import new_id, read_id
from core.languages import reader_language
from loyalty.purchases.refunding import LONGEST_REASON
from loyalty.queries import MemberStanding, standing_of
from loyalty.rules.types import Version
from loyalty.units.adjusting import MOST_UNITS, AdjustmentUnknown, adjust_units, undo_adjustment
from loyalty.wording import say_all, say_moved
from members.models import Member
from merchants.access import Permission
from web.access import StaffRequest, page_context, staff_view
from web.dashboard.sentences.fields import unit_words
from web.dashboard.whose import member_or_404
from web.errors import focus_first_error, show_at_field

WAYS = (("give", _("Give")), ("take", _("Take away")))


class AdjustmentForm(forms.Form):
    """How many units to give or to take, and why."""

    way = forms.ChoiceField(label=_("What to do"), choices=WAYS, widget=forms.RadioSelect, initial="give")
    amount = forms.IntegerField(
        label=_("How many"),
        min_value=1,
        max_value=MOST_UNITS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "autofocus": True}),
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=LONGEST_REASON,
        help_text=_("For you, and for the member to read on the card."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, version: Version, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(version.units) > 1:
            few = [(unit.code, unit_words(unit)) for unit in version.units]
            self.fields["unit"] = forms.ChoiceField(label=_("Of what"), choices=few)
            self.order_fields(["way", "amount", "unit", "reason"])


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.ADJUST_UNITS)
def adjustment(request: StaffRequest, member_id: UUID) -> HttpResponse:
    """Ask how many and why, and do it."""
    member = member_or_404(member_id)
    standing = standing_of(member.id)
    form = AdjustmentForm(request.POST or None, version=standing.version, initial={"key": new_id()})
    if form.is_valid():
        try:
            return _done(request, member, standing, form.cleaned_data)
        except DomainError as refusal:
            show_at_field(form, refusal)
    focus_first_error(form)
    version = standing.version
    context = page_context(request, "members") | {
        "form": form,
        "member": member,
        "balance": ", ".join(say_all(version, standing.balances, reader_language())),
    }
    return render(request, "dashboard/adjustment.html", context, status=422 if form.errors else 200)


@staff_view(Permission.ADJUST_UNITS)
def adjustment_undo(request: StaffRequest, member_id: UUID, entry_id: UUID) -> HttpResponse:
    """Take a correction back. Its address, opened by hand, is the member's page."""
    member = member_or_404(member_id)
    if request.method == "POST":
        try:
            undo_adjustment(entry_id=entry_id, actor_id=request.staff.id)
            messages.success(request, gettext("Taken back."))
        except AdjustmentUnknown:
            raise Http404 from None
        except DomainError as refusal:
            messages.error(request, refusal.detail)
    return redirect("dashboard-member", request.merchant.slug, member.id)


def _done(
    request: StaffRequest, member: Member, standing: MemberStanding, asked: dict[str, Any]
) -> HttpResponse:
    amount = asked["amount"] if asked["way"] == "give" else -asked["amount"]
    answered = adjust_units(
        member_id=member.id,
        unit=asked.get("unit", standing.version.units[0].code),
        amount=amount,
        reason=asked["reason"],
        key=asked["key"],
        actor_id=request.staff.id,
    )
    entry_id = read_id("ent", orjson.loads(answered.body)["id"])
    undo = reverse("dashboard-adjustment-undo", args=[request.merchant.slug, member.id, entry_id])
    version, code = standing.version, asked.get("unit", standing.version.units[0].code)
    said = say_moved(version, code, amount, reader_language())
    words = gettext("%(amount)s for %(name)s.") % {"amount": said, "name": member}
    messages.success(request, words, extra_tags=undo)
    return redirect("dashboard-member", request.merchant.slug, member.id)

"""A voucher given by hand to one member, for nothing. The toast takes it back, as long as it is not used."""

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
from core.ids import key_within, new_id, read_id
from core.languages import reader_language
from members.models import Member
from merchants.access import Permission
from rewards.catalogue import live_rewards
from rewards.models import Reward
from rewards.offers import say_in
from rewards.redemption import release_redemption
from rewards.saying import name_of
from rewards.vouchers import USUAL_DAYS, issue_voucher, vouchers_of, was_given
from web.access import StaffRequest, page_context, staff_view
from web.dashboard.forms import UnitsField
from web.dashboard.whose import member_or_404
from web.errors import focus_first_error, show_at_field


class VoucherForm(forms.Form):
    """Of which reward, and for how long. What may, `rewards.vouchers` says."""

    reward = forms.TypedChoiceField(label=_("Of which reward"), coerce=UUID, widget=forms.RadioSelect)
    days = UnitsField(label=_("Good for how many days"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, rewards: list[Reward], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = reader_language()
        self.fields["reward"].choices = [(str(one.id), say_in(one.names, language)) for one in rewards]  # type: ignore[attr-defined]
        self.fields["days"].help_text = gettext("Empty: as the reward says, or %(days)s.") % {
            "days": USUAL_DAYS
        }


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.ADJUST_UNITS)
def voucher(request: StaffRequest, member_id: UUID) -> HttpResponse:
    """Ask of what, and give it; beside it, those that can be used, to print."""
    member, rewards = member_or_404(member_id), list(live_rewards())
    first = str(rewards[0].id) if rewards else ""
    form = VoucherForm(rewards, request.POST or None, initial={"key": new_id(), "reward": first})
    if form.is_valid():
        try:
            return _given(request, member, form.cleaned_data)
        except DomainError as refusal:
            show_at_field(form, refusal)
    focus_first_error(form)
    context = page_context(request, "members") | {"form": form, "member": member, "rewards": rewards}
    context["vouchers"] = [
        {"id": one.redemption.id, "name": name_of(one.redemption), "last_on": one.last_on}
        for one in vouchers_of(member, request.merchant)
    ]
    return render(request, "dashboard/rewards/voucher.html", context, status=422 if form.errors else 200)


@staff_view(Permission.ADJUST_UNITS)
def voucher_undo(request: StaffRequest, member_id: UUID, redemption_id: UUID) -> HttpResponse:
    """Take it back: what was given to this member for nothing, and nothing else. Its address, opened by hand, is the
    member's page.
    """
    member = member_or_404(member_id)
    if request.method == "POST":
        if not was_given(redemption_id, member):
            raise Http404
        try:
            release_redemption(
                merchant=request.merchant,
                redemption_id=redemption_id,
                key=key_within(redemption_id, "undo"),
                actor_id=request.staff.id,
            )
            messages.success(request, gettext("Taken back."))
        except DomainError as refusal:
            messages.error(request, refusal.detail)
    return redirect("dashboard-member", request.merchant.slug, member.id)


def _given(request: StaffRequest, member: Member, said: dict[str, Any]) -> HttpResponse:
    answered = issue_voucher(
        merchant=request.merchant,
        reward_id=said["reward"],
        member_id=member.id,
        key=said["key"],
        actor_id=request.staff.id,
        days=said["days"],
    )
    answer = orjson.loads(answered.body)
    redemption_id = read_id("red", answer["id"])
    undo = reverse("dashboard-voucher-undo", args=[request.merchant.slug, member.id, redemption_id])
    words = gettext("%(member)s has a voucher: %(reward)s.") % {
        "member": str(member),
        "reward": answer["reward"]["name"],
    }
    messages.success(request, words, extra_tags=undo)
    return redirect("dashboard-voucher", request.merchant.slug, member.id)

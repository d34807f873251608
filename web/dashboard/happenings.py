"""What a member did but buy, told by hand at the desk: a gift, an event attended. The toast takes it back."""

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
from loyalty.happenings.by_hand import Act, act_of, acts_of
from loyalty.happenings.happening import record_happening
from loyalty.happenings.taking_back import HappeningUnknown, cancel_happening
from loyalty.programme.versions import version_in_force
from loyalty.rules.types import Version
from members.cards import Scanned
from members.models import Member
from merchants.access import Permission
from web.access import StaffRequest, page_context, staff_view
from web.acts import act_words, say_act_given
from web.dashboard.whose import member_or_404
from web.errors import focus_first_error, show_at_field
from web.places import names_by_id


class HappeningForm(forms.Form):
    """What it was. The acts are those that rules in force ask for."""

    act = forms.ChoiceField(label=_("What was it?"), widget=forms.RadioSelect)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, acts: list[dict[str, Any]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = [(act["code"], f"{act['label']} · {' · '.join(act['gives'])}") for act in acts]
        self.fields["act"].choices = said  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.ADJUST_UNITS)
def happening(request: StaffRequest, member_id: UUID) -> HttpResponse:
    """Ask what it was, and record it."""
    member, version, language = member_or_404(member_id), version_in_force(), reader_language()
    places = names_by_id()
    acts = [act_words(act, version, language, places) for act in acts_of(version)]
    first = acts[0]["code"] if acts else ""
    form = HappeningForm(acts, request.POST or None, initial={"key": new_id(), "act": first})
    if form.is_valid():
        try:
            act = act_of(version, form.cleaned_data["act"])
            assert act is not None  # it is one of the choices
            return _done(request, member, version, act, form.cleaned_data["key"])
        except DomainError as refusal:
            show_at_field(form, refusal)
    focus_first_error(form)
    context = page_context(request, "members") | {"form": form, "member": member, "acts": acts}
    return render(request, "dashboard/happening.html", context, status=422 if form.errors else 200)


@staff_view(Permission.ADJUST_UNITS)
def happening_undo(request: StaffRequest, member_id: UUID, happening_id: UUID) -> HttpResponse:
    """Take it back. Its address, opened by hand, is the member's page."""
    member = member_or_404(member_id)
    if request.method == "POST":
        try:
            cancel_happening(
                merchant=request.merchant,
                happening_id=happening_id,
                key=key_within(happening_id, "undo"),
                actor_id=request.staff.id,
            )
            messages.success(request, gettext("Taken back."))
        except HappeningUnknown:
            raise Http404 from None
        except DomainError as refusal:
            messages.error(request, refusal.detail)
    return redirect("dashboard-member", request.merchant.slug, member.id)


def _done(request: StaffRequest, member: Member, version: Version, act: Act, key: UUID) -> HttpResponse:
    answered = record_happening(
        merchant=request.merchant,
        who=Scanned(member_id=member.id),
        trigger=act.trigger,
        name=act.name,
        key=key,
        asked=["desk", str(member.id), act.code],
        actor_id=request.staff.id,
        channel="desk",
    )
    answer = orjson.loads(answered.body)
    undo = reverse(
        "dashboard-happening-undo", args=[request.merchant.slug, member.id, read_id("evt", answer["id"])]
    )
    messages.success(request, say_act_given(answer, version, reader_language()), extra_tags=undo)
    return redirect("dashboard-member", request.merchant.slug, member.id)

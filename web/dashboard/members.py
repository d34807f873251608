"""One member: the whole story, what is known, and the card."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import DomainError
from integrations.notifications.one_time_codes import ask_link
from loyalty import queries as loyalty_queries
from loyalty.happenings.by_hand import acts_of
from loyalty.membership.merging import merges_into
from members import profiles
from members import queries as member_queries
from members.cards import MemberUnknown
from members.cards_replacing import replace_card
from merchants.access import Permission
from studio.counting import came_by
from web.access import StaffRequest, page_context, staff_view
from web.birthdays import BirthdayField
from web.dashboard.merging_words import merges_said
from web.dashboard.person import facts_of, progress_of, reached_of, units_of, who_is
from web.dashboard.story import page_of
from web.dashboard.whose import member_or_404
from web.errors import show_at_field

VISITS = 400  # the newest: more than anybody comes in a year


class ProfileForm(forms.Form):
    """What is known of a member. How it must look, the verb says."""

    name = forms.CharField(label=_("Name"), max_length=80, required=False)
    phone = forms.CharField(
        label=_("Phone"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = forms.CharField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "email"}),
    )
    locale = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    birthday = BirthdayField(label=_("Birthday"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"  # it is the member's, not that of who types


@require_GET
@staff_view(Permission.SEE_MEMBERS)
def story(request: StaffRequest, member_id: UUID) -> HttpResponse:
    """One member: standing, every point with its reason and the balance after it, and the card."""
    try:
        card, member, consents, merged_ids, told = member_queries.card_member_and_consents(
            member_id, came_by=came_by()
        )
    except MemberUnknown:
        return _elsewhere(request, member_id)
    merges = merges_into(member.id) if merged_ids else []
    standing, visits = loyalty_queries.standing_and_visits(member.id, also=merged_ids, limit=VISITS)
    context = page_context(request, "members") | who_is(member) | {
        **units_of(member, standing),
        "progress": progress_of(standing),
        **reached_of(standing),
        "facts": facts_of(card, consents, standing, visits, told["came_by"], now=timezone.now()),
        "acts": acts_of(standing.version),
        "merges": merges_said(merges, member, timezone.now()),
    }  # fmt: skip
    context |= page_of(request.GET, member, standing, merges)
    return render(request, "dashboard/member.html", context)


def _elsewhere(request: StaffRequest, member_id: UUID) -> HttpResponse:
    """To the page of the one into whom this member was merged. Nobody at all is a 404."""
    stays_id = member_queries.survivor_id(member_id)
    if stays_id == member_id:
        raise Http404
    return redirect("dashboard-member", request.merchant.slug, stays_id)


@require_http_methods(["GET", "POST"])
@staff_view(Permission.EDIT_MEMBERS)
def profile(request: StaffRequest, member_id: UUID) -> HttpResponse:
    """Correct a name, a number, an address, a language or a birthday."""
    try:
        member = member_queries.member_to_change(member_id)
    except MemberUnknown:
        raise Http404 from None
    who = str(member)
    data = request.POST if request.method == "POST" else None
    form = ProfileForm(data, initial={field: getattr(member, field) for field in profiles.FIELDS})
    if form.is_valid():
        try:
            profiles.change_profile(
                member=member,
                merchant=request.merchant,
                changes=form.cleaned_data,
                actor=str(request.staff.id),
            )
            messages.success(request, gettext("Saved."))
            return redirect("dashboard-member", request.merchant.slug, member.id)
        except DomainError as refusal:
            show_at_field(form, refusal)
    context = page_context(request, "members") | {"form": form, "member": member, "who": who}
    return render(request, "dashboard/profile.html", context, status=422 if form.errors else 200)


@staff_view(Permission.EDIT_MEMBERS)
def letter(request: StaffRequest, member_id: UUID) -> HttpResponse:
    """Send the member a letter that opens the card. Its address, opened by hand, is the member's page."""
    member = member_or_404(member_id)
    if request.method == "POST" and member.email:
        try:
            ask_link(member=member, asker=str(request.staff.id), is_staff=True)
            messages.success(request, gettext("The link is on its way to %(name)s.") % {"name": member})
        except DomainError as refusal:
            messages.error(request, refusal.detail)
    return redirect("dashboard-member", request.merchant.slug, member.id)


@staff_view(Permission.EDIT_MEMBERS)
def replacement(request: StaffRequest, member_id: UUID) -> HttpResponse:
    """Replace the card. The page has asked; its address, opened by hand, is the member's page."""
    member = member_or_404(member_id)
    if request.method == "POST":
        replace_card(member=member, actor=str(request.staff.id))
        messages.success(request, gettext("The card is replaced. The old one opens nothing any more."))
    return redirect("dashboard-member", request.merchant.slug, member.id)

"""Members: the list with its search, one member's whole story, and what is known of a member."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from core import qr
from core.errors import DomainError
from integrations.notifications.one_time_codes import ask_link
from loyalty import queries as loyalty_queries
from loyalty.programme import version_in_force
from members import cards, profiles
from members import queries as member_queries
from members.cards import MemberUnknown
from members.cards_replacing import replace_card
from merchants.access import Permission
from web.access import StaffRequest, page_context, staff_view
from web.dashboard.story import facts_of, member_line, progress_of, story_groups, who_is
from web.errors import show_at_field
from web.parts import render_part
from web.templatetags.habitue import number

ON_A_PAGE = 25
STORY_LINES = 30


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
    birthday = forms.DateField(
        label=_("Birthday"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"  # it is the member's, not that of who types


@require_GET
@staff_view(Permission.SEE_MEMBERS)
def listing(request: StaffRequest) -> HttpResponse:
    """Members, newest first, searched by name, phone or e-mail."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    page = Paginator(member_queries.search(text), ON_A_PAGE).get_page(request.GET.get("page"))
    rows = loyalty_queries.member_rows(list(page.object_list))
    tiers = version_in_force().tiers if rows else ()
    context = page_context(request, "members") | {
        "query": text,
        "rows": [member_line(row, tiers) for row in rows],
        "pager": _pager(request, page, text),
        "count": page.paginator.count,
        "member_count": None if text else number(page.paginator.count),
    }
    return render_part(request, "dashboard/members.html", "found", context)


def _pager(request: StaffRequest, page: Page, text: str) -> dict[str, str]:
    """Where one is, and the addresses before and after."""

    def address(place: int) -> str:
        asked = {"q": text} if text else {}
        return f"{request.path}?{urlencode(asked | {'page': place})}"

    shown = {"first": page.start_index(), "last": page.end_index(), "all": page.paginator.count}
    return {
        "summary": gettext("%(first)s–%(last)s of %(all)s")
        % {name: number(value) for name, value in shown.items()},
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
    }


@require_GET
@staff_view(Permission.SEE_MEMBERS)
def story(request: StaffRequest, member_id: UUID) -> HttpResponse:
    """One member: standing, every point with its reason and the balance after it, and the card."""
    try:
        card, member = member_queries.card_and_member(member_id)
    except MemberUnknown:
        raise Http404 from None
    standing = loyalty_queries.standing_of(member.id)
    before = _seq(request.GET.get("before", ""))
    lines = loyalty_queries.story_of(member.id, limit=STORY_LINES + 1, before=before, standing=standing)
    context = page_context(request, "members") | who_is(member) | {
        "points": number(standing.points),
        "progress": progress_of(standing),
        "groups": story_groups(lines[:STORY_LINES], request.merchant.currency),
        "older": f"?before={lines[STORY_LINES - 1].seq}" if len(lines) > STORY_LINES else "",
        "is_newest": before is None,
        "facts": facts_of(member, standing),
        "spoken": f"{card.spoken_code[:3]} {card.spoken_code[3:]}",
        "card_svg": mark_safe(qr.svg(cards.static_code(card, request.merchant))),  # noqa: S308  drawn by us
    }  # fmt: skip
    return render(request, "dashboard/member.html", context)


def _seq(text: str) -> int | None:
    """Where a page of the story begins; None, the newest, for what is no such place."""
    return int(text) if text.isdecimal() and len(text) < 19 else None


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
    try:
        member = member_queries.member(member_id)
    except MemberUnknown:
        raise Http404 from None
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
    try:
        member = member_queries.member(member_id)
    except MemberUnknown:
        raise Http404 from None
    if request.method == "POST":
        replace_card(member=member, actor=str(request.staff.id))
        messages.success(request, gettext("The card is replaced. The old one opens nothing any more."))
    return redirect("dashboard-member", request.merchant.slug, member.id)

"""Two members who are one: finding the other, seeing both side by side, merging them; and parting them again."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import DomainError
from core.ids import new_id
from loyalty.membership.merge_preview import foresee_merge, foresee_parting
from loyalty.membership.merging import merge_members, merge_of, part_members
from loyalty.models import Merge
from loyalty.programme.versions import version_in_force
from loyalty.queries import member_rows
from members import queries
from members.cards import MemberUnknown
from members.duplicates import Likeness, likely_duplicates
from members.models import Member
from merchants.access import Permission
from rewards.queries import waiting_of
from web.access import StaffRequest, page_context, staff_view
from web.dashboard.merging_words import called, follows_from_merge, follows_from_parting, rows_of
from web.dashboard.person import member_line
from web.parts import render_part
from web.templatetags.habitue import full_date

FOUND = 10  # more is a name to be typed further
ASKS = ("GET", "HEAD", "POST")


@require_GET
@staff_view(Permission.MERGE_MEMBERS)
def search(request: StaffRequest, member_id: UUID) -> HttpResponse:
    """Who is this member's other card? Those who look alike first, then whoever is searched for."""
    member = _member(member_id)
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    alike = {} if text else dict(likely_duplicates(member))
    found = list(queries.search(text).exclude(id=member.id)[:FOUND]) if text else list(alike)
    version = version_in_force()
    lines = [
        member_line(row, version)
        | {"why": _say_likeness(alike.get(row.member)), "since": full_date(row.member.joined_at)}
        for row in member_rows(found, version)
    ]
    context = page_context(request, "members") | {
        "member": member,
        "name": member,
        "query": text,
        "lines": lines,
    }
    return render_part(request, "dashboard/merge_search.html", "found", context)


@require_http_methods(ASKS)
@staff_view(Permission.MERGE_MEMBERS)
def merge(request: StaffRequest, member_id: UUID, other_id: UUID) -> HttpResponse:
    """Both side by side and what will be; after one yes they are one. `member_id` stays, `other_id` goes."""
    stays, goes = _member(member_id, follow=False), _member(other_id, follow=False)
    if request.method == "POST":
        return _merged(request, stays, goes)
    foreseen = foresee_merge(stays=stays, goes=goes, now=timezone.now())
    context = page_context(request, "members") | {
        "member": stays,
        "other": goes,
        "stays": called(stays, goes),
        "goes": called(goes, stays),
        "rows": rows_of(foreseen, stays, goes),
        "follows": follows_from_merge(foreseen, stays, goes, list(waiting_of([goes.id]))),
        "refusal": foreseen.refusal,
        "key": new_id(),
    }
    return render(request, "dashboard/merge.html", context, status=409 if foreseen.refusal else 200)


@require_http_methods(ASKS)
@staff_view(Permission.MERGE_MEMBERS)
def parting(request: StaffRequest, member_id: UUID, merge_id: UUID) -> HttpResponse:
    """What would go back, and after one yes they are two again. The toast after a merge posts here at once."""
    done = merge_of(merge_id)
    if done is None or done.into_id != member_id or done.into.erased_at:
        raise Http404
    names = {"goes": called(done.merged, done.into), "stays": called(done.into, done.merged)}
    if request.method == "POST":
        return _parted(request, done, names)
    foreseen = foresee_parting(merge=done, now=timezone.now())
    context = page_context(request, "members") | names | {
        "member": done.into,
        "follows": follows_from_parting(foreseen, done, list(waiting_of([done.merged_id]))),
        "refusal": foreseen.refusal,
    }  # fmt: skip
    return render(request, "dashboard/parting.html", context, status=409 if foreseen.refusal else 200)


def _merged(request: StaffRequest, stays: Member, goes: Member) -> HttpResponse:
    words = _("%(goes)s was merged into %(stays)s.") % {
        "goes": called(goes, stays),
        "stays": called(stays, goes),
    }
    try:
        done = merge_members(
            stays_id=stays.id,
            goes_id=goes.id,
            key=_read_key(request.POST.get("key", "")),
            actor_id=request.staff.id,
        )
    except DomainError as refusal:
        messages.error(request, refusal.detail)
        return redirect("dashboard-merge", request.merchant.slug, stays.id, goes.id)
    undo = reverse("dashboard-parting", args=[request.merchant.slug, stays.id, done.id])
    messages.success(request, words, extra_tags=undo)
    return redirect("dashboard-member", request.merchant.slug, stays.id)


def _parted(request: StaffRequest, done: Merge, names: dict[str, str]) -> HttpResponse:
    try:
        part_members(merge_id=done.id, actor_id=request.staff.id)
        messages.success(request, _("%(goes)s and %(stays)s are two members again.") % names)
    except DomainError as refusal:
        messages.error(request, refusal.detail)
    return redirect("dashboard-member", request.merchant.slug, done.into_id)


def _member(member_id: UUID, *, follow: bool = True) -> Member:
    """Nobody at all is a 404. Without `follow` a member that was merged is itself: the page says where it went."""
    try:
        found = queries.member(member_id)
    except MemberUnknown:
        raise Http404 from None
    return found if follow or found.id == member_id else queries.merged_member(member_id)


def _read_key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def _say_likeness(likeness: Likeness | None) -> str:
    words: dict[Any, str] = {
        Likeness.PHONE: _("A similar number"),
        Likeness.EMAIL: _("A similar e-mail"),
        Likeness.NAME: _("The same name"),
    }
    return words.get(likeness, "")

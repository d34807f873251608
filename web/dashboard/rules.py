"""Rules changed on the page: a blank filled in, a sentence added, switched off, said with more or with less, taken out."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.ids import new_id
from loyalty.gallery.sentences import borrowed, ready_sentence
from loyalty.programme.drafting import PartGone, change_draft
from loyalty.programme.publishing import Change
from loyalty.rules.editing import changed_rule, with_rule, with_stacking, without_rule
from loyalty.rules.types import Rule, Stacking, Version
from merchants.access import Permission
from web.access import StaffRequest, staff_view
from web.dashboard.edited import edited_programme
from web.dashboard.programme import PAGE, change, changed, show_programme
from web.dashboard.rule_rows import Opened, Places, offered, opened_blank, row_of
from web.dashboard.sentences import (
    Extra,
    blank_form,
    extras_of,
    new_rule,
    offers,
    sentence_of,
    with_extra,
    without_extra,
)
from web.parts import form_of, wants_part
from web.places import names_by_id

STACKINGS: dict[str, Stacking] = {"best": "best", "sum": "sum"}


@require_http_methods(("GET", "HEAD", "POST"))
@staff_view(Permission.EDIT_PROGRAMME)
def blank(request: StaffRequest, rule_id: UUID, field: str) -> HttpResponse:
    """Open a blank in its place, or fill it in."""
    edited, known = edited_programme(), names_by_id()
    opened = opened_blank(edited.version, known, str(rule_id), field)
    rule = edited.version.rule(str(rule_id))
    if opened is None or rule is None:
        raise Http404
    if request.method != "POST":
        if not wants_part(request):
            return redirect(at_blank(request, rule.id, field))
        context = {"merchant": request.merchant, "row": row_of(rule, edited, known, opened)}
        return render(request, "dashboard/_sentence.html", context)
    form = blank_form(field, rule, edited.version, known, request.POST)
    if not form.is_valid():
        return show_programme(request, opened=Opened(rule.id, field, form))
    _put(request, form.rule, edited.revision)
    return changed(request)


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def add(request: StaffRequest) -> HttpResponse:
    """Add a sentence; its first blank is open then."""
    trigger, _colon, gives = request.POST.get("what", "").partition(":")
    if (trigger, gives) not in {
        tuple(value.split(":")) for _label, few in offered() for value, _words in few
    }:
        return redirect(PAGE, request.merchant.slug)
    edited = edited_programme()
    rule = new_rule(trigger, gives, edited.version, str(new_id()), request.POST.get("unit", ""))
    change(request, lambda version: with_rule(version, rule))
    parts = sentence_of(rule, edited.version, names_by_id())
    return redirect(at_blank(request, rule.id, next((part.field for part in parts if part.field), "")))


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def borrow(request: StaffRequest) -> HttpResponse:
    """Put a ready sentence of the gallery into the draft."""
    ready = ready_sentence(request.POST.get("ready", ""))
    if ready is None:
        return redirect(PAGE, request.merchant.slug)
    change(request, borrowed(ready, lambda: str(new_id())))
    messages.success(
        request,
        _("Borrowed. Make it yours, blank by blank."),
        extra_tags=reverse("dashboard-draft-undo", args=[request.merchant.slug]),
    )
    return changed(request)


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def switch(request: StaffRequest, rule_id: UUID) -> HttpResponse:
    """Ask a rule, or let it rest."""
    return _changed(
        request, lambda version: changed_rule(version, str(rule_id), active="active" in request.POST)
    )


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def removal(request: StaffRequest, rule_id: UUID) -> HttpResponse:
    """Take a sentence out."""
    return _changed(
        request,
        lambda version: without_rule(version, str(rule_id)),
        _("The sentence is taken out of the draft."),
    )


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def extra(request: StaffRequest, rule_id: UUID, extra: str) -> HttpResponse:
    """Let a sentence say one thing more, whose blank is open then; or, with `out`, one thing less."""
    edited, known = edited_programme(), names_by_id()
    rule = edited.version.rule(str(rule_id))
    takes_out = "out" in request.POST
    if rule is None or extra not in {
        one.extra for one in _extras(rule, edited.version, known, takes_out=takes_out)
    }:
        raise Http404
    after = without_extra(rule, extra) if takes_out else with_extra(rule, extra, edited.version, known)
    _put(request, after, edited.revision)
    before = {part.field for part in sentence_of(rule, edited.version, known)}
    new = [part.field for part in sentence_of(after, edited.version, known) if part.field not in before]
    return redirect(at_blank(request, rule.id, new[0] if new else ""))


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def stacking(request: StaffRequest) -> HttpResponse:
    """Which of several multipliers counts."""
    chosen = STACKINGS.get(request.POST.get("stacking", ""), "best")
    return _changed(request, lambda version: with_stacking(version, chosen))


def _extras(rule: Rule, version: Version, known: Places, *, takes_out: bool) -> list[Extra]:
    return list(extras_of(rule) if takes_out else offers(rule, version, known))


def _put(request: StaffRequest, rule: Rule, revision: int) -> None:
    """Keep it, unless somebody changed the draft since it was read."""
    change_draft(
        merchant=request.merchant,
        change=lambda version: with_rule(version, rule),
        actor=request.staff,
        revision=revision,
    )


def _changed(request: StaffRequest, making: Change, words: str = "") -> HttpResponse:
    try:
        change(request, making)
    except PartGone:
        raise Http404 from None
    return changed(request, words)


def at_blank(request: StaffRequest, rule_id: str, field: str) -> str:
    """The page with this blank open."""
    query = urlencode({"rule": rule_id, "blank": field}) if field else ""
    return f"{reverse(PAGE, args=[request.merchant.slug])}?{query}#rule-{rule_id}"

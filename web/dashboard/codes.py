"""Codes for packaging and partners: made, looked at, taken away as a file, stopped. What they give is the programme's matter."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import DomainError
from core.ids import new_id
from loyalty.codes import batches, queries
from loyalty.models import CodeBatch
from loyalty.programme.drafting import draft_of, edited_version
from loyalty.programme.versions import version_in_force
from loyalty.rules.editing import with_rule
from loyalty.rules.shapes import LONGEST_NAME
from loyalty.rules.types import Condition
from merchants.access import Permission
from studio.labels.making import PART, parts_of
from web.access import StaffRequest, page_context, staff_view
from web.dashboard import code_figures as figures
from web.dashboard import printed
from web.dashboard.forms import MOST_DIGITS, read_number
from web.dashboard.programme import change
from web.dashboard.rules import at_blank
from web.dashboard.sentences import new_rule
from web.dashboard.spreadsheet import csv_file
from web.errors import focus_first_error, show_at_field
from web.parts import form_of
from web.templatetags.habitue import number

PAGE, ONE = "dashboard-codes", "dashboard-code-batch"
A_PAGE, LAST_USES = 25, 8


class CodesForm(forms.Form):
    """Codes to be made. What is allowed, `loyalty.codes.batches` says."""

    name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_NAME,
        help_text=_("What they are on, and when: “Oat milk, spring”. It stays, for rules ask for it."),
    )
    source = forms.CharField(
        label=_("Partner"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=_("Who carries them. What came of each partner is added up."),
    )
    size = forms.IntegerField(
        label=_("How many"),
        initial=500,
        help_text=_("Each counts once. Up to 10,000; of a word, how often it counts."),
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": MOST_DIGITS}
        ),
    )
    word = forms.CharField(
        label=_("One word for everybody"),
        max_length=batches.LONGEST_WORD * 2,
        required=False,
        help_text=_("Such as SUMMER26, for a leaflet or a post. Empty: a code of its own for each."),
        widget=forms.TextInput(
            attrs={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    per_member = forms.IntegerField(
        label=_("At most for one member"),
        required=False,
        help_text=_("Empty: as many as they find; of a word, once."),
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": MOST_DIGITS}
        ),
    )
    first_on = forms.DateField(
        label=_("First day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    last_on = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


@require_GET
@staff_view(Permission.EDIT_PROGRAMME)
def listing(request: StaffRequest) -> HttpResponse:
    """All batches, newest first, and what came of each partner."""
    last = read_number(request.GET.get("before", ""))
    found = list(queries.batches(last)[: A_PAGE + 1])
    version = version_in_force()
    context = page_context(request, "programme") | {
        "name": version.name,
        "batches": [figures.row_of(batch, version) for batch in found[:A_PAGE]],
        "sources": figures.sources_of(queries.sources()) if last is None else None,
        "older": found[A_PAGE - 1].number if len(found) > A_PAGE else None,
        "is_first": last is None,
    }
    return render(request, "dashboard/codes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.EDIT_PROGRAMME)
def new(request: StaffRequest) -> HttpResponse:
    """Make a batch; the same form sent twice makes one."""
    form = CodesForm(request.POST or None, initial={"key": new_id()}, auto_id="codes_%s")
    if request.method == "POST" and form.is_valid():
        try:
            batch = _made(request, form)
            return redirect(ONE, request.merchant.slug, batch.id)
        except DomainError as refusal:
            show_at_field(form, refusal)
    if form.errors:
        focus_first_error(form)
    context = page_context(request, "programme") | {"form": form}
    return render(request, "dashboard/codes_new.html", context, status=422 if form.errors else 200)


@require_GET
@staff_view(Permission.EDIT_PROGRAMME)
def batch(request: StaffRequest, batch_id: UUID) -> HttpResponse:
    """One batch: what it is, what it gives, what came of it."""
    found, draft = found_batch(batch_id), draft_of()
    days = queries.used_by_day(found, request.merchant.time_zone)
    context = page_context(request, "programme") | {
        "batch": found,
        "state": figures.state_of(found),
        "stats": figures.stats_of(found, queries.members_of(found)),
        "bars": figures.bars_of(days),
        "facts": figures.facts_of(found),
        "gives": figures.gives_of(found, version_in_force()),
        "is_drafted": draft is not None and bool(queries.rules_for(found, draft.version)),
        "uses": figures.uses_of(queries.newest_uses(found, LAST_USES)),
        "link": queries.code_link(request.merchant, found.word) if found.word else "",
    }
    if found.word:
        context["drawing"] = printed.on_page(request.merchant, context["link"])
    return render(request, "dashboard/code_batch.html", context)


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def export(request: StaffRequest, batch_id: UUID) -> HttpResponseBase:
    """The codes with their links as CSV, or a part of them; of a word, its QR. Who took codes away is kept for the audit."""
    found, part = found_batch(batch_id), read_number(request.POST.get("part", ""))
    if part is not None and not 1 <= part <= parts_of(found):
        raise Http404
    batches.note_download(found, request.staff.id)
    name = "-".join(str(word) for word in (request.merchant.slug, "codes", found.number, part) if word)
    if found.word:
        return printed.as_svg(request, queries.code_link(request.merchant, found.word), name)
    after, limit = ((part - 1) * PART, PART) if part else (0, None)
    codes = queries.codes_of(found, request.merchant, after=after, limit=limit)
    lines = [(code.text, code.link, code.used_on.isoformat() if code.used_on else "") for code in codes]
    return csv_file(f"{name}.csv", ("code", "link", "used_on"), [lines])


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def stop(request: StaffRequest, batch_id: UUID) -> HttpResponse:
    """From now on none of them counts. The page has asked."""
    found = found_batch(batch_id)
    batches.stop_batch(batch_id=found.id, actor_id=request.staff.id)
    messages.success(request, gettext("“%(name)s” is stopped.") % {"name": found.name})
    return redirect(ONE, request.merchant.slug, found.id)


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def sentence(request: StaffRequest, batch_id: UUID) -> HttpResponse:
    """Put a sentence for these codes into the draft, its amount open to be filled in."""
    found = found_batch(batch_id)
    plain = new_rule("code", "flat", edited_version(), str(new_id()))
    rule = replace(plain, conditions=(Condition("batch", {"any": [found.name]}),))
    change(request, lambda version: with_rule(version, rule))
    return redirect(at_blank(request, rule.id, "amount"))


def _made(request: StaffRequest, form: CodesForm) -> CodeBatch:
    said: dict[str, Any] = dict(form.cleaned_data)
    key = said.pop("key")
    made = batches.make_batch(asked=batches.NewBatch(**said), actor_id=request.staff.id, batch_id=key)
    if made.word:
        words = gettext("The word %(word)s counts now.") % {"word": made.word}
    else:
        words = ngettext("%(many)s code is made.", "%(many)s codes are made.", made.size) % {
            "many": number(made.size)
        }
    messages.success(request, words)
    return made


def found_batch(batch_id: UUID) -> CodeBatch:
    """One of the shop's. Raises Http404."""
    try:
        return queries.find_batch(batch_id)
    except batches.BatchUnknown:
        raise Http404 from None

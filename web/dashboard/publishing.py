"""How a draft ends: a change undone, all of it discarded, or published, at once or on a day. And a planned version taken back."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from loyalty.models import ProgrammeVersion
from loyalty.programme import changelog, drafting
from merchants.access import Permission
from rewards.planning import publish_programme
from web.access import StaffRequest, page_context, staff_view
from web.dashboard.edited import Edited, edited_programme
from web.dashboard.forms import UnitsField, read_number
from web.dashboard.programme import PAGE, changed
from web.dashboard.saying import changes_of
from web.dashboard.tabs import page_asked
from web.dashboard.typed import consequences_of
from web.errors import show_at_field
from web.parts import form_of
from web.templatetags.habitue import full_date, number


class PublishForm(forms.Form):
    """From when, and what members read about it. `revision` and `over` are what the page had read."""

    at = forms.DateField(
        label=_("From"), required=False, help_text=_("Leave it empty to begin at once."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )  # fmt: skip
    note = forms.CharField(
        label=_("What members read about it"), required=False, max_length=drafting.LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    revision = UnitsField(required=False)
    over = UnitsField(required=False)

    def values(self) -> dict[str, Any]:
        """As the verb takes them."""
        data = self.cleaned_data
        return {name: data[name] for name in ("at", "note", "over")} | {"revision": data["revision"] or 0}


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def undo(request: StaffRequest) -> HttpResponse:
    """Take back the last change of the draft."""
    return _ended(request, drafting.undo_draft, gettext("The last change is undone."))


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def discard(request: StaffRequest) -> HttpResponse:
    """Throw the draft away."""
    return _ended(
        request, drafting.discard_draft, gettext("The draft is discarded. Nothing changed for members.")
    )


@require_http_methods(("GET", "HEAD", "POST"))
@staff_view(Permission.EDIT_PROGRAMME)
def publish(request: StaffRequest) -> HttpResponse:
    """Ask once: what changes, from when, and what members read about it."""
    form = PublishForm(request.POST or None, auto_id="publish_%s")
    if form.is_valid():
        try:
            published = publish_programme(merchant=request.merchant, actor=request.staff, **form.values())
            return changed(request, _said(published))
        except DomainError as refusal:
            show_at_field(form, refusal)
    edited = edited_programme()
    if edited.draft is None:
        return redirect(PAGE, request.merchant.slug)
    return _asked(request, form, edited)


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def withdrawal(request: StaffRequest) -> HttpResponse:
    """Take back the version to come; it becomes the draft again."""
    asked = request.POST.get("number", "")
    try:
        drafting.withdraw_version(
            merchant=request.merchant,
            number=read_number(asked) or 0,
            actor=request.staff,
        )
    except DomainError as refusal:
        messages.error(request, refusal.detail)
        return redirect(PAGE, request.merchant.slug)
    return changed(request, gettext("It is taken back, and is a draft again."))


def _ended(request: StaffRequest, verb: Callable[..., object], words: str) -> HttpResponse:
    """Undone or discarded, unless somebody changed the draft since this page was read."""
    asked = request.POST.get("revision", "")
    try:
        verb(revision=read_number(asked))
    except DomainError as refusal:
        messages.error(request, refusal.detail)
        return redirect(page_asked(request), request.merchant.slug)
    return changed(request, words, page_asked(request))


def _said(published: ProgrammeVersion) -> str:
    known = {"number": number(published.number), "day": full_date(published.effective_at)}
    if published.effective_at > published.published_at:
        return gettext("Version %(number)s comes into force on %(day)s.") % known
    return gettext("Version %(number)s is in force.") % known


def _asked(request: StaffRequest, form: PublishForm, edited: Edited) -> HttpResponse:
    context = page_context(request, "programme") | {
        "form": form,
        "edited": edited,
        "changes": changes_of(edited),
        "consequences": consequences_of(edited.version, edited.in_force),
        "next_number": changelog.numbers(limit=1)[0] + 1,  # one that was withdrawn keeps its number
    }
    return render(request, "dashboard/publish.html", context, status=422 if form.errors else 200)

"""The programme's page: the ladder, how members earn, how often, and its name. Each change is a change of the draft.

A change answers with a redirect to the page, to htmx too. Nothing counts for members before the draft is published.
"""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from core.errors import DomainError
from loyalty import programme, queries
from loyalty.drafting import change_draft
from loyalty.publishing import Change
from loyalty.velocity import limiting
from merchants.access import Permission
from web.access import StaffRequest, page_context, staff_view
from web.dashboard.edited import on_the_desk
from web.dashboard.example import example_of
from web.dashboard.forms import currency_sign
from web.dashboard.preview import preview_of
from web.dashboard.rule_rows import Opened, offered, opened_blank, rows_of
from web.dashboard.rungs import NEW, TierForm, rungs_of
from web.dashboard.sentence_forms import LimitsForm, NameForm, limits_form
from web.dashboard.trying import tried, try_form
from web.dashboard.typed import consequences_of, typed_version
from web.errors import show_at_field
from web.parts import form_of, render_part
from web.places import names_by_id

PAGE = "dashboard-programme"


@require_GET
@staff_view(Permission.EDIT_PROGRAMME)
def show(request: StaffRequest) -> HttpResponse:
    """The programme on the desk, each part with its form; with `rule` and `blank` in the address, that blank is open."""
    asked = request.GET.get("rule", ""), request.GET.get("blank", "")
    return show_programme(request, asked=asked)


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def preview(request: StaffRequest) -> HttpResponse:
    """The card and the consequences of what is typed, before any of it is saved. It changes nothing."""
    desk, known = on_the_desk(), names_by_id()
    typed = typed_version(request, desk.version, request.merchant, known)
    context = {
        "merchant": request.merchant,
        "preview": preview_of(request.merchant, typed, desk.in_force, known),
        "example": example_of(typed),
        "consequences": consequences_of(typed, desk.in_force),
    }
    return render(request, "dashboard/_previewed.html", context)


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def name(request: StaffRequest) -> HttpResponse:
    """Rename the programme."""
    form = NameForm(request.POST, auto_id="programme_%s")
    if form.is_valid():
        try:
            change(request, programme.renaming(**form.cleaned_data))
            return changed(request)
        except DomainError as refusal:
            show_at_field(form, refusal)
    return show_programme(request, name_form=form)


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def limits(request: StaffRequest) -> HttpResponse:
    """Change how often a member may buy."""
    form = LimitsForm(request.POST, auto_id="limits_%s")
    if form.is_valid():
        try:
            change(request, limiting(form.limits))
            return changed(request)
        except DomainError as refusal:
            show_at_field(form, refusal)
    return show_programme(request, refused_limits=form)


def change(request: StaffRequest, making: Change) -> None:
    """Change the draft, whatever it says now. Raises what the change raises."""
    change_draft(merchant=request.merchant, change=making, actor=request.staff)


def changed(request: StaffRequest, words: str = "") -> HttpResponse:
    """Back to the page. Its bar counts the changes; `words` say what else was done."""
    if words:
        messages.success(request, words)
    return redirect(PAGE, request.merchant.slug)


def show_programme(
    request: StaffRequest,
    *,
    name_form: NameForm | None = None,
    refused_limits: LimitsForm | None = None,
    tier_forms: dict[str, TierForm] | None = None,
    opened: Opened | None = None,
    asked: tuple[str, str] = ("", ""),
) -> HttpResponse:
    """The page, or its part; with a form that was refused, that form and 422. `asked`: which blank to open."""
    desk, known = on_the_desk(), names_by_id()
    version, merchant, refused = desk.version, request.merchant, tier_forms or {}
    if set(refused) - {"", *(tier.id for tier in version.tiers)}:
        raise Http404
    trying = try_form(merchant, version, known, request.GET)
    context = page_context(request, "programme") | {
        "desk": desk,
        "version": version,
        "since": queries.published_at(desk.in_force.number),
        "consequences": consequences_of(version, desk.in_force),
        "name_form": name_form or NameForm(initial={"name": version.name}, auto_id="programme_%s"),
        "limits_form": refused_limits or limits_form(version),
        "rungs": rungs_of(version, merchant, refused),
        "new_tier": refused.get("") or TierForm(merchant=merchant, prefix=NEW, auto_id="%s"),
        "adding": "" in refused,
        "rows": rows_of(desk, known, opened or opened_blank(version, known, *asked)),
        "offered": offered(),
        "example": example_of(version),
        "preview": preview_of(merchant, version, desk.in_force, known),
        "sign": currency_sign(merchant.currency),
        "tried": tried(trying),
        "try_form": trying,
    }
    status = 422 if name_form or refused_limits or refused or opened else 200
    return render_part(request, "dashboard/programme.html", "work", context, status=status)

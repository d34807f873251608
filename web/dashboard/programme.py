"""The programme's page: the ladder, how members earn, how often, and its name. Each change is a change of the draft.

A change answers with a redirect to the page, to htmx too. Nothing counts for members before the draft is published.
"""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from core.errors import DomainError
from core.languages import reader_language
from loyalty import programme, queries
from loyalty.drafting import change_draft
from loyalty.publishing import Change
from loyalty.velocity import limiting
from loyalty.wording import unit_name
from merchants.access import Permission
from web.access import StaffRequest, page_context, staff_view
from web.dashboard.earning import EarningForm, LimitsForm, NameForm, earning_form, limits_form
from web.dashboard.edited import on_the_desk
from web.dashboard.example import example_of
from web.dashboard.forms import currency_sign
from web.dashboard.preview import preview_of
from web.dashboard.rungs import NEW, TierForm, rungs_of
from web.dashboard.typed import consequences_of, typed_version
from web.errors import show_at_field
from web.parts import form_of, render_part

PAGE = "dashboard-programme"


@require_GET
@staff_view(Permission.EDIT_PROGRAMME)
def show(request: StaffRequest) -> HttpResponse:
    """The programme in force, each part with its form."""
    return show_programme(request)


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def preview(request: StaffRequest) -> HttpResponse:
    """The card and the consequences of what is typed, before any of it is saved. It changes nothing."""
    desk = on_the_desk()
    typed = typed_version(request, desk.version, request.merchant)
    context = {
        "merchant": request.merchant,
        "preview": preview_of(request.merchant, typed, desk.in_force),
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
def earning(request: StaffRequest) -> HttpResponse:
    """Change what a purchase and joining give."""
    form = EarningForm(request.POST, merchant=request.merchant, auto_id="earning_%s")
    if form.is_valid():
        try:
            change(request, programme.earning(**form.values()))
            return changed(request)
        except DomainError as refusal:
            show_at_field(form, refusal, per_minor="money")
    return show_programme(request, refused_earning=form)


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
    refused_earning: EarningForm | None = None,
    refused_limits: LimitsForm | None = None,
    tier_forms: dict[str, TierForm] | None = None,
) -> HttpResponse:
    """The page, or its part; with a form that was refused, that form and 422."""
    desk = on_the_desk()
    version, merchant, refused = desk.version, request.merchant, tier_forms or {}
    if set(refused) - {"", *(tier.id for tier in version.tiers)}:
        raise Http404
    purchase_rule = next(rule for rule in version.rules if rule.trigger == "purchase")
    context = page_context(request, "programme") | {
        "desk": desk,
        "version": version,
        "since": queries.published_at(desk.in_force.number),
        "consequences": consequences_of(version, desk.in_force),
        "name_form": name_form or NameForm(initial={"name": version.name}, auto_id="programme_%s"),
        "earning_form": refused_earning or earning_form(merchant, version),
        "limits_form": refused_limits or limits_form(version),
        "unit": unit_name(version.units[0], purchase_rule.amount, reader_language()),
        "rungs": rungs_of(version, merchant, refused),
        "new_tier": refused.get("") or TierForm(merchant=merchant, prefix=NEW, auto_id="%s"),
        "adding": "" in refused,
        "example": example_of(version),
        "preview": preview_of(merchant, version, desk.in_force),
        "sign": currency_sign(merchant.currency),
    }
    status = 422 if name_form or refused_earning or refused_limits or refused else 200
    return render_part(request, "dashboard/programme.html", "work", context, status=status)

"""The ladder changed on the page: started, a tier added, changed, moved, removed. Each is a change of the draft."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.errors import DomainError
from loyalty.programme import tiers
from loyalty.programme.drafting import edited_version
from merchants.access import Permission
from web.access import StaffRequest, staff_view
from web.dashboard.ladder_terms import LadderForm
from web.dashboard.programme import PAGE, change, changed, show_programme
from web.dashboard.rungs import NEW, TierForm, prefix_of
from web.errors import show_at_field
from web.parts import form_of


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def ladder(request: StaffRequest) -> HttpResponse:
    """Start with Bronze, Silver and Gold."""
    change(request, tiers.starting(merchant=request.merchant))
    return changed(request, _("Bronze, Silver and Gold are in place. Make them yours."))


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def terms(request: StaffRequest) -> HttpResponse:
    """Say otherwise how tiers are climbed and lost."""
    form = LadderForm(edited_version(), request.POST)
    if form.is_valid():
        try:
            change(request, form.changed)
            return changed(request)
        except DomainError as refusal:
            show_at_field(form, refusal, **{f"ladder.{name}": name for name in form.fields})
    return show_programme(request, ladder_form=form)


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def add(request: StaffRequest) -> HttpResponse:
    """Add a tier."""
    form = TierForm(request.POST, version=edited_version(), prefix=NEW, auto_id="%s")
    if form.is_valid():
        try:
            added, _tier_id = tiers.adding(**form.values())
            change(request, added)
            return changed(request)
        except DomainError as refusal:
            show_at_field(form, refusal)
    return show_programme(request, tier_forms={"": form})


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def tier(request: StaffRequest, tier_id: UUID) -> HttpResponse:
    """Rename a tier, or change its threshold or multiplier."""
    form = TierForm(request.POST, version=edited_version(), prefix=prefix_of(tier_id), auto_id="%s")
    if form.is_valid():
        try:
            change(request, tiers.setting(tier_id=tier_id, **form.values()))
            return changed(request)
        except tiers.TierUnknown:
            raise Http404 from None
        except DomainError as refusal:
            show_at_field(form, refusal)
    return show_programme(request, tier_forms={str(tier_id): form})


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def place(request: StaffRequest, tier_id: UUID) -> HttpResponse:
    """Change places with the neighbour, above by default."""
    up = request.POST.get("direction") != "down"
    rungs = edited_version().tiers
    if rungs and str(tier_id) == rungs[-1 if up else 0].id:
        return redirect(PAGE, request.merchant.slug)
    try:
        change(request, tiers.moving(tier_id=tier_id, up=up))
    except tiers.TierUnknown:
        raise Http404 from None
    return changed(request, _("The tiers have changed places. The amounts stayed."))


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def removal(request: StaffRequest, tier_id: UUID) -> HttpResponse:
    """Take a tier out of the ladder."""
    try:
        change(request, tiers.removing(tier_id=tier_id))
    except tiers.TierUnknown:
        raise Http404 from None
    return changed(request, _("The tier is taken out of the draft."))

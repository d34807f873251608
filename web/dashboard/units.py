"""The units of the programme: what members collect. One is added, moved to another place, or taken out."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core.ids import new_id
from loyalty.programme.drafting import PartGone, edited_version
from loyalty.programme.publishing import Change
from loyalty.programme.unit_kinds import KINDS, new_unit
from loyalty.rules.editing import moved_unit, with_unit, without_unit
from merchants.access import Permission
from web.access import StaffRequest, staff_view
from web.dashboard.line_pages import address_of, show_lines
from web.dashboard.programme import change, changed
from web.dashboard.tabs import PAGES
from web.parts import form_of

PAGE = PAGES["units"]


@require_GET
@staff_view(Permission.EDIT_PROGRAMME)
def show(request: StaffRequest) -> HttpResponse:
    """What members collect."""
    return show_lines(request, "units")


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def add(request: StaffRequest) -> HttpResponse:
    """Add a unit; the blank of its name is open then."""
    kind = request.POST.get("kind", "")
    if kind not in KINDS:
        return redirect(PAGE, request.merchant.slug)
    unit_id = str(new_id())
    change(request, lambda version: with_unit(version, new_unit(kind, unit_id, version)))
    return redirect(address_of(request, edited_version().units[-1].id, "names"))


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def place(request: StaffRequest, unit_id: UUID) -> HttpResponse:
    """Change places with the neighbour, the one before by default."""
    up = request.POST.get("direction") != "down"
    return _changed(request, lambda version: moved_unit(version, str(unit_id), up=up))


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def removal(request: StaffRequest, unit_id: UUID) -> HttpResponse:
    """Take a unit out, with the sentences that give it; the last one stays."""
    units = edited_version().units
    if len(units) < 2 and any(unit.id == str(unit_id) for unit in units):
        return redirect(PAGE, request.merchant.slug)
    return _changed(
        request,
        lambda version: without_unit(version, str(unit_id)),
        _("The unit is taken out of the draft."),
    )


def _changed(request: StaffRequest, making: Change, words: str = "") -> HttpResponse:
    try:
        change(request, making)
    except PartGone:
        raise Http404 from None
    return changed(request, words, PAGE)

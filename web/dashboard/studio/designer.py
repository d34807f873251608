"""The designer of codes: knobs, the code as they have it, and whether it is read. Each turn is read back; nothing is kept here."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from core.rate_limits import TooManyTries, count_if_counting
from merchants.access import Permission
from web.access import StaffRequest, page_context, staff_view
from web.dashboard.studio.designer_shown import fixes_of, knobs_of, turned_parts
from web.dashboard.studio.designer_turned import Turned, begun, is_replaced, posted, turned
from web.parts import form_of, wants_part

PAGE, TEMPLATE = "dashboard-designer", "dashboard/studio/designer.html"
# Two turns a second for as long as a person plays with it. Each draws and reads six pictures.
MOST_TURNS, TURNS_SECONDS = 1200, 600


@require_GET
@staff_view(Permission.PRINT_POSTER)
def show(request: StaffRequest) -> HttpResponse:
    """The shop's look, to be turned."""
    return _show(request, turned(request.merchant, begun(request.merchant)))


@form_of(PAGE)
@staff_view(Permission.PRINT_POSTER)
def turn(request: StaffRequest) -> HttpResponse:
    """The stage and the proof of what was turned; without a script, and where a press turns other knobs, all of the designer."""
    try:
        _count(request)
    except TooManyTries as refusal:
        return render(request, f"{TEMPLATE}#refused", {"detail": refusal.detail}, status=429)
    now = _turned(request)
    if not wants_part(request):
        return _show(request, now)
    if is_replaced(request.POST):
        return render(request, f"{TEMPLATE}#designer", _context(request, now))
    context = {"merchant": request.merchant, "is_part": True} | turned_parts(now, fixes=False)
    return render(request, f"{TEMPLATE}#turned", context)


@form_of(PAGE)
@staff_view(Permission.PRINT_POSTER)
def mend(request: StaffRequest) -> HttpResponse:
    """What would make it pass: changes that were tried, for a script that shows the failure first."""
    now = _turned(request)
    if not wants_part(request):
        return _show(request, now)
    _count(request)
    return render(request, f"{TEMPLATE}#fixes", {"merchant": request.merchant} | fixes_of(now))


def _turned(request: StaffRequest) -> Turned:
    return turned(request.merchant, posted(request.merchant, request.POST), request.POST.get("view", ""))


def _count(request: StaffRequest) -> None:
    """Raises TooManyTries."""
    count_if_counting("studio-turn", request.staff.id, most=MOST_TURNS, seconds=TURNS_SECONDS)


def _show(request: StaffRequest, now: Turned, *, status: int = 200) -> HttpResponse:
    return render(request, TEMPLATE, page_context(request, "studio") | _context(request, now), status=status)


def _context(request: StaffRequest, now: Turned) -> dict[str, Any]:
    """Fixes are found later where a script can ask for them: half a second that nobody waits for."""
    is_scripted = wants_part(request)
    return {"merchant": request.merchant} | knobs_of(now) | turned_parts(now, fixes=not is_scripted)

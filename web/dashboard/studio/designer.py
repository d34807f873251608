"""The designer of codes: knobs, the code as they have it, and whether it is read. Each turn is read back; nothing is kept here."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from core.ids import new_id
from core.rate_limits import TooManyTries, count_if_counting
from merchants.access import Permission
from studio.designing import versions_of
from studio.drawing import preflight
from studio.drawing.conditions import Scene
from web.access import StaffRequest, page_context, staff_view
from web.dashboard.studio.designer_shown import fixes_of, knobs_of, turned_parts
from web.dashboard.studio.designer_turned import Turned, begun, is_replaced, posted, turned
from web.dashboard.studio.designer_versions import saved_of
from web.parts import form_of, wants_part

PAGE, TEMPLATE = "dashboard-designer", "dashboard/studio/designer.html"
# Two turns a second for as long as a person plays with it. Each draws and reads six pictures.
MOST_TURNS, TURNS_SECONDS = 1200, 600
MOST_MENDS = 300  # in that time: what would make it pass takes a second or two to find


@require_GET
@staff_view(Permission.PRINT_POSTER)
def show(request: StaffRequest) -> HttpResponse:
    """The brand's look, to be turned. Raises TooManyTries."""
    count_turn(request, mends=True)
    return show_designer(request, turned(request.merchant, begun(request.merchant)))


@form_of(PAGE)
@staff_view(Permission.PRINT_POSTER)
def turn(request: StaffRequest) -> HttpResponse:
    """The stage and the proof of what was turned; without a script, and where a press turns other knobs, all of the designer."""
    try:
        count_turn(request, mends=not wants_part(request))
    except TooManyTries as refusal:
        return render(request, f"{TEMPLATE}#refused", {"detail": refusal.detail}, status=429)
    now = turned_of(request)
    if wants_part(request) and not is_replaced(request.POST):
        context = {"merchant": request.merchant, "is_part": True} | turned_parts(now, fixes=False)
        return render(request, f"{TEMPLATE}#turned", context)
    return show_designer(request, now, design_id=_design_id(request))


@form_of(PAGE)
@staff_view(Permission.PRINT_POSTER)
def mend(request: StaffRequest) -> HttpResponse:
    """What would make it pass: changes that were tried, for a script that shows the failure first. Raises TooManyTries."""
    count_turn(request, mends=True)
    now = turned_of(request)
    if not wants_part(request):
        return show_designer(request, now, design_id=_design_id(request))
    return render(request, f"{TEMPLATE}#fixes", {"merchant": request.merchant} | fixes_of(now))


def turned_of(request: StaffRequest, scenes: tuple[Scene, ...] = preflight.LIVE) -> Turned:
    """The knobs as they were sent."""
    values = posted(request.merchant, request.POST)
    return turned(request.merchant, values, request.POST.get("view", ""), scenes)


def count_turn(request: StaffRequest, *, mends: bool = False) -> None:
    """Before anything is drawn. `mends`: whether changes may be tried, too. Raises TooManyTries."""
    what, most = ("studio-mend", MOST_MENDS) if mends else ("studio-turn", MOST_TURNS)
    count_if_counting(what, request.staff.id, most=most, seconds=TURNS_SECONDS)


def show_designer(
    request: StaffRequest, now: Turned, *, design_id: UUID | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    """The page, or all of the designer for a script. `design_id`: the saved one that it is about. Raises Http404 for none of ours.

    Fixes are found later where a script can ask for them: half a second that nobody waits for.
    """
    is_scripted = wants_part(request)
    context = page_context(request, "studio") | knobs_of(now) | turned_parts(now, fixes=not is_scripted)
    context |= _named(request) | _saved(request, design_id) | more
    template = f"{TEMPLATE}#designer" if is_scripted else TEMPLATE
    return render(request, template, context, status=status)


def _saved(request: StaffRequest, design_id: UUID | None) -> dict[str, Any]:
    if design_id is None:
        return {}
    versions = list(versions_of(design_id))
    if not versions:
        raise Http404
    saved = saved_of(request.merchant, versions)
    return {"saved": saved, "name": request.POST.get("name") or saved["name"]}


def _named(request: StaffRequest) -> dict[str, Any]:
    """What was typed as its name, and the key by which it is made once."""
    return {"name": request.POST.get("name", ""), "key": request.POST.get("key") or new_id()}


def _design_id(request: StaffRequest) -> UUID | None:
    """Raises Http404 for what is no id."""
    try:
        return UUID(said) if (said := request.POST.get("design", "")) else None
    except ValueError:
        raise Http404 from None

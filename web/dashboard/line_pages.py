"""The two tabs of units: their sentences, a blank of them opened or filled in, and what is typed before it is saved."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from loyalty.units.in_hands import in_hands_by_unit
from merchants.access import Permission
from rewards.catalogue import cheapest_rewards
from web.access import StaffRequest, staff_view
from web.dashboard.edited import edited_programme
from web.dashboard.example import example_of
from web.dashboard.lines import Open, lines_of, opened_line
from web.dashboard.preview import MOST_REWARDS, preview_of
from web.dashboard.programme import change, changed
from web.dashboard.sentence_forms import LimitsForm, limits_form
from web.dashboard.sentences.policies import PROGRAMME
from web.dashboard.tabs import PAGES, tab_context
from web.parts import form_of, render_part, wants_part
from web.places import names_by_id

TAB_OF = dict.fromkeys(("names", "kind", "worth", "least"), "units") | dict.fromkeys(
    ("vesting", "expiry", "returns"), "expiry"
)


def show_lines(
    request: StaffRequest,
    tab: str,
    *,
    opened: Open | None = None,
    refused_limits: LimitsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The tab, or its part. `line` and `blank` in the address: which blank is open."""
    edited = edited_programme()
    asked = request.GET.get("line", ""), request.GET.get("blank", "")
    hands = in_hands_by_unit()
    context = tab_context(request, tab, edited, names_by_id()) | {
        "lines": lines_of(tab, edited, hands, opened or opened_line(edited.version, *asked)),
        "units_count": len(edited.version.units),
        "limits_form": refused_limits or limits_form(edited.version),
    }
    return render_part(request, f"dashboard/{tab}.html", "work", context, status=status)


@require_http_methods(("GET", "HEAD", "POST"))
@staff_view(Permission.EDIT_PROGRAMME)
def unit_blank(request: StaffRequest, unit_id: UUID, field: str) -> HttpResponse:
    """Open a blank of a unit in its place, or fill it in."""
    return _blank(request, str(unit_id), field)


@require_http_methods(("GET", "HEAD", "POST"))
@staff_view(Permission.EDIT_PROGRAMME)
def returns(request: StaffRequest) -> HttpResponse:
    """Open the blank of what a refund takes back, or fill it in."""
    return _blank(request, PROGRAMME, "returns")


@require_http_methods(("GET", "HEAD", "POST"))
@staff_view(Permission.EDIT_PROGRAMME)
def least(request: StaffRequest) -> HttpResponse:
    """Open the blank of what is paid in money of each bill, or fill it in."""
    return _blank(request, PROGRAMME, "least")


def _blank(request: StaffRequest, line: str, field: str) -> HttpResponse:
    edited = edited_programme()
    data = request.POST if request.method == "POST" else None
    opened = opened_line(edited.version, line, field, data)
    if opened is None:
        raise Http404
    tab = TAB_OF[field]
    if data is not None:
        if not opened.form.is_valid():
            return show_lines(request, tab, opened=opened, status=422)
        change(request, opened.form.change)
        return changed(request, page=PAGES[tab])
    if not wants_part(request):
        return redirect(address_of(request, line, field))
    shown = next(one for one in lines_of(tab, edited, in_hands_by_unit(), opened) if one.opened)
    context = {"merchant": request.merchant, "line": shown, "tab": tab}
    return render(request, "dashboard/_line.html", context)


@form_of(PAGES["units"])
@staff_view(Permission.EDIT_PROGRAMME)
def preview(request: StaffRequest) -> HttpResponse:
    """The card, and what would follow of what is typed, before it is saved. It changes nothing."""
    edited, known = edited_programme(), names_by_id()
    line, field = request.POST.get("line", ""), request.POST.get("blank", "")
    opened = opened_line(edited.version, line, field, request.POST)
    if opened is None:
        raise Http404
    version = opened.form.version if opened.form.is_valid() else edited.version
    typed = edited.with_version(version)
    context: dict[str, Any] = {
        "merchant": request.merchant,
        "preview": preview_of(
            request.merchant,
            version,
            edited.in_force,
            known,
            cheapest_rewards(MOST_REWARDS, request.merchant.locale),
        ),
        "example": example_of(version),
        "lines": [one for one in lines_of(TAB_OF[field], typed, in_hands_by_unit()) if one.id == line],
    }
    return render(request, "dashboard/_lines_previewed.html", context)


def address_of(request: StaffRequest, line: str, field: str) -> str:
    """The tab with this blank open."""
    query = urlencode({"line": line, "blank": field})
    return f"{reverse(PAGES[TAB_OF[field]], args=[request.merchant.slug])}?{query}#line-{line}"

"""The draft rehearsed: asked for, under way, and what came of it, side by side with what was."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from core.rate_limits import count_if_counting
from loyalty.models import Rehearsal
from loyalty.rehearsal import rehearsing
from merchants.access import Permission
from web.access import StaffRequest, page_context, staff_view
from web.dashboard.edited import edited_programme
from web.dashboard.programme import PAGE
from web.dashboard.rehearsed import baskets_of, days_of, lists_of, sums_of, tiers_of
from web.parts import render_part

REHEARSAL = "dashboard-rehearsal"

# Each plays ninety days of a shop. Who asks more often than every two minutes does not read what comes of it.
MOST_REHEARSALS, REHEARSALS_SECONDS = 30, 3600


@require_http_methods(("GET", "HEAD", "POST"))
@staff_view(Permission.EDIT_PROGRAMME)
def rehearsal(request: StaffRequest) -> HttpResponse:
    """The newest one, whoever asked for it; a form asks for another. It goes on when the page is closed."""
    if request.method == "POST":
        count_if_counting("rehearsal", request.merchant.id, most=MOST_REHEARSALS, seconds=REHEARSALS_SECONDS)
        try:
            rehearsing.begin_rehearsal(merchant=request.merchant, actor=request.staff)
        except DomainError as refusal:
            messages.error(request, refusal.detail)
            return redirect(PAGE, request.merchant.slug)
        return redirect(REHEARSAL, request.merchant.slug)
    edited, newest = edited_programme(), rehearsing.newest_rehearsal()
    context = page_context(request, "programme") | {
        "edited": edited,
        "rehearsal": newest,
        "is_old": newest is not None and newest.revision != edited.revision,
        "days": rehearsing.DAYS,
    }
    if newest is not None and newest.status == "done":
        context |= _told(request, newest)
    return render_part(request, "dashboard/rehearsal.html", "state", context)


def _told(request: StaffRequest, newest: Rehearsal) -> dict[str, Any]:
    result, currency = newest.result or {}, request.merchant.currency
    links = reverse("dashboard-members", args=[request.merchant.slug])
    return {
        "who": reverse("dashboard-rehearsed", args=[request.merchant.slug]) if newest.changes else "",
        "days_played": days_of(result),
        "units": [
            {
                "name": sums.name,
                "code": row["code"],
                "sums": sums,
                "lists": lists_of(row, links),
                "baskets": baskets_of(row, currency, links),
            }
            for row, sums in sums_of(newest, currency, request.GET)
        ],
        "tiers": tiers_of(result),
    }

"""The join poster of a location: on the page, and to download. It says the link of its location, nothing else."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from core.errors import DomainError
from core.ids import public_id, read_id
from merchants import queries
from merchants.access import Permission
from merchants.models import Location, Merchant
from studio.links import link_address, poster_link
from web.access import StaffRequest, page_context, staff_view
from web.dashboard.studio.print_form import PrintForm
from web.dashboard.studio.printing import sheet_context


@require_GET
@staff_view(Permission.PRINT_POSTER)
def show(request: StaffRequest) -> HttpResponse:
    """The poster of one location, a choice of others, and its files."""
    context = page_context(request, "studio") | poster_of(request.merchant, request.GET.get("at", ""))
    return render(request, "dashboard/poster.html", context)


def poster_of(merchant: Merchant, at: str = "") -> dict[str, Any]:
    """The poster of one location, by its public id, and the others there are. Raises Http404 for one that is not there."""
    locations = list(queries.locations())
    location = _chosen(locations, at)
    link = poster_link(location)
    link.location = location  # as it was just read
    form = PrintForm(merchant, link, {})
    form.full_clean()
    return sheet_context(merchant, link, form) | {
        "locations": [(public_id("loc", place.id), place.name) for place in locations],
        "at": public_id("loc", location.id),
        "address": link_address(link, merchant),
    }


def poster_address(merchant: Merchant, location: Location) -> str:
    """Where a camera that reads the poster goes: whatever changes, what hangs on the wall goes on working."""
    return link_address(poster_link(location), merchant)


def _chosen(locations: list[Location], at: str) -> Location:
    """The location of a public id, the first one when none is asked for. Raises Http404 for one that is not there."""
    if not at and locations:
        return locations[0]
    try:
        wanted = read_id("loc", at)
    except DomainError:
        raise Http404 from None
    for location in locations:
        if location.id == wanted:
            return location
    raise Http404

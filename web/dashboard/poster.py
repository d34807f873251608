"""The join poster's QR: on the page, and to download. It says where to join and at which location, nothing else."""

from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from core import qr
from core.errors import DomainError
from core.ids import public_id, read_id
from merchants import queries
from merchants.access import Permission
from merchants.models import Location, Merchant
from web.access import StaffRequest, page_context, staff_view

# A poster hangs in the sun and behind glass: a quarter of it may be lost. 20 pixels a module print sharp at 15 cm.
ERROR: qr.Error = "Q"
SCALE = 20


@require_GET
@staff_view(Permission.PRINT_POSTER)
def show(request: StaffRequest) -> HttpResponse:
    """The QR of one location, a choice of others, and the two downloads."""
    locations = list(queries.locations())
    location = _chosen(locations, request.GET.get("at", ""))
    address = join_address(request.merchant, location)
    context = page_context(request, "poster") | {
        "locations": [(public_id("loc", place.id), place.name) for place in locations],
        "at": public_id("loc", location.id),
        "location": location,
        "address": address,
        "code": mark_safe(qr.svg(address, error=ERROR)),  # noqa: S308  drawn by us
    }
    return render(request, "dashboard/poster.html", context)


@require_GET
@staff_view(Permission.PRINT_POSTER)
def png(request: StaffRequest) -> HttpResponse:
    """The QR as a picture for printers and word processors."""
    location = _chosen(list(queries.locations()), request.GET.get("at", ""))
    drawn = qr.png(join_address(request.merchant, location), scale=SCALE, error=ERROR)
    return _download(drawn, "image/png", request.merchant, "png")


@require_GET
@staff_view(Permission.PRINT_POSTER)
def svg(request: StaffRequest) -> HttpResponse:
    """The QR as a drawing that stays sharp at any size, on its own white ground."""
    location = _chosen(list(queries.locations()), request.GET.get("at", ""))
    drawn = qr.svg(join_address(request.merchant, location), error=ERROR)
    on_white = drawn.replace("<path", '<rect width="100%" height="100%" fill="#fff"/><path', 1)
    return _download(
        on_white.replace("currentColor", "#000").encode(), "image/svg+xml", request.merchant, "svg"
    )


def join_address(merchant: Merchant, location: Location) -> str:
    """Where a camera that reads the poster goes."""
    return f"{settings.BASE_URL}/c/{quote(merchant.slug)}/join?at={public_id('loc', location.id)}"


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


def _download(content: bytes, kind: str, merchant: Merchant, ending: str) -> HttpResponse:
    name = f"habitue-{merchant.slug}.{ending}"
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})

"""The till around each step: where it stands, who is at it, what it counts in; one way to draw a page or its part."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_vary_headers

from core import tenancy
from core.ids import new_id
from core.money import exponent
from loyalty.models import Purchase
from loyalty.queries import purchases
from merchants import queries
from merchants.models import Location
from web.access import StaffRequest
from web.parts import wants_part
from web.scanner.installing import SHELL

# A shift: further back, a till's last scans tell nothing, and the search stays within one shift of ids.
SHIFT = dt.timedelta(hours=12)
LAST_SCANS = 3


def draw(request: StaffRequest, part: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """`scanner/<part>.html` for htmx; for everybody else, or without a part, the whole till with that part in it."""
    around = _around(request)
    if part and wants_part(request):
        response = render(request, f"scanner/{part}.html", around | context, status=status)
    else:
        with tenancy.scope(request.merchant.id):
            page = around | _page(request) | context
        response = render(request, "scanner/home.html", page, status=status)
    patch_vary_headers(response, ["HX-Request"])
    add_never_cache_headers(response)
    return response


def location_id(request: StaffRequest) -> UUID | None:
    """The location chosen in this session. No query; whether it is still open is asked where it counts."""
    kept = _kept(request)
    return UUID(kept["id"]) if kept else None


def place(request: StaffRequest) -> Location | None:
    """The chosen location, or the first one, which is then chosen. In the merchant's scope."""
    return _choose(request, list(queries.locations()))


def keep_location(request: StaffRequest, location: Location | None) -> None:
    """Scan here from now on, in this browser."""
    if location is not None and (_kept(request) or {}).get("id") != str(location.id):
        request.session[_session_key(request)] = {"id": str(location.id), "name": location.name}


def last_scans(request: StaffRequest) -> list[Purchase]:
    """What this staff member scanned here during this shift, newest first. In the merchant's scope."""
    here = location_id(request)
    if here is None:
        return []
    found = purchases(since=timezone.now() - SHIFT).filter(
        actor_id=request.staff.id, channel=Purchase.Channel.SCANNER, location_id=here
    )
    return list(found[:LAST_SCANS])


def _around(request: StaffRequest) -> dict[str, Any]:
    """What every part shows. No query: the location's name is kept in the session."""
    return {
        "merchant": request.merchant,
        "staff": request.staff,
        "location": _kept(request),
        "currency": request.merchant.currency,
        "currency_exponent": exponent(request.merchant.currency),
    }


def _page(request: StaffRequest) -> dict[str, Any]:
    locations = list(queries.locations())
    location = _choose(request, locations)
    return {
        "location": location,
        "locations": [(str(one.id), one.name) for one in locations],
        "last_scans": last_scans(request),
        "key": new_id(),
        "shell": SHELL.path(request.merchant),
    }


def _choose(request: StaffRequest, locations: list[Location]) -> Location | None:
    chosen = location_id(request)
    found = next((one for one in locations if one.id == chosen), locations[0] if locations else None)
    keep_location(request, found)
    return found


def _kept(request: StaffRequest) -> dict[str, str] | None:
    kept: dict[str, str] | None = request.session.get(_session_key(request))
    return kept


def _session_key(request: StaffRequest) -> str:
    return f"till {request.merchant.id.hex}"

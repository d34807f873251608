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
from loyalty.programme.versions import version_in_force
from loyalty.purchases.queries import purchases
from loyalty.rules.types import Version
from members.queries import survivor_id
from merchants import queries
from merchants.models import Location
from rewards.queries import handed_over
from web.access import StaffRequest
from web.parts import wants_part
from web.scanner.installing import SHELL
from web.scanner.lasts import Last, of_handing, of_purchase

# A shift: further back, a till's last scans tell nothing, and the search stays within one shift of ids.
SHIFT = dt.timedelta(hours=12)
LAST_SCANS = 3
# As long as the note of a scan lasts: who comes back later with a voucher brings it for another visit.
JUST_NOW = dt.timedelta(minutes=10)


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


def last_scans(request: StaffRequest, version: Version) -> list[Last]:
    """What this staff member scanned and handed over here during this shift, newest first. In the merchant's scope. Two queries."""
    here = location_id(request)
    if here is None:
        return []
    given = handed_over(actor_id=request.staff.id, location_id=here, since=timezone.now() - SHIFT)
    found = [
        *(of_purchase(one, request.merchant) for one in _purchases(request, here)),
        *(of_handing(one, request.merchant, version) for one in given[:LAST_SCANS]),
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)[:LAST_SCANS]


def _purchases(request: StaffRequest, here: UUID) -> list[Purchase]:
    found = purchases(since=timezone.now() - SHIFT).filter(
        actor_id=request.staff.id, channel=Purchase.Channel.SCANNER, location_id=here
    )
    return list(found[:LAST_SCANS])


def bought_just_now(request: StaffRequest, member_id: UUID) -> UUID | None:
    """The purchase that was recorded here last, if it is this member's, a moment old and all of it stands. Two queries."""
    here = location_id(request)
    newest = next(iter(_purchases(request, here)), None) if here else None
    if newest is None or timezone.now() - newest.recorded_at > JUST_NOW:
        return None
    is_open = newest.ended_at is None and not newest.refunded_minor
    return newest.id if is_open and newest.member_id == survivor_id(member_id) else None


def asks_referrer(version: Version) -> bool:
    """Whether it matters who sent a newcomer: a rule gives something for it."""
    return any(rule.active and rule.trigger in {"referrer", "friend"} for rule in version.rules)


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
    version = version_in_force()
    return {
        "location": location,
        "locations": [(str(one.id), one.name) for one in locations],
        "last_scans": last_scans(request, version),
        "asks_referrer": asks_referrer(version),
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

"""The till phone, ready for the next card."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from merchants import queries
from merchants.access import Permission
from web.access import StaffRequest, staff_view
from web.scanner import till


@staff_view(Permission.SCAN)
@require_safe
def show_till(request: StaffRequest) -> HttpResponse:
    """The page: camera, keypad, answer; two fields and an answer without JavaScript."""
    return till.draw(request, "", {})


@staff_view(Permission.SCAN)
@require_POST
def choose_location(request: StaffRequest) -> HttpResponse:
    """Where this browser scans. A location that is not one of ours, or closed, changes nothing."""
    wanted = request.POST.get("location", "")
    open_ones = {str(location.id): location for location in queries.locations()}
    till.keep_location(request, open_ones.get(wanted))
    return redirect("scanner", request.merchant.slug)

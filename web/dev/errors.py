"""The error pages, to be looked at without breaking anything."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from web.errors import error_page, maintenance_page, server_error

STATUSES = (400, 403, 404, 429)


@require_safe
def show_error(request: HttpRequest, name: str) -> HttpResponse:
    """The page with its status: 400, 403, 404, 429, 500 or maintenance."""
    if name == "500":
        return server_error(request)
    if name == "maintenance":
        return maintenance_page(request)
    if name.isdecimal() and int(name) in STATUSES:
        return error_page(request, int(name))
    raise Http404

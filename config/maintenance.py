"""Closed for a moment: while the file DATA_DIR/maintenance is there, everybody gets 503 and a warm word.

The file holds nothing, or after how many seconds to come back. Health checks and static files answer as ever, so that
nothing is restarted for it. It asks no database: that may be what is being worked on.
"""

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from api.errors import problem_response
from api.refusals import Unavailable
from config.middleware import Handler, is_for_api
from web.errors import maintenance_page

COME_BACK_SECONDS = 120  # a migration and a restart
STAYS = ("/healthz", "/readyz", "/static/")


def maintenance(get_response: Handler) -> Handler:
    """Looks for the file at each request: it is there at once, and gone at once, in every process that shares it."""
    flag = Path(settings.DATA_DIR, "maintenance")

    def handle(request: HttpRequest) -> HttpResponseBase:
        try:
            said = flag.read_text(encoding="ascii", errors="ignore")
        except OSError:  # no such file: open
            return get_response(request)
        if request.path_info.startswith(STAYS):
            return get_response(request)
        is_program = is_for_api(request.path_info)
        response = problem_response(Unavailable()) if is_program else maintenance_page(request)
        seconds = said.strip()
        response.headers["Retry-After"] = seconds if seconds.isdecimal() else str(COME_BACK_SECONDS)
        response.headers["Cache-Control"] = "no-store"
        return response

    return handle

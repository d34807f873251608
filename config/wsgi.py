"""The WSGI door, for granian or any other server. Requests to the API go from here to the API's own door.

Django's handler with its signals costs as much as judging a purchase. What of its work the API needs is done here: a
broken connection is replaced, refusals are logged, the caller's address is read. The middleware `api_shortcut` does
the same for whoever starts Django in another way.
"""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import MiddlewareNotUsed
from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application
from django.db import DEFAULT_DB_ALIAS, connections
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.log import log_response

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
pages = get_wsgi_application()

from api.door import answer, answer_broken  # noqa: E402  Django is set up only now
from api.refusals import RequestUnreadable  # noqa: E402
from config.edge import client_address  # noqa: E402
from config.maintenance import maintenance  # noqa: E402
from config.middleware import is_for_api  # noqa: E402

try:
    answer_from = client_address(answer)
except MiddlewareNotUsed:
    answer_from = answer
answer_while_open = maintenance(answer_from)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """One request, a page's or the API's."""
    if not is_for_api(environ.get("PATH_INFO", "")):
        return pages(environ, start_response)
    database = connections[DEFAULT_DB_ALIAS]
    database.close_if_unusable_or_obsolete()
    try:
        response = _answer(environ)
        start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
        return [response.content] if isinstance(response, HttpResponse) else response
    finally:
        database.close_if_unusable_or_obsolete()


def _answer(environ: dict[str, Any]) -> HttpResponseBase:
    try:
        request = WSGIRequest(environ)
    except ValueError:  # a header in an encoding that nobody knows
        return answer_broken(RequestUnreadable())
    try:
        response = answer_while_open(request)
        if response.status_code >= 400 and isinstance(response, HttpResponse):
            log_response("%s: %s", response.reason_phrase, request.path, response=response, request=request)
        return response
    except Exception as exception:  # noqa: BLE001  the edge: what stands before the API's door may break too
        return answer_broken(exception)
    finally:
        request.close()

"""The API's own door: from a request to a view and back, with every refusal as problem+json.

The one view that must be quick is a plain one; the others are REST framework's. It never reads a cookie, opens a
session or looks at a page's policy.
"""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import resolve
from django.utils.translation import get_language, override
from django.utils.translation.trans_real import parse_accept_lang_header

from api.errors import problem_response
from api.urls import urlpatterns

PREFIX = "/api/v1/"
# Most requests are for an address without an id: one look in a table instead of a walk through patterns.
FIXED: dict[str, Any] = {
    f"{PREFIX}{pattern.pattern}": pattern.callback
    for pattern in urlpatterns
    if not pattern.pattern.converters
} | {"/openapi.json": next(pattern.callback for pattern in urlpatterns if pattern.name == "api_openapi")}

HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
} | ({"Strict-Transport-Security": settings.STRICT_TRANSPORT_SECURITY} if settings.SECURE else {})


def answer(request: HttpRequest) -> HttpResponseBase:
    """The response to one API request."""
    language = read_language(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))
    if get_language() == language:
        response = _answer(request)
    else:
        with override(language):
            response = _answer(request)
    return _complete(response, language)


def answer_broken(exception: Exception) -> HttpResponseBase:
    """The response where a request broke before it came here. In English: what it asked for may be what is broken."""
    return _complete(problem_response(exception), settings.LANGUAGE_CODE)


def _complete(response: HttpResponseBase, language: str) -> HttpResponseBase:
    response.headers["Content-Language"] = language
    if isinstance(response, HttpResponse):
        response.headers["Content-Length"] = str(len(response.content))
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response


def _answer(request: HttpRequest) -> HttpResponseBase:
    try:
        if request.META.get("HTTP_HOST") not in _hosts:
            _meet_host(request)
        view = FIXED.get(request.path_info)
        if view is not None:
            return view(request)
        if not request.path_info.startswith(PREFIX):
            raise Http404
        match = resolve(f"/{request.path_info.removeprefix(PREFIX)}", "api.urls")
        return match.func(request, *match.args, **match.kwargs)
    except Exception as exception:  # noqa: BLE001  the edge: whatever it was, the caller gets a problem
        return problem_response(exception)


_hosts: set[str | None] = set()


def _meet_host(request: HttpRequest) -> None:
    """Django's check of a host, once for each: it costs more than reading a body. Raises DisallowedHost."""
    request.get_host()
    if len(_hosts) < 100:
        _hosts.add(request.META.get("HTTP_HOST"))


@lru_cache(maxsize=1024)
def read_language(header: str) -> str:
    """The best of our languages for an Accept-Language header; English if it asks for none of them."""
    ours = [code for code, _name in settings.LANGUAGES]
    for wanted, quality in parse_accept_lang_header(header.lower()[:500]):
        short = wanted.partition("-")[0]
        if quality > 0 and short in ours:
            return short
    return settings.LANGUAGE_CODE

"""Three small links of the chain."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers

from api.door import answer as answer_api_request

Handler = Callable[[HttpRequest], HttpResponseBase]


def is_for_api(path: str) -> bool:
    """Whether the API answers at this address."""
    return path.startswith("/api/") or path == "/openapi.json"


def api_shortcut(get_response: Handler) -> Handler:
    """The API needs no cookie, session, language or page policy: its requests go straight to its own door."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        if is_for_api(request.path_info):
            return answer_api_request(request)
        return get_response(request)

    return handle


def permissions_policy(get_response: Handler) -> Handler:
    """The camera for our own pages, and nothing else for anyone."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(self), microphone=(), geolocation=(), payment=()"
        )
        return response

    return handle


def private_pages(get_response: Handler) -> Handler:
    """Pages around signing in and at the desk name people and carry one-time links: no cache keeps them."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.path_info.startswith(("/accounts/", "/dashboard/")):
            add_never_cache_headers(response)
        return response

    return handle

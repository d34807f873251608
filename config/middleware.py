"""Small links of the chain, and which addresses are the API's."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers

Handler = Callable[[HttpRequest], HttpResponseBase]


def is_for_api(path: str) -> bool:
    """Whether the API answers at this address."""
    return path.startswith("/api/") or path == "/openapi.json"


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

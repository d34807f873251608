"""The outermost links of the chain, before API and pages part: who asks, how much is sent, and that TLS stays.

They read no body; of pages they know only which ones take a picture.
"""

import ipaddress
from contextlib import suppress

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext

from config.middleware import Handler


def client_address(get_response: Handler) -> Handler:
    """REMOTE_ADDR is the caller's behind TRUSTED_PROXY_COUNT proxies, each of which adds whom it heard to the header.

    What stands left of their entries anybody may have written, so it is never looked at.
    """
    count: int = settings.TRUSTED_PROXY_COUNT
    if count <= 0:
        raise MiddlewareNotUsed

    def handle(request: HttpRequest) -> HttpResponseBase:
        heard = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(heard) >= count:
            address = heard[-count].strip()
            with suppress(ValueError):  # where no address stands, the proxy's own stays
                request.META["REMOTE_ADDR"] = str(ipaddress.ip_address(address))
        return get_response(request)

    return handle


def strict_transport(get_response: Handler) -> Handler:
    """Browsers keep to TLS. Django says so to secure requests only, and the proxy speaks plain HTTP to us."""
    value: str = settings.STRICT_TRANSPORT_SECURITY
    if not value:
        raise MiddlewareNotUsed

    def handle(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Strict-Transport-Security", value)
        return response

    return handle


def small_bodies(get_response: Handler) -> Handler:
    """A form is a few kB, one with a picture a few MB. What is announced larger is refused before anything reads it."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        takes_files = request.path_info.endswith(settings.UPLOAD_PATHS)
        most = settings.UPLOAD_MOST_BYTES if takes_files else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        # Twenty digits are too much already, and int() breaks at 4,300.
        if not length.isdecimal() or int(length[:20]) > most:
            return HttpResponse(
                gettext("That is more than this page takes."),
                status=413,
                content_type="text/plain; charset=utf-8",
            )
        return get_response(request)

    return handle

"""Refusals as pages: the one place where a DomainError becomes words on a screen, and the error handlers.

Surfaces that answer with fragments (the scanner) show a refusal in place and never reach this.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language_from_request, override
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from core.errors import DomainError, NotAllowed
from core.rate_limits import TooManyTries

WAIT_SECONDS = 60  # what the page of 429 says in words

Handler = Callable[[HttpRequest], HttpResponse]


class DomainErrorPages:
    """Middleware: a refusal that no view caught becomes an error page that says what happened."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """403 for a role that may not, 429 for too often, 400 for the rest; None leaves other exceptions alone."""
        if isinstance(exception, NotAllowed):
            return error_page(request, 403, exception.detail)
        if isinstance(exception, TooManyTries):
            return error_page(request, 429, exception.detail)
        if isinstance(exception, DomainError):
            return error_page(request, 400, exception.detail)
        return None


domain_errors = DomainErrorPages


def error_page(request: HttpRequest, status: int, detail: str = "") -> HttpResponse:
    """`templates/errors/<status>.html`, with an optional sentence."""
    response = render(request, f"errors/{status}.html", {"detail": detail}, status=status)
    if status == 429:
        response.headers["Retry-After"] = str(WAIT_SECONDS)
    return response


def page_without_database(request: HttpRequest, name: str, status: int) -> HttpResponse:
    """An error page that asks nothing of what may be broken: no session, no user, no message, only the language."""
    with override(get_language_from_request(request)):
        return HttpResponse(render_to_string(f"errors/{name}.html"), status=status)


def show_at_field(form: BaseForm, refusal: DomainError, **fields: str) -> None:
    """Put a refusal beside the field it is about. `fields` tells where the form has another name: `per_minor="money"`."""
    name = fields.get(refusal.field or "", refusal.field)
    form.add_error(name if name in form.fields else None, refusal.detail)


def focus_first_error(form: BaseForm) -> None:
    """Where the form comes back with a slip in it, whoever types begins there and not at the top."""
    for field in form.fields.values():
        field.widget.attrs.pop("autofocus", None)
    wrong = next((name for name in form.fields if name in form.errors), None)
    if wrong is not None:
        form.fields[wrong].widget.attrs["autofocus"] = True


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long, or another site sent it. A part of a page whose cookies are gone: to its door, whole."""
    htmx: Any = getattr(request, "htmx", None)
    if htmx and not request.user.is_authenticated:
        return HttpResponseClientRedirect(urlsplit(htmx.current_url_abs_path or "/").path)
    return error_page(request, 403, _("This page was open for too long. Go back, reload it and try again."))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return error_page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return error_page(request, 404)


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429, for allauth's own limits."""
    return error_page(request, 429)


def server_error(request: HttpRequest) -> HttpResponse:
    """500."""
    return page_without_database(request, "500", 500)


def maintenance_page(request: HttpRequest) -> HttpResponse:
    """503, while the house is being worked on."""
    return page_without_database(request, "maintenance", 503)

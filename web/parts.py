"""One template serves the page and its part: htmx gets the part it asked for, everybody else the whole page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part. When it restores history it wants the page."""
    htmx: Any = request.htmx  # type: ignore[attr-defined]  # django_htmx puts it there
    return bool(htmx) and not htmx.history_restore_request


def render_part(
    request: HttpRequest, template: str, part: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """`template`, or its partial named `part`."""
    name = f"{template}#{part}" if wants_part(request) else template
    response = render(request, name, context | {"is_part": wants_part(request)}, status=status)
    # A cache must not give the part to someone who asks for the page.
    patch_vary_headers(response, ["HX-Request"])
    return response


def form_of(page: str) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """A form's address is no page of its own: whoever opens it, by reloading or changing the language, gets `page`."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponseBase:
            return view(request, slug, **kwargs) if request.method == "POST" else redirect(page, slug)

        return guarded

    return decorate

"""The front page: what Habitué is, in a glance. It knows nobody and asks the database nothing but who is looking."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from core import qr
from web.front import samples


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """For newcomers; who has signed in finds the way to the desk. The codes in the pictures are real and lead here."""
    code = mark_safe(qr.svg(f"{settings.BASE_URL}/", border=0, error="L"))  # noqa: S308  drawn by us
    context = {
        "code": code,
        "card": samples.card(),
        "receipt": samples.receipt(),
        "ladder": samples.ladder(),
        "address": settings.BASE_URL,
    }
    return render(request, "front/front.html", context)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """The front page may be found; desks, tills and cards are nobody's search results."""
    lines = [
        "User-agent: *",
        *(f"Disallow: /{path}/" for path in ("dashboard", "scan", "c", "q", "accounts", "api")),
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")

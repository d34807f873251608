"""The front page: what Habitué is, in a glance. It knows nobody and asks the database nothing but who is looking."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """For newcomers; who has signed in finds the way to the desk."""
    receipt = [
        {"label": _("€12.00 spent"), "note": _("1 point per €1"), "amount": "+12"},
        {"label": _("Gold"), "note": _("counts 1.5 times"), "amount": "+6"},
        {"label": _("Lunch bonus"), "note": _("€3.00 short of €15"), "amount": "–"},
    ]
    return render(request, "front/front.html", {"receipt": receipt})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """The front page may be found; desks, tills and cards are nobody's search results."""
    lines = [
        "User-agent: *",
        *(f"Disallow: /{path}/" for path in ("dashboard", "scan", "c", "q", "accounts", "api")),
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")

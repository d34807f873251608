"""Home: how is it going, in one glance. Figures come from `analytics.kpis`, the till's lines from the purchases."""

import hashlib
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from analytics import kpis
from loyalty import queries
from members import queries as member_queries
from merchants.access import Permission
from merchants.models import Merchant
from web.access import StaffRequest, page_context, staff_view
from web.dashboard.figures import bars_of, mix_of, stats_of, till_lines
from web.templatetags.habitue import number, signed

LINES = 6  # what a glance takes in


@require_GET
@staff_view(Permission.SEE_FIGURES)
def home(request: StaffRequest) -> HttpResponse:
    """Figures, the week's visits, tiers, what to do next, and the till live beside it."""
    figures = kpis.home_figures(request.merchant)
    shares = kpis.tier_mix()
    live = _live(request.merchant, figures.today)
    context = page_context(request, "home") | live | {
        "figures": figures,
        "more": figures.this_week.purchases - figures.week_before.purchases,
        "fewer": figures.week_before.purchases - figures.this_week.purchases,
        "greeting": _greeting(),
        "first_name": request.user.name.partition(" ")[0],
        "today": timezone.localtime(),
        "stats": stats_of(figures, request.merchant.currency),
        "bars": bars_of(figures.days),
        "mix": mix_of(shares) if figures.members and shares[0].name else [],
        "steps": _steps(
            request.merchant, has_tiers=bool(shares and shares[0].name), members=figures.members, scanned=live["scanned"]
        ),
        "member_count": number(figures.members),
    }  # fmt: skip
    return render(request, "dashboard/home.html", context)


@require_GET
@staff_view(Permission.SEE_FIGURES)
def live(request: StaffRequest) -> HttpResponse:
    """The till's lines for the poll; 204 while the page that asks shows them already."""
    context = _live(request.merchant, kpis.figures_today(request.merchant))
    if request.GET.get("seen") == context["seen"]:
        return HttpResponse(status=204)
    return render(request, "dashboard/home.html#live", context | {"merchant": request.merchant})


def _live(merchant: Merchant, today: kpis.Figures) -> dict[str, Any]:
    """The lines and today's sum, with a mark by which a page tells what it shows."""
    purchases = queries.latest_purchases(LINES)
    newcomers = list(member_queries.search("")[:LINES])
    lines = till_lines(purchases, newcomers, LINES)
    total = " ".join(signed(units) for units in (today.units_given, -today.units_used) if units)
    seen = hashlib.blake2b(repr((lines, today)).encode(), digest_size=8).hexdigest()
    return {
        "lines": lines,
        "total": total,
        "visits_today": today.purchases,
        "seen": seen,
        "scanned": bool(purchases),
    }


def _greeting() -> str:
    hour = timezone.localtime().hour
    if hour < 12:
        return _("Good morning")
    return _("Good afternoon") if hour < 18 else _("Good evening")


def _steps(merchant: Merchant, *, has_tiers: bool, members: int, scanned: bool) -> list[dict[str, str]]:
    """What a new merchant has not done yet. Each goes away when it is done."""
    steps = [
        (has_tiers, "stamp", _("Add your tiers"), _("Bronze, Silver, Gold: a reason to come back"), _("Add them"),
         reverse("dashboard-programme", args=[merchant.slug])),
        (members > 0, "printer", _("Print the poster"), _("Its QR opens the form in which members join"), _("Print it"),
         reverse("dashboard-poster", args=[merchant.slug])),
        (scanned, "scan-line", _("Make the first scan"), _("Join with your own phone, then scan your card"), _("Scan"),
         reverse("scanner", args=[merchant.slug])),
    ]  # fmt: skip
    return [
        {"icon": icon, "title": title, "text": text, "action": action, "href": href}
        for done, icon, title, text, action, href in steps
        if not done
    ]

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
from analytics.aims import first_day
from analytics.home import home_facts
from loyalty import queries
from loyalty.programme.versions import version_in_force
from loyalty.purchases import queries as purchase_queries
from loyalty.rules.types import Version
from members import queries as member_queries
from merchants.access import Permission
from web.access import StaffRequest, page_context, staff_view
from web.dashboard.aim import aim_of
from web.dashboard.figures import bars_of, mix_of, one_location, period_of, stats_of, till_lines
from web.dashboard.next_steps import next_steps
from web.templatetags.habitue import number, signed

LINES = 6  # what a glance takes in


@require_GET
@staff_view(Permission.SEE_FIGURES)
def home(request: StaffRequest) -> HttpResponse:
    """Figures of a week or of four, the visits, tiers, what to do next, and the till live beside it."""
    days = next((days for days in kpis.PERIODS if str(days) == request.GET.get("days")), kpis.PERIODS[0])
    facts = home_facts()
    since = first_day(facts.aim, request.merchant) if facts.aim else None
    figures = kpis.home_figures(request.merchant, days=days, since=since)
    version = version_in_force(facts.number)
    shares = kpis.tier_mix(version)
    members = sum(share.members for share in shares)
    live = _live(version, figures.today)
    context = page_context(request, "home") | live | {
        "members": members,
        "period": period_of(figures),
        "greeting": _greeting(),
        "first_name": request.user.name.partition(" ")[0],
        "today": timezone.localtime(),
        "stats": stats_of(figures, members),
        "bars": bars_of(figures),
        "mix": mix_of(shares, reverse("dashboard-members", args=[request.merchant.slug])) if members and shares[0].name else [],
        "aim": aim_of(request.merchant, version, facts.aim, members, figures.rows) if facts.aim else None,
        "steps": next_steps(request, shares=shares, scanned=bool(live["visits"]), facts=facts),
        "member_count": number(members),
    }  # fmt: skip
    return render(request, "dashboard/home.html", context)


@require_GET
@staff_view(Permission.SEE_FIGURES)
def live(request: StaffRequest) -> HttpResponse:
    """The till's lines for the poll; 204 while the page that asks shows them already."""
    context = _live(version_in_force(), kpis.figures_today(request.merchant))
    if request.GET.get("seen") == context["seen"]:
        return HttpResponse(status=204)
    return render(request, "dashboard/home.html#live", context | {"merchant": request.merchant})


def _live(version: Version, today: kpis.Figures) -> dict[str, Any]:
    """The lines and today's sum, with a mark by which a page tells what it shows."""
    purchases = purchase_queries.latest_purchases(LINES)
    newcomers = list(member_queries.search("")[:LINES])
    if len(purchases) == LINES:  # who joined before all of them has no place on the receipt
        newcomers = [member for member in newcomers if member.joined_at > purchases[-1].occurred_at]
    lines = till_lines(purchases, newcomers, queries.welcomes_of(newcomers, version), LINES)
    total = " ".join(signed(units) for units in (today.units_given, -today.units_used) if units)
    seen = hashlib.blake2b(repr((lines, today)).encode(), digest_size=8).hexdigest()
    return {
        "lines": lines,
        "place": one_location(purchases),
        "total": total,
        "figures_today": today,
        "visits": purchases,
        "seen": seen,
    }


def _greeting() -> str:
    hour = timezone.localtime().hour
    if hour < 12:
        return _("Good morning")
    return _("Good afternoon") if hour < 18 else _("Good evening")

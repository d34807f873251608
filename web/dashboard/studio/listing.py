"""All printed links, what came of each in some days, or of those of a partner or a campaign together, and all of it as a file."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core import tenancy
from merchants.access import Permission
from merchants.models import Merchant
from studio.counting import Figures, days_of, figures_of
from studio.links import all_links, link_address
from studio.models import Link
from web.access import StaffRequest, page_context, staff_view
from web.dashboard.forms import read_number
from web.dashboard.spreadsheet import csv_file
from web.dashboard.studio.totals import totals_of, ways_of
from web.dashboard.studio.words import heads, row_of

PAGE = "dashboard-studio"
PERIODS = (7, 28, 90, 365)  # days, today included
A_PAGE = 50
HEADS = (
    *("link", "kind", "location", "partner", "campaign", "address"),
    *("day", "scans", "opened", "joined", "first_purchase"),
)


@require_GET
@staff_view(Permission.PRINT_POSTER)
def show(request: StaffRequest) -> HttpResponse:
    """Those that lead first, the most scanned before, then those that were stopped; or a line for each partner and the like."""
    days, page = _days(request), read_number(request.GET.get("page", "")) or 1
    links = list(all_links())
    ways, came = ways_of(links), figures_of(links, _since(days))
    way = next((way for way in ways if way == request.GET.get("by")), "")
    rows = totals_of(links, came, way) if way else _rows(links, came)
    context = page_context(request, "studio") | {
        "first_head": _head(way),
        "heads": heads(),
        "rows": rows[(page - 1) * A_PAGE : page * A_PAGE],
        "days": days,
        "way": way,
        "ways": _ways(request, ways, way, days),
        "periods": _periods(request, days, way),
        "is_empty": not links,
        "newer": page - 1 if page > 1 else None,
        "older": page + 1 if len(rows) > page * A_PAGE else None,
    }
    return render(request, "dashboard/studio/list.html", context)


@require_GET
@staff_view(Permission.SEE_FIGURES)
def export(request: StaffRequest) -> HttpResponseBase:
    """A line for each link and day of the period on which somebody came; of nobody's name."""
    days = _days(request)
    name = f"{request.merchant.slug}-links-{timezone.localdate():%Y-%m-%d}-{days}.csv"
    return csv_file(name, HEADS, _lines(request.merchant, _since(days)))


def _days(request: StaffRequest) -> int:
    return next((days for days in PERIODS if str(days) == request.GET.get("days")), PERIODS[1])


def _since(days: int) -> dt.date:
    """The first of the last so many of the shop's days, today included."""
    return timezone.localdate() - dt.timedelta(days=days - 1)


def _rows(links: list[Link], came: dict[UUID, Figures]) -> list[dict[str, Any]]:
    def order(link: Link) -> tuple[bool, int, int]:
        return link.stopped_at is not None, -came[link.id].scans, -came[link.id].joined

    return [row_of(link, came[link.id]) for link in sorted(links, key=order)]


def _head(way: str) -> str:
    return {"partner": _("Partner"), "campaign": _("Campaign"), "location": _("Location")}.get(way, _("Code"))


def _ways(request: StaffRequest, ways: list[str], current: str, days: int) -> list[dict[str, Any]]:
    """Nothing to choose from where no link names anything."""
    page = reverse(PAGE, args=[request.merchant.slug])
    words = {
        "": _("Codes"),
        "partner": _("Partners"),
        "campaign": _("Campaigns"),
        "location": _("Locations"),
    }
    return [
        {"label": words[way], "href": f"{page}?days={days}&by={way}", "current": way == current}
        for way in ("", *ways)
        if ways
    ]


def _periods(request: StaffRequest, current: int, way: str) -> list[dict[str, Any]]:
    page = reverse(PAGE, args=[request.merchant.slug])
    words = {7: _("7 days"), 28: _("4 weeks"), 90: _("90 days"), 365: _("A year")}
    return [
        {"label": words[days], "href": f"{page}?days={days}&by={way}", "current": days == current}
        for days in PERIODS
    ]


def _lines(merchant: Merchant, since: dt.date) -> Iterator[list[tuple[str, ...]]]:
    """All in one: numbers, of a thousand links at most. A file is written after the view is over."""
    with tenancy.scope(merchant.id):
        links = {link.id: link for link in all_links()}
        came = days_of(list(links.values()), since)
    yield [_line(links[link_id], merchant, day, figures) for (link_id, day), figures in came.items()]


def _line(link: Link, merchant: Merchant, day: dt.date, came: Figures) -> tuple[str, ...]:
    return (
        link.label,
        link.kind,
        link.location.name if link.location else "",
        link.partner,
        link.campaign,
        link_address(link, merchant),
        day.isoformat(),
        *(str(many) for many in (came.scans, came.opened, came.joined, came.bought)),
    )

"""What became of rewards in some days: figures, tables by reward, place and hand, and all of it as a file."""

import datetime as dt
import zoneinfo
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET

from core import tenancy
from core.ids import public_id
from core.languages import reader_language
from core.money import decimal_text
from loyalty.rules.calendar import local_text
from merchants.access import Permission
from merchants.models import ApiKey, Location, Merchant, StaffMember
from rewards import reporting
from rewards.catalogue import all_rewards
from rewards.models import Redemption
from rewards.offers import say_in
from rewards.reporting import Came, Period
from web.access import StaffRequest, page_context, staff_view
from web.dashboard.rewards.listing import tabs_of
from web.dashboard.spreadsheet import csv_file
from web.templatetags.habitue import number, short_money

PAGE = "dashboard-rewards-report"
PERIODS = (7, 28, 90, 365)  # days, today included
HEADS = (
    "id",
    "reward",
    "status",
    "taken_at",
    "used_at",
    "closed_at",
    "location",
    "by",
    "units",
    "unit",
    "cost",
    "currency",
)


@dataclass(frozen=True)
class Told:
    """What the lines of a file are told with: who reads, when, and what places and hands are called."""

    language: str
    now: dt.datetime
    places: Mapping[UUID | None, str]
    hands: Mapping[UUID | None, str]


@require_GET
@staff_view(Permission.SEE_FIGURES)
def report(request: StaffRequest) -> HttpResponse:
    """Figures of some days, and where they come from."""
    days = _days(request)
    period, rewards = _period(request.merchant, days), list(all_rewards())
    each = reporting.by_reward(period)
    names: dict[UUID | None, str] = {one.id: say_in(one.names, reader_language()) for one in rewards}
    all_of_it = sum(each.values(), Came())
    context = page_context(request, "rewards") | {
        "tabs": tabs_of(request, "report", rewards),
        "days": days,
        "periods": _periods(request, days),
        "stats": _stats(all_of_it, request.merchant),
        "is_empty": not each,
        "tables": [
            _table(_("By reward"), _("Reward"), each, names, request.merchant, whole=True),
            _table(_("By location"), _("Location"), _used(reporting.by_location(period)), _places(), request.merchant),
            _table(_("By whoever handed it over"), _("Who"), _used(reporting.by_hand(period)), _hands(), request.merchant),
        ] if each else [],
    }  # fmt: skip
    return render(request, "dashboard/rewards/report.html", context)


@require_GET
@staff_view(Permission.SEE_FIGURES)
def export(request: StaffRequest) -> HttpResponseBase:
    """A line for each reward that was taken, used or given back in these days; nobody's name but the team's is in it."""
    days = _days(request)
    name = f"{request.merchant.slug}-rewards-{timezone.localdate():%Y-%m-%d}-{days}.csv"
    told = Told(reader_language(), timezone.now(), _places(), _hands())
    return csv_file(name, HEADS, _lines(request.merchant, _period(request.merchant, days), told))


def _days(request: StaffRequest) -> int:
    return next((days for days in PERIODS if str(days) == request.GET.get("days")), PERIODS[1])


def _period(merchant: Merchant, days: int) -> Period:
    """The last so many days of the shop's calendar, today included."""
    zone, today = zoneinfo.ZoneInfo(merchant.time_zone), timezone.localdate()
    first, last = (today + dt.timedelta(days=one) for one in (1 - days, 1))
    since, until = (dt.datetime.combine(day, dt.time(), zone) for day in (first, last))
    return Period(since, until)


def _periods(request: StaffRequest, current: int) -> list[dict[str, Any]]:
    page = reverse(PAGE, args=[request.merchant.slug])
    words = {7: _("7 days"), 28: _("4 weeks"), 90: _("90 days"), 365: _("A year")}
    return [
        {"label": words[days], "href": f"{page}?days={days}", "current": days == current} for days in PERIODS
    ]


def _stats(came: Came, merchant: Merchant) -> list[dict[str, str]]:
    gone = ngettext("%(count)s let go", "%(count)s let go", came.released) % {"count": number(came.released)}
    return [
        {"label": pgettext("how many rewards", "Taken"), "value": number(came.taken)},
        {"label": pgettext("how many rewards", "Handed over"), "value": number(came.used)},
        {
            "label": pgettext("how many rewards", "Time ran out"),
            "value": number(came.expired),
            "note": gone if came.released else "",
        },
        {"label": pgettext("how many rewards", "Given back"), "value": number(came.voided)},
        {"label": _("What it cost you"), "value": short_money(came.cost_minor, merchant.currency)},
    ]


def _used(by: Mapping[UUID | None, Came]) -> dict[UUID | None, Came]:
    """Only what was handed over has a place and a hand."""
    return {key: came for key, came in by.items() if came.used or (key and came.voided)}


def _table(
    title: str,
    head: str,
    by: Mapping[Any, Came],
    names: Mapping[UUID | None, str],
    merchant: Merchant,
    *,
    whole: bool = False,
) -> dict[str, Any]:
    """The most used first. `whole`: with what never came to a counter."""
    counts = (
        [
            pgettext("how many rewards", "Taken"),
            pgettext("how many rewards", "Used"),
            pgettext("how many rewards", "Let go"),
            pgettext("how many rewards", "Ran out"),
            pgettext("how many rewards", "Given back"),
        ]
        if whole
        else [pgettext("how many rewards", "Used"), pgettext("how many rewards", "Given back")]
    )
    rows = sorted(by.items(), key=lambda row: (-row[1].used, -row[1].taken, names.get(row[0], "")))
    return {
        "title": title,
        "columns": [{"label": head}, *({"label": label, "figure": True} for label in [*counts, _("Cost")])],
        "rows": [
            {"cells": [names.get(key) or _("Not said"), *_cells(came, merchant, whole=whole)]}
            for key, came in rows
        ],
    }


def _cells(came: Came, merchant: Merchant, *, whole: bool) -> list[str]:
    counts = (
        (came.taken, came.used, came.released, came.expired, came.voided)
        if whole
        else (came.used, came.voided)
    )
    return [*(number(count) for count in counts), short_money(came.cost_minor, merchant.currency)]


def _places() -> dict[UUID | None, str]:
    """Closed ones too. One query."""
    return dict(Location.objects.values_list("id", "name"))


def _hands() -> dict[UUID | None, str]:
    """The team, whoever has left it too, and keys of programs. Two queries."""
    hands: dict[UUID | None, str] = dict(StaffMember.objects.values_list("id", "user__name"))
    return hands | dict(ApiKey.objects.values_list("id", "name"))


def _lines(merchant: Merchant, period: Period, told: Told) -> Iterator[list[tuple[str, ...]]]:
    """Some at a time, each in a scope of its own: a file is written after the view is over."""
    after: UUID | None = None
    while True:
        with tenancy.scope(merchant.id):
            rows = reporting.redemptions_in(period, after)
        if not rows:
            return
        yield [_line(row, merchant, told) for row in rows]
        after = rows[-1].id


def _line(row: Redemption, merchant: Merchant, told: Told) -> tuple[str, ...]:
    is_kept = row.status == Redemption.Status.CAPTURED
    cost = getattr(row, "cost_minor", 0) if is_kept else 0
    moments = (row.held_at, row.captured_at, row.closed_at)
    return (
        public_id("red", row.id),
        say_in(row.what["names"], told.language),
        row.status_at(told.now).value,
        *(local_text(at, merchant.time_zone) if at else "" for at in moments),
        told.places.get(row.location_id, ""),
        told.hands.get(row.captured_by, ""),
        str(row.cost),
        row.unit.code,
        decimal_text(cost, merchant.currency),
        merchant.currency,
    )

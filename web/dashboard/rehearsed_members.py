"""Everybody whom a rehearsed draft would have given more, less or another tier: a list with pages, and a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from core import events, tenancy
from core.languages import reader_language
from loyalty.models import Rehearsal
from loyalty.rehearsal import rehearsing
from loyalty.rules.definition import read_definition
from loyalty.rules.types import Unit
from members.models import Member
from merchants.access import Permission
from merchants.models import Merchant
from web.access import StaffRequest, page_context, staff_view
from web.dashboard.forms import read_number
from web.dashboard.rehearsed import FIGURE, names_of
from web.dashboard.spreadsheet import csv_file
from web.templatetags.habitue import number, signed

REHEARSAL = "dashboard-rehearsal"
ON_A_PAGE = 25
IN_A_BATCH = 1000


@dataclass(frozen=True)
class Side:
    """One of the lists: who it has, and what of them. `code` is its name in an address."""

    code: str
    label: str
    columns: list[dict[str, Any]]
    rows: Sequence[tuple[str, list[str]]]  # a member and the cells beside the name

    @property
    def filter_label(self) -> str:
        """With how many there are."""
        return f"{self.label} ({number(len(self.rows))})"


@require_GET
@staff_view(Permission.EDIT_PROGRAMME)
def listing(request: StaffRequest) -> HttpResponse:
    """A page of one of the lists; the first one that has anybody, where none is asked for."""
    newest = rehearsing.newest_rehearsal()
    if newest is None or not newest.changes:
        return redirect(REHEARSAL, request.merchant.slug)
    sides = _sides(newest)
    asked = request.GET.get("list", "")
    side = next((side for side in sides if side.code == asked), None) or next(
        (side for side in sides if side.rows), sides[0]
    )
    last = max(1, -(-len(side.rows) // ON_A_PAGE))
    page = min(last, max(1, read_number(request.GET.get("page", "")) or 1))
    context = page_context(request, "programme") | {
        "filters": [
            {"label": one.filter_label, "href": f"?list={one.code}", "current": one is side} for one in sides
        ],
        "title": side.label,
        "columns": [{"label": gettext("Member")}, *side.columns],
        "rows": _page(side, page, reverse("dashboard-members", args=[request.merchant.slug])),
        "pager": _pager(side, page, last),
    }
    return render(request, "dashboard/rehearsed_members.html", context)


@require_POST
@staff_view(Permission.EXPORT_MEMBERS)
def export(request: StaffRequest) -> HttpResponseBase:
    """All lists in one file, a line a member. Who took it along is kept for the audit."""
    newest = rehearsing.newest_rehearsal()
    if newest is None or not newest.changes:
        return redirect(REHEARSAL, request.merchant.slug)
    kept = {"actor": str(request.staff.id), "filters": {"rehearsal": str(newest.id)}, "searched": False}
    events.record("members.exported", kept)
    units = read_definition(0, newest.definition).units
    heads = ["name", "phone", "email", *(f"{unit.code}_more" for unit in units), "tier_now", "tier_by_draft"]
    name = f"{request.merchant.slug}-rehearsal-{newest.asked_at:%Y-%m-%d}.csv"
    return csv_file(name, heads, _batches(request.merchant, newest.changes, units))


def _sides(newest: Rehearsal) -> list[Side]:
    changes, version = newest.changes or {}, read_definition(0, newest.definition)
    sides = []
    for unit in version.units:
        rows = [(member, more) for member, more in changes["units"].get(unit.id, ())]
        more, less = ([row for row in rows if (row[1] > 0) == is_more] for is_more in (True, False))
        column = [{"label": gettext("Difference")} | FIGURE]
        word = unit.names.get(reader_language(), unit.names["en"])[1]
        for code, label, side in (
            ("more", gettext("More %(units)s"), more),
            ("less", gettext("Fewer %(units)s"), less[::-1]),
        ):
            cells = [(member, [signed(units)]) for member, units in side]
            sides.append(Side(f"{code}-{unit.code}", label % {"units": word}, column, cells))
    nothing = gettext("no tier")
    tiers = [(member, [was or nothing, would or nothing]) for member, was, would in changes["tiers"]]
    heads = [{"label": gettext("Tier now")}, {"label": gettext("By the draft")}]
    return [*sides, Side("tiers", gettext("Another tier"), heads, tiers)]


def _page(side: Side, page: int, links: str) -> list[dict[str, Any]]:
    shown = side.rows[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    names = names_of(member for member, _cells in shown)
    return [
        {"cells": [names[member], *cells], "href": f"{links}{member}/"}
        for member, cells in shown
        if member in names
    ]


def _pager(side: Side, page: int, last: int) -> dict[str, str]:
    first = (page - 1) * ON_A_PAGE + 1
    values = {"first": first, "last": min(len(side.rows), page * ON_A_PAGE), "all": len(side.rows)}

    def at(number_of_page: int) -> str:
        return f"?{urlencode({'list': side.code, 'page': number_of_page})}"

    return {
        "summary": gettext("%(first)s–%(last)s of %(all)s") % {key: number(n) for key, n in values.items()},
        "previous": at(page - 1) if page > 1 else "",
        "next": at(page + 1) if page < last else "",
    }


def _batches(merchant: Merchant, changes: dict[str, Any], units: Sequence[Unit]) -> Iterator[list[list[str]]]:
    """Lines of the file, each batch in a scope of its own. Who was erased meanwhile is left out."""
    more = {unit.id: dict(changes["units"].get(unit.id, ())) for unit in units}
    tiers = {member: (was or "", would or "") for member, was, would in changes["tiers"]}
    everybody = list(dict.fromkeys([*(member for unit in more.values() for member in unit), *tiers]))
    for start in range(0, len(everybody), IN_A_BATCH):
        part = everybody[start : start + IN_A_BATCH]
        with tenancy.scope(merchant.id):
            found = Member.objects.filter(erased_at=None).in_bulk([UUID(member) for member in part])
        members = [found[UUID(member)] for member in part if UUID(member) in found]
        yield [
            [
                member.name,
                member.phone,
                member.email,
                *(str(more[unit.id].get(str(member.id), 0)) for unit in units),
                *tiers.get(str(member.id), ("", "")),
            ]
            for member in members
        ]

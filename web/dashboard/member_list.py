"""Members: the list with its search, filters, sorts and pages, and the same as a file. The address keeps the state."""

import csv
import io
import re
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core import events, tenancy
from loyalty import member_list
from loyalty.member_list import REACH, Activity, Found, Order, Sort, Wanted
from loyalty.programme import version_in_force
from loyalty.queries import MemberRow
from loyalty.rules.types import Version
from members.queries import members
from merchants.access import Permission
from merchants.models import Merchant
from web.access import StaffRequest, page_context, staff_view
from web.dashboard.person import member_line
from web.parts import render_part, wants_part
from web.templatetags.habitue import number

ON_A_PAGE = 25
# A spreadsheet runs what it takes for a formula: where a cell begins so, by whichever character the spreadsheet parts
# the line. French Excel parts it at semicolons, and then the quotes around a cell hold nothing together.
FORMULA_START = re.compile(r'(^|[;,])(?=[\s"]*[=+\-@＝＋－＠])')
DESCENDING_FIRST = frozenset({Sort.TIER, Sort.POINTS, Sort.LAST, Sort.JOINED})


@dataclass(frozen=True)
class Asked:
    """What the address asks for. What it says that makes no sense is not asked."""

    wanted: Wanted
    order: Order
    page: int

    @classmethod
    def read(cls, data: QueryDict, version: Version) -> "Asked":
        """From a query string or a form."""
        text = data.get("q", "").replace("\x00", "").strip()[:100]
        tier = next((UUID(tier.id) for tier in version.tiers if tier.id == data.get("tier")), None)
        activity = next((each for each in Activity if each == data.get("activity")), None)
        named = data.get("sort", "").removeprefix("-")
        sort = next((each for each in Sort if each == named), None)
        page = data.get("page", "")
        return cls(
            wanted=Wanted(text, tier, activity),
            order=Order(sort, data.get("sort", "").startswith("-")) if sort else Order(),
            page=int(page) if page.isdecimal() and len(page) < 9 else 1,
        )

    def pairs(self, **changes: Any) -> list[tuple[str, str]]:
        """The state as names and values, without what goes without saying. `changes` are of `wanted`."""
        wanted = replace(self.wanted, **changes)
        sort = ("-" if self.order.descending else "") + self.order.sort if self.order != Order() else ""
        said = {"q": wanted.text, "tier": wanted.tier_id, "activity": wanted.activity, "sort": sort}
        return [(name, str(value)) for name, value in said.items() if value]

    def address(self, **changes: Any) -> str:
        """The first page of the same list, or of one that differs by `changes`."""
        return f"?{urlencode(self.pairs(**changes))}"

    def at(self, page: int) -> str:
        """Another page of it."""
        return f"?{urlencode([*self.pairs(), ('page', str(page))])}"

    def sorted_by(self, sort: Sort) -> str:
        """The same list by another column; by the same one, the other way round."""
        same = sort == self.order.sort
        descending = not self.order.descending if same else sort in DESCENDING_FIRST
        return replace(self, order=Order(sort, descending)).address()


@require_GET
@staff_view(Permission.SEE_MEMBERS)
def listing(request: StaffRequest) -> HttpResponse:
    """Members, newest first until another order is asked for."""
    version = version_in_force()
    asked = Asked.read(request.GET, version)
    found = member_list.find(
        asked.wanted,
        order=asked.order,
        page=asked.page,
        size=ON_A_PAGE,
        version=version,
        now=timezone.now(),
    )
    is_empty = not found.rows and not wants_part(request) and not members().exists()
    context = page_context(request, "members") | _state(asked, version) | {
        "rows": [member_line(row, version.tiers) for row in found.rows],
        "pager": _pager(asked, found),
        "count": _say_count(asked, found),
        "is_empty": is_empty,
        "member_count": number(found.total) if asked.wanted.is_everybody and found.total else "",
    }  # fmt: skip
    return render_part(request, "dashboard/members.html", "found", context)


def _state(asked: Asked, version: Version) -> dict[str, Any]:
    """What is asked for, and the ways to ask for something else."""
    return {
        "query": asked.wanted.text,
        "kept": [pair for pair in asked.pairs() if pair[0] != "q"],
        "asked": asked.pairs(),
        "is_everybody": asked.wanted.is_everybody,
        "columns": _columns(asked),
        "sorts": _sorts(asked),
        "activities": _activities(asked),
        "tiers": _tiers(asked, version),
    }


def _columns(asked: Asked) -> list[dict[str, Any]]:
    """The heads of the table, each a link that sorts."""
    words = [
        (Sort.NAME, _("Member"), False),
        (Sort.TIER, _("Tier"), False),
        (Sort.POINTS, _("Points"), True),
        (Sort.LAST, _("Last visit"), True),
        (Sort.JOINED, _("Joined"), True),
    ]
    direction = "descending" if asked.order.descending else "ascending"
    return [
        {
            "label": label,
            "figure": figure,
            "href": asked.sorted_by(sort),
            "sorted": direction if sort == asked.order.sort else "",
        }
        for sort, label, figure in words
    ]


def _sorts(asked: Asked) -> list[dict[str, Any]]:
    """The same for a phone, where a table has no heads."""
    words = [
        (Sort.JOINED, True, _("Newest first")),
        (Sort.NAME, False, _("By name")),
        (Sort.POINTS, True, _("Most points first")),
        (Sort.TIER, True, _("Highest tier first")),
        (Sort.LAST, True, _("Last visit, newest first")),
        (Sort.LAST, False, _("Last visit, longest ago first")),
    ]
    return [
        {
            "label": label,
            "href": replace(asked, order=Order(sort, descending)).address(),
            "current": Order(sort, descending) == asked.order,
        }
        for sort, descending, label in words
    ]


def _activities(asked: Asked) -> list[dict[str, Any]]:
    words = [
        (None, _("Everybody")),
        (Activity.NEW, _("New this week")),
        (Activity.RECENT, _("Came in the last 30 days")),
        (Activity.MISSING, _("Missing for 30 days")),
        (Activity.NEVER, _("Never came")),
    ]
    return [
        {
            "label": label,
            "href": asked.address(activity=activity),
            "current": activity == asked.wanted.activity,
        }
        for activity, label in words
    ]


def _tiers(asked: Asked, version: Version) -> list[dict[str, Any]]:
    """Highest first, as on the ladder; nothing to choose from without one."""
    if not version.tiers:
        return []
    choices = [(None, _("All tiers")), *((UUID(tier.id), tier.name) for tier in reversed(version.tiers))]
    return [
        {"label": label, "href": asked.address(tier_id=tier_id), "current": tier_id == asked.wanted.tier_id}
        for tier_id, label in choices
    ]


def _pager(asked: Asked, found: Found) -> dict[str, Any]:
    """Where one is, and the addresses before and after."""
    last = found.first + len(found.rows) - 1
    page = -(-last // ON_A_PAGE)
    reachable = REACH if found.total is None else min(found.total, REACH)
    values = {"first": number(found.first), "last": number(last), "all": number(found.total or REACH)}
    of_many = _("%(first)s–%(last)s of more than %(all)s")
    return {
        "summary": (of_many if found.total is None else _("%(first)s–%(last)s of %(all)s")) % values,
        "previous": asked.at(page - 1) if page > 1 else "",
        "next": asked.at(page + 1) if last < reachable else "",
        "end": last == REACH and (found.total is None or found.total > REACH),
    }  # fmt: skip


def _say_count(asked: Asked, found: Found) -> str:
    """How many were found, for the line above the list and for who hears it."""
    if found.total is None:
        return _("More than %(many)s found") % {"many": number(REACH)}
    if asked.wanted.is_everybody:
        return ""
    return _("%(many)s found") % {"many": number(found.total)}


@require_POST
@staff_view(Permission.EXPORT_MEMBERS)
def export(request: StaffRequest) -> HttpResponseBase:
    """Everybody on the list as CSV, streamed, however many. Who took it along, and what of, is kept for the audit."""
    asked = Asked.read(request.POST, version_in_force())
    filters = {name: value for name, value in asked.pairs() if name in {"tier", "activity"}}
    # Not what was searched for: it may be a name, and the audit keeps for ever.
    events.record(
        "members.exported",
        {"actor": str(request.staff.id), "filters": filters, "searched": bool(asked.wanted.text)},
    )
    response = StreamingHttpResponse(
        _lines(request.merchant, asked.wanted), content_type="text/csv; charset=utf-8"
    )
    name = f"{request.merchant.slug}-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _lines(merchant: Merchant, wanted: Wanted) -> Iterator[str]:
    """The file, a batch at a time, each in a scope of its own: no transaction waits for a slow line."""
    heads = ["name", "phone", "email", "language", "tier", "points", "visits", "last_visit", "joined"]
    yield "\ufeff" + _csv([heads])  # the mark tells a spreadsheet that this is UTF-8
    now, zone = timezone.now(), zoneinfo.ZoneInfo(merchant.time_zone)
    after: UUID | None = None
    while True:
        with tenancy.scope(merchant.id):
            rows = member_list.batch(wanted, after=after, now=now, version=version_in_force())
        if not rows:
            return
        after = rows[-1].member.id
        yield _csv([_cells(row, zone) for row in rows])


def _cells(row: MemberRow, zone: zoneinfo.ZoneInfo) -> list[str]:
    member, last = row.member, row.last_purchase_at
    return [
        safe_cell(value)
        for value in (
            member.name,
            member.phone,
            member.email,
            member.locale,
            row.tier.name if row.tier else "",
            str(row.points),
            str(row.purchases),
            f"{last.astimezone(zone):%Y-%m-%d}" if last else "",
            f"{member.joined_at.astimezone(zone):%Y-%m-%d}",
        )
    ]


def safe_cell(text: str) -> str:
    """The text on one line, never a formula: an apostrophe in front says so to every spreadsheet."""
    return FORMULA_START.sub(r"\1'", re.sub(r"[\t\r\n]", " ", text))


def _csv(rows: list[list[str]]) -> str:
    page = io.StringIO()
    csv.writer(page).writerows(rows)
    return page.getvalue()

"""Members: the list with its search, filters, sorts and pages, and the same as a file. The address keeps the state."""

import zoneinfo
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core import events, tenancy
from core.languages import reader_language
from loyalty.happenings.by_hand import acts_of
from loyalty.membership import member_list
from loyalty.membership.member_list import REACH, Activity, Found, Order, Sort, Wanted
from loyalty.programme.versions import version_in_force
from loyalty.queries import MemberRow
from loyalty.rules.types import Unit, Version
from loyalty.wording import unit_name
from members.queries import members
from members.tags import LONGEST_TAG, tags_in_use
from merchants.access import Permission
from merchants.models import Merchant
from web.access import StaffRequest, page_context, staff_view
from web.dashboard.forms import read_number
from web.dashboard.person import member_line
from web.dashboard.spreadsheet import csv_file
from web.parts import render_part, wants_part
from web.templatetags.habitue import number

ON_A_PAGE = 25
MOST_TAGS_SHOWN = 8  # as a filter: more would be a list of its own
HEADS, MORE = ("name", "phone", "email", "language", "tier"), ("visits", "last_visit", "joined", "tags")
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
        return cls(
            wanted=Wanted(
                text, tier, activity, data.get("tag", "").replace("\x00", "").strip()[:LONGEST_TAG]
            ),
            order=Order(sort, data.get("sort", "").startswith("-")) if sort else Order(),
            page=read_number(data.get("page", "")) or 1,
        )

    def pairs(self, **changes: Any) -> list[tuple[str, str]]:
        """The state as names and values, without what goes without saying. `changes` are of `wanted`."""
        wanted = replace(self.wanted, **changes)
        sort = ("-" if self.order.descending else "") + self.order.sort if self.order != Order() else ""
        said = {
            "q": wanted.text,
            "tier": wanted.tier_id,
            "activity": wanted.activity,
            "tag": wanted.tag,
            "sort": sort,
        }
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
        "rows": [member_line(row, version) for row in found.rows],
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
        "columns": _columns(asked, capfirst(unit_name(version.units[0], 2, reader_language()))),
        "sorts": _sorts(asked),
        "activities": _activities(asked),
        "tiers": _tiers(asked, version),
        "tags": _tags(asked),
        "has_acts": bool(acts_of(version)),
    }


def _columns(asked: Asked, units: str) -> list[dict[str, Any]]:
    """The heads of the table, each a link that sorts. `units` is what the first unit is called."""
    words = [
        (Sort.NAME, _("Member"), False),
        (Sort.TIER, _("Tier"), False),
        (Sort.POINTS, units, True),
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


def _tags(asked: Asked) -> list[dict[str, Any]]:
    """Those that most members have, and the one that is asked for; nothing to choose from without any."""
    found = tags_in_use(MOST_TAGS_SHOWN)
    if asked.wanted.tag and asked.wanted.tag not in found:
        found.append(asked.wanted.tag)
    choices = [("", _("All tags")), *((tag, tag) for tag in found)] if found else []
    return [
        {"label": label, "href": asked.address(tag=tag), "current": tag == asked.wanted.tag}
        for tag, label in choices
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
        {
            "actor": str(request.staff.id),
            "filters": filters,
            "searched": bool(asked.wanted.text or asked.wanted.tag),
        },
    )
    name = f"{request.merchant.slug}-{timezone.localdate():%Y-%m-%d}.csv"
    units = version_in_force().units
    heads = (*HEADS, *(unit.code for unit in units), *MORE)
    return csv_file(name, heads, _batches(request.merchant, asked.wanted, units))


def _batches(merchant: Merchant, wanted: Wanted, units: Sequence[Unit]) -> Iterator[list[list[str]]]:
    """What the file has, each batch in a scope of its own: no transaction waits for a slow line."""
    now, zone = timezone.now(), zoneinfo.ZoneInfo(merchant.time_zone)
    after: UUID | None = None
    while True:
        with tenancy.scope(merchant.id):
            rows = member_list.batch(wanted, after=after, now=now, version=version_in_force())
        if not rows:
            return
        after = rows[-1].member.id
        yield [_cells(row, units, zone) for row in rows]


def _cells(row: MemberRow, units: Sequence[Unit], zone: zoneinfo.ZoneInfo) -> list[str]:
    member, last = row.member, row.last_purchase_at
    return [
        member.name,
        member.phone,
        member.email,
        member.locale,
        row.tier.name if row.tier else "",
        *(str(row.units.get(unit.id, 0)) for unit in units),
        str(row.purchases),
        f"{last.astimezone(zone):%Y-%m-%d}" if last else "",
        f"{member.joined_at.astimezone(zone):%Y-%m-%d}",
        ", ".join(member.tags),
    ]

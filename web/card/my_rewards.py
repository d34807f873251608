"""The rewards that a member took, for the file of its own data."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from core.languages import reader_language
from loyalty.rules.calendar import last_day_before
from loyalty.rules.types import Version
from loyalty.wording import say_units
from members.models import Member
from merchants.models import Merchant
from rewards.models import Redemption, VoidReason
from rewards.offers import say_in
from web.templatetags.habitue import full_date

Moment = Callable[[dt.datetime], dict[str, str]]


def rewards_of(member: Member, version: Version, moment: Moment, merchant: Merchant) -> list[dict[str, Any]]:
    """All of them as they were then, the oldest first, each with what became of it. One query."""
    now = timezone.now()
    rows = Redemption.objects.select_related("unit").filter(member=member).order_by("id")
    told = []
    for row in rows:
        status = row.status_at(now)
        is_waiting = row.serial is not None and status == Redemption.Status.HELD
        last = last_day_before(row.held_until, merchant.time_zone) if is_waiting else None
        last_day = {"on": last.isoformat(), "said": full_date(last)} if last else None
        told.append(_told(row, version, moment, status) | {"last_day": last_day})
    return told


def _told(row: Redemption, version: Version, moment: Moment, status: Redemption.Status) -> dict[str, Any]:
    unit, language = version.unit(str(row.unit_id)), reader_language()
    return {
        "name": say_in(row.what["names"], language),
        "cost": row.cost,
        "unit": row.unit.code,
        "said": say_units(unit, row.cost, language, version.currency) if unit else str(row.cost),
        "status": status.value,
        "status_said": str(status.label),
        "why": row.void_reason or None,
        "why_said": str(VoidReason(row.void_reason).label) if row.void_reason else "",
        "taken": moment(row.held_at),
        "closed": moment(row.closed_at) if row.closed_at else None,
    }

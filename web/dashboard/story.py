"""A member's story in words: lines with reasons, grouped by time, and where the member stands."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import phonenumbers
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from phonenumbers import PhoneNumberFormat

from core.languages import reader_language
from loyalty.queries import MemberRow, MemberStanding, StoryLine
from loyalty.rules.types import Tier
from loyalty.wording import say_reason
from members.models import Member
from web.templatetags.habitue import (
    brief,
    brief_in_year,
    full_date,
    money,
    number,
    short_money,
    signed,
)
from web.tiers import ink_of, pip_of, say_way_to

HIDDEN = "••"
WEEK = dt.timedelta(days=7)


def member_line(row: MemberRow, tiers: tuple[Tier, ...]) -> dict[str, Any]:
    """One line of the list."""
    return {
        "id": row.member.id,
        "name": str(row.member) if row.member.name else masked_contact(row.member),
        "contact": masked_contact(row.member) if row.member.name else "",
        "tier": row.tier,
        "pip": pip_of(row.tier, tiers),
        "points": number(row.points),
        "last": brief(row.last_purchase_at) if row.last_purchase_at else _("never"),
    }


def masked_contact(member: Member) -> str:
    """Enough of a phone number or an address to recognise it, not enough to copy it from a screen at the counter."""
    if not member.phone:
        name, _at, place = member.email.partition("@")
        return f"{name[:1]}{HIDDEN}@{place}"
    parsed = phonenumbers.parse(member.phone)
    groups = phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL).split()
    inner = [HIDDEN for _group in groups[3:-1]]
    return " ".join([*groups[:3], *inner, groups[-1]]) if inner else " ".join([*groups[:-1], HIDDEN])


def who_is(member: Member) -> dict[str, Any]:
    """Name, contact and language, as the head of the page says them."""
    contact = masked_contact(member)
    speaks = get_language_info(member.locale)["name_translated"]
    return {"member": member, "name": member.name or contact, "contact": contact, "speaks": speaks}


def story_groups(lines: Sequence[StoryLine], currency: str) -> list[dict[str, Any]]:
    """Lines under the week or the month they belong to."""
    groups: list[dict[str, Any]] = []
    now = timezone.localtime()
    for line in lines:
        label = _group(timezone.localtime(line.occurred_at), now)
        if not groups or groups[-1]["label"] != label:
            groups.append({"label": label, "lines": []})
        groups[-1]["lines"].append(_line(line, currency))
    return groups


def _group(moment: dt.datetime, now: dt.datetime) -> str:
    if now - moment < WEEK:
        return _("The last seven days")
    month = formats.date_format(moment, "F" if moment.year == now.year else "F Y")
    if (moment.year, moment.month) == (now.year, now.month):
        return _("Earlier in %(month)s") % {"month": month}
    return capfirst(month)


def _line(line: StoryLine, currency: str) -> dict[str, Any]:
    purchase = line.purchase
    if purchase is not None and purchase.location is not None:
        what = _("%(money)s at %(location)s") % {
            "money": money(purchase.amount_minor, purchase.currency),
            "location": purchase.location.name,
        }
    elif purchase is not None:
        what = _("%(money)s spent") % {"money": money(purchase.amount_minor, purchase.currency)}
    else:
        what = _("Joined") if line.kind == "award" else _("Points used")
    return {
        "icon": _icon(line),
        "what": what,
        "why": _why(line, currency),
        "where": purchase.get_channel_display() if purchase is not None else "",
        "amount": signed(line.amount),
        "gain": line.amount > 0,
        "balance": number(line.balance),
        "when": brief_in_year(line.occurred_at),
        "moment": timezone.localtime(line.occurred_at),
    }


def _icon(line: StoryLine) -> str:
    if line.purchase is not None:
        return "stamp"
    return "user-plus" if line.kind == "award" else "gift"


def _why(line: StoryLine, currency: str) -> list[str]:
    """The reason of the line, then what the purchase nearly earned."""
    if line.kind != "award":
        return []
    reasons = [line.reasons]
    if line.purchase is not None:
        reasons += [reason for reason in line.purchase.reasons if reason["units"] == 0]
    return [say_reason(reason, currency, reader_language()) for reason in reasons]


def progress_of(standing: MemberStanding) -> dict[str, Any]:
    """Tier and the way to the next one; `percent` of the ladder, for the bar."""
    version, tier = standing.version, standing.tier
    tiers = version.tiers
    top = tiers[-1].threshold_minor if tiers else 0
    after = standing.next_tier
    note = ""
    if after is not None:
        note = say_way_to(after.name, after.threshold_minor - standing.progress_minor, version.currency)
    return {
        "tier": tier,
        "label": tier.name if tier else _("No tier yet"),
        "tone": ink_of(tier, tiers),
        "note": note,
        "spent": money(standing.progress_minor, version.currency),
        "percent": min(round(100 * standing.progress_minor / top, 1), 100) if top else 100,
        "marks": [
            {
                "percent": round(100 * rung.threshold_minor / top, 1) if top else 0,
                "label": f"{rung.name} {short_money(rung.threshold_minor, version.currency)}"
                if rung.threshold_minor
                else rung.name,
            }
            for rung in tiers
        ],
    }


def facts_of(member: Member, standing: MemberStanding) -> list[dict[str, str]]:
    """What is known, between hairlines."""
    last = standing.last_purchase_at
    facts = [
        (_("Visits"), number(standing.purchases)),
        (
            _("Last visit"),
            full_date(last) if last else _("never"),
        ),
        (_("Birthday"), formats.date_format(member.birthday, "j F") if member.birthday else ""),
    ]
    return [{"label": label, "value": value} for label, value in facts if value]

"""A member in words: who it is, where it stands, what is known. It reads nothing; the story is told beside it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import phonenumbers
from django.utils import formats, timezone
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from phonenumbers import PhoneNumberFormat

from core.languages import reader_language
from loyalty.queries import MemberRow, MemberStanding
from loyalty.rules.types import Tier
from loyalty.wording import say_debt, say_units
from members.models import Card, Consent, Member
from web.dashboard.habits import comes_on
from web.templatetags.habitue import brief, full_date, money, number, short_money
from web.tiers import ink_of, pip_of, say_way_to

HIDDEN = "••"


def member_line(row: MemberRow, tiers: tuple[Tier, ...]) -> dict[str, Any]:
    """One line of the list."""
    return {
        "id": row.member.id,
        "name": row.member.name or masked_contact(row.member),
        "contact": masked_contact(row.member) if row.member.name else "",
        "tier": row.tier,
        "pip": pip_of(row.tier, tiers),
        "points": number(row.points),
        "last": brief(row.last_purchase_at) if row.last_purchase_at else _("never"),
        "joined": brief(row.member.joined_at),
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


def units_of(member: Member, standing: MemberStanding) -> dict[str, Any]:
    """What can be used, what waits beside it, and what is owed."""
    unit, language = standing.version.units[0], reader_language()
    balance = standing.balances.get(unit.code, {"pending": 0, "held": 0})
    waiting = [
        words % {"units": say_units(unit, balance[bucket], language)}
        for bucket, words in (("pending", _("%(units)s to come")), ("held", _("%(units)s set aside")))
        if balance[bucket]
    ]
    owes = say_debt(str(member), standing.debt, unit, language)
    return {"points": number(standing.points), "waiting": waiting, "owes": owes}


def progress_of(standing: MemberStanding) -> dict[str, Any]:
    """Tier and the way to the next one; `percent` of the ladder, for the bar."""
    version, tier = standing.version, standing.tier
    tiers = version.tiers
    top = tiers[-1].threshold_minor if tiers else 0
    return {
        "tier": tier,
        "label": tier.name if tier else _("No tier yet"),
        "tone": ink_of(tier, tiers),
        "note": _say_way(standing),
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


def _say_way(standing: MemberStanding) -> str:
    """How far the next tier is; at the top, how far above its line."""
    tier, after, currency = standing.tier, standing.next_tier, standing.version.currency
    if after is not None:
        return say_way_to(after.name, after.threshold_minor - standing.progress_minor, currency)
    above = standing.progress_minor - tier.threshold_minor if tier else 0
    return _("%(money)s above the line") % {"money": money(above, currency)} if above > 0 else ""


def facts_of(
    card: Card,
    consents: Mapping[str, bool],
    standing: MemberStanding,
    visits: Sequence[dt.datetime],
    *,
    now: dt.datetime,
) -> list[dict[str, str]]:
    """What is known, between hairlines. `visits` are the newest, at least this year's."""
    member, last = card.member, standing.last_purchase_at
    year = timezone.localtime(now).year
    facts = [
        (_("Visits this year"), number(sum(timezone.localtime(visit).year == year for visit in visits))),
        (_("Last visit"), full_date(last) if last else _("never")),
        (_("Usually comes"), comes_on(visits, now=now)),
        (_("Birthday"), formats.date_format(member.birthday, "j F") if member.birthday else ""),
        (_("Reached by"), _reached_by(member, consents)),
        (_("Code to say"), f"{card.spoken_code[:3]} {card.spoken_code[3:]}"),
    ]
    return [{"label": label, "value": value} for label, value in facts if value]


def _reached_by(member: Member, consents: Mapping[str, bool]) -> str:
    """What this member may be written to about; that there is an address is not enough."""
    points, news = (
        consents.get(purpose) for purpose in (Consent.Purpose.POINTS_EMAIL, Consent.Purpose.NEWS_EMAIL)
    )
    if not member.email:
        return _("nothing: no e-mail address")
    if points and news:
        return _("e-mail, points and news")
    if points:
        return _("e-mail, points only")
    return _("e-mail, news only") if news else _("nothing: did not agree to e-mails")

"""A member in words: who it is, where it stands, what is known. It reads nothing; the story is told beside it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import phonenumbers
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from phonenumbers import PhoneNumberFormat

from core.languages import reader_language
from loyalty.queries import MemberRow, MemberStanding
from loyalty.rules.types import Version
from loyalty.wording import (
    say_climbed,
    say_counted,
    say_debt,
    say_expiring,
    say_figure,
    say_others,
    say_owed,
    say_units,
)
from loyalty.wording.challenges import say_challenge
from loyalty.wording.reader import Reader
from loyalty.wording.rules import rule_name
from members.models import Card, Consent, Member
from web.changes import say_perks
from web.dashboard.habits import comes_on
from web.ladder_line import marks_of, place_on_line
from web.templatetags.habitue import brief, day_of_year, full_date, money, number
from web.tiers import ink_of, pip_of, say_keeping_of, say_way_to

HIDDEN = "••"


def member_line(row: MemberRow, version: Version) -> dict[str, Any]:
    """One line of the list: what there is of the first unit, then of the others."""
    language = reader_language()
    figure, word = say_figure(version.units[0], row.points, language, version.currency)
    after = version.tier_after(row.tier)
    return {
        "id": row.member.id,
        "name": row.member.name or masked_contact(row.member),
        "contact": masked_contact(row.member) if row.member.name else "",
        "tier": row.tier,
        "pip": pip_of(row.tier, version.tiers),
        "way": say_way_to(after.name, after.threshold_minor - row.progress, version) if after else "",
        "points": figure,
        "unit": word,
        "others": [
            " ".join(say_figure(unit, row.units[unit.id], language, version.currency))
            for unit in version.units[1:]
            if row.units.get(unit.id)
        ],
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
    version, balances, language = standing.version, standing.balances, reader_language()
    known = [(unit, balances[unit.code]) for unit in version.units if unit.code in balances]
    figure, word = say_figure(version.units[0], standing.points, language, version.currency)
    return {
        "points": figure,
        "unit": capfirst(word),
        "others": say_others(version, balances, language),
        "expiring": say_expiring(version, balances, language, timezone.localdate()),
        "waiting": [
            words % {"units": say_units(unit, balance[bucket], language, version.currency)}
            for unit, balance in known
            for bucket, words in (("pending", _("%(units)s to come")), ("held", _("%(units)s set aside")))
            if balance[bucket]
        ],
        "owes": say_debt(str(member), say_owed(version, balances, language), language),
    }


def progress_of(standing: MemberStanding) -> dict[str, Any]:
    """Tier and the way to the next one; `percent` of the ladder, for the bar."""
    version, tier = standing.version, standing.tier
    tiers = version.tiers
    return {
        "tier": tier,
        "label": tier.name if tier else _("No tier yet"),
        "tone": ink_of(tier, tiers),
        "note": _say_way(standing),
        "counted": _say_counted(standing),
        "keeping": say_keeping_of(standing),
        "percent": place_on_line(standing.progress, version) if tiers else 100,
        "marks": marks_of(standing, reader_language()),
    }


def _say_counted(standing: MemberStanding) -> str:
    """What counts toward a tier; beside it all that was spent, where that is another thing."""
    version = standing.version
    spent = _("%(money)s spent in all") % {"money": money(standing.spent_minor, version.currency)}
    if version.ladder.counts_all_spend:
        return spent
    return f"{say_counted(standing.progress, version, reader_language())} · {spent}"


def reached_of(standing: MemberStanding) -> dict[str, Any]:
    """What the tier brings besides units, how far challenges are, and the badges."""
    version, language = standing.version, reader_language()
    reader = Reader(language, version.currency, version)
    return {
        "perks": say_perks(standing.tier, version) if standing.tier else [],
        "challenges": [say_challenge(one, reader) for one in standing.challenges],
        "badges": [rule_name(rule, language) for rule in standing.badges],
    }


def _say_way(standing: MemberStanding) -> str:
    """How far the next tier is; at the top, how far above its line."""
    tier, after, version = standing.tier, standing.next_tier, standing.version
    if after is not None:
        return say_way_to(after.name, after.threshold_minor - standing.progress, version)
    above = standing.progress - tier.threshold_minor if tier else 0
    said = say_climbed(above, version, reader_language())
    return _("%(money)s above the line") % {"money": said} if above > 0 else ""


def facts_of(
    card: Card,
    consents: Mapping[str, bool],
    standing: MemberStanding,
    visits: Sequence[dt.datetime],
    came_by: str | None,
    *,
    now: dt.datetime,
) -> list[dict[str, str]]:
    """What is known, between hairlines. `visits` are the newest, at least this year's; `came_by`: what the printed code is called."""
    member, last = card.member, standing.last_purchase_at
    year = timezone.localtime(now).year
    facts = [
        (_("Tier since"), full_date(standing.tier_since) if standing.tier and standing.tier_since else ""),
        (_("Visits this year"), number(sum(timezone.localtime(visit).year == year for visit in visits))),
        (_("Last visit"), full_date(last) if last else _("never")),
        (_("Usually comes"), comes_on(visits, now=now)),
        (_("Came by"), _("“%(label)s”") % {"label": came_by} if came_by else ""),
        (_("Birthday"), day_of_year(member.birthday) if member.birthday else ""),
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

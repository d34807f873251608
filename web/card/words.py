"""A standing and a story in the member's words: what the card's templates show. It reads nothing and decides nothing."""

import datetime as dt
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

from babel.dates import format_date
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext

from core.money import say_money
from loyalty.queries import MemberStanding
from loyalty.rules.types import Tier, Version
from loyalty.story import StoryLine
from loyalty.wording import say_entry, say_multiplier, say_number, say_own_debt, say_units, unit_name
from members.models import Member
from merchants.models import Merchant
from web.tiers import ink_of, pip_of, say_way_to

MOST_LABELS = 4  # more do not fit under the line at 360 px
DOT_PERCENT = 2.0  # half of the dot on the line, at 360 px: it never hangs over an end
SEAL_LETTERS, SEAL_RING_LETTERS = 6, 13
JUST_NOW = dt.timedelta(minutes=2)


@dataclass(frozen=True)
class TierWords:
    """A tier, the way to the next, and where its marks stand on the line."""

    name: str
    pip: str
    seal: str
    tone: str
    next_sentence: str  # "€38 to Gold", empty at the top
    next_perk: str  # "From Gold on, your points count × 1.5"
    percent: float  # of the way to the next
    line_percent: float  # on the whole line
    marks: list[dict[str, Any]]
    spent: str  # "€612.50 so far"


def tier_words(standing: MemberStanding, language: str) -> TierWords | None:
    """None where the programme has no tiers."""
    version, tier, after = standing.version, standing.tier, standing.next_tier
    if not version.tiers:
        return None
    return TierWords(
        name=tier.name if tier else "",
        pip=pip_of(tier, version.tiers),
        seal=_seal_word(tier),
        tone=ink_of(tier, version.tiers),
        next_sentence=_way_to(after, standing),
        next_perk=_perk(after, version, language),
        percent=_percent_to_next(standing),
        line_percent=min(max(_place(standing.progress_minor, version), DOT_PERCENT), 100 - DOT_PERCENT),
        marks=_marks(standing, language),
        spent=gettext("%(money)s so far")
        % {"money": say_money(standing.progress_minor, version.currency, language, short=True)},
    )


def welcome_words(version: Version, language: str) -> str:
    """ "50 points", or nothing where joining gives none."""
    rule = next((rule for rule in version.rules if rule.trigger == "joining"), None)
    unit = next(unit for unit in version.units if rule is None or unit.id == rule.unit)
    return say_units(unit, rule.amount, language) if rule else ""


def balance_words(standing: MemberStanding, language: str) -> dict[str, str]:
    """The figure and its unit, apart: they are set in two sizes. And what is owed, in a sentence."""
    unit = standing.version.units[0]
    return {
        "points": say_number(standing.points, language),
        "unit": unit_name(unit, standing.points, language),
        "debt": say_own_debt(standing.debt, unit, language),
    }


def story_words(
    lines: Sequence[StoryLine], merchant: Merchant, version: Version, language: str
) -> list[dict[str, Any]]:
    """Lines as `components/points_line.html` takes them."""
    now = timezone.now()
    return [
        {
            "entry": str(line.entry_id),
            "month": capfirst(_month(line.occurred_at, now=now, zone=merchant.time_zone, language=language)),
            "amount": signed(line.amount, language) if line.amount else say_number(line.units, language),
            "gain": line.amount > 0,
            "what": say_entry(line.kind, line.reasons, merchant.currency, language, version=version),
            "where": _where(line, merchant, language),
            "when": say_day(line.occurred_at, now=now, zone=merchant.time_zone, language=language),
        }
        for line in lines
    ]


def say_day(moment: dt.datetime, *, now: dt.datetime, zone: str, language: str) -> str:
    """When, as one says it: just now, 14:05, yesterday, Thursday, 9 Nov, 9 Nov 2025."""
    here = zoneinfo.ZoneInfo(zone)
    local, today = moment.astimezone(here), now.astimezone(here).date()
    days = (today - local.date()).days
    if dt.timedelta(0) <= now - moment < JUST_NOW:
        return gettext("just now")
    if days == 0:
        return f"{local:%H:%M}"
    if days == 1:
        return gettext("yesterday")
    if 1 < days < 7:
        return str(format_date(local.date(), "EEEE", locale=language))
    return str(format_date(local.date(), "d MMM" if local.year == today.year else "d MMM y", locale=language))


def _month(moment: dt.datetime, *, now: dt.datetime, zone: str, language: str) -> str:
    here = zoneinfo.ZoneInfo(zone)
    day, today = moment.astimezone(here).date(), now.astimezone(here).date()
    return str(format_date(day, "LLLL" if day.year == today.year else "LLLL y", locale=language))


def spoken(code: str) -> str:
    """ "K7M 42P": two breaths."""
    return f"{code[:3]}\u00a0{code[3:]}"


def greeting(member: Member) -> str:
    """The line over the balance."""
    return gettext("Hello %(name)s, you have") % {"name": member.name} if member.name else gettext("You have")


def months_of(lines: Sequence[dict[str, Any]], *, after: str = "") -> list[dict[str, Any]]:
    """Lines under their months. A page that goes on in the month `after` does not say it again."""
    months = [
        {"name": name, "lines": list(group)} for name, group in groupby(lines, key=lambda line: line["month"])
    ]
    if months and months[0]["name"] == after:
        months[0]["name"] = ""
    return months


def story_title(standing: MemberStanding, language: str) -> str:
    """ "Every point, and why"."""
    return gettext("Every %(unit)s, and why") % {"unit": unit_name(standing.version.units[0], 1, language)}


def say_gain(gained: int, standing: MemberStanding, language: str) -> str:
    """What a screen reader says when points arrive or are taken back: "+18 points. You have 1,218 points."."""
    unit = standing.version.units[0]
    return gettext("%(gain)s %(units)s. You have %(balance)s.") % {
        "gain": signed(gained, language),
        "units": unit_name(unit, abs(gained), language),
        "balance": say_units(unit, standing.points, language),
    }


def signed(amount: int, language: str) -> str:
    """ "+18", and "−18" with a real minus."""
    return ("+" if amount > 0 else "\u2212") + say_number(abs(amount), language)


def _where(line: StoryLine, merchant: Merchant, language: str) -> str:
    """The place, the money where the reason does not say it already, what became of the purchase, and what is owed."""
    parts = [line.note]
    if line.purchase is not None:
        said = line.reasons.get("multiplier_percent") == 100 or "spent_minor" not in line.reasons
        said = said or line.kind != "award"
        parts.append(line.purchase.location.name if line.purchase.location else "")
        parts.append("" if said else say_money(line.purchase.amount_minor, merchant.currency, language))
        parts.append(_became(line))
    if line.owed:
        parts.append(gettext("%(units)s to repay") % {"units": say_number(line.owed, language)})
    if line.repaid:
        parts.append(gettext("%(units)s repaid") % {"units": say_number(line.repaid, language)})
    return " · ".join(part for part in parts if part)


def _became(line: StoryLine) -> str:
    """That the purchase which gave this was cancelled or refunded since."""
    purchase = line.purchase
    if purchase is None or line.kind != "award":
        return ""
    if purchase.cancelled_at:
        return gettext("cancelled")
    if purchase.refunded_minor:
        return gettext("refunded") if purchase.ended_at else gettext("refunded in part")
    return ""


def _way_to(after: Tier | None, standing: MemberStanding) -> str:
    """Nothing at the top of the ladder."""
    if after is None:
        return ""
    return say_way_to(after.name, after.threshold_minor - standing.progress_minor, standing.version.currency)


def _perk(tier: Tier | None, version: Version, language: str) -> str:
    if tier is None or tier.multiplier_percent == 100:
        return ""
    units = unit_name(version.units[0], 2, language)
    times = say_multiplier(tier.multiplier_percent, language)
    return gettext("From %(tier)s on, your %(units)s count × %(times)s") % {
        "tier": tier.name,
        "units": units,
        "times": times,
    }


def _percent_to_next(standing: MemberStanding) -> float:
    if standing.next_tier is None:
        return 100.0
    floor = standing.tier.threshold_minor if standing.tier else 0
    span = standing.next_tier.threshold_minor - floor
    return round(100 * max(0, min(1, (standing.progress_minor - floor) / span)), 1)


def _place(progress_minor: int, version: Version) -> float:
    """Where on the line an amount stands. Tiers part it evenly, so that their names never lie on each other."""
    steps = [tier.threshold_minor for tier in version.tiers]
    if steps[0] > 0:
        steps = [0, *steps]
    # Past the last tier the line goes on for as much as it took from the one before.
    steps.append(steps[-1] + max(steps[-1] - (steps[-2] if len(steps) > 1 else 0), 1))
    for index, (low, high) in enumerate(pairwise(steps)):
        if progress_minor < high:
            return round(100 * (index + (progress_minor - low) / (high - low)) / (len(steps) - 1), 1)
    return 100.0


def _marks(standing: MemberStanding, language: str) -> list[dict[str, Any]]:
    version = standing.version
    few = len(version.tiers) <= MOST_LABELS
    return [
        {
            "percent": _place(tier.threshold_minor, version),
            "label": _mark_label(tier, version, language)
            if few or tier in (standing.tier, standing.next_tier)
            else "",
        }
        for tier in version.tiers
    ]


def _mark_label(tier: Tier, version: Version, language: str) -> str:
    if tier.threshold_minor == 0:
        return tier.name
    return f"{tier.name} {say_money(tier.threshold_minor, version.currency, language, short=True)}"


def _seal_word(tier: Tier | None) -> str:
    if tier is None:
        return ""
    return tier.name if len(tier.name) <= SEAL_LETTERS else tier.name[:1]


def seal_ring(merchant: Merchant, member: Member) -> dict[str, str]:
    """The words around the seal, as far as they fit."""
    top = merchant.name if len(merchant.name) <= SEAL_RING_LETTERS else ""
    return {"top": top, "bottom": gettext("since %(year)d") % {"year": member.joined_at.year}}

"""A standing and a story in the member's words: what the card's templates show. It reads nothing and decides nothing."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from babel.dates import format_date
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext

from core.dates import say_date
from core.money import say_money
from loyalty.membership.story import StoryLine
from loyalty.queries import MemberStanding
from loyalty.rules.calendar import local, local_day
from loyalty.rules.editing import is_welcome
from loyalty.rules.tiers import Tier
from loyalty.rules.types import Version
from loyalty.wording import (
    say_climbed,
    say_entry,
    say_expiring,
    say_figure,
    say_moved,
    say_multiplier,
    say_others,
    say_owed,
    say_own_debt,
    say_units,
    unit_name,
)
from members.models import Member
from merchants.models import Merchant
from web.ladder_line import marks_of, place_on_line
from web.tiers import ink_of, pip_of, say_keeping_of, say_way_to

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
    keeping: str  # "Spend €38 more by 31 December to stay Gold", where it is about to be lost
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
        keeping=say_keeping_of(standing),
        next_perk=_perk(after, version, language),
        percent=_percent_to_next(standing),
        line_percent=place_on_line(standing.progress, version),
        marks=marks_of(standing, language),
        spent=gettext("%(money)s so far") % {"money": say_climbed(standing.progress, version, language)},
    )


def welcome_words(version: Version, language: str) -> str:
    """ "50 points", or nothing where joining gives not everybody the same."""
    rule = next((rule for rule in version.rules if rule.active and is_welcome(rule)), None)
    unit = version.unit(rule.unit) if rule else None
    return say_units(unit, rule.amount, language, version.currency) if rule and unit else ""


def balance_words(standing: MemberStanding, language: str, zone: str) -> dict[str, Any]:
    """The figure and its unit, apart: they are set in two sizes. Then, in sentences, what is owed, what there is of the other
    units, and what expires soon where the shop is.
    """
    version, balances = standing.version, standing.balances
    figure, word = say_figure(version.units[0], standing.points, language, version.currency)
    today = local_day(timezone.now(), zone)
    return {
        "points": figure,
        "unit": word,
        "debt": say_own_debt(say_owed(version, balances, language), language),
        "others": say_others(version, balances, language),
        "expiring": say_expiring(version, balances, language, today),
    }


def story_words(
    lines: Sequence[StoryLine], merchant: Merchant, version: Version, language: str, *, has_notes: bool
) -> list[dict[str, Any]]:
    """Lines as `components/points_line.html` takes them. `has_notes`: with what the shop wrote beside them."""
    now = timezone.now()
    return [
        {
            "entry": str(line.entry_id),
            "month": capfirst(_month(line.occurred_at, now=now, zone=merchant.time_zone, language=language)),
            "amount": say_moved(
                version, line.unit, line.amount or line.units, language, sign=bool(line.amount), bare=True
            ),
            "gain": line.amount > 0,
            "what": say_entry(line.kind, line.reasons, merchant.currency, language, version=version),
            "where": " · ".join(
                filter(
                    None,
                    (
                        _other_unit(line, version, language),
                        line.note if has_notes else "",
                        _where(line, merchant, version, language),
                    ),
                )
            ),
            "when": say_day(line.occurred_at, now=now, zone=merchant.time_zone, language=language),
        }
        for line in lines
    ]


def _other_unit(line: StoryLine, version: Version, language: str) -> str:
    """What a line counts, where that is not what goes without saying, nor money."""
    unit = next(
        (unit for unit in version.units[1:] if unit.code == line.unit and unit.kind != "credit"), None
    )
    return unit_name(unit, line.amount or line.units, language) if unit else ""


def say_day(moment: dt.datetime, *, now: dt.datetime, zone: str, language: str) -> str:
    """When, as one says it: just now, 14:05, yesterday, Thursday, 9 Nov, 9 Nov 2025."""
    here, today = local(moment, zone), local_day(now, zone)
    days = (today - here.date()).days
    if dt.timedelta(0) <= now - moment < JUST_NOW:
        return gettext("just now")
    if days == 0:
        return f"{here:%H:%M}"
    if days == 1:
        return gettext("yesterday")
    if 1 < days < 7:
        return str(format_date(here.date(), "EEEE", locale=language))
    return say_date(here.date(), "d MMM" if here.year == today.year else "d MMM y", language)


def _month(moment: dt.datetime, *, now: dt.datetime, zone: str, language: str) -> str:
    day, today = local_day(moment, zone), local_day(now, zone)
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


def gain_figure(gained: int, standing: MemberStanding, language: str) -> str:
    """ "+18", and "−18" with a real minus; credit is money: "+€5"."""
    version = standing.version
    return say_moved(version, version.units[0].code, gained, language)


def say_gain(gained: int, standing: MemberStanding, language: str) -> str:
    """What a screen reader says when points arrive or are taken back: "+18 points. You have 1,218 points."."""
    version = standing.version
    word = say_figure(version.units[0], abs(gained), language, version.currency)[1]
    return gettext("%(gain)s %(units)s. You have %(balance)s.") % {
        "gain": gain_figure(gained, standing, language),
        "units": word,
        "balance": " ".join(say_figure(version.units[0], standing.points, language, version.currency)),
    }


def _where(line: StoryLine, merchant: Merchant, version: Version, language: str) -> str:
    """The place, the money where the reason does not say it already, what became of the purchase, and what is owed."""

    def figure(count: int) -> str:
        return say_moved(version, line.unit, count, language, sign=False, bare=True)

    parts = []
    if line.purchase is not None:
        said = line.reasons.get("multiplier_percent") == 100 or "spent_minor" not in line.reasons
        said = said or line.kind != "award"
        parts.append(line.purchase.location.name if line.purchase.location else "")
        parts.append("" if said else say_money(line.purchase.amount_minor, merchant.currency, language))
        parts.append(_became(line))
    if line.owed:
        parts.append(gettext("%(units)s to repay") % {"units": figure(line.owed)})
    if line.repaid:
        parts.append(gettext("%(units)s repaid") % {"units": figure(line.repaid)})
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
    return say_way_to(after.name, after.threshold_minor - standing.progress, standing.version)


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
    return round(100 * max(0, min(1, (standing.progress - floor) / span)), 1)


def _seal_word(tier: Tier | None) -> str:
    name = tier.name if tier else ""
    return name if len(name) <= SEAL_LETTERS else name[:1]


def seal_ring(merchant: Merchant, member: Member) -> dict[str, str]:
    """The words around the seal, as far as they fit."""
    top = merchant.name if len(merchant.name) <= SEAL_RING_LETTERS else ""
    return {"top": top, "bottom": gettext("since %(year)d") % {"year": member.joined_at.year}}

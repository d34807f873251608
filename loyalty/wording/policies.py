"""What holds for a whole programme, as lines: how units live, how tiers are climbed and lost, how often one may buy."""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext_noop

from loyalty.rules.limits import Limits
from loyalty.rules.tiers import Ladder, Perk, Season, Tier
from loyalty.rules.types import Expiry, Unit, Version
from loyalty.wording.limits import say_span
from loyalty.wording.numbers import day_of_year, say_multiplier, say_percent, unit_name
from loyalty.wording.reader import Reader

EXPIRING = {
    "never": gettext_noop("never expire"),
    "days": gettext_noop("expire %(days)s after they were given"),
    "months": gettext_noop("expire %(months)s after they were given"),
    "end_of_month": gettext_noop("expire at the end of the month, %(months)s after they were given"),
    "end_of_quarter": gettext_noop("expire at the end of the quarter, %(months)s after they were given"),
    "end_of_year": gettext_noop("expire at the end of the year, %(months)s after they were given"),
    "inactivity": gettext_noop("expire after %(days)s without a purchase"),
}
SOON = {  # no month later
    "end_of_month": gettext_noop("expire at the end of the month in which they were given"),
    "end_of_quarter": gettext_noop("expire at the end of the quarter in which they were given"),
    "end_of_year": gettext_noop("expire at the end of the year in which they were given"),
}
VESTING = {
    "at_once": gettext_noop("can be used at once"),
    "days": gettext_noop("can be used %(days)s later"),
    "on_confirmation": gettext_noop("can be used once they are confirmed"),
}
RETURNS = {
    "only_pending": gettext_noop("A refund takes back only what cannot be used yet"),
    "within_balance": gettext_noop("A refund takes back what the member still has"),
    "debt": gettext_noop("A refund takes back all that was given; what is used already is owed"),
}
STACKING = {
    "best": gettext_noop("Of several multipliers the highest counts"),
    "sum": gettext_noop("Several multipliers are added up"),
}
CLIMBING = {
    "spend": gettext_noop("Tiers are reached by spend"),
    "units": gettext_noop("Tiers are reached by what rules give"),
    "visits": gettext_noop("Tiers are reached by visits"),
}
WINDOWS = {
    "lifetime": gettext_noop("since joining"),
    "calendar_year": gettext_noop("in a calendar year"),
    "rolling_12_months": gettext_noop("in the last twelve months"),
    "from_joining": gettext_noop("in a year from joining or its anniversary"),
}
DOWNGRADES = {
    "never": gettext_noop("a tier is never lost"),
    "one_step": gettext_noop("a tier that is not earned again falls by one"),
    "by_standing": gettext_noop("a tier that is not earned again falls to what was earned"),
}
PERKS = {
    "gift": gettext_noop("a gift on reaching it"),
    "birthday_gift": gettext_noop("a gift for the birthday"),
    "percent_off": gettext_noop("%(share)s off"),
    "free_delivery": gettext_noop("free delivery"),
    "early_access": gettext_noop("early access"),
    "text": gettext_noop("a perk"),
}


def say_expiry(expiry: Expiry, reader: Reader) -> str:
    """When units die: "expire 12 months after they were given"."""
    if expiry.kind in SOON and not expiry.count:
        return reader.say(SOON[expiry.kind])
    days, months = reader.count("day", expiry.count), reader.count("month", expiry.count)
    return reader.say(EXPIRING[expiry.kind], days=days, months=months)


def say_vesting(unit: Unit, reader: Reader) -> str:
    """From when units can be used."""
    return reader.say(VESTING[unit.vesting], days=reader.count("day", unit.vesting_days))


def say_worth(unit: Unit, reader: Reader) -> str:
    """ "100 points pay for €5"."""
    if unit.worth is None:
        return reader.say(gettext_noop("one cannot pay with them"))
    units = f"{reader.number(unit.worth.units)} {unit_name(unit, unit.worth.units, reader.language)}"
    return reader.say(
        gettext_noop("%(units)s pay for %(money)s"), units=units, money=reader.price(unit.worth.minor)
    )


def say_least_in_money(minor: int, reader: Reader) -> str:
    """How much of a bill units may pay: "At least €1 of each bill is paid in money"."""
    if not minor:
        return reader.say(gettext_noop("A whole bill can be paid with units"))
    return reader.say(
        gettext_noop("At least %(money)s of each bill is paid in money"), money=reader.price(minor)
    )


def say_ladder(ladder: Ladder, reader: Reader) -> Iterator[str]:
    """How tiers are climbed and lost: two lines, or three."""
    yield f"{reader.say(CLIMBING[ladder.climbing])} {reader.say(WINDOWS[ladder.window])}"
    yield reader.say(DOWNGRADES[ladder.downgrade])
    if ladder.downgrade != "never":
        grace, warn = reader.count("day", ladder.grace_days), reader.count("day", ladder.warn_days)
        yield reader.say(
            gettext_noop("after %(grace)s of grace, told %(warn)s before"), grace=grace, warn=warn
        )


def say_limits(limits: Limits, reader: Reader) -> Iterator[tuple[str, str]]:
    """How often a member may buy: a line for each field of it."""
    if limits.cool_down_minutes:
        span = say_span(limits.cool_down_minutes, reader)
        yield (
            "cool_down_minutes",
            reader.say(gettext_noop("At least %(span)s between two purchases"), span=span),
        )
    else:
        yield "cool_down_minutes", reader.say(gettext_noop("No pause between two purchases"))
    if limits.purchases_a_day:
        count = reader.count("purchase", limits.purchases_a_day)
        yield "purchases_a_day", reader.say(gettext_noop("At most %(purchases)s a day"), purchases=count)
    else:
        yield "purchases_a_day", reader.say(gettext_noop("Any number of purchases a day"))
    if limits.static_a_day:
        count = reader.count("purchase", limits.static_a_day)
        text = gettext_noop("At most %(purchases)s a day by printed card")
        yield "static_a_day", reader.say(text, purchases=count)
    else:
        yield "static_a_day", reader.say(gettext_noop("Any number of purchases a day by printed card"))


def say_threshold(tier: Tier, reader: Reader) -> str:
    """ "from €250", "from 10 visits", "on joining"."""
    if not tier.threshold_minor:
        return reader.say(gettext_noop("on joining"))
    return reader.say(gettext_noop("from %(money)s"), money=say_progress(tier, reader))


def say_progress(tier: Tier, reader: Reader) -> str:
    """What it takes to reach a tier: "€250", "10 visits", "500 points"."""
    if reader.version is None:
        return reader.price(tier.threshold_minor)
    return say_climbed(tier.threshold_minor, reader.version, reader.language)


def say_climbed(progress: int, version: Version, language: str) -> str:
    """So much of what the ladder counts: "€250", "10 visits", "500 points"."""
    reader = Reader(language, version.currency, version)
    if version.ladder.climbing == "visits":
        return reader.count("visit", progress)
    if version.ladder.climbing == "units":
        return reader.units(version.units[0].id, progress)
    return reader.price(progress)


COUNTED = {
    "calendar_year": gettext_noop("%(counted)s this calendar year"),
    "rolling_12_months": gettext_noop("%(counted)s in the last twelve months"),
    "from_joining": gettext_noop("%(counted)s in the year since joining or its anniversary"),
}


def say_counted(progress: int, version: Version, language: str) -> str:
    """What counts toward a tier, and over which time: "3 visits this calendar year"."""
    counted = say_climbed(progress, version, language)
    text = COUNTED.get(version.ladder.window)
    return Reader(language, version.currency, version).say(text, counted=counted) if text else counted


KEEPING = {
    "spend": gettext_noop("Spend %(more)s more by %(day)s to stay %(tier)s"),
    "visits": gettext_noop("%(more)s more by %(day)s to stay %(tier)s"),
    "units": gettext_noop("Earn %(more)s more by %(day)s to stay %(tier)s"),
}


def say_keeping(more: int, by: dt.date, tier: Tier, version: Version, language: str) -> str:
    """ "Spend €38 more by 31 December to stay Gold"."""
    said = {
        "more": say_climbed(more, version, language),
        "day": day_of_year(f"{by:%m-%d}", language),
        "tier": tier.name,
    }
    return Reader(language, version.currency, version).say(KEEPING[version.ladder.climbing], **said)


def say_tier_times(tier: Tier, reader: Reader) -> str:
    """ "× 1.25"."""
    return f"× {say_multiplier(tier.multiplier_percent, reader.language)}"


def say_perk(perk: Perk, reader: Reader) -> str:
    """A perk in the merchant's words, or in ours."""
    named = perk.names.get(reader.language) or perk.names.get("en") or next(iter(perk.names.values()), "")
    if named:
        return named
    return reader.say(PERKS[perk.kind], share=say_percent(perk.basis_points, reader.language))


def say_perks(tier: Tier, reader: Reader) -> str:
    """All of a tier's perks."""
    if not tier.perks:
        return reader.say(gettext_noop("no perks"))
    return reader.list(say_perk(perk, reader) for perk in tier.perks)


def say_season(season: Season | None, reader: Reader) -> str:
    """ "from 1 June to 31 August", "all year round"."""
    if season is None:
        return reader.say(gettext_noop("all year round"))
    first, last = (day_of_year(day, reader.language) for day in (season.first, season.last))
    return reader.say(gettext_noop("from %(first)s to %(last)s"), first=first, last=last)

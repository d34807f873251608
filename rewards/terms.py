"""Who may take a reward: facts in, everything that stands against it out. No query, no clock, no words.

What an offer asks is asked as rules ask it (`loyalty.rules.conditions`). Where the place is not known yet, as on the card, it
stands against nothing: it is asked for again when the reward is handed over.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from typing import Any

from loyalty.rules import periods
from loyalty.rules.conditions import day_in_year, why_not
from loyalty.rules.facts import Facts
from loyalty.rules.types import Rule
from rewards.offers import Offer, Period

LOOK_AHEAD_DAYS = 400  # each day of a year comes within, and 29 February is no reason to search four
DAY = dt.timedelta(days=1)
# What stands against it today and goes by itself.
PASSES = frozenset({"not_yet", "wrong_day", "wrong_hours", "not_birthday", "had_lately"})
# What no member ever sees, and of what nothing more needs to be said.
_GONE = {"draft": "not_offered", "archived": "withdrawn"}


@dataclass(frozen=True, slots=True)
class Asking:
    """Who would like it, when and where. `facts` as rules are told them; no location in them is a place not known yet.

    `usable` are units of the offer's unit, `had_on` the days on which this member took it and kept it, `left` how many
    there are still, None where there is no limit.
    """

    facts: Facts
    usable: int
    had_on: tuple[dt.date, ...] = ()
    left: int | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing that stands against it: a code, and the figures that its sentence needs."""

    code: str
    figures: Mapping[str, Any] = field(default_factory=dict)


def refusals(offer: Offer, asking: Asking) -> list[Refusal]:
    """Everything that stands against taking it, what weighs most first; nothing if it may be taken."""
    if offer.status in _GONE:
        return [Refusal(_GONE[offer.status])]
    if offer.auto == "on_tier":
        return [Refusal("given_on_tier", {"tiers": sorted(offer.tiers())})]
    unmet = _unmet(offer, asking.facts)
    if any(one.code == "over" for one in unmet):
        return [one for one in unmet if one.code == "over"]
    sold_out = [Refusal("sold_out")] if asking.left is not None and asking.left <= 0 else []
    return [*sold_out, *unmet, *_had(offer, asking), *_too_few(offer, asking)]


def possible_on(offer: Offer, asking: Asking) -> dt.date | None:
    """The first day on which nothing stands against it any more, if nothing but time passes; today if it may be taken now.

    None where something else must happen first: more units, another tier, more in stock.
    """
    against = refusals(offer, asking)
    if not against:
        return asking.facts.moment.date()
    for moment in _moments(offer, asking.facts, {one.code for one in against}):
        if any(one.code not in PASSES for one in against):
            return None
        against = refusals(offer, replace(asking, facts=replace(asking.facts, moment=moment)))
        if not against:
            return moment.date()
    return None


def is_seen(offer: Offer, asking: Asking) -> bool:
    """Whether a member sees it at all, in reach or not: what is live and not over, for whom it is and from so many units."""
    hidden = {"not_offered", "withdrawn", "over", "other_segment", "not_among_first"}
    against = {one.code for one in (*refusals(offer, asking), *_unmet(offer, asking.facts))}
    return not (hidden & against) and asking.usable >= offer.seen_from


def first_day_of(period: Period, day: dt.date) -> dt.date:
    """The first day of the period in which a day lies."""
    return day.replace(month=1, day=1) if period == "year" else periods.first_day_of(period, day)


def _unmet(offer: Offer, facts: Facts) -> list[Refusal]:
    # As a rule, so that hours over midnight belong to the day on which they began.
    asked = Rule("", "visit", offer.unit, conditions=offer.conditions)
    found = [why_not(condition, asked, facts, 0) for condition in offer.conditions]
    return [
        Refusal(unmet.code, unmet.figures)
        for unmet in found
        if unmet and (facts.location or unmet.code != "elsewhere")
    ]


def _had(offer: Offer, asking: Asking) -> list[Refusal]:
    if offer.most and len(asking.had_on) >= offer.most:
        return [Refusal("had_enough", {"most": offer.most})]
    since = first_day_of(offer.period, asking.facts.moment.date())
    lately = sum(day >= since for day in asking.had_on)
    if offer.most_in and lately >= offer.most_in:
        return [Refusal("had_lately", {"most": offer.most_in, "period": offer.period})]
    return []


def _too_few(offer: Offer, asking: Asking) -> list[Refusal]:
    cost = offer.cost_for(asking.facts.tier_id)
    short = cost - asking.usable
    return [Refusal("too_few_units", {"unit": offer.unit, "cost": cost, "short": short})] if short > 0 else []


def _not_before(offer: Offer, facts: Facts, against: Set[str]) -> Iterator[dt.date]:
    """Before these days nothing needs to be looked at: a year is long."""
    today, born = facts.moment.date(), facts.who.birthday
    if "had_lately" in against:
        yield _first_day_after(offer.period, today)
    for one in offer.conditions:
        if one.kind == "dates" and one.given.get("from"):
            yield dt.date.fromisoformat(one.given["from"])
        if one.kind == "birthday" and born and "not_birthday" in against:
            early = one.given["days"] * DAY
            begins = (day_in_year(born, today.year + years) - early for years in range(3))
            yield next(day for day in begins if day > today)


def _first_day_after(period: Period, day: dt.date) -> dt.date:
    """The first day of the next period."""
    longest = {"day": 1, "week": 7, "month": 31, "year": 366}[period] * DAY
    later = first_day_of(period, day) + longest
    return first_day_of(period, later)


def _moments(offer: Offer, facts: Facts, against: Set[str]) -> Iterator[dt.datetime]:
    """Those from now on at which something may change by itself: as a day begins, and as hours do."""
    now = facts.moment
    first = max([now.date(), *_not_before(offer, facts, against)])
    clocks = sorted({"00:00", *(one.given["from"] for one in offer.conditions if one.kind == "hours")})
    for days in range(LOOK_AHEAD_DAYS):
        for clock in clocks:
            moment = dt.datetime.combine(first + days * DAY, dt.time.fromisoformat(clock), now.tzinfo)
            if moment >= now:
                yield moment

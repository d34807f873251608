"""What a rule may ask before it gives: one function and one line of `CONDITIONS` each.

A function is given what the condition says, the facts and what counts of the money, and answers None if it holds, or why it
does not. `is_near`: a
cashier would say so, for the member could still do something about it, or nearly did.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from loyalty.rules.facts import Facts
from loyalty.rules.segments import is_in
from loyalty.rules.shapes import (
    CLOCK,
    DAY,
    LARGEST_MINOR,
    NAME,
    NAMES,
    SMALL_NAMES,
    WEEKDAYS,
    YES_OR_NO,
    Shape,
    maybe,
    whole,
)
from loyalty.rules.types import Condition, Rule

NEARLY_VISITS = 2  # so many more visits are worth a word at the till
NEARLY_HOURS = dt.timedelta(hours=1)


class Unmet(NamedTuple):
    """Why a condition does not hold: a code and the figures a sentence needs."""

    code: str
    figures: Mapping[str, Any]
    is_near: bool = False


Check = Callable[[Mapping[str, Any], Facts, int], Unmet | None]


def _location(given: Mapping[str, Any], facts: Facts, _counted: int) -> Unmet | None:
    return None if facts.location in given["any"] else Unmet("elsewhere", {"locations": given["any"]})


def _weekday(given: Mapping[str, Any], facts: Facts, _counted: int) -> Unmet | None:
    """Days as ISO 8601 counts them: Monday is 1."""
    return None if facts.moment.isoweekday() in given["any"] else Unmet("wrong_day", {"days": given["any"]})


def _hours(given: Mapping[str, Any], facts: Facts, _counted: int) -> Unmet | None:
    """From one time of the shop's clock up to another, without it; over midnight where that is the earlier one."""
    clock, start, end = facts.moment.isoformat()[11:16], given["from"], given["to"]
    inside = start <= clock < end if start < end else clock >= start or clock < end
    if inside:
        return None
    opens = dt.datetime.combine(facts.moment.date(), dt.time.fromisoformat(start), facts.moment.tzinfo)
    is_near = dt.timedelta() <= opens - facts.moment <= NEARLY_HOURS
    return Unmet("wrong_hours", {"from": start, "to": end}, is_near)


def _dates(given: Mapping[str, Any], facts: Facts, _counted: int) -> Unmet | None:
    """From one day to another, both within; either may be missing."""
    today, first, last = facts.moment.date().isoformat(), given.get("from"), given.get("to")
    if first and today < first:
        return Unmet("not_yet", {"from": first})
    return Unmet("over", {"to": last}) if last and today > last else None


def _spend(given: Mapping[str, Any], facts: Facts, counted: int) -> Unmet | None:
    """At least so much of what counts for the rule, in one purchase."""
    short = given["minor"] - counted
    if short <= 0:
        return None
    # Half of it is a purchase that could have been one more thing; less is another kind of purchase.
    return Unmet(
        "below", {"least_minor": given["minor"], "short_minor": short}, counted * 2 >= given["minor"]
    )


def _product(given: Mapping[str, Any], facts: Facts, _counted: int) -> Unmet | None:
    """Some line of the bill is of one of these products or categories."""
    wanted = given["any"]
    if any(item.category in wanted or item.sku in wanted for item in facts.bill.items):
        return None
    return Unmet("other_products", {"products": wanted})


def _payment(given: Mapping[str, Any], facts: Facts, _counted: int) -> Unmet | None:
    return None if facts.payment in given["any"] else Unmet("other_payment", {"methods": given["any"]})


def _tier(given: Mapping[str, Any], facts: Facts, _counted: int) -> Unmet | None:
    return None if facts.tier_id in given["any"] else Unmet("other_tier", {"tiers": given["any"]})


def _segment(given: Mapping[str, Any], facts: Facts, _counted: int) -> Unmet | None:
    """Those of a tag, or of a group that every shop has."""
    fits = is_in(given["any"], facts.who, facts.moment.date())
    return None if fits else Unmet("other_segment", {"segments": given["any"]})


def _channel(given: Mapping[str, Any], facts: Facts, _counted: int) -> Unmet | None:
    return None if facts.channel in given["any"] else Unmet("other_channel", {"channels": given["any"]})


def _first_visit(_given: Mapping[str, Any], facts: Facts, _counted: int) -> Unmet | None:
    return Unmet("not_first", {}) if facts.who.visits else None


def _nth_visit(given: Mapping[str, Any], facts: Facts, _counted: int) -> Unmet | None:
    """The visit of this number, or each visit whose number it divides."""
    number, nth = facts.who.visits + 1, given["nth"]
    if number == nth or (given.get("each") and number % nth == 0):
        return None
    more = nth - number % nth if given.get("each") else nth - number
    return Unmet("more_visits", {"nth": nth, "more": more}, 0 < more <= NEARLY_VISITS)


def _among_first(given: Mapping[str, Any], facts: Facts, _counted: int) -> Unmet | None:
    """One of the first so many members to join."""
    return (
        None if 0 < facts.who.ordinal <= given["most"] else Unmet("not_among_first", {"most": given["most"]})
    )


def _birthday(given: Mapping[str, Any], facts: Facts, _counted: int) -> Unmet | None:
    """Within so many days of the birthday, before or after; who is born on 29 February has it on the 28th, too."""
    born, today = facts.who.birthday, facts.moment.date()
    if born is None:
        return Unmet("no_birthday", {})
    years = (today.year - 1, today.year, today.year + 1)
    apart = min(abs((day_in_year(born, year) - today).days) for year in years)
    return None if apart <= given["days"] else Unmet("not_birthday", {"days": given["days"]})


def _name(given: Mapping[str, Any], facts: Facts, _counted: int) -> Unmet | None:
    """The event, the occasion or the batch of the code is one of these, however they are written."""
    is_one = any(facts.name == name.lower() for name in given["any"])
    return None if is_one else Unmet("other_name", {})


def _chance(given: Mapping[str, Any], facts: Facts, _counted: int) -> Unmet | None:
    """One in so many, drawn from a seed and the event's own key: whoever knows both can draw again, nobody beforehand.

    Without a key nothing is drawn: what would happen cannot be told.
    """
    return (
        None if facts.draw and drawn(given["seed"], facts.draw, given["one_in"]) else Unmet("not_drawn", {})
    )


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of condition: how it is checked, and what stands in its blanks.

    `by_night`: where the rule has hours over midnight, it is about the day on which they began.
    """

    check: Check
    blanks: Mapping[str, Shape] = field(default_factory=dict)
    by_night: bool = False


CONDITIONS: dict[str, Kind] = {
    "among_first": Kind(_among_first, {"most": whole(1, 1_000_000)}),
    "batch": Kind(_name, {"any": NAMES}),
    "birthday": Kind(_birthday, {"days": whole(0, 31)}),
    "chance": Kind(_chance, {"seed": NAME, "one_in": whole(2, 10_000)}),
    "channel": Kind(_channel, {"any": NAMES}),
    "dates": Kind(_dates, {"from": maybe(DAY), "to": maybe(DAY)}, by_night=True),
    "first_visit": Kind(_first_visit),
    "hours": Kind(_hours, {"from": CLOCK, "to": CLOCK}),
    "location": Kind(_location, {"any": NAMES}),
    "name": Kind(_name, {"any": NAMES}),
    "nth_visit": Kind(_nth_visit, {"nth": whole(2, 10_000), "each": maybe(YES_OR_NO)}),
    "payment": Kind(_payment, {"any": NAMES}),
    "product": Kind(_product, {"any": SMALL_NAMES}),
    "segment": Kind(_segment, {"any": SMALL_NAMES}),
    "spend": Kind(_spend, {"minor": whole(1, LARGEST_MINOR)}),
    "tier": Kind(_tier, {"any": NAMES}),
    "weekday": Kind(_weekday, {"any": WEEKDAYS}, by_night=True),
}


def why_not(condition: Condition, rule: Rule, facts: Facts, counted: int) -> Unmet | None:
    """Why a condition of this rule does not hold, or None if it does."""
    kind = CONDITIONS[condition.kind]
    return kind.check(condition.given, _by_night(rule, facts) if kind.by_night else facts, counted)


def _by_night(rule: Rule, facts: Facts) -> Facts:
    """Friday from 22:00 to 02:00 is a night: at one o'clock on Saturday it is still Friday's."""
    for other in rule.conditions:
        if (
            other.kind == "hours"
            and facts.moment.isoformat()[11:16] < other.given["to"] < other.given["from"]
        ):
            return replace(facts, moment=facts.moment - dt.timedelta(days=1))
    return facts


def drawn(seed: str, draw: str, one_in: int) -> bool:
    """Whether chance falls on this event: the first eight bytes of SHA-256 of "seed:draw", as a number, by `one_in`."""
    digest = hashlib.sha256(f"{seed}:{draw}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % one_in == 0


def day_in_year(day: dt.date, year: int) -> dt.date:
    """The same day of another year; 28 February where that year has no 29th."""
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)

"""How much of a rule there is, as a phrase: quotas, goals, pauses; and what of a bill counts."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext_noop

from loyalty.rules.types import Basis, Goal, Quota, Rule
from loyalty.wording.numbers import largest_span, say_ordinal
from loyalty.wording.reader import Reader

_UNITS = {
    "once": gettext_noop("at most %(units)s at once"),
    "day": gettext_noop("at most %(units)s a day"),
    "week": gettext_noop("at most %(units)s a week"),
    "month": gettext_noop("at most %(units)s a month"),
    "ever": gettext_noop("at most %(units)s in all"),
}
_TIMES = {
    "day": gettext_noop("at most %(times)s a day"),
    "week": gettext_noop("at most %(times)s a week"),
    "month": gettext_noop("at most %(times)s a month"),
    "ever": gettext_noop("at most %(times)s in all"),
}
_ONCE = {
    "day": gettext_noop("once a day"),
    "week": gettext_noop("once a week"),
    "month": gettext_noop("once a month"),
    "ever": gettext_noop("once only"),
}
_OF_ALL_UNITS = {
    "day": gettext_noop("at most %(units)s a day for all members together"),
    "week": gettext_noop("at most %(units)s a week for all members together"),
    "month": gettext_noop("at most %(units)s a month for all members together"),
    "ever": gettext_noop("at most %(units)s for all members together"),
}
_OF_ALL_TIMES = {
    "day": gettext_noop("at most %(times)s a day for all members together"),
    "week": gettext_noop("at most %(times)s a week for all members together"),
    "month": gettext_noop("at most %(times)s a month for all members together"),
    "ever": gettext_noop("at most %(times)s for all members together"),
}
_EVERY = {
    "day": gettext_noop("every %(nth)s time in a day"),
    "week": gettext_noop("every %(nth)s time in a week"),
    "month": gettext_noop("every %(nth)s time in a month"),
    "ever": gettext_noop("every %(nth)s time"),
}
_MATCHES = {
    "day": gettext_noop("for %(matches)s in a day"),
    "week": gettext_noop("for %(matches)s in a week"),
    "month": gettext_noop("for %(matches)s in a month"),
    "ever": gettext_noop("for every %(matches)s"),
}


def say_limit(limit: Mapping[str, Any], unit: str, reader: Reader) -> str:
    """ "at most 60 points a day", "once a week", "at most 1,000 points a month for all members together".

    `limit` has `most`, `counted`, `period` and `whose`, as a quota or a reason has; its period may be "once", too.
    """
    if limit["whose"] == "staff":
        own = say_limit({**limit, "whose": "member"}, unit, reader)
        return reader.say(gettext_noop("%(limit)s by each of the team"), limit=own)
    most, period, of_all = limit["most"], limit["period"], limit["whose"] == "programme"
    if limit["counted"] == "units":
        return reader.say((_OF_ALL_UNITS if of_all else _UNITS)[period], units=reader.units(unit, most))
    if of_all:
        return reader.say(_OF_ALL_TIMES[period], times=reader.count("time", most))
    if most == 1:
        return reader.say(_ONCE[period])
    return reader.say(_TIMES[period], times=reader.count("time", most))


def say_quota(quota: Quota, unit: str, reader: Reader) -> str:
    """One limit of a rule."""
    return say_limit(asdict(quota), unit, reader)


def say_pause(minutes: int, reader: Reader) -> str:
    """ "2 hours apart at least"."""
    return reader.say(gettext_noop("at least %(span)s apart"), span=say_span(minutes, reader))


def say_span(minutes: int, reader: Reader) -> str:
    """ "2 hours", "90 minutes"."""
    return reader.count(*largest_span(minutes))


def say_goal(goal: Goal, trigger: str, reader: Reader) -> str:
    """ "for 3 visits in a month", "4 weeks in a row"; for what is neither a purchase nor a visit "every 3rd time"."""
    if goal.in_a_row:
        periods = reader.count(goal.period, goal.times)
        if trigger in {"purchase", "visit"}:
            return reader.say(gettext_noop("for coming %(periods)s in a row"), periods=periods)
        return reader.say(gettext_noop("for %(periods)s in a row"), periods=periods)
    if trigger in {"purchase", "visit"}:
        if goal.period == "ever" and trigger == "visit":
            return reader.say(gettext_noop("for every %(visits)s"), visits=reader.count("visit", goal.times))
        return reader.say(_MATCHES[goal.period], matches=reader.count(trigger, goal.times))
    return reader.say(_EVERY[goal.period], nth=say_ordinal(goal.times, reader.language))


def limits_of(rule: Rule, reader: Reader) -> Iterator[str]:
    """All limits of a rule, a phrase each."""
    for quota in rule.quotas:
        yield say_quota(quota, rule.unit, reader)
    if rule.most_at_once:
        once = {"most": rule.most_at_once, "counted": "units", "period": "once", "whose": "member"}
        yield say_limit(once, rule.unit, reader)
    if rule.pause_minutes:
        yield say_pause(rule.pause_minutes, reader)


def basis_of(basis: Basis, reader: Reader) -> Iterator[str]:
    """What of a bill counts, where it is not what is usual: a phrase each."""
    if basis.without:
        yield reader.say(gettext_noop("except %(products)s"), products=reader.list(sorted(basis.without)))
    if not basis.tax:
        yield reader.say(gettext_noop("before tax"))
    if basis.tip:
        yield reader.say(gettext_noop("tips included"))
    if basis.discount:
        yield reader.say(gettext_noop("before discounts"))
    if basis.paid_in_units:
        yield reader.say(gettext_noop("also on what is paid in points"))


def rounding_of(rule: Rule, reader: Reader) -> Iterator[str]:
    """What becomes of what is too little for a unit, where it is not simply left out."""
    if rule.keeps_change:
        yield reader.say(gettext_noop("what is left over is kept for the next time"))
    elif rule.rounding != "down" and rule.gives in {"per_amount", "share"}:
        up = rule.rounding == "up"
        yield reader.say(gettext_noop("rounded up") if up else gettext_noop("rounded to the nearest"))

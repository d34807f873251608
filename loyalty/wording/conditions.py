"""What a rule asks, as a phrase that goes on with any sentence: "on Saturdays", "at Rue Cler", "from €20"."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from babel.dates import get_day_names
from django.utils.translation import gettext_noop

from loyalty.wording.numbers import say_clock, say_day, say_ordinal
from loyalty.wording.reader import Reader
from loyalty.wording.sentences import quoted

Given = Mapping[str, Any]
DAYS = {
    1: gettext_noop("Mondays"),
    2: gettext_noop("Tuesdays"),
    3: gettext_noop("Wednesdays"),
    4: gettext_noop("Thursdays"),
    5: gettext_noop("Fridays"),
    6: gettext_noop("Saturdays"),
    7: gettext_noop("Sundays"),
}
_WHOLE_WEEK, _WORKING_WEEK, _WEEKEND = [1, 2, 3, 4, 5, 6, 7], [1, 2, 3, 4, 5], [6, 7]
_A_RUN = 3  # so many days one after the other are said by the first and the last
MIDNIGHT = {"00:00", "24:00"}
METHODS = {
    "card": gettext_noop("by card"),
    "cash": gettext_noop("in cash"),
    "cheque": gettext_noop("by cheque"),
    "mobile": gettext_noop("by phone"),
    "transfer": gettext_noop("by bank transfer"),
    "voucher": gettext_noop("by voucher"),
}
SEGMENTS = {
    "new": gettext_noop("new members"),
    "regular": gettext_noop("regulars"),
    "away": gettext_noop("members who come back"),
}
CHANNELS = {
    "scanner": gettext_noop("with the scanner"),
    "api": gettext_noop("through the till’s software"),
    "seed": gettext_noop("in the demonstration"),
}


def say_condition(kind: str, given: Given, reader: Reader) -> str:
    """The phrase of one condition; empty for one that is always met, such as every day of the week."""
    return PHRASES[kind](given, reader)


def say_days(days: Sequence[int], reader: Reader) -> str:
    """ "on Saturdays", "from Tuesday to Thursday", "at weekends"; empty for the whole week. Monday is 1."""
    days = sorted(set(days))
    if days == _WHOLE_WEEK:
        return ""
    if days == _WORKING_WEEK:
        return reader.say(gettext_noop("on weekdays"))
    if days == _WEEKEND:
        return reader.say(gettext_noop("at weekends"))
    if len(days) >= _A_RUN and all(after - one == 1 for one, after in itertools.pairwise(days)):
        names = get_day_names("wide", locale=reader.language)
        first, last = names[days[0] - 1], names[days[-1] - 1]
        return reader.say(gettext_noop("from %(first)s to %(last)s"), first=first, last=last)
    return reader.say(gettext_noop("on %(days)s"), days=reader.list(reader.say(DAYS[day]) for day in days))


def say_hours(start: str, end: str, reader: Reader) -> str:
    """ "from 14:00 to 17:00", "before 11:00", "from 18:00"."""
    first, last = say_clock(start, reader.language), say_clock(end, reader.language)
    if start in MIDNIGHT:
        return "" if end in MIDNIGHT else reader.say(gettext_noop("before %(hour)s"), hour=last)
    if end in MIDNIGHT:
        return reader.say(gettext_noop("from %(hour)s"), hour=first)
    return reader.say(gettext_noop("between %(first)s and %(last)s"), first=first, last=last)


def _location(given: Given, reader: Reader) -> str:
    names = [reader.places[place] for place in given["any"] if place in reader.places]
    if len(names) < len(given["any"]):
        return reader.say(gettext_noop("at chosen addresses"))
    return reader.say(gettext_noop("at %(place)s"), place=reader.list(names, either=True))


def _weekday(given: Given, reader: Reader) -> str:
    return say_days(given["any"], reader)


def _hours(given: Given, reader: Reader) -> str:
    return say_hours(given["from"], given["to"], reader)


def _dates(given: Given, reader: Reader) -> str:
    first, last = given.get("from"), given.get("to")
    if first and last and first != last:
        return reader.say(
            gettext_noop("from %(first)s to %(last)s"),
            first=say_day(first, reader.language),
            last=say_day(last, reader.language),
        )
    either = first or last
    day = say_day(either, reader.language) if either else ""
    if first and last:
        return reader.say(gettext_noop("on %(day)s"), day=day)
    if last:
        return reader.say(gettext_noop("until %(day)s"), day=day)
    return reader.say(gettext_noop("from %(day)s"), day=day) if first else ""


def _spend(given: Given, reader: Reader) -> str:
    return reader.say(gettext_noop("from %(money)s spent"), money=reader.price(given["minor"]))


def _product(given: Given, reader: Reader) -> str:
    products = reader.list(given["any"], either=True)
    return reader.say(gettext_noop("with %(products)s"), products=products)


def _payment(given: Given, reader: Reader) -> str:
    how = [say_method(method, reader) for method in given["any"]]
    return reader.say(gettext_noop("when paid %(how)s"), how=reader.list(how, either=True))


def say_method(method: str, reader: Reader) -> str:
    """A way to pay: "by card", "in cash"; of one that only this shop has, its name."""
    if method in METHODS:
        return reader.say(METHODS[method])
    return reader.say(gettext_noop("with %(name)s"), name=quoted(method, reader.language))


def _tier(given: Given, reader: Reader) -> str:
    tiers = reader.tiers(given["any"])
    if not tiers:
        return reader.say(gettext_noop("for members of chosen tiers"))
    return reader.say(gettext_noop("for %(tiers)s members"), tiers=reader.list(tiers))


def _segment(given: Given, reader: Reader) -> str:
    who = dict.fromkeys(_say_segment(name, reader) for name in given["any"])
    return reader.say(gettext_noop("for %(who)s"), who=reader.list(who, either=True))


def _say_segment(name: str, reader: Reader) -> str:
    """ "new members"; of a tag, "members marked “vip”" at the desk, and "chosen members" to everybody else."""
    if name in SEGMENTS:
        return reader.say(SEGMENTS[name])
    if not reader.is_desk:
        return reader.say(gettext_noop("chosen members"))
    return reader.say(gettext_noop("members marked %(tag)s"), tag=quoted(name, reader.language))


def _channel(given: Given, reader: Reader) -> str:
    channels = [say_channel(channel, reader) for channel in given["any"]]
    return reader.list(channels, either=True)


def say_channel(channel: str, reader: Reader) -> str:
    """Through which door: "with the scanner"."""
    if channel in CHANNELS:
        return reader.say(CHANNELS[channel])
    return reader.say(gettext_noop("through %(name)s"), name=quoted(channel, reader.language))


def _first_visit(_given: Given, reader: Reader) -> str:
    return reader.say(gettext_noop("on the first visit"))


def _nth_visit(given: Given, reader: Reader) -> str:
    nth = say_ordinal(given["nth"], reader.language)
    if given.get("each"):
        return reader.say(gettext_noop("on every %(nth)s visit"), nth=nth)
    return reader.say(gettext_noop("on the %(nth)s visit"), nth=nth)


def _among_first(given: Given, reader: Reader) -> str:
    return reader.say(gettext_noop("for the first %(count)s members"), count=reader.number(given["most"]))


def _birthday(given: Given, reader: Reader) -> str:
    if not given["days"]:
        return reader.say(gettext_noop("on the birthday"))
    return reader.say(
        gettext_noop("within %(days)s of the birthday"), days=reader.count("day", given["days"])
    )


def _name(given: Given, reader: Reader) -> str:
    return reader.say(gettext_noop("for %(names)s"), names=say_names(given["any"], reader))


def _batch(given: Given, reader: Reader) -> str:
    return reader.say(gettext_noop("from %(names)s"), names=say_names(given["any"], reader))


def say_names(names: Sequence[str], reader: Reader) -> str:
    """What a merchant calls things, as quoted: "“Book night” or “Quiz week”"."""
    return reader.list((quoted(name, reader.language) for name in names), either=True)


def _chance(given: Given, reader: Reader) -> str:
    return reader.say(gettext_noop("one time in %(count)s, by chance"), count=reader.number(given["one_in"]))


PHRASES: dict[str, Callable[[Given, Reader], str]] = {
    "among_first": _among_first,
    "batch": _batch,
    "birthday": _birthday,
    "chance": _chance,
    "channel": _channel,
    "dates": _dates,
    "first_visit": _first_visit,
    "hours": _hours,
    "location": _location,
    "name": _name,
    "nth_visit": _nth_visit,
    "payment": _payment,
    "product": _product,
    "segment": _segment,
    "spend": _spend,
    "tier": _tier,
    "weekday": _weekday,
}

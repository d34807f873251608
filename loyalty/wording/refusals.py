"""Why a rule gave nothing: what is missing to it, or for whom and when it is."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_noop

from loyalty.wording.conditions import PHRASES
from loyalty.wording.limits import say_limit, say_span
from loyalty.wording.numbers import say_day, say_multiplier, say_ordinal
from loyalty.wording.reader import Reader
from loyalty.wording.rules import rule_name, say_prize, say_times
from loyalty.wording.sentences import quoted

Reason = Mapping[str, Any]

_PROGRESS = {
    "day": gettext_noop("%(done)s of %(matches)s today"),
    "week": gettext_noop("%(done)s of %(matches)s this week"),
    "month": gettext_noop("%(done)s of %(matches)s this month"),
    "ever": gettext_noop("%(done)s of %(matches)s"),
}


def _only(kind: str, reader: Reader, **given: Any) -> str:
    """ "only on Saturdays": the condition itself, which did not hold."""
    return reader.say(gettext_noop("only %(when)s"), when=PHRASES[kind](given, reader))


def _below(reason: Reason, reader: Reader) -> str:
    money, rule = reader.money(reason["short_minor"]), reader.rule(reason)
    if rule is None:
        least = reader.price(reason["least_minor"])
        return reader.say(gettext_noop("%(money)s short of %(prize)s"), money=money, prize=least)
    name = rule_name(rule, reader.language)
    if rule.gives == "multiplier" and not name:
        times = say_times(rule, reader)
        return reader.say(gettext_noop("%(money)s short of %(times)s"), money=money, times=times)
    prize = quoted(name, reader.language) if name else say_prize(rule, reader)
    return reader.say(gettext_noop("%(money)s short of %(prize)s"), money=money, prize=prize)


def _elsewhere(reason: Reason, reader: Reader) -> str:
    return _only("location", reader, any=reason["locations"])


def _wrong_day(reason: Reason, reader: Reader) -> str:
    return _only("weekday", reader, any=reason["days"])


def _wrong_hours(reason: Reason, reader: Reader) -> str:
    return _only("hours", reader, **{"from": reason["from"], "to": reason["to"]})


def _not_yet(reason: Reason, reader: Reader) -> str:
    return _only("dates", reader, **{"from": reason["from"]})


def _over(reason: Reason, reader: Reader) -> str:
    return reader.say(gettext_noop("over since %(day)s"), day=say_day(reason["to"], reader.language))


def _other_products(reason: Reason, reader: Reader) -> str:
    return _only("product", reader, any=reason["products"])


def _other_payment(reason: Reason, reader: Reader) -> str:
    return _only("payment", reader, any=reason["methods"])


def _other_tier(reason: Reason, reader: Reader) -> str:
    return _only("tier", reader, any=reason["tiers"])


def _other_segment(reason: Reason, reader: Reader) -> str:
    return _only("segment", reader, any=reason.get("segments", []))


def _other_channel(reason: Reason, reader: Reader) -> str:
    return _only("channel", reader, any=reason["channels"])


def _not_first(reason: Reason, reader: Reader) -> str:
    return _only("first_visit", reader)


def _more_visits(reason: Reason, reader: Reader) -> str:
    if reason["more"] <= 0:
        return _only("nth_visit", reader, nth=reason["nth"])
    visits = reader.count("visit", reason["more"])
    nth = say_ordinal(reason["nth"], reader.language)
    rule = reader.rule(reason)
    each = rule is not None and any(
        condition.kind == "nth_visit" and condition.given.get("each") for condition in rule.conditions
    )
    if each or rule is None:
        return reader.say(gettext_noop("%(visits)s to go"), visits=visits)
    return reader.say(gettext_noop("%(visits)s to go until the %(nth)s"), visits=visits, nth=nth)


def _not_among_first(reason: Reason, reader: Reader) -> str:
    return _only("among_first", reader, most=reason["most"])


def _no_birthday(_reason: Reason, reader: Reader) -> str:
    return reader.say(gettext_noop("no birthday is known"))


def _not_birthday(reason: Reason, reader: Reader) -> str:
    return _only("birthday", reader, days=reason["days"])


def _other_name(_reason: Reason, reader: Reader) -> str:
    return reader.say(gettext_noop("for another occasion"))


def _not_drawn(_reason: Reason, reader: Reader) -> str:
    return reader.say(gettext_noop("not drawn this time"))


def _quota_reached(reason: Reason, reader: Reader) -> str:
    limit = say_limit(reason, reason.get("unit", ""), reader)
    return reader.say(gettext_noop("%(limit)s: that is reached"), limit=limit)


def _pause(reason: Reason, reader: Reader) -> str:
    span = say_span(reason["minutes"], reader)
    return reader.say(gettext_noop("too soon: %(span)s apart at least"), span=span)


def _goal(reason: Reason, reader: Reader) -> str:
    done = reader.number(reason["done"])
    if reason["in_a_row"]:
        periods = reader.count(reason["period"], reason["of"])
        return reader.say(gettext_noop("%(done)s of %(periods)s in a row"), done=done, periods=periods)
    rule = reader.rule(reason)
    what = rule.trigger if rule and rule.trigger in {"purchase", "visit"} else "time"
    matches = reader.count(what, reason["of"]) if rule else reader.number(reason["of"])
    return reader.say(_PROGRESS[reason["period"]], done=done, matches=matches)


def _too_few_items(reason: Reason, reader: Reader) -> str:
    nth = say_ordinal(reason["from_item"], reader.language)
    items = reader.count("item", reason["items"])
    if not reason["items"]:
        return reader.say(gettext_noop("nothing of it on the bill"))
    return reader.say(
        gettext_noop("only from the %(nth)s item, and here are %(items)s"), nth=nth, items=items
    )


def _beaten(reason: Reason, reader: Reader) -> str:
    times = say_multiplier(reason["percent"], reader.language)
    return reader.say(gettext_noop("× %(times)s does not count beside a higher one"), times=times)


def _nothing_to_multiply(_reason: Reason, reader: Reader) -> str:
    return reader.say(gettext_noop("nothing to multiply"))


def _gift_card(_reason: Reason, reader: Reader) -> str:
    return reader.say(gettext_noop("a gift card earns when it is spent"))


REFUSALS: dict[str, Callable[[Reason, Reader], str]] = {
    "beaten": _beaten,
    "below": _below,
    "elsewhere": _elsewhere,
    "gift_card": _gift_card,
    "goal": _goal,
    "more_visits": _more_visits,
    "no_birthday": _no_birthday,
    "not_among_first": _not_among_first,
    "not_birthday": _not_birthday,
    "not_drawn": _not_drawn,
    "not_first": _not_first,
    "not_yet": _not_yet,
    "nothing_to_multiply": _nothing_to_multiply,
    "other_channel": _other_channel,
    "other_name": _other_name,
    "other_payment": _other_payment,
    "other_products": _other_products,
    "other_segment": _other_segment,
    "other_tier": _other_tier,
    "over": _over,
    "pause": _pause,
    "quota_reached": _quota_reached,
    "too_few_items": _too_few_items,
    "wrong_day": _wrong_day,
    "wrong_hours": _wrong_hours,
}

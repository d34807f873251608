"""Rewards in words, in the reader's language: what one is, for whom, and why it cannot be taken now. It asks no database.

    say_value(offer, reader)                 "of 3 on one bill the cheapest for nothing: latte"
    say_for_whom(offer, reader)              "for Gold members, on Saturdays"
    say_refusal(refusal, reader)             "32 more points", "only on Saturdays", "taken today already"
    say_when(day, today, reader)             "possible tomorrow"

Phrases begin small: whoever puts one at the head of a line makes its first letter large.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_noop

from loyalty.wording.conditions import say_condition
from loyalty.wording.numbers import say_day, say_percent, unit_name
from loyalty.wording.reader import Reader
from loyalty.wording.refusals import REFUSALS as OF_CONDITIONS
from rewards.basket import Freed
from rewards.kinds import (
    AmountOff,
    Credit,
    Donation,
    DrawEntry,
    EarlyAccess,
    FreeProduct,
    PercentOff,
    Plain,
    RewardKind,
    Value,
    read_value,
)
from rewards.offers import Offer
from rewards.terms import Refusal

Figures = Mapping[str, Any]
KIND_NAMES = {
    "amount_off": gettext_noop("Amount off"),
    "percent_off": gettext_noop("Percent off"),
    "free_product": gettext_noop("Free product"),
    "credit": gettext_noop("Credit"),
    "gift": gettext_noop("Gift"),
    "experience": gettext_noop("Experience"),
    "donation": gettext_noop("Donation"),
    "early_access": gettext_noop("Early access"),
    "draw_entry": gettext_noop("Entry in a draw"),
    "free_text": gettext_noop("Something else"),
}
_LATELY = {
    "day": (gettext_noop("taken today already"), gettext_noop("taken %(times)s today already")),
    "week": (gettext_noop("taken this week already"), gettext_noop("taken %(times)s this week already")),
    "month": (gettext_noop("taken this month already"), gettext_noop("taken %(times)s this month already")),
    "year": (gettext_noop("taken this year already"), gettext_noop("taken %(times)s this year already")),
}


def say_value(offer: Offer, reader: Reader) -> str:
    """What it is worth, in a phrase; empty for a kind that its name says all about."""
    return _say(read_value(offer.kind, offer.value), reader)


def say_kept_value(kind: RewardKind, value: Mapping[str, Any], reader: Reader) -> str:
    """The same of what was taken, as it was then."""
    return _say(read_value(kind, value), reader)


def say_for_whom(offer: Offer, reader: Reader) -> str:
    """All that it asks; empty where it is for everybody, always."""
    phrases = (say_condition(one.kind, one.given, reader) for one in offer.conditions)
    return ", ".join(dict.fromkeys(phrase for phrase in phrases if phrase))


def say_missing(value: FreeProduct, missing: int, reader: Reader) -> str:
    """What of a free product is not on the bill yet: "1 more on the bill and it fits (latte or mocha)"."""
    named, count = reader.list(value.any, either=True), reader.number(missing)
    if not named:
        return reader.say(gettext_noop("%(count)s more on the bill and it fits"), count=count)
    return reader.say(
        gettext_noop("%(count)s more on the bill and it fits (%(products)s)"), count=count, products=named
    )


def say_free(value: FreeProduct, reader: Reader) -> str:
    """What whoever hands over takes off the bill, where nobody told what is on it."""
    words = {"products": reader.list(value.any, either=True), "count": reader.number(value.of)}
    if value.of == 1 and not value.any:
        return reader.say(gettext_noop("Take one piece off the bill."))
    if value.of == 1:
        return reader.say(gettext_noop("Take one off the bill: %(products)s."), **words)
    if not value.any:
        return reader.say(gettext_noop("The cheapest of %(count)s on the bill is free."), **words)
    return reader.say(gettext_noop("The cheapest of %(count)s on the bill is free: %(products)s."), **words)


def say_bill(kind: RewardKind, kept: Mapping[str, Any], reader: Reader) -> str:
    """The same, before it is given, of one for which there must be several on the bill; else empty."""
    value = read_value(kind, kept)
    return say_free(value, reader) if isinstance(value, FreeProduct) and value.of > 1 else ""


def say_piece(freed: Freed, reader: Reader) -> str:
    """The same where it is known which piece of the bill that is."""
    assert freed.item is not None  # there are enough of them
    name = freed.item.sku or freed.item.category or reader.say(gettext_noop("the cheapest piece"))
    if not freed.minor:
        return reader.say(gettext_noop("Free: %(name)s"), name=name)
    return reader.say(gettext_noop("Free: %(name)s, %(money)s"), name=name, money=reader.price(freed.minor))


def say_refusal(refusal: Refusal, reader: Reader) -> str:
    """Why it cannot be taken."""
    if refusal.code in OF_CONDITIONS:
        return OF_CONDITIONS[refusal.code](refusal.figures, reader)
    return _REFUSALS[refusal.code](refusal.figures, reader)


def say_refusals(
    refusals: Sequence[Refusal],
    possible_on: dt.date | None,
    today: dt.date,
    reader: Reader,
    *,
    knows_birthday: bool = False,
) -> str:
    """All of it in a line, with the day from which it will be possible, where that is sure.

    That day tells a birthday where one is waited for: only who `knows_birthday` is told it.
    """
    if not knows_birthday and any(one.code == "not_birthday" for one in refusals):
        possible_on = None
    said = list(dict.fromkeys(say_refusal(refusal, reader) for refusal in refusals))
    return ", ".join([*said, *([say_when(possible_on, today, reader)] if said and possible_on else [])])


def say_when(day: dt.date, today: dt.date, reader: Reader) -> str:
    """The day from which it is possible."""
    if day <= today:
        return reader.say(gettext_noop("possible later today"))
    if (day - today).days == 1:
        return reader.say(gettext_noop("possible tomorrow"))
    return reader.say(gettext_noop("possible on %(day)s"), day=say_day(day.isoformat(), reader.language))


def _say(value: Value, reader: Reader) -> str:
    match value:
        case AmountOff(minor):
            return reader.say(gettext_noop("%(money)s off"), money=reader.price(minor))
        case PercentOff(basis_points, most_minor):
            return "".join(_percent_off(basis_points, most_minor, reader))
        case FreeProduct(products, of):
            return _free_product(products, of, reader)
        case Credit(unit, amount):
            return reader.say(gettext_noop("%(money)s of credit"), money=reader.units(unit, amount))
        case Donation(to, minor):
            return reader.say(gettext_noop("%(money)s for %(name)s"), money=reader.price(minor), name=to)
        case EarlyAccess(opens_on):
            day = say_day(opens_on, reader.language)
            return reader.say(gettext_noop("before everybody else, who may from %(day)s"), day=day)
        case DrawEntry(drawn_on):
            day = say_day(drawn_on, reader.language)
            return reader.say(gettext_noop("an entry in the draw on %(day)s"), day=day)
        case Plain():
            return ""


def _percent_off(basis_points: int, most_minor: int, reader: Reader) -> Iterator[str]:
    share = say_percent(basis_points, reader.language)
    if most_minor:
        most = reader.price(most_minor)
        yield reader.say(gettext_noop("%(share)s off, at most %(money)s"), share=share, money=most)
    else:
        yield reader.say(gettext_noop("%(share)s off"), share=share)


def _free_product(products: Sequence[str], of: int, reader: Reader) -> str:
    named = reader.list(products, either=True)
    if of == 1:
        free = reader.say(gettext_noop("one for nothing"))
    else:
        count = reader.number(of)
        free = reader.say(gettext_noop("of %(count)s on one bill the cheapest for nothing"), count=count)
    return reader.say(gettext_noop("%(free)s: %(products)s"), free=free, products=named) if named else free


def _plain(text: str) -> Callable[[Figures, Reader], str]:
    return lambda _figures, reader: reader.say(text)


def _given_on_tier(figures: Figures, reader: Reader) -> str:
    tiers = reader.tiers(figures["tiers"])
    if not tiers:
        return reader.say(gettext_noop("it comes by itself with a tier"))
    return reader.say(
        gettext_noop("it comes by itself with %(tiers)s"), tiers=reader.list(tiers, either=True)
    )


def _had_enough(figures: Figures, reader: Reader) -> str:
    if figures["most"] == 1:
        return reader.say(gettext_noop("taken already, and it is there once for each member"))
    times = reader.count("time", figures["most"])
    return reader.say(gettext_noop("taken %(times)s already, and that is the most"), times=times)


def _had_lately(figures: Figures, reader: Reader) -> str:
    once, often = _LATELY[figures["period"]]
    if figures["most"] == 1:
        return reader.say(once)
    return reader.say(often, times=reader.count("time", figures["most"]))


def _too_few_units(figures: Figures, reader: Reader) -> str:
    unit, short = reader.unit(figures["unit"]), figures["short"]
    if unit is None or unit.kind == "credit":
        return reader.say(gettext_noop("%(money)s more"), money=reader.units(figures["unit"], short))
    words = {"count": reader.number(short), "units": unit_name(unit, short, reader.language)}
    return reader.say(gettext_noop("%(count)s more %(units)s"), **words)


_REFUSALS: dict[str, Callable[[Figures, Reader], str]] = {
    "given_on_tier": _given_on_tier,
    "had_enough": _had_enough,
    "had_lately": _had_lately,
    "not_offered": _plain(gettext_noop("not offered yet")),
    "sold_out": _plain(gettext_noop("sold out")),
    "too_few_units": _too_few_units,
    "withdrawn": _plain(gettext_noop("not offered any more")),
}

"""What a programme offers, in one short sentence for a wall: "The tenth coffee is on us.".

It promises what everybody gets who buys: what asks for a tier, a day or luck is left out, and what is said is said of the version in force.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from django.utils.text import capfirst
from django.utils.translation import gettext_noop

from core.money import exponent
from loyalty.rules.types import Rule, Version
from loyalty.wording.numbers import say_ordinal, say_percent
from loyalty.wording.policies import say_perk
from loyalty.wording.reader import Reader
from loyalty.wording.rules import rule_name, say_award
from rewards.offers import say_in
from studio.drawing.lettering import can_write

LONGEST = 80  # letters: two or three lines on a poster
MOST_CIRCLES = 12  # in a row on a poster; more are no card that anybody fills
MOST_IN_WORDS = 20
_BLANKS = " \u00a0\u202f"
_ORDINALS = {  # from the second on
    "en": (
        "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
        "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth",
        "nineteenth", "twentieth",
    ),
    "fr": (
        "deuxième", "troisième", "quatrième", "cinquième", "sixième", "septième", "huitième", "neuvième",
        "dixième", "onzième", "douzième", "treizième", "quatorzième", "quinzième", "seizième",
        "dix-septième", "dix-huitième", "dix-neuvième", "vingtième",
    ),
}  # fmt: skip
# How names of single things begin, and what their ordinal begins with: so the merchant says the gender, and nobody guesses.
_THE = {"en": {"a": "The", "an": "The"}, "fr": {"un": "Le", "une": "La"}}
_FILLERS = {"a", "an", "one", "of", "the", "un", "une", "article", "de", "du", "la"}
_TIME_FREE = gettext_noop("The %(nth)s time, %(gift)s is on us.")
_TIME = gettext_noop("The %(nth)s time: %(gift)s.")
_PRICE_FREE = gettext_noop("%(units)s, and %(gift)s is on us.")
_PRICE = gettext_noop("%(units)s: %(gift)s.")
_OF_A_BILL = {
    "spend",
    "weekday",
    "hours",
    "location",
    "product",
    "payment",
    "channel",
}  # who buys can see to it
_EVERYBODYS = {"per_amount", "per_item", "flat", "share"}


# What names say besides the thing itself: that it costs nothing, which the sentence says.
_FREE = re.compile(r"[ ,]+(on the house|on us|for free|free|offerte?s?|gratuite?s?)$", re.IGNORECASE)


class Priced(Protocol):
    """Something that units buy: so many of a unit (its id). `names`: language → what it is called."""

    @property
    def names(self) -> Mapping[str, str]: ...
    @property
    def unit(self) -> str: ...
    @property
    def cost(self) -> int: ...


class Promised(NamedTuple):
    """The sentence, and how many circles a card of it has, the free one included; 0 where nobody counts."""

    words: str
    circles: int = 0


def promise_of(version: Version, offers: Sequence[Priced], language: str) -> Promised:
    """The best that fits and that our fonts can write. `offers` are those that anybody may take.

    The last is true of every programme.
    """
    reader = Reader(language, version.currency, version)
    ways = _ways(version, offers, reader)
    return next(said for said in ways if len(said.words) <= LONGEST and not unwritable(said.words))


def unwritable(text: str) -> str:
    """The letters of a text that no poster can have; empty for almost every text."""
    return "".join(
        letter
        for letter in unicodedata.normalize("NFC", text)
        if letter not in _BLANKS and not can_write(letter, "display")
    )


def _ways(version: Version, offers: Sequence[Priced], reader: Reader) -> Iterator[Promised]:
    """From the one that says most of what matters to the one that says least."""
    rules = [rule for rule in version.rules if _is_for_all(rule)]
    for rule, offer in _pairs(version, rules, offers):
        yield from _counted(rule, offer, reader)
        yield from _bought(rule, offer, reader)
    yield from _prices(version, offers, reader)
    yield from _back([rule for rule in rules if _is_money_back(rule, reader)], reader)
    yield from _off(version, reader)
    heads = [(rule, _head(rule, reader)) for rule in rules if not _is_money_back(rule, reader)]
    for rule, head in heads:
        yield from _with_tiers(rule, head, reader, version)
    yield from _welcome(version, [head for _rule, head in heads], reader)
    yield from (Promised(f"{capfirst(head)}.") for _rule, head in heads)
    yield Promised(reader.say(gettext_noop("For everyone who comes back.")))


def _is_for_all(rule: Rule) -> bool:
    """Whether whoever buys or comes has it, again and again."""
    asked = (one for one in rule.conditions if one.kind != "spend" or one.given["minor"] > rule.per_minor)
    return rule.gives in _EVERYBODYS and _is_for_buying(rule) and not any(asked)


def _is_for_buying(rule: Rule) -> bool:
    """Whether those who buy or come have it again and again, some of them at least."""
    is_rationed = any(quota.whose != "member" or quota.period == "ever" for quota in rule.quotas)
    return rule.active and rule.trigger in {"purchase", "visit"} and not is_rationed


def _pairs(version: Version, rules: list[Rule], offers: Sequence[Priced]) -> Iterator[tuple[Rule, Priced]]:
    """What earns a unit with the cheapest that it buys; stamps first, for they are nearest."""
    for unit in sorted(version.units, key=lambda unit: unit.kind != "stamps"):
        rule = next((rule for rule in rules if rule.unit == unit.id), None)
        bought = min((one for one in offers if one.unit == unit.id), key=lambda one: one.cost, default=None)
        if rule and bought:
            yield rule, bought


def _counted(rule: Rule, offer: Priced, reader: Reader) -> Iterator[Promised]:
    """Where each time, or each piece, is as good as another: which one is free."""
    if not rule.amount or rule.goal or rule.from_item > 1:
        return
    number = -(-offer.cost // rule.amount) + 1  # the one after those that are paid for
    circles = number if number <= MOST_CIRCLES else 0
    nth = _ordinal(number, reader.language)
    gift, the, what = _named(offer, reader.language)
    if rule.gives == "per_item" and _is_product(offer, rule):
        if the:
            said = gettext_noop("%(the)s %(nth)s %(what)s is on us.")
            yield Promised(reader.say(said, the=the, nth=nth, what=what), circles)
        product = capfirst(rule_name(rule, reader.language) or min(rule.basis.only))
        yield Promised(
            reader.say(gettext_noop("%(what)s: the %(nth)s is on us."), what=product, nth=nth), circles
        )
    if rule.gives == "flat" and number <= MOST_IN_WORDS:
        said = _TIME_FREE if the else _TIME
        yield Promised(reader.say(said, nth=nth, gift=gift), circles)


def _bought(rule: Rule, offer: Priced, reader: Reader) -> Iterator[Promised]:
    """What a purchase brings, and what that buys."""
    price = _price(offer, reader)
    head = capfirst(_head(rule, reader))
    yield from (Promised(f"{head}. {price}"), Promised(price), Promised(f"{head}."))


def _prices(version: Version, offers: Sequence[Priced], reader: Reader) -> Iterator[Promised]:
    """What units buy that some purchases bring: from a sum on, on some days, of some goods."""
    earned = {
        rule.unit
        for rule in version.rules
        if _is_for_buying(rule) and all(one.kind in _OF_A_BILL for one in rule.conditions)
    }
    for offer in sorted((one for one in offers if one.unit in earned), key=lambda one: one.cost):
        yield Promised(_price(offer, reader))


def _is_money_back(rule: Rule, reader: Reader) -> bool:
    unit = reader.unit(rule.unit)
    return rule.gives == "share" and unit is not None and unit.kind == "credit"


def _back(rules: list[Rule], reader: Reader) -> Iterator[Promised]:
    """A part of the money."""
    if not rules:
        return
    best = max(rules, key=lambda rule: rule.basis_points)
    if best.basis.only or len(rules) > 1:
        said = gettext_noop("Up to %(share)s back on chosen products.")
    else:
        said = gettext_noop("%(share)s of every purchase back.")
    yield Promised(reader.say(said, share=say_percent(best.basis_points, reader.language)))


def _off(version: Version, reader: Reader) -> Iterator[Promised]:
    """A discount that comes with tiers, from the least to the most."""
    perks = [perk for tier in version.tiers if not tier.season for perk in tier.perks]
    shares = sorted(perk.basis_points for perk in perks if perk.kind == "percent_off")
    if not shares:
        return
    least, most = (say_percent(share, reader.language) for share in (shares[0], shares[-1]))
    if least == most:
        said = gettext_noop("%(most)s off for those who come often.")
    else:
        said = gettext_noop("From %(least)s to %(most)s off, growing with your purchases.")
    yield Promised(reader.say(said, least=least, most=most))


def _with_tiers(rule: Rule, head: str, reader: Reader, version: Version) -> Iterator[Promised]:
    """What a purchase brings, and what is above it."""
    tiers = [tier for tier in version.tiers if not tier.season]
    if rule.multiplied and len({tier.multiplier_percent for tier in tiers}) > 1:
        yield Promised(capfirst(reader.say(gettext_noop("%(rule)s, more with each tier."), rule=head)))
    for tier in reversed(tiers):
        for perk in tier.perks:
            figures = {"rule": capfirst(head), "tier": tier.name, "perk": say_perk(perk, reader)}
            yield Promised(reader.say(gettext_noop("%(rule)s. %(tier)s: %(perk)s."), **figures))


def _welcome(version: Version, heads: list[str], reader: Reader) -> Iterator[Promised]:
    """What there is for joining, and then for buying."""
    given = (rule for rule in version.rules if rule.trigger == "joining" and rule.gives == "flat")
    first = next((rule for rule in given if rule.active and not rule.conditions), None)
    if first is None:
        return
    said = say_award(first, reader)
    for head in heads:
        figures = {"welcome": said, "rule": head}
        yield Promised(capfirst(reader.say(gettext_noop("%(welcome)s, then %(rule)s."), **figures)))
    yield Promised(f"{capfirst(said)}.")


def _price(offer: Priced, reader: Reader) -> str:
    """ "100 points, and a cake is on us."."""
    gift, the, _what = _named(offer, reader.language)
    said = _PRICE_FREE if the else _PRICE
    return reader.say(said, units=reader.units(offer.unit, offer.cost), gift=gift)


def _head(rule: Rule, reader: Reader) -> str:
    """What a purchase brings, without a full stop: "1 point for every euro"."""
    is_each_euro = reader.currency == "EUR" and rule.per_minor == 10 ** exponent("EUR")
    if rule.gives == "per_amount" and is_each_euro and not rule.basis.only and not rule.goal:
        units = reader.units(rule.unit, rule.amount)
        return reader.say(gettext_noop("%(units)s for every euro"), units=units)
    return say_award(rule, reader)


def _named(offer: Priced, language: str) -> tuple[str, str, str]:
    """The gift as it stands in a sentence, what its ordinal begins with, and what it is: "a coffee", "The", "coffee".

    The two latter are empty for a name that does not begin with an article of the language.
    """
    name = _FREE.sub("", say_in(offer.names, language))
    article, _blank, what = name.partition(" ")
    the = _THE[language].get(article.lower(), "")
    return (f"{article.lower()} {what}", the, what) if the and what else (name, "", "")


def _is_product(offer: Priced, rule: Rule) -> bool:
    """Whether the gift is one more of what is counted, and nothing else."""
    products = {tuple(product.lower().split()) for product in rule.basis.only}
    return len(products) == 1 and any(
        _without_fillers(_FREE.sub("", name.lower()).split()) == _without_fillers(next(iter(products)))
        for name in offer.names.values()
    )


def _without_fillers(words: Sequence[str]) -> list[str]:
    return [word for word in words if word not in _FILLERS]


def _ordinal(number: int, language: str) -> str:
    """From the second on; beyond the twentieth in figures."""
    return _ORDINALS[language][number - 2] if number <= MOST_IN_WORDS else say_ordinal(number, language)

"""What a template is, and what it is made with: a currency's round figures, a language, a day."""

import dataclasses
import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.money import exponent, say_money
from loyalty.rules.tiers import Tier
from loyalty.rules.types import Rule, Unit, UnitKind, Version

Words = Mapping[str, str]  # language → text

# How many of a currency a shopkeeper there would write where another writes one euro: a round figure, no rate.
ROUND_FIGURES = {
    "SEK": 10,
    "NOK": 10,
    "DKK": 10,
    "PLN": 5,
    "CZK": 20,
    "MAD": 10,
    "TND": 2,
    "XOF": 500,
    "JPY": 100,
}


def round_sum(euros: int, currency: str) -> int:
    """Minor units of a round sum that means there what so many euros mean elsewhere."""
    return int(euros * ROUND_FIGURES.get(currency, 1) * 10 ** exponent(currency))


def both(en: str, fr: str) -> Words:
    """A text in every language that we speak."""
    return {"en": en, "fr": fr}


def named(code: str, en: tuple[str, str], fr: tuple[str, str], kind: UnitKind = "points") -> Unit:
    """A unit, one and many of it; its code serves as its id until somebody takes the template."""
    return Unit(code, code, {"en": en, "fr": fr}, kind)


POINTS = named("points", ("point", "points"), ("point", "points"))
STAMPS = named("stamps", ("stamp", "stamps"), ("tampon", "tampons"), "stamps")


@dataclass(frozen=True, slots=True)
class Kit:
    """For whom a template is made. `today` is the first day on which it might be in force."""

    currency: str
    language: str
    today: dt.date
    name: str = ""  # of the programme; without one, the template's own

    def money(self, euros: int) -> int:
        """Minor units of a round sum that means there what so many euros mean elsewhere."""
        return round_sum(euros, self.currency)

    def priced(self, words: Words) -> Words:
        """With money in the place of numbers in braces: {5} is what five euros are there, as each language writes it."""
        return {
            language: re.sub(
                r"\{(\d+)\}",
                lambda found: say_money(self.money(int(found[1])), self.currency, language, short=True),  # noqa: B023
                text,
            )
            for language, text in words.items()
        }

    def say(self, words: Words) -> str:
        """In the merchant's language: for what has one text only."""
        return words.get(self.language, words["en"])


@dataclass(frozen=True, slots=True)
class Offer:
    """A reward that belongs to a template: so many of a unit (its code) buy it."""

    names: Words
    unit: str
    cost: int


@dataclass(frozen=True, slots=True)
class Made:
    """A template made for somebody: a version (number 0, not published) and what its units buy."""

    version: Version
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """A programme to begin with. `trades` are values of `Merchant.Trade`; `make` gives the same for the same kit.

    `names` and `says` are for the shelf; read `says` with `Kit.priced`.
    """

    code: str
    names: Words
    says: Words
    trades: frozenset[str]
    make: Callable[["Parts"], "Parts"] = field(repr=False)

    def made_with(self, kit: Kit) -> Made:
        """The template for these."""
        parts = self.make(Parts(kit))
        version = Version(
            number=0,
            name=kit.name or kit.say(self.names),
            currency=kit.currency,
            units=tuple(parts.units),
            rules=tuple(parts.rules),
            tiers=tuple(parts.tiers),
            **parts.other,
        )
        offers = (dataclasses.replace(one, names=kit.priced(one.names)) for one in parts.offers)
        return Made(version, tuple(offers))


@dataclass(slots=True)
class Parts:
    """A programme while it is put together."""

    kit: Kit
    units: list[Unit] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    tiers: list[Tier] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    other: dict[str, Any] = field(default_factory=dict)

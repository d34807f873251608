"""Who reads, and what the names are: the language, the currency, the version that units, tiers and rules are named in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.money import say_money
from loyalty.rules.types import Rule, Unit, Version
from loyalty.wording.numbers import say_number, say_part, say_units, unit_name
from loyalty.wording.sentences import counted, listed, sentence

Places = Mapping[str, str]  # names of locations, by their id
NO_PLACES: Places = {}


@dataclass(frozen=True, slots=True)
class Reader:
    """Says parts of a sentence. Without a version nothing has a name but by its figures.

    `is_desk`: one of the shop reads, who may know by which tags it marks people; members and their letters are not told.
    """

    language: str
    currency: str
    version: Version | None = None
    places: Places = field(default_factory=dict)
    is_desk: bool = False

    def say(self, text: str, **figures: str) -> str:
        """A text that `gettext_noop` marked, with what its placeholders stand for."""
        return sentence(text, self.language) % figures

    def number(self, value: int) -> str:
        """A whole number."""
        return say_number(value, self.language)

    def count(self, what: str, count: int) -> str:
        """ "3 visits"."""
        return counted(what, count, self.language) % {"count": self.number(count)}

    def money(self, minor: int) -> str:
        """Money to the cent, as on a receipt."""
        return say_money(minor, self.currency, self.language)

    def price(self, minor: int) -> str:
        """Money of a rule: without empty decimals."""
        return say_money(minor, self.currency, self.language, short=True)

    def units(self, unit_id: str, count: int) -> str:
        """ "5 points"; the bare number where nobody knows the unit."""
        unit = self.unit(unit_id)
        return say_units(unit, count, self.language, self.currency) if unit else self.number(count)

    def part(self, unit_id: str, hundredths: int) -> str:
        """ "0.60 point"."""
        return say_part(self.unit(unit_id), hundredths, self.language, self.currency)

    def many(self, unit_id: str) -> str:
        """ "points"."""
        unit = self.unit(unit_id)
        return unit_name(unit, 2, self.language) if unit else ""

    def unit(self, unit_id: str) -> Unit | None:
        """The unit of that id, if the version is known and has it."""
        units = self.version.units if self.version else ()
        return next((unit for unit in units if unit.id == unit_id), None)

    def rule(self, reason: Mapping[str, Any]) -> Rule | None:
        """The rule that a reason is about, if the version is known and has it."""
        return self.version.rule(reason.get("rule", "")) if self.version else None

    def tiers(self, ids: Iterable[str]) -> list[str]:
        """Names of those tiers that the version has, in the order of the ladder."""
        wanted = set(ids)
        return [tier.name for tier in self.version.tiers if tier.id in wanted] if self.version else []

    def list(self, words: Iterable[str], *, either: bool = False) -> str:
        """ "a, b and c"; "a, b or c"."""
        return listed(words, self.language, either=either)

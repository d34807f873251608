"""What a reward can be: a value for each kind, and what may stand in it. Pure.

Values are kept as plain JSON, {} where a kind says no more than its name and its terms do.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from loyalty.rules.shapes import DAY, LARGEST_MINOR, NAME, SMALL_NAMES, Shape, maybe, whole

RewardKind = Literal[
    "amount_off",
    "percent_off",
    "free_product",
    "credit",
    "gift",
    "experience",
    "donation",
    "early_access",
    "draw_entry",
    "free_text",
]
MOST_OF = 100  # products of which one is free
LARGEST_CREDIT = 1_000_000  # as the largest award


@dataclass(frozen=True, slots=True)
class AmountOff:
    """So much less on one bill."""

    minor: int


@dataclass(frozen=True, slots=True)
class PercentOff:
    """Hundredths of a percent less on one bill, at most `most_minor`; 0 is no limit."""

    basis_points: int
    most_minor: int = 0


@dataclass(frozen=True, slots=True)
class FreeProduct:
    """Of at least `of` of these products or categories on one bill, the cheapest; of any, where none are named.

    One of one is a coffee for nothing, one of three is three for the price of two.
    """

    any: tuple[str, ...] = ()
    of: int = 1


@dataclass(frozen=True, slots=True)
class Credit:
    """So many minor units of money, of that unit of the programme."""

    unit: str
    amount: int


@dataclass(frozen=True, slots=True)
class Donation:
    """The shop gives so much to others."""

    to: str
    minor: int


@dataclass(frozen=True, slots=True)
class EarlyAccess:
    """Before everybody else, for whom it is open from that day on."""

    opens_on: str


@dataclass(frozen=True, slots=True)
class DrawEntry:
    """One lot in a draw on that day."""

    drawn_on: str


@dataclass(frozen=True, slots=True)
class Plain:
    """Its name says what it is: a gift, an experience, anything."""


Value = AmountOff | PercentOff | FreeProduct | Credit | Donation | EarlyAccess | DrawEntry | Plain


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind's value is, and what stands in its blanks."""

    value: type[Value] = Plain
    blanks: Mapping[str, Shape] = field(default_factory=dict)


_MONEY = whole(1, LARGEST_MINOR)
KINDS: dict[RewardKind, Kind] = {
    "amount_off": Kind(AmountOff, {"minor": _MONEY}),
    "percent_off": Kind(
        PercentOff, {"basis_points": whole(1, 10_000), "most_minor": maybe(whole(0, LARGEST_MINOR))}
    ),
    "free_product": Kind(FreeProduct, {"any": maybe(SMALL_NAMES), "of": maybe(whole(1, MOST_OF))}),
    "credit": Kind(Credit, {"unit": NAME, "amount": whole(1, LARGEST_CREDIT)}),
    "gift": Kind(),
    "experience": Kind(),
    "donation": Kind(Donation, {"to": NAME, "minor": _MONEY}),
    "early_access": Kind(EarlyAccess, {"opens_on": DAY}),
    "draw_entry": Kind(DrawEntry, {"drawn_on": DAY}),
    "free_text": Kind(),
}


def read_value(kind: RewardKind, kept: Mapping[str, Any]) -> Value:
    """A value as it is kept, one that was checked. What is unknown there is left out."""
    made = KINDS[kind].value
    names = {one.name for one in dataclasses.fields(made)}
    said: dict[str, Any] = {
        name: tuple(one) if isinstance(one, list) else one for name, one in kept.items() if name in names
    }
    return made(**said)

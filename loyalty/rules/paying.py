"""Paying a part of a bill with units: how many that takes, what it comes to, and how much of a bill it may be. Pure.

Neither side gains by rounding: units are taken only for money that they pay, whole minor units of it, and no more of them
than that money takes.
"""

from dataclasses import dataclass

from loyalty.rules.types import Unit, Version, Worth

MONEY_ITSELF = Worth(1, 1)  # one of a credit is a minor unit of money


@dataclass(frozen=True, slots=True)
class Asked:
    """What a member would pay with: units of that code, so many, or so much money's worth, or as much as is possible.

    `is_proven`: whoever asks has seen by more than a printed card, a number or a spoken code that it is the member.
    """

    unit: str
    units: int | None = None
    minor: int | None = None
    is_proven: bool = False


@dataclass(frozen=True, slots=True)
class Payment:
    """So many units for so much of a bill."""

    units: int
    minor: int


def worth_of(unit: Unit) -> Worth | None:
    """What units of it are worth on a bill; None where nobody can pay with them."""
    return MONEY_ITSELF if unit.kind == "credit" else unit.worth


def payable(version: Version) -> list[Unit]:
    """The units that pay, in the programme's order."""
    return [unit for unit in version.units if worth_of(unit)]


def pays(worth: Worth, units: int) -> Payment:
    """What these units pay: as much as they are worth, in whole minor units, for no more of them than that takes."""
    minor = units * worth.minor // worth.units
    return Payment(-(-minor * worth.units // worth.minor), minor)


def pays_at_most(worth: Worth, minor: int) -> Payment:
    """The most that these units can pay of so much money, and never more than it."""
    return pays(worth, minor * worth.units // worth.minor)


def most_of_bill(version: Version, amount_minor: int) -> int:
    """How much of a bill units may pay: all but what is to be paid in money."""
    return max(0, amount_minor - version.least_in_money_minor)


def payment_of(asked: Asked, worth: Worth, limit_minor: int, available: int) -> Payment:
    """What is asked for, whether or not it is possible; where nothing is named, the most of what is available."""
    if asked.units is not None:
        return pays(worth, asked.units)
    if asked.minor is not None:
        return pays_at_most(worth, asked.minor)
    most = pays_at_most(worth, limit_minor)
    return most if most.units <= available else pays(worth, max(0, available))

"""What a member has of every unit, and what of it dies soon. Balances are told as `loyalty.answers` and queries tell them:
by unit code, with `available`, `pending`, `held`, `debt` and `expiring`. It asks no database and no clock.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop

from core.dates import say_date
from loyalty.rules.types import Unit, Version
from loyalty.wording.numbers import say_figure, say_number, say_units
from loyalty.wording.sentences import sentence

Balances = Mapping[str, Mapping[str, Any]]
MINUS = "\u2212"
SOON = dt.timedelta(days=60)  # what dies later is no news yet


def say_all(version: Version, balances: Balances, language: str) -> list[str]:
    """What there is of the first unit, be it nothing, and of the others: "1,218 points", "3 stamps"."""
    first = version.units[0]
    available = balances.get(first.code, {"available": 0})["available"]
    figure = " ".join(say_figure(first, available, language, version.currency))
    return [figure, *say_others(version, balances, language)]


def say_others(version: Version, balances: Balances, language: str, head: Unit | None = None) -> list[str]:
    """What there is of the units but `head`, the first by default: "3 stamps", "€5 of credit". Units of which there is nothing are not
    said."""
    head = head or version.units[0]
    others = (unit for unit in version.units if unit.id != head.id)
    return [
        " ".join(say_figure(unit, balances[unit.code]["available"], language, version.currency))
        for unit in others
        if unit.code in balances and balances[unit.code]["available"]
    ]


def say_owed(version: Version, balances: Balances, language: str) -> list[str]:
    """What is owed of each unit: "12 points", "€5"; mostly nothing. Answers that were kept before there were debts tell none."""
    return [
        say_units(unit, debt, language, version.currency)
        for unit in version.units
        if (debt := balances.get(unit.code, {}).get("debt", 0)) > 0
    ]


def say_expiring(version: Version, balances: Balances, language: str, today: dt.date) -> list[str]:
    """ "200 points expire on 31 December": for each unit what dies next, where that is soon. `today` is the shop's day."""
    found = []
    for unit in version.units:
        lots = balances.get(unit.code, {}).get("expiring", ())
        if not lots:
            continue
        on = dt.date.fromisoformat(lots[0]["on"])
        if on - today <= SOON:
            said = {
                "units": " ".join(say_figure(unit, lots[0]["amount"], language, version.currency)),
                "day": _day(on, today, language),
            }
            text = gettext_noop("%(units)s expire on %(day)s")
            if lots[0]["amount"] == 1:
                text = gettext_noop("%(units)s expires on %(day)s")
            found.append(sentence(text, language) % said)
    return found


def say_moved(
    version: Version, code: str, amount: int, language: str, *, sign: bool = True, bare: bool = False
) -> str:
    """What an entry of the books did, or what there was after it: "+18" of the first unit, of others "+1 stamp", "−€5".

    Without a sign only what is below zero has one. A `bare` figure, and that of a unit that the version has no more, has no
    word.
    """
    before = MINUS if amount < 0 else "+" if amount and sign else ""
    unit = next((unit for unit in version.units if unit.code == code), None)
    if unit is None:
        return before + say_number(abs(amount), language)
    figure, word = say_figure(unit, abs(amount), language, version.currency)
    is_plain = bare or unit is version.units[0] or unit.kind == "credit"
    return before + figure if is_plain else f"{before}{figure} {word}"


def _day(on: dt.date, today: dt.date, language: str) -> str:
    return say_date(on, "d MMMM" if on.year == today.year else "d MMMM y", language)

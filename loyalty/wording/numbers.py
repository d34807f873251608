"""Numbers, units, days and hours as the reader writes them."""

import datetime as dt
from decimal import Decimal
from functools import lru_cache

from babel.numbers import format_decimal, format_percent
from django.utils.translation import gettext_noop

from core.dates import say_date
from core.money import exponent, say_money
from loyalty.rules.types import Unit
from loyalty.wording.sentences import sentence

NARROW = "\u202f"  # between figure and "h" in French
_HOUR, _DAY = 60, 24 * 60


@lru_cache(maxsize=4096)
def say_number(value: Decimal | int, language: str) -> str:
    """A number as the reader writes it: 1,218 or 1 218; 1.5 or 1,5."""
    return str(format_decimal(value, locale=language))


def unit_name(unit: Unit, count: Decimal | int, language: str) -> str:
    """ "point" or "points". French counts up to less than 2 as one, English only 1."""
    singular, plural = unit.names.get(language) or unit.names.get("en") or next(iter(unit.names.values()))
    one = -2 < count < 2 if language == "fr" else count == 1
    return singular if one else plural


def say_units(unit: Unit, count: int, language: str, currency: str = "") -> str:
    """ "1,218 points"; credit is money, where the currency is told: "€5"."""
    if unit.kind == "credit" and currency:
        return say_money(count, currency, language, short=True)
    return f"{say_number(count, language)} {unit_name(unit, count, language)}"


def say_figure(unit: Unit, count: int, language: str, currency: str) -> tuple[str, str]:
    """A balance in two sizes, the figure and its word: ("1,218", "points"); of credit ("€12.18", "of credit")."""
    if unit.kind == "credit":
        return say_money(count, currency, language, short=True), sentence(gettext_noop("of credit"), language)
    return say_number(count, language), unit_name(unit, count, language)


def say_part(unit: Unit | None, hundredths: int, language: str, currency: str = "") -> str:
    """Less than whole units, with both decimals: "0.60 point"; of credit "€0.006"."""
    value = Decimal(hundredths) / 100
    if unit is not None and unit.kind == "credit" and currency:
        return f"{say_number(value.scaleb(-exponent(currency)), language)} {currency}"
    figure = str(format_decimal(value, format="#,##0.00", locale=language))
    # "0.60 point", as it is read out: of less than one there is one.
    return f"{figure} {unit_name(unit, max(Decimal(1), value), language)}" if unit else figure


@lru_cache
def say_multiplier(percent: int, language: str) -> str:
    """ "1.5" for 150."""
    return say_number(Decimal(percent) / 100, language)


@lru_cache
def say_percent(basis_points: int, language: str) -> str:
    """ "7.5%" for 750, in French "7,5 %"."""
    return str(
        format_percent(Decimal(basis_points) / 10_000, format=_percent_format(language), locale=language)
    )


def _percent_format(language: str) -> str:
    return "#,##0.##\u202f%" if language == "fr" else "#,##0.##%"


def say_ordinal(number: int, language: str) -> str:
    """ "3rd", "11th"; in French, where it goes with a visit or a night, "1re", "3e"."""
    if language == "fr":
        return "1re" if number == 1 else f"{say_number(number, language)}e"
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{say_number(number, language)}{'th' if 10 <= number % 100 < 20 else ending}"


def say_day(day: str, language: str) -> str:
    """2026-06-01 as "1 June 2026", in French "1er juin 2026"."""
    return say_date(dt.date.fromisoformat(day), "d MMMM y", language)


def day_of_year(day: str, language: str) -> str:
    """06-01 as "1 June"."""
    return say_date(dt.date.fromisoformat(f"2000-{day}"), "d MMMM", language)


def say_clock(clock: str, language: str) -> str:
    """ "14:30" as it stands; in French "14 h 30"."""
    if language != "fr":
        return clock
    hour, minute = clock.split(":")[:2]
    return f"{int(hour)}{NARROW}h" + (f"{NARROW}{minute}" if minute != "00" else "")


def largest_span(minutes: int) -> tuple[str, int]:
    """Minutes in the largest unit of time that takes them whole: ("hour", 2) for 120."""
    if minutes and minutes % _DAY == 0:
        return "day", minutes // _DAY
    return ("hour", minutes // _HOUR) if minutes and minutes % _HOUR == 0 else ("minute", minutes)

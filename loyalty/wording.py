"""Rules and reasons in words: what a cashier reads out and a member finds beside the points."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel.numbers import format_decimal
from django.utils.translation import gettext, gettext_noop, override

from core.money import say_money
from loyalty.rules.types import Rule, Unit, Version


@lru_cache(maxsize=4096)
def say_number(value: Decimal | int, language: str) -> str:
    """A number as the reader writes it: 1,218 or 1 218; 1.5 or 1,5."""
    return str(format_decimal(value, locale=language))


def unit_name(unit: Unit, count: int, language: str) -> str:
    """ "point" or "points". French counts 0 and 1 as one, English only 1."""
    singular, plural = unit.names.get(language) or unit.names.get("en") or next(iter(unit.names.values()))
    one = count in (0, 1) if language == "fr" else count == 1
    return singular if one else plural


def say_units(unit: Unit, count: int, language: str) -> str:
    """ "1,218 points"."""
    return f"{say_number(count, language)} {unit_name(unit, count, language)}"


def say_rule(rule: Rule, version: Version, language: str) -> str:
    """A rule as a short sentence: "1 point per €1"."""
    unit = next(unit for unit in version.units if unit.id == rule.unit)
    units = say_units(unit, rule.amount, language)
    if rule.trigger == "joining":
        return _sentence(gettext_noop("%(units)s on joining"), language) % {"units": units}
    money = say_money(rule.per_minor, version.currency, language, short=True)
    return _sentence(gettext_noop("%(units)s per %(money)s"), language) % {"units": units, "money": money}


def say_multiplier(percent: int, language: str) -> str:
    """ "1.5" for 150."""
    return say_number(Decimal(percent) / 100, language)


def say_reason(reason: Mapping[str, Any], currency: str, language: str) -> str:
    """A kept reason as words: "12 × 1.5 (Gold)", "€0.60 short of 1 point"."""
    return _SAY[reason["code"]](reason, currency, language)


@lru_cache(maxsize=256)
def _sentence(text: str, language: str) -> str:
    """The sentence in that language. Kept, for changing a thread's language and back is slow on the way to an answer."""
    with override(language):
        return gettext(text)


def _per_amount(reason: Mapping[str, Any], currency: str, language: str) -> str:
    if reason["multiplier_percent"] == 100:
        return _sentence(gettext_noop("%(base)s for %(money)s"), language) % {
            "base": say_number(reason["base"], language),
            "money": say_money(reason["spent_minor"], currency, language),
        }
    return (
        f"{say_number(reason['base'], language)} × {say_multiplier(reason['multiplier_percent'], language)} "
        + (f"({reason['tier']})")
    )


def _short_of(reason: Mapping[str, Any], currency: str, language: str) -> str:
    return _sentence(gettext_noop("%(money)s short of the first point"), language) % {
        "money": say_money(reason["short_minor"], currency, language)
    }


def _welcome(reason: Mapping[str, Any], currency: str, language: str) -> str:
    return _sentence(gettext_noop("Welcome"), language)


def _cancelled(reason: Mapping[str, Any], currency: str, language: str) -> str:
    return _sentence(gettext_noop("Purchase of %(money)s cancelled"), language) % {
        "money": say_money(reason["spent_minor"], currency, language)
    }


def _refunded(reason: Mapping[str, Any], currency: str, language: str) -> str:
    money = say_money(reason["refunded_minor"], currency, language)
    if reason["refunded_minor"] == reason["spent_minor"]:
        return _sentence(gettext_noop("Purchase of %(money)s refunded"), language) % {"money": money}
    return _sentence(gettext_noop("%(money)s of a purchase of %(whole)s refunded"), language) % {
        "money": money,
        "whole": say_money(reason["spent_minor"], currency, language),
    }


def _adjusted(reason: Mapping[str, Any], currency: str, language: str) -> str:
    if "undoes" in reason:
        return _sentence(gettext_noop("Correction taken back"), language)
    return _sentence(gettext_noop("Corrected by hand"), language)


def _merged(reason: Mapping[str, Any], currency: str, language: str) -> str:
    return _sentence(gettext_noop("Two cards became one"), language)


def _unmerged(reason: Mapping[str, Any], currency: str, language: str) -> str:
    return _sentence(gettext_noop("Two cards again"), language)


_SAY = {
    "adjusted": _adjusted,
    "cancelled": _cancelled,
    "merged": _merged,
    "per_amount": _per_amount,
    "refunded": _refunded,
    "short_of": _short_of,
    "unmerged": _unmerged,
    "welcome": _welcome,
}

# What an entry is where its reason says nothing more: what happens to units by itself, or for whatever is to come.
_KINDS = {
    "award": gettext_noop("Given"),
    "vest": gettext_noop("Ready to use"),
    "hold": gettext_noop("Set aside"),
    "capture": gettext_noop("Used, as set aside"),
    "release": gettext_noop("Set aside no longer"),
    "spend": gettext_noop("Used"),
    "return": gettext_noop("Given back"),
    "take_back": gettext_noop("Taken back"),
    "expire": gettext_noop("Expired"),
    "adjust": gettext_noop("Corrected by hand"),
    "merge": gettext_noop("Moved with a card that became one with another"),
}


def say_entry(kind: str, reasons: Mapping[str, Any], currency: str, language: str) -> str:
    """Why an entry of the books was made, in words: its reason, or what its kind means."""
    if reasons.get("code") in _SAY:
        return say_reason(reasons, currency, language)
    return _sentence(_KINDS[kind], language)


def say_debt(name: str, debt: int, unit: Unit, language: str) -> str:
    """ "Mia owes 12 points: the next ones repay them first."; empty where nothing is owed. For the team."""
    if debt <= 0:
        return ""
    return _sentence(gettext_noop("%(name)s owes %(units)s: the next ones repay that first."), language) % {
        "name": name or _sentence(gettext_noop("The member"), language),
        "units": say_units(unit, debt, language),
    }


def say_own_debt(debt: int, unit: Unit, language: str) -> str:
    """ "12 points are owed: the next ones repay that first."; empty where nothing is. For the member."""
    if debt <= 0:
        return ""
    return _sentence(gettext_noop("To repay: %(units)s. The next ones go there first."), language) % {
        "units": say_units(unit, debt, language)
    }

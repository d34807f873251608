"""What was done to a member's units, in words: entries of the books, and what is owed."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop

from loyalty.rules.types import Unit, Version
from loyalty.wording.numbers import say_units
from loyalty.wording.reader import NO_PLACES, Places
from loyalty.wording.reasons import SAYINGS, say_reason
from loyalty.wording.sentences import sentence

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


def say_entry(
    kind: str,
    reasons: Mapping[str, Any],
    currency: str,
    language: str,
    *,
    version: Version | None = None,
    places: Places = NO_PLACES,
) -> str:
    """Why an entry of the books was made, in words: its reason, or what its kind means."""
    if reasons.get("code") in SAYINGS:
        return say_reason(reasons, currency, language, version, places)
    return sentence(_KINDS[kind], language)


def say_debt(name: str, debt: int, unit: Unit, language: str) -> str:
    """ "Mia owes 12 points: the next ones repay them first."; empty where nothing is owed. For the team."""
    if debt <= 0:
        return ""
    return sentence(gettext_noop("%(name)s owes %(units)s: the next ones repay that first."), language) % {
        "name": name or sentence(gettext_noop("The member"), language),
        "units": say_units(unit, debt, language),
    }


def say_own_debt(debt: int, unit: Unit, language: str) -> str:
    """ "12 points are owed: the next ones repay that first."; empty where nothing is. For the member."""
    if debt <= 0:
        return ""
    return sentence(gettext_noop("To repay: %(units)s. The next ones go there first."), language) % {
        "units": say_units(unit, debt, language)
    }

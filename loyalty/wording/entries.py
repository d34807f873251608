"""What was done to a member's units, in words: entries of the books, and what is owed."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_noop

from loyalty.rules.types import Version
from loyalty.wording.reader import NO_PLACES, Places
from loyalty.wording.reasons import SAYINGS, say_reason
from loyalty.wording.sentences import listed, sentence

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


# Why something that was handed over came back, as `rewards` keeps it.
_VOIDS = {
    "mistake": gettext_noop("By mistake"),
    "unwanted": gettext_noop("No longer wanted"),
    "not_good": gettext_noop("Not as it should be"),
    "not_there": gettext_noop("Not there after all"),
    "refunded": gettext_noop("With the purchase on which it was used"),
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
    what = sentence(_KINDS[kind], language)
    reward = _reward_name(reasons, language)
    why = _VOIDS.get(reasons.get("void", ""))
    what = f"{what} ({sentence(why, language)})" if why else what
    named = {"what": what, "said": reward}
    return sentence(gettext_noop("%(what)s: %(said)s"), language) % named if reward else what


def _reward_name(reasons: Mapping[str, Any], language: str) -> str:
    """What the units were for, as it was called then; `name` is of before rewards had names in several languages."""
    if reasons.get("code") != "reward":
        return ""
    names = reasons.get("names") or {"en": reasons.get("name", "")}
    return names.get(language) or names.get("en") or next(iter(names.values()), "")


def say_debt(name: str, owed: Sequence[str], language: str) -> str:
    """ "Mia owes 12 points and 1 stamp: the next ones repay that first."; empty where nothing is owed. For the team."""
    if not owed:
        return ""
    return sentence(gettext_noop("%(name)s owes %(units)s: the next ones repay that first."), language) % {
        "name": name or sentence(gettext_noop("The member"), language),
        "units": listed(owed, language),
    }


def say_own_debt(owed: Sequence[str], language: str) -> str:
    """ "To repay: 12 points and 1 stamp. The next ones go there first."; empty where nothing is. For the member."""
    if not owed:
        return ""
    return sentence(gettext_noop("To repay: %(units)s. The next ones go there first."), language) % {
        "units": listed(owed, language)
    }

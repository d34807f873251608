"""A member's card as the shop's members will see it: in the merchant's language, not the reader's. An invented member,
so that nobody's balance is on the desk; rules and tiers are real, or the ones being typed.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from loyalty.rules.types import Rule, Tier, Version
from loyalty.wording import say_multiplier, say_number, say_rule, unit_name
from loyalty.wording.reader import NO_PLACES, Places
from merchants.models import Merchant
from web.changes import say_start
from web.tiers import pip_of

NAME, BALANCE = "Mia", 1218  # of the pictures; more than any welcome award, less than a jackpot


@dataclass(frozen=True)
class Line:
    """Something a member reads; `changed` when it was not in the programme before."""

    text: str
    changed: bool


def preview_of(
    merchant: Merchant, version: Version, before: Version | None = None, places: Places = NO_PLACES
) -> dict[str, Any]:
    """What the card says under `version`, and what of it is new since `before`. `places`: locations by their id."""
    before = before or version
    with override(merchant.locale):
        language = merchant.locale
        return {
            "language": language,
            "name": NAME,
            "greeting": _("Hello %(name)s, you have") % {"name": NAME},
            "balance": say_number(BALANCE, language),
            "unit": unit_name(version.units[0], BALANCE, language),
            "programme": Line(version.name, version.name != before.name),
            "top": _top(version),
            "tiers": [_tier(tier, version, before, language) for tier in reversed(version.tiers)],
            "earning": _("How to earn points"),
            "lines": _rules(version, before, language, places),
        }


def _top(version: Version) -> dict[str, str] | None:
    if not version.tiers:
        return None
    top = version.tiers[-1]
    return {"name": top.name, "pip": pip_of(top, version.tiers)}


def _tier(tier: Tier, version: Version, before: Version, language: str) -> dict[str, Any]:
    was = before.tier(tier.id)
    return {
        "name": tier.name,
        "pip": pip_of(tier, version.tiers),
        "from": say_start(tier, version),
        "times": f"× {say_multiplier(tier.multiplier_percent, language)}",
        "changed": was != tier,
    }


def _rules(version: Version, before: Version, language: str, places: Places) -> list[Line]:
    """Purchases first."""
    known = {say_rule(rule, before, language, places) for rule in _asked(before)}
    rules = sorted(_asked(version), key=lambda rule: rule.trigger == "joining")
    said = (say_rule(rule, version, language, places) for rule in rules)
    return [Line(text, text not in known) for text in said]


def _asked(version: Version) -> list[Rule]:
    """Rules that are not switched off."""
    return [rule for rule in version.rules if rule.active]

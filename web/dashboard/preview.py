"""A member's card as the shop's members will see it: in the merchant's language, not the reader's. An invented member,
so that nobody's balance is on the desk; rules and tiers are real, or the ones being typed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.money import say_money
from loyalty.rehearsal.rehearsing import Prize
from loyalty.rules.challenges import Challenge
from loyalty.rules.tiers import Tier
from loyalty.rules.types import Rule, Unit, Version
from loyalty.wording import say_figure, say_multiplier, say_number, say_rule, say_units, unit_name
from loyalty.wording.challenges import say_done, say_left
from loyalty.wording.reader import NO_PLACES, Places, Reader
from merchants.models import Merchant
from web.changes import say_perks, say_start
from web.tiers import pip_of

NAME, BALANCE = "Mia", 1218  # of the pictures; more than any welcome award, less than a jackpot
STAMPED = 7  # nobody has a thousand stamps
FEW = 3  # nor a thousand treatments: what is given one by one
MOST_STAMPS = 10  # in one row
MOST_REWARDS = 5


@dataclass(frozen=True)
class Line:
    """Something a member reads; `changed` when it was not in the programme before."""

    text: str
    changed: bool


def preview_of(
    merchant: Merchant,
    version: Version,
    before: Version | None = None,
    places: Places = NO_PLACES,
    rewards: Sequence[tuple[UUID | str, Prize]] = (),
) -> dict[str, Any]:
    """What the card says under `version`, and what of it is new since `before`. `places`: locations by their id; `rewards`: what
    there is to take, each with its unit.
    """
    before = before or version
    with override(merchant.locale):
        language = merchant.locale
        return {
            "language": language,
            "name": NAME,
            "greeting": _("Hello %(name)s, you have") % {"name": NAME},
            **_balance(version, language),
            "others": [
                Line(text, text not in _others(before, language)) for text in _others(version, language)
            ],
            "programme": Line(version.name, version.name != before.name),
            "people": [_person(tier, version) for tier in reversed(version.tiers)],
            "stamps": _stamps(version, language, places),
            "tiers": [_tier(tier, version, before, language) for tier in reversed(version.tiers)],
            "earning": _earning(version.units[0], language),
            "lines": _rules(version, before, language, places),
            "taking": _("Yours to take"),
            "rewards": _rewards(rewards, version, language),
        }


def _balance(version: Version, language: str) -> dict[str, str]:
    """The figure and the word beside it; credit is money, and needs no word."""
    unit = version.units[0]
    has = _has(unit, version)
    if unit.kind == "credit":
        return {"balance": say_money(has, version.currency, language), "unit": ""}
    return {"balance": say_number(has, language), "unit": unit_name(unit, has, language)}


def _others(version: Version, language: str) -> list[str]:
    """What Mia has of the units beside the first: "7 stamps", "€12.18 of credit"."""
    return [
        " ".join(say_figure(unit, _has(unit, version), language, version.currency))
        for unit in version.units[1:]
    ]


def _has(unit: Unit, version: Version) -> int:
    """What Mia has of it: a figure that one comes by under these rules."""
    if unit.kind == "stamps":
        return STAMPED
    given = [rule for rule in version.rules if rule.unit == unit.id and rule.gives != "badge"]
    one_by_one = all(rule.gives in ("flat", "per_item") and rule.amount < STAMPED for rule in given)
    return FEW if given and one_by_one and unit.kind == "points" else BALANCE


def _earning(unit: Unit, language: str) -> str:
    """The title above the sentences, by the unit that is the figure on the card."""
    return _("How to earn %(units)s") % {"units": unit_name(unit, BALANCE, language)}


def _rewards(
    rewards: Sequence[tuple[UUID | str, Prize]], version: Version, language: str
) -> list[dict[str, str]]:
    """Names and costs; the programme's first unit goes without saying. What costs a unit that is gone cannot be had."""
    units = {unit.id: unit for unit in version.units}
    return [
        {
            "name": prize.name,
            "cost": say_figure(units[unit_id], prize.cost, language, version.currency)[0]
            if units[unit_id] is version.units[0]
            else say_units(units[unit_id], prize.cost, language, version.currency),
        }
        for unit_id, prize in ((str(unit), prize) for unit, prize in rewards)
        if unit_id in units
    ]


def _person(tier: Tier, version: Version) -> dict[str, Any]:
    """What of the card is another in another tier: its name, what is next, what it brings."""
    after = version.tier_after(tier)
    return {
        "name": tier.name,
        "pip": pip_of(tier, version.tiers),
        "next": f"{after.name} {say_start(after, version)}" if after else "",
        "perks": capfirst(" · ".join(say_perks(tier, version))),
    }


def _stamps(version: Version, language: str, places: Places) -> dict[str, Any] | None:
    """The first challenge as a row of stamps, most of it done."""
    goals = [(rule, rule.goal) for rule in _asked(version) if rule.goal and rule.goal.times <= MOST_STAMPS]
    if not goals:
        return None
    rule, goal = goals[0]
    inked = goal.times * 7 // 10  # of ten seven, as in the pictures
    challenge = Challenge(rule, goal, inked, is_over=False)
    reader = Reader(language, version.currency, version, places)
    return {
        "title": capfirst(say_left(challenge, reader)),
        "label": say_done(challenge, reader),
        "row": [{"number": number, "inked": number <= inked} for number in range(1, goal.times + 1)],
    }


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

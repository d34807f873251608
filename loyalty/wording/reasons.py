"""Why a rule gave what it gave, or nothing: what a cashier reads out and a member finds beside the points."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_noop

from loyalty.rules.types import Version
from loyalty.wording.limits import say_limit
from loyalty.wording.numbers import say_multiplier, say_percent
from loyalty.wording.reader import NO_PLACES, Places, Reader
from loyalty.wording.refusals import REFUSALS
from loyalty.wording.rules import badge_name, rule_name, say_award, say_times

Reason = Mapping[str, Any]
Saying = Callable[[Reason, Reader], str]


def say_reason(
    reason: Reason,
    currency: str,
    language: str,
    version: Version | None = None,
    places: Places = NO_PLACES,
    *,
    is_desk: bool = False,
) -> str:
    """A kept reason as words: "12 × 1.5 (Gold)", "€0.60 short of the first point".

    With the version that judged, rules, units and tiers are called by their names; without it figures must do.
    `is_desk`: see `Reader`.
    """
    reader = Reader(language, currency, version, places, is_desk)
    said = SAYINGS[reason["code"]](reason, reader)
    return ", ".join([said, *_tails(reason, reader)])


def _tails(reason: Reason, reader: Reader) -> list[str]:
    tails, unit = [], reason.get("unit", "")
    if "uncapped" in reason:
        figures = {"uncapped": reader.number(reason["uncapped"]), "limit": say_limit(reason, unit, reader)}
        tails.append(reader.say(gettext_noop("instead of %(uncapped)s: %(limit)s"), **figures))
    kept = reason.get("kept_hundredths", 0)
    if kept > 0:
        part = reader.part(unit, kept)
        tails.append(reader.say(gettext_noop("%(units)s kept aside"), units=part))
    if reason["code"] == "per_amount" and reason.get("kept_minor", 0) > 0:
        money = reader.money(reason["kept_minor"])
        tails.append(reader.say(gettext_noop("%(money)s kept for the next time"), money=money))
    return tails


def _times_tier(reason: Reason, reader: Reader) -> str:
    """ "12 × 1.5 (Gold)"; empty where the tier changes nothing."""
    if reason.get("multiplier_percent", 100) == 100:
        return ""
    times = say_multiplier(reason["multiplier_percent"], reader.language)
    return f"{reader.number(reason['base'])} × {times} ({reason['tier']})"


def _base(reason: Reason, reader: Reader) -> str:
    return reader.number(reason.get("base", reason.get("units", 0)))


def _per_amount(reason: Reason, reader: Reader) -> str:
    if said := _times_tier(reason, reader):
        return said
    spent = reader.money(reason["spent_minor"])
    return reader.say(gettext_noop("%(base)s for %(money)s"), base=_base(reason, reader), money=spent)


def _short_of(reason: Reason, reader: Reader) -> str:
    if reason.get("kept_minor", 0) > 0:
        figures = {"kept": reader.money(reason["kept_minor"]), "whole": reader.price(reason["per_minor"])}
        units = reader.units(reason.get("unit", ""), reason["per_units"])
        return reader.say(
            gettext_noop("%(kept)s of %(whole)s counted toward %(units)s"), units=units, **figures
        )
    money = reader.money(reason["short_minor"])
    unit = reader.unit(reason.get("unit", ""))
    if unit is None or (unit.code == "points" and reason.get("per_units", 1) == 1):
        return reader.say(gettext_noop("%(money)s short of the first point"), money=money)
    units = reader.units(unit.id, reason.get("per_units", 1))
    return reader.say(gettext_noop("%(money)s short of %(prize)s"), money=money, prize=units)


def _per_item(reason: Reason, reader: Reader) -> str:
    if said := _times_tier(reason, reader):
        return said
    items = reader.count("item", reason["items"] - reason["from_item"] + 1)
    return reader.say(gettext_noop("%(base)s for %(items)s"), base=_base(reason, reader), items=items)


def _flat(reason: Reason, reader: Reader) -> str:
    if said := _times_tier(reason, reader):
        return said
    rule = reader.rule(reason)
    if rule is None:
        return reader.say(gettext_noop("Given"))
    return rule_name(rule, reader.language) or say_award(rule, reader)


def _share(reason: Reason, reader: Reader) -> str:
    if said := _times_tier(reason, reader):
        return said
    share = say_percent(reason["basis_points"], reader.language)
    spent = reader.money(reason["spent_minor"])
    return reader.say(gettext_noop("%(share)s of %(money)s"), share=share, money=spent)


def _badge(reason: Reason, reader: Reader) -> str:
    rule = reader.rule(reason)
    return badge_name(rule, reader) if rule else reader.say(gettext_noop("a badge"))


def _multiplied(reason: Reason, reader: Reader) -> str:
    """ "24 instead of 18: double points"; where multipliers are added up, "12 more: double points"."""
    rule, units = reader.rule(reason), reason.get("units", 0)
    why = (
        say_times(rule, reader) if rule else ""
    ) or f"× {say_multiplier(reason['percent'], reader.language)}"
    if (reader.version and reader.version.stacking == "sum") or "uncapped" in reason:
        return reader.say(gettext_noop("%(units)s more: %(why)s"), units=reader.number(units), why=why)
    before = reason["base"] * reason["tier_percent"] // 100
    after, before_said = reader.number(before + units), reader.number(before)
    return reader.say(
        gettext_noop("%(after)s instead of %(before)s: %(why)s"), after=after, before=before_said, why=why
    )


def _kept_change(_reason: Reason, reader: Reader) -> str:
    return reader.say(gettext_noop("From what was kept aside"))


def _welcome(_reason: Reason, reader: Reader) -> str:
    return reader.say(gettext_noop("Welcome"))


def _cancelled(reason: Reason, reader: Reader) -> str:
    money = reader.money(reason["spent_minor"])
    return reader.say(gettext_noop("Purchase of %(money)s cancelled"), money=money)


def _refunded(reason: Reason, reader: Reader) -> str:
    money = reader.money(reason["refunded_minor"])
    if reason["refunded_minor"] == reason["spent_minor"]:
        return reader.say(gettext_noop("Purchase of %(money)s refunded"), money=money)
    whole = reader.money(reason["spent_minor"])
    return reader.say(gettext_noop("%(money)s of a purchase of %(whole)s refunded"), money=money, whole=whole)


def _paid(reason: Reason, reader: Reader) -> str:
    return reader.say(gettext_noop("%(money)s of a bill paid"), money=reader.money(reason["paid_minor"]))


def _adjusted(reason: Reason, reader: Reader) -> str:
    if "undoes" in reason:
        return reader.say(gettext_noop("Correction taken back"))
    return reader.say(gettext_noop("Corrected by hand"))


def _taken_back(reason: Reason, reader: Reader) -> str:
    rule = reader.rule(reason)
    if rule is None:
        return reader.say(gettext_noop("Taken back"))
    what = rule_name(rule, reader.language) or say_award(rule, reader)
    return reader.say(gettext_noop("Taken back: %(what)s"), what=what)


def _confirmed(_reason: Reason, reader: Reader) -> str:
    return reader.say(gettext_noop("Confirmed, ready to use"))


def _merged(_reason: Reason, reader: Reader) -> str:
    return reader.say(gettext_noop("Two cards became one"))


def _unmerged(_reason: Reason, reader: Reader) -> str:
    return reader.say(gettext_noop("Two cards again"))


SAYINGS: dict[str, Saying] = {
    **REFUSALS,
    "adjusted": _adjusted,
    "badge": _badge,
    "cancelled": _cancelled,
    "confirmed": _confirmed,
    "flat": _flat,
    "kept_change": _kept_change,
    "merged": _merged,
    "multiplied": _multiplied,
    "paid": _paid,
    "per_amount": _per_amount,
    "per_item": _per_item,
    "refunded": _refunded,
    "share": _share,
    "short_of": _short_of,
    "taken_back": _taken_back,
    "unmerged": _unmerged,
    "welcome": _welcome,
}

"""A version as it is kept, for ever: plain JSON in which what is usual is left out. It reads its own hand only.

Versions of before rules had conditions say less: a rule is a purchase's or a welcome, and reads as it was meant then.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any

from loyalty.rules.limits import Limits
from loyalty.rules.tiers import Ladder, Perk, Season, Tier
from loyalty.rules.types import Basis, Condition, Expiry, Goal, Quota, Rule, Unit, Version, Worth


def read_definition(number: int, kept: Mapping[str, Any]) -> Version:
    """A kept version as the engine reads it."""
    return Version(
        number=number,
        name=kept["name"],
        currency=kept["currency"],
        units=tuple(_read_unit(unit) for unit in kept["units"]),
        rules=tuple(read_rule(rule) for rule in kept["rules"]),
        tiers=tuple(read_tier(tier) for tier in kept["tiers"]),
        limits=Limits(**kept.get("limits", {})),  # versions of before had none
        stacking=kept.get("stacking", "best"),
        ladder=Ladder(**kept.get("ladder", {})),
        returns=kept.get("returns", "debt"),
        least_in_money_minor=kept.get("least_in_money_minor", 0),
    )


def write_definition(version: Version) -> dict[str, Any]:
    """The other way round; reading it gives an equal version."""
    ladder = _without_usual(version.ladder)
    return {
        "name": version.name,
        "currency": version.currency,
        "stacking": version.stacking,
        "limits": dataclasses.asdict(version.limits),
        "units": [_write_unit(unit) for unit in version.units],
        "rules": [write_rule(rule) for rule in version.rules],
        "tiers": [write_tier(tier) for tier in version.tiers],
        **({"ladder": ladder} if ladder else {}),
        **({"returns": version.returns} if version.returns != "debt" else {}),
        **({"least_in_money_minor": version.least_in_money_minor} if version.least_in_money_minor else {}),
    }


def read_rule(kept: Mapping[str, Any]) -> Rule:
    """One rule of a kept version."""
    if "gives" not in kept:
        is_purchase = kept["trigger"] == "purchase"
        return Rule(**kept, gives="per_amount" if is_purchase else "flat", multiplied=is_purchase)
    said = dict(kept)
    if "conditions" in said:
        said["conditions"] = tuple(
            Condition(one["kind"], {name: value for name, value in one.items() if name != "kind"})
            for one in said["conditions"]
        )
    if "quotas" in said:
        said["quotas"] = tuple(Quota(**quota) for quota in said["quotas"])
    if said.get("goal"):
        said["goal"] = Goal(**said["goal"])
    if "basis" in said:
        basis = said["basis"]
        sets = {name: frozenset(basis[name]) for name in ("only", "without") if name in basis}
        said["basis"] = Basis(**(basis | sets))
    return Rule(**said)


def write_rule(rule: Rule) -> dict[str, Any]:
    """One rule, to be kept."""
    said = _without_usual(rule) | {
        "id": rule.id,
        "trigger": rule.trigger,
        "unit": rule.unit,
        "gives": rule.gives,
    }
    if "conditions" in said:
        said["conditions"] = [{"kind": one.kind, **one.given} for one in rule.conditions]
    if "quotas" in said:
        said["quotas"] = [dataclasses.asdict(quota) for quota in rule.quotas]
    if rule.goal:
        said["goal"] = dataclasses.asdict(rule.goal)
    if "basis" in said:
        said["basis"] = {
            name: sorted(value) if isinstance(value, frozenset) else value
            for name, value in _without_usual(rule.basis).items()
        }
    if "names" in said:
        said["names"] = dict(rule.names)
    return said


def read_tier(kept: Mapping[str, Any]) -> Tier:
    """One tier of a kept version."""
    said = dict(kept)
    if "perks" in said:
        said["perks"] = tuple(Perk(**perk) for perk in said["perks"])
    if "season" in said:
        said["season"] = Season(**said["season"])
    return Tier(**said)


def write_tier(tier: Tier) -> dict[str, Any]:
    """One tier, to be kept."""
    said = {
        "id": tier.id,
        "name": tier.name,
        "threshold_minor": tier.threshold_minor,
        "multiplier_percent": tier.multiplier_percent,
    }
    if tier.perks:
        said["perks"] = [
            _without_usual(perk) | {"kind": perk.kind, "names": dict(perk.names)} for perk in tier.perks
        ]
    if tier.season:
        said["season"] = dataclasses.asdict(tier.season)
    return said


def _read_unit(kept: Mapping[str, Any]) -> Unit:
    said = dict(kept)
    said["names"] = {language: (one, many) for language, (one, many) in kept["names"].items()}
    if "expiry" in said:
        said["expiry"] = Expiry(**said["expiry"])
    if "worth" in said:
        said["worth"] = Worth(**said["worth"])
    return Unit(**said)


def _write_unit(unit: Unit) -> dict[str, Any]:
    said = _without_usual(unit)
    said["names"] = {language: list(pair) for language, pair in unit.names.items()}
    if "expiry" in said:
        said["expiry"] = dataclasses.asdict(unit.expiry)
    if unit.worth:
        said["worth"] = dataclasses.asdict(unit.worth)
    return said


def _without_usual(made: Any) -> dict[str, Any]:
    """Its fields that are not what they are where nobody says anything."""
    found = {}
    for field in dataclasses.fields(made):
        usual = field.default_factory() if field.default_factory is not dataclasses.MISSING else field.default
        value = getattr(made, field.name)
        if value != usual:
            found[field.name] = value
    return found

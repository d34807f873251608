"""The programme as a file that people read, change, keep and bring back (`importing`): YAML, units and tiers by their names,
money as it is written, days by name. What is usual is left out.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import yaml

from core.money import decimal_text
from loyalty.rules.definition import write_definition
from loyalty.rules.types import Version

FORMAT = 1
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
HEAD = """\
# A loyalty programme, as Habitué keeps it. Change what you like and bring it back on the page "Versions":
# it becomes a draft, and counts for nobody before you publish it. Lines with an id tell what stays the same thing.

"""
# Kept name → name in the file, of what is called otherwise there.
IN_RULE = {"trigger": "when", "per_minor": "per", "basis_points": "percent", "percent": "times"}
IN_TIER = {"threshold_minor": "from", "multiplier_percent": "times"}
IN_PERK = {"basis_points": "percent"}
IN_SPEND = {"minor": "least"}
IN_WORTH = {"minor": "money"}
IN_HUNDREDTHS = {"basis_points", "percent", "multiplier_percent"}


class Plain(str):
    """A figure, written without quotes."""


class Dumper(yaml.SafeDumper):
    """Lists of plain words on one line, everything else on its own."""

    def ignore_aliases(self, data: Any) -> bool:
        """Written out each time."""
        return True


def _plain(dumper: Dumper, figure: Plain) -> yaml.Node:
    kind = "float" if "." in figure else "int"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{kind}", str(figure))


def _list(dumper: Dumper, things: list[Any]) -> yaml.Node:
    flat = all(isinstance(thing, str | int) for thing in things)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", things, flow_style=flat)


Dumper.add_representer(Plain, _plain)
Dumper.add_representer(list, _list)


def export_programme(version: Version, places: Mapping[str, str]) -> str:
    """The file. `places` are the names of locations, by id; those whose name is not theirs alone stay ids."""
    definition = write_definition(version)
    currency = version.currency
    codes = {unit.id: unit.code for unit in version.units}
    said = {
        "format": FORMAT,
        "name": version.name,
        "currency": currency,
        "stacking": version.stacking,
        "limits": definition["limits"],
        **({"ladder": definition["ladder"]} if "ladder" in definition else {}),
        **({"returns": version.returns} if "returns" in definition else {}),
        **(
            {"least_in_money": Plain(decimal_text(version.least_in_money_minor, currency))}
            if "least_in_money_minor" in definition
            else {}
        ),
        "units": [_unit(unit, currency) for unit in definition["units"]],
        "tiers": [_tier(tier, version) for tier in definition["tiers"]],
        "rules": [_rule(rule, version, codes, _alone(places)) for rule in definition["rules"]],
    }
    return HEAD + yaml.dump(said, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=110)


def _unit(unit: dict[str, Any], currency: str) -> dict[str, Any]:
    said = unit | ({"worth": _named(unit["worth"], IN_WORTH, currency)} if "worth" in unit else {})
    return _last({"code": said["code"]} | said, "id")


def _tier(tier: dict[str, Any], version: Version) -> dict[str, Any]:
    said = _named(tier, IN_TIER, version.currency)
    if version.ladder.climbing != "spend":
        said["from"] = tier["threshold_minor"]
    if "perks" in tier:
        said["perks"] = [_named(perk, IN_PERK, version.currency) for perk in tier["perks"]]
    return _last(said, "id")


def _rule(
    rule: dict[str, Any], version: Version, codes: Mapping[str, str], places: Mapping[str, str]
) -> dict[str, Any]:
    said = _named(rule, IN_RULE, version.currency)
    said["unit"] = codes.get(rule["unit"], rule["unit"])
    if "conditions" in rule:
        said["conditions"] = [_condition(one, version, places) for one in rule["conditions"]]
    first = {name: said.pop(name) for name in ("when", "gives", "unit", "amount", "per") if name in said}
    return _last(first | said, "id")


def _condition(one: dict[str, Any], version: Version, places: Mapping[str, str]) -> dict[str, Any]:
    if one["kind"] == "location":
        return one | {"any": [places.get(place, place) for place in one["any"]]}
    if one["kind"] == "tier":
        names = _alone({tier.id: tier.name for tier in version.tiers})
        return one | {"any": [names.get(tier, tier) for tier in one["any"]]}
    if one["kind"] == "weekday":
        return one | {"any": [WEEKDAYS[day - 1] for day in one["any"]]}
    if one["kind"] == "spend":
        return _named(one, IN_SPEND, version.currency)
    return {name: list(value) if isinstance(value, tuple) else value for name, value in one.items()}


def _named(kept: Mapping[str, Any], names: Mapping[str, str], currency: str) -> dict[str, Any]:
    """As it stands in the file: other names for some fields, and their figures as people write them."""
    return {names.get(name, name): _figure(name, value, currency) for name, value in kept.items()}


def _figure(name: str, value: Any, currency: str) -> Any:
    if name.endswith("minor"):
        return Plain(decimal_text(value, currency))
    if name in IN_HUNDREDTHS:
        return Plain(f"{Decimal(value) / 100:f}")
    return value


def _alone(names: Mapping[str, str]) -> dict[str, str]:
    """Those of these names that only one thing has."""
    every = list(names.values())
    return {id_: name for id_, name in names.items() if every.count(name) == 1}


def _last(said: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in said.items() if key != name} | {name: said[name]}

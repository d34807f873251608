"""What is wrong with a version that somebody is about to publish: everything that a merchant can get wrong, at once.

Each problem is a code, the field it is about and the figures that its sentence needs. What only the tables know (whether a
location is still there) is not asked here.
"""

import dataclasses
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args

from loyalty.rules.conditions import CONDITIONS
from loyalty.rules.expiring import wrongs
from loyalty.rules.shapes import (
    LARGEST_MINOR,
    SMALL_NAMES,
    Wrong,
    day_of_year_wrong,
    name_wrong,
    out_of_range,
)
from loyalty.rules.tiers import Climbing, Downgrade, Ladder, Perk, PerkKind, Tier, Window
from loyalty.rules.types import (
    Basis,
    Condition,
    Counted,
    Gives,
    Goal,
    Period,
    Quota,
    Returns,
    Rounding,
    Rule,
    Stacking,
    Trigger,
    Unit,
    UnitKind,
    Version,
)

# More units for one rule, and for the largest purchase, than anyone means; keeps every balance far inside 64 bits.
LARGEST_AWARD = 1_000_000
LARGEST_TOTAL = 10**12
LARGEST_PERCENT = 1000  # ten times as much
LONGEST_PROGRAMME, LONGEST_RULE, LONGEST_TIER, LONGEST_UNIT, LONGEST_PERK = 80, 80, 40, 40, 120
LONGEST_GRACE = 366  # days
LONGEST_PAUSE = 366 * 24 * 60  # a year: a treat around each birthday
LARGEST_LIMITS = {"cool_down_minutes": 24 * 60, "purchases_a_day": 1000, "static_a_day": 1000}
MOST_RULES, MOST_TIERS, MOST_UNITS = 100, 12, 10
MOST_CONDITIONS, MOST_QUOTAS = 20, 20  # of one rule
LARGEST_GOAL, LONGEST_ROW = 1000, 60  # matches, and periods in a row: a row is remembered period by period
LARGEST_ITEM = 1000
NEED_A_PURCHASE = ("per_amount", "per_item", "share")


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong. `rule` is a rule's id, or empty where it is about something else; `field` a path such as
    `conditions.0.any`, `quotas.1.most`, `tiers.2.threshold_minor`, `units.0.names.fr` or `name`.
    """

    code: str
    rule: str
    field: str
    figures: Mapping[str, Any] = dataclasses.field(default_factory=dict)


def check_version(version: Version) -> list[Problem]:
    """All problems, those of rules in their order; none if it can be published."""
    return [
        *_whole(version),
        *(problem for place, unit in enumerate(version.units) for problem in _unit(unit, place)),
        *(problem for place, tier in enumerate(version.tiers) for problem in _tier(tier, place, version)),
        *(problem for problem in _ladder(version.ladder) if problem),
        *(problem for rule in version.rules for problem in check_rule(rule, version)),
    ]


def check_rule(rule: Rule, version: Version) -> list[Problem]:
    """What is wrong with one rule of this version."""
    found = [
        *_kinds(rule, version),
        *_amounts(rule),
        _at("conditions", _too_many(rule.conditions, MOST_CONDITIONS)),
        _at("quotas", _too_many(rule.quotas, MOST_QUOTAS)),
        *(
            problem
            for place, one in enumerate(rule.conditions[:MOST_CONDITIONS])
            for problem in check_condition(one, place, version)
        ),
        *(
            problem
            for place, one in enumerate(rule.quotas[:MOST_QUOTAS])
            for problem in _quota(one, place, rule)
        ),
        *(_goal(rule.goal) if rule.goal else ()),
        *_basis(rule.basis),
        *(_at(f"names.{language}", name_wrong(name, LONGEST_RULE)) for language, name in rule.names.items()),
    ]
    return [Problem(problem.code, rule.id, problem.field, problem.figures) for problem in found if problem]


Found = Iterator[Problem | None]


def _whole(version: Version) -> list[Problem]:
    found = [
        _at("name", name_wrong(version.name, LONGEST_PROGRAMME)),
        _among("stacking", version.stacking, get_args(Stacking)),
        _among("returns", version.returns, get_args(Returns)),
        _at("least_in_money_minor", out_of_range(version.least_in_money_minor, 0, LARGEST_MINOR)),
        None if version.units else Problem("unit_missing", "", "units"),
        _at("units", _too_many(version.units, MOST_UNITS)),
        _at("rules", _too_many(version.rules, MOST_RULES)),
        _at("tiers", _too_many(version.tiers, MOST_TIERS)),
        *(
            _at(f"limits.{name}", out_of_range(getattr(version.limits, name), 0, most))
            for name, most in LARGEST_LIMITS.items()
        ),
        *_twice("units", (unit.id for unit in version.units)),
        *_twice("units", (unit.code for unit in version.units)),
        *_twice("rules", (rule.id for rule in version.rules)),
        *_twice("tiers", (tier.id for tier in version.tiers)),
    ]
    return [problem for problem in found if problem]


def _unit(unit: Unit, place: int) -> list[Problem]:
    found = [Problem("name_missing", "", f"units.{place}.names")] if not unit.names else []
    if not re.fullmatch(r"[a-z0-9_-]{1,20}", unit.code):  # as wide as its column
        found.append(Problem("code_unreadable", "", f"units.{place}.code"))
    if unit.kind not in get_args(UnitKind):
        found.append(Problem("unknown_kind", "", f"units.{place}.kind", {"given": unit.kind}))
    for language, names in unit.names.items():
        wrong = next((wrong for name in names if (wrong := name_wrong(name, LONGEST_UNIT))), None)
        if wrong:
            found.append(Problem(wrong[0], "", f"units.{place}.names.{language}", wrong[1]))
    return found + [
        Problem(code, "", f"units.{place}.{where}", figures) for where, (code, figures) in wrongs(unit)
    ]


def _tier(tier: Tier, place: int, version: Version) -> list[Problem]:
    below = version.tiers[:place]
    found = [
        _at("name", name_wrong(tier.name, LONGEST_TIER)),
        _at("threshold_minor", out_of_range(tier.threshold_minor, 0, LARGEST_MINOR)),
        _at("multiplier_percent", out_of_range(tier.multiplier_percent, 100, LARGEST_PERCENT)),
    ]
    if tier.season:
        found += [_at("season.first", day_of_year_wrong(tier.season.first))]
        found += [_at("season.last", day_of_year_wrong(tier.season.last))]
    for number, perk in enumerate(tier.perks):
        found += _perk(perk, f"perks.{number}")
    if any(other.threshold_minor == tier.threshold_minor for other in below):
        found.append(Problem("threshold_taken", "", "threshold_minor"))
    elif below and below[-1].threshold_minor > tier.threshold_minor:
        found.append(Problem("tiers_out_of_order", "", "threshold_minor"))
    return [Problem(one.code, "", f"tiers.{place}.{one.field}", one.figures) for one in found if one]


def _perk(perk: Perk, where: str) -> Found:
    yield _among(f"{where}.kind", perk.kind, get_args(PerkKind))
    if perk.kind == "percent_off":
        yield _at(f"{where}.basis_points", out_of_range(perk.basis_points, 1, 10_000))
    if perk.kind == "text" and not perk.names:
        yield Problem("name_missing", "", f"{where}.names")
    for language, name in perk.names.items():
        yield _at(f"{where}.names.{language}", name_wrong(name, LONGEST_PERK))


def _ladder(ladder: Ladder) -> Found:
    yield _among("ladder.climbing", ladder.climbing, get_args(Climbing))
    yield _among("ladder.window", ladder.window, get_args(Window))
    yield _among("ladder.downgrade", ladder.downgrade, get_args(Downgrade))
    yield _at("ladder.grace_days", out_of_range(ladder.grace_days, 0, LONGEST_GRACE))
    yield _at("ladder.warn_days", out_of_range(ladder.warn_days, 0, LONGEST_GRACE))


def _kinds(rule: Rule, version: Version) -> Found:
    yield _among("trigger", rule.trigger, get_args(Trigger))
    yield _among("gives", rule.gives, get_args(Gives))
    yield _among("rounding", rule.rounding, get_args(Rounding))
    if rule.gives != "badge" and all(unit.id != rule.unit for unit in version.units):
        yield Problem("unknown_unit", "", "unit")
    if rule.gives in NEED_A_PURCHASE and rule.trigger != "purchase":
        yield Problem("needs_a_purchase", "", "gives", {"trigger": rule.trigger})
    if rule.keeps_change and rule.rounding != "down":
        yield Problem("change_is_not_rounded", "", "rounding")


def _amounts(rule: Rule) -> Found:
    if rule.gives in ("per_amount", "per_item", "flat"):
        yield _at("amount", out_of_range(rule.amount, 1, LARGEST_AWARD))
    if rule.gives == "per_amount":
        wrong = out_of_range(rule.per_minor, 1, LARGEST_MINOR)
        yield _at("per_minor", wrong)
        if not wrong and rule.amount * (LARGEST_MINOR // rule.per_minor) > LARGEST_TOTAL:
            largest = max(1, LARGEST_TOTAL * rule.per_minor // LARGEST_MINOR)
            yield Problem("out_of_range", "", "amount", {"least": 1, "most": largest})
    if rule.gives == "per_item":
        yield _at("from_item", out_of_range(rule.from_item, 1, LARGEST_ITEM))
    if rule.gives == "share":
        yield _at("basis_points", out_of_range(rule.basis_points, 1, 10_000))
    if rule.gives == "multiplier":
        yield _at("percent", out_of_range(rule.percent, 101, LARGEST_PERCENT))
    if rule.gives == "badge" and not rule.names:
        yield Problem("name_missing", "", "names")  # it gives nothing else
    yield _at("most_at_once", out_of_range(rule.most_at_once, 0, LARGEST_TOTAL))
    yield _at("pause_minutes", out_of_range(rule.pause_minutes, 0, LONGEST_PAUSE))


def check_condition(condition: Condition, place: int, version: Version) -> Found:
    """What is wrong with a condition that stands at this place of its list."""
    where, given = f"conditions.{place}", condition.given
    kind = CONDITIONS.get(condition.kind)
    if kind is None:
        yield Problem("unknown_kind", "", f"{where}.kind", {"given": condition.kind})
        return
    for name in given:
        if name not in kind.blanks:
            yield Problem("unknown_field", "", f"{where}.{name}")
    wrong = [name for name, shape in kind.blanks.items() if name not in given and shape.is_needed]
    yield from (Problem("missing", "", f"{where}.{name}") for name in wrong)
    for name, shape in kind.blanks.items():
        problem = _at(f"{where}.{name}", shape.wrong(given[name])) if name in given else None
        yield problem
        wrong += [name] if problem else []
    if not wrong:
        yield from _together(condition, where, version)


def _together(condition: Condition, where: str, version: Version) -> Found:
    """What is wrong though each blank by itself is fine."""
    given = condition.given
    if condition.kind == "hours" and given["from"] == given["to"]:
        yield Problem("hours_alike", "", f"{where}.to")
    if condition.kind == "dates":
        if not given:
            yield Problem("missing", "", f"{where}.from")
        elif given.get("to", "9999") < given.get("from", ""):
            yield Problem("ends_before_it_begins", "", f"{where}.to")
    if condition.kind == "tier" and any(version.tier(tier) is None for tier in given["any"]):
        yield Problem("unknown_tier", "", f"{where}.any")


def _quota(quota: Quota, place: int, rule: Rule) -> Found:
    where = f"quotas.{place}"
    yield _at(f"{where}.most", out_of_range(quota.most, 1, LARGEST_TOTAL))
    yield _among(f"{where}.counted", quota.counted, get_args(Counted))
    yield _among(f"{where}.period", quota.period, get_args(Period))
    yield _among(f"{where}.whose", quota.whose, ("member", "programme", "staff"))
    same = (quota.counted, quota.period, quota.whose)
    if any((other.counted, other.period, other.whose) == same for other in rule.quotas[:place]):
        yield Problem("twice", "", where)
    if rule.gives == "badge" and quota.counted == "units":
        yield Problem("badges_are_counted_by_times", "", f"{where}.counted")


def _goal(goal: Goal) -> Found:
    yield _at("goal.times", out_of_range(goal.times, 2, LONGEST_ROW if goal.in_a_row else LARGEST_GOAL))
    yield _among("goal.period", goal.period, get_args(Period))
    if goal.in_a_row and goal.period == "ever":
        yield Problem("row_of_what", "", "goal.period")


def _basis(basis: Basis) -> Found:
    for name, value in (("only", basis.only), ("without", basis.without)):
        if value:
            yield _at(f"basis.{name}", SMALL_NAMES.wrong(sorted(value)))
    if basis.only & basis.without:
        yield Problem("both_in_and_out", "", "basis.without", {"names": sorted(basis.only & basis.without)})


def _at(where: str, wrong: Wrong | None) -> Problem | None:
    return Problem(wrong[0], "", where, wrong[1]) if wrong else None


def _among(where: str, value: Any, known: tuple[Any, ...]) -> Problem | None:
    return None if value in known else Problem("unknown_kind", "", where, {"given": value})


def _too_many(things: tuple[Any, ...], most: int) -> Wrong | None:
    return ("too_many", {"most": most}) if len(things) > most else None


def _twice(where: str, ids: Iterable[str]) -> list[Problem]:
    return [Problem("twice", "", where, {"given": one}) for one, times in Counter(ids).items() if times > 1]

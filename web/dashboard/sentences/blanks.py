"""What is asked in each blank and what becomes of the answer: one line of a table for each. The forms are `fields`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from loyalty.rules.types import Condition, Goal, Quota, Rule, Version
from loyalty.wording.numbers import largest_span
from loyalty.wording.reader import Places
from web.dashboard.forms import MultiplierField, typed_multiplier
from web.dashboard.sentences import fields, labels
from web.dashboard.sentences.asking import ASKED, given_of, is_asked
from web.dashboard.sentences.labels import LABELS

Data = Mapping[str, Any]
_MINUTES = {"day": 1440, "hour": 60, "minute": 1}


@dataclass(frozen=True, slots=True)
class Blank:
    """The fields of a blank's form, and the rule with what was written in them."""

    fields: Callable[[Rule, Version, Places], fields.Fields]
    fill: Callable[[Rule, Data], Rule]


def blank_of(field: str, rule: Rule) -> Blank:
    """The blank of that name. Raises LookupError where this rule has none."""
    if field in ASKED:
        if not is_asked(field, rule):
            raise LookupError(field)
        return _asking(field)
    if field.startswith("quota_"):
        return _quota(field, rule)
    if field == "goal" and rule.goal is not None:
        return _goal(rule.goal)
    if field not in BLANKS or not has_blank(field, rule):
        raise LookupError(field)
    return BLANKS[field]


def has_blank(field: str, rule: Rule) -> bool:
    """Whether the rule's sentence asks this."""
    return {
        "amount": rule.gives in {"per_amount", "per_item", "flat"},
        "basis_points": rule.gives == "share",
        "discount": rule.basis.discount,
        "from_item": rule.gives == "per_item" and rule.from_item > 1,
        "most_at_once": rule.most_at_once > 0,
        "named": rule.gives == "badge" or bool(rule.names),
        "only": bool(rule.basis.only),
        "pause": rule.pause_minutes > 0,
        "per_minor": rule.gives == "per_amount",
        "percent": rule.gives == "multiplier",
        "rounding": rule.rounding != "down" and not rule.keeps_change,
        "tax": rule.gives in {"per_amount", "share"},
        "tip": rule.gives in {"per_amount", "share"},
        "without": bool(rule.basis.without),
    }[field]


def _asking(field: str) -> Blank:
    """The blank of a condition."""
    asking = ASKED[field]

    def ask(rule: Rule, version: Version, places: Places) -> fields.Fields:
        return asking.fields(given_of(asking.kind, rule), version, places)

    def fill(rule: Rule, data: Data) -> Rule:
        given = asking.fill(given_of(asking.kind, rule), data)
        conditions = [
            Condition(one.kind, given) if one.kind == asking.kind else one for one in rule.conditions
        ]
        return replace(rule, conditions=tuple(conditions))

    return Blank(ask, fill)


def _quota(field: str, rule: Rule) -> Blank:
    place = field.removeprefix("quota_")
    if not place.isascii() or not place.isdecimal() or int(place) >= len(rule.quotas):
        raise LookupError(field)
    quota = rule.quotas[int(place)]

    def ask(rule: Rule, version: Version, _places: Places) -> fields.Fields:
        found = {"most": fields.whole(LABELS["quota"], quota.most)}
        if rule.gives != "badge":
            found["counted"] = fields.one_of(labels.OF_WHAT, labels.COUNTED, quota.counted)
        return found | {
            "period": fields.one_of(labels.IN_WHICH_TIME, labels.PERIODS, quota.period),
            "whose": fields.one_of(labels.TO_WHOM, labels.WHOSE, quota.whose),
        }

    def fill(rule: Rule, data: Data) -> Rule:
        new = Quota(data["most"], data.get("counted", "times"), data["period"], data["whose"])
        quotas = [new if one is quota else one for one in rule.quotas]
        return replace(rule, quotas=tuple(quotas))

    return Blank(ask, fill)


def _goal(goal: Goal) -> Blank:
    """Within a period, or so many of them in a row: one list of both."""
    rows = [(f"{period}_row", words) for period, words in labels.ROWS]
    chosen = f"{goal.period}_row" if goal.in_a_row else goal.period

    def ask(_rule: Rule, _version: Version, _places: Places) -> fields.Fields:
        return {
            "times": fields.whole(LABELS["goal"], goal.times),
            "period": fields.one_of(labels.IN_WHICH_TIME, [*labels.GOAL_PERIODS, *rows], chosen),
        }

    def fill(rule: Rule, data: Data) -> Rule:
        period, _underscore, row = data["period"].partition("_")
        return replace(rule, goal=Goal(data["times"], period, bool(row)))

    return Blank(ask, fill)


def _names(rule: Rule, _version: Version, _places: Places) -> fields.Fields:
    return {
        "name_en": fields.text(labels.IN_ENGLISH, rule.names.get("en", "")),
        "name_fr": fields.text(labels.IN_FRENCH, rule.names.get("fr", "")),
    }


def _named(rule: Rule, data: Data) -> Rule:
    names = {language: data[f"name_{language}"] for language in ("en", "fr") if data[f"name_{language}"]}
    return replace(rule, names=names)


def _pause(rule: Rule, _version: Version, _places: Places) -> fields.Fields:
    span, count = largest_span(rule.pause_minutes)
    return {
        "span": fields.whole(LABELS["pause"], count),
        "of": fields.one_of(labels.IN_WHICH_TIME, labels.SPANS, str(_MINUTES[span])),
    }


def _with_unit(rule: Rule, data: Data) -> dict[str, Any]:
    return {"unit": data["unit"]} if data.get("unit") else {}


def _based(rule: Rule, **said: Any) -> Rule:
    return replace(rule, basis=replace(rule.basis, **said))


BLANKS: dict[str, Blank] = {
    "amount": Blank(
        lambda rule, version, _places: {
            "amount": fields.award(LABELS["amount"], rule, version),
            **fields.units_fields(rule, version),
        },
        lambda rule, data: replace(rule, amount=data["amount"], **_with_unit(rule, data)),
    ),
    "per_minor": Blank(
        lambda rule, version, _places: {
            "per_minor": fields.money(LABELS["per_minor"], rule.per_minor, version.currency)
        },
        lambda rule, data: replace(rule, per_minor=data["per_minor"]),
    ),
    "basis_points": Blank(
        lambda rule, version, _places: {
            "basis_points": fields.PercentField(
                label=LABELS["basis_points"], initial=typed_multiplier(rule.basis_points)
            ),
            **fields.units_fields(rule, version),
        },
        lambda rule, data: replace(rule, basis_points=data["basis_points"], **_with_unit(rule, data)),
    ),
    "percent": Blank(
        lambda rule, version, _places: {
            "percent": MultiplierField(label=LABELS["percent"], initial=typed_multiplier(rule.percent)),
            **fields.units_fields(rule, version),
        },
        lambda rule, data: replace(rule, percent=data["percent"], **_with_unit(rule, data)),
    ),
    "from_item": Blank(
        lambda rule, _version, _places: {"from_item": fields.whole(LABELS["from_item"], rule.from_item)},
        lambda rule, data: replace(rule, from_item=data["from_item"]),
    ),
    "most_at_once": Blank(
        lambda rule, _version, _places: {
            "most_at_once": fields.whole(LABELS["most_at_once"], rule.most_at_once)
        },
        lambda rule, data: replace(rule, most_at_once=data["most_at_once"]),
    ),
    "pause": Blank(_pause, lambda rule, data: replace(rule, pause_minutes=data["span"] * int(data["of"]))),
    "named": Blank(_names, _named),
    "only": Blank(
        lambda rule, _version, _places: {
            "only": fields.NamesField(label=LABELS["only"], names=sorted(rule.basis.only))
        },
        lambda rule, data: _based(rule, only=frozenset(data["only"])),
    ),
    "without": Blank(
        lambda rule, _version, _places: {
            "without": fields.NamesField(label=LABELS["without"], names=sorted(rule.basis.without))
        },
        lambda rule, data: _based(rule, without=frozenset(data["without"])),
    ),
    "tax": Blank(
        lambda rule, _version, _places: {
            "tax": fields.yes_or_no(LABELS["tax"], labels.TAX, chosen=rule.basis.tax)
        },
        lambda rule, data: _based(rule, tax=bool(data["tax"])),
    ),
    "tip": Blank(
        lambda rule, _version, _places: {
            "tip": fields.yes_or_no(LABELS["tip"], labels.TIP, chosen=rule.basis.tip)
        },
        lambda rule, data: _based(rule, tip=bool(data["tip"])),
    ),
    "discount": Blank(
        lambda rule, _version, _places: {
            "discount": fields.yes_or_no(LABELS["discount"], labels.DISCOUNT, chosen=rule.basis.discount)
        },
        lambda rule, data: _based(rule, discount=bool(data["discount"])),
    ),
    "rounding": Blank(
        lambda rule, _version, _places: {
            "rounding": fields.one_of(LABELS["rounding"], labels.ROUNDING.items(), rule.rounding)
        },
        lambda rule, data: replace(rule, rounding=data["rounding"] or "down"),
    ),
}

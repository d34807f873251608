"""What a sentence may say more or less, and how a new one begins: only what its trigger and award can use."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, get_args

from django.utils.timezone import localdate
from django.utils.translation import pgettext

from core.money import exponent
from loyalty.gallery.sentences import new_seed
from loyalty.rules.types import Condition, Gives, Goal, Quota, Rule, Trigger, Version
from loyalty.wording.reader import Places
from web.dashboard.sentences.labels import EXTRAS, GIVES, TRIGGERS
from web.places import batches_known

# A purchase has money and items; so has the visit that it is, but rules of visits are about coming.
_BOUGHT: tuple[Gives, ...] = ("per_amount", "flat", "per_item", "multiplier", "share", "badge")
_ELSEWHERE: tuple[Gives, ...] = ("flat", "badge")
_ALWAYS = (
    "weekday",
    "hours",
    "dates",
    "tier",
    "segment",
    "among_first",
    "birthday",
    "chance",
    "goal",
    "quota",
    "pause",
)
_AT_A_TILL = ("location", "channel", "payment", "first_visit", "nth_visit", "spend", "product")
_NAMED_EVENTS = {"custom", "attendance", "survey", "review", "share", "gift"}


@dataclass(frozen=True, slots=True)
class Extra:
    """Something that a sentence may say; `extra` is its name in addresses."""

    extra: str
    label: str


def triggers() -> list[tuple[str, str]]:
    """What may set a rule off, the usual first: (trigger, label)."""
    return [(trigger, str(label)) for trigger, label in TRIGGERS.items()]


def gives_for(trigger: str) -> list[tuple[str, str]]:
    """What a rule may give then: (gives, label)."""
    fitting = _BOUGHT if trigger == "purchase" else _ELSEWHERE
    return [(gives, str(GIVES[gives])) for gives in fitting]


def new_rule(trigger: str, gives: str, version: Version, rule_id: str, unit_id: str = "") -> Rule:
    """A rule that means something already, to be filled in; in the first unit where the one asked for is not there.

    Raises LookupError for what does not go together.
    """
    if trigger not in get_args(Trigger) or gives not in dict(gives_for(trigger)):
        raise LookupError(gives)
    unit = version.unit(unit_id) or version.units[0]
    rule = Rule(rule_id, trigger, unit.id, gives=gives)  # type: ignore[arg-type]
    one = 10 ** exponent(version.currency)
    first: dict[str, dict[str, Any]] = {
        "per_amount": {"amount": 1, "per_minor": one, "multiplied": True},
        "per_item": {"amount": 1, "multiplied": True},
        "share": {"basis_points": 500, "multiplied": True},
        "flat": {"amount": 50 if trigger == "joining" else 10},
        "multiplier": {"percent": 200},
        "badge": {"names": {"en": "Early bird", "fr": "Lève-tôt"}, "quotas": (Quota(1, "times", "ever"),)},
    }
    if unit.kind == "credit":
        first["flat"]["amount"] = one  # of its cents, ten are nothing
    elif unit.kind == "stamps":
        first["flat"]["amount"] = 1  # of a row, ten are all
    if trigger == "gift":  # generous, and no door that stands open
        first["flat"] |= {"quotas": (Quota(10, "times", "day", whose="staff"),)}
    return replace(rule, **first[gives])


def offers(rule: Rule, version: Version, places: Places) -> list[Extra]:
    """What this sentence does not say and could."""
    said = {offer.extra for offer in extras_of(rule)}
    return [_extra(extra) for extra in _fitting(rule, version, places) if extra not in said]


def extras_of(rule: Rule) -> list[Extra]:
    """What this sentence says and could leave out."""
    kinds = ["occasion" if one.kind == "name" else one.kind for one in rule.conditions]
    basis = rule.basis
    said = {
        "named": bool(rule.names) and rule.gives != "badge",
        "only": bool(basis.only),
        "without": bool(basis.without),
        "from_item": rule.from_item > 1,
        "discount": basis.discount,
        "paid_in_units": basis.paid_in_units,
        "rounding": rule.rounding != "down",
        "keeps_change": rule.keeps_change,
        "multiplied": rule.multiplied and rule.gives == "flat",
        "fixed": not rule.multiplied and rule.gives in {"per_amount", "per_item", "share"},
        "goal": rule.goal is not None,
        "quota": bool(rule.quotas),
        "most_at_once": rule.most_at_once > 0,
        "pause": rule.pause_minutes > 0,
    }
    return [
        _extra(extra)
        for extra in [*kinds, *(extra for extra, is_said in said.items() if is_said)]
        if extra in EXTRAS
    ]


def with_extra(rule: Rule, extra: str, version: Version, places: Places) -> Rule:
    """The rule with that, and first values to be filled in. Raises LookupError where it is not offered."""
    if extra not in {offer.extra for offer in offers(rule, version, places)}:
        raise LookupError(extra)
    given = _first_given(extra, version, places)
    if given is not None:
        kind = "name" if extra == "occasion" else extra
        return replace(rule, conditions=(*rule.conditions, Condition(kind, given)))
    return _ADDED[extra](rule)


def without_extra(rule: Rule, extra: str) -> Rule:
    """The rule without that. Raises LookupError where it does not say it."""
    if extra not in {offer.extra for offer in extras_of(rule)}:
        raise LookupError(extra)
    if extra in _LEFT_OUT:
        return _LEFT_OUT[extra](rule)
    kind = "name" if extra == "occasion" else extra
    return replace(rule, conditions=tuple(one for one in rule.conditions if one.kind != kind))


def _extra(extra: str) -> Extra:
    return Extra(extra, str(EXTRAS[extra]))


def _fitting(rule: Rule, version: Version, places: Places) -> list[str]:
    fitting = list(_ALWAYS)
    if rule.trigger in {"purchase", "visit"}:
        fitting += _AT_A_TILL
    if rule.trigger in _NAMED_EVENTS:
        fitting.append("occasion")
    if rule.trigger == "code":
        fitting.append("batch")
    if rule.trigger == "purchase" and rule.gives in _BOUGHT and rule.gives not in _ELSEWHERE:
        fitting += ["only", "without"]
    if rule.gives in {"per_amount", "share"}:
        fitting += ["discount", "paid_in_units", "rounding", "keeps_change"]
    if rule.gives in {"per_amount", "per_item", "share"}:
        fitting.append("fixed")
    fitting += {"per_item": ["from_item"], "flat": ["multiplied"]}.get(rule.gives, [])
    if rule.gives != "badge":
        fitting += ["most_at_once", "named"]
    lacking = {"location": not places, "tier": not version.tiers, "rounding": rule.keeps_change}
    lacking["keeps_change"] = rule.rounding != "down"
    return [extra for extra in EXTRAS if extra in fitting and not lacking.get(extra)]


def _first_given(extra: str, version: Version, places: Places) -> dict[str, Any] | None:
    one = 10 ** exponent(version.currency)
    given: dict[str, Callable[[], dict[str, Any]]] = {
        "among_first": lambda: {"most": 50},
        "batch": lambda: {
            "any": (batches_known(places) or [pgettext("example of codes", "Oat milk, spring")])[:1]
        },
        "birthday": lambda: {"days": 7},
        "chance": lambda: {"seed": new_seed(), "one_in": 10},
        "channel": lambda: {"any": ["scanner"]},
        "dates": lambda: {"from": localdate().isoformat()},
        "first_visit": dict,
        "hours": lambda: {"from": "14:00", "to": "17:00"},
        "location": lambda: {"any": [next(iter(places))]},
        "nth_visit": lambda: {"nth": 10, "each": True},
        "occasion": lambda: {"any": [pgettext("example of an occasion", "Book night")]},
        "payment": lambda: {"any": ["card"]},
        "product": lambda: {"any": [_a_product()]},
        "segment": lambda: {"any": ["new"]},
        "spend": lambda: {"minor": 20 * one},
        "tier": lambda: {"any": [version.tiers[-1].id]},
        "weekday": lambda: {"any": [2, 3]},
    }
    return given[extra]() if extra in given else None


def _a_product() -> str:
    return pgettext("example of a product", "coffee")


def _based(rule: Rule, **said: Any) -> Rule:
    return replace(rule, basis=replace(rule.basis, **said))


_ADDED: dict[str, Callable[[Rule], Rule]] = {
    "discount": lambda rule: _based(rule, discount=True),
    "fixed": lambda rule: replace(rule, multiplied=False),
    "from_item": lambda rule: replace(rule, from_item=3),
    "goal": lambda rule: replace(rule, goal=Goal(3, "month")),
    "keeps_change": lambda rule: replace(rule, keeps_change=True),
    "most_at_once": lambda rule: replace(rule, most_at_once=100),
    "multiplied": lambda rule: replace(rule, multiplied=True),
    "named": lambda rule: replace(rule, names={"en": "Bonus", "fr": "Bonus"}),
    "only": lambda rule: _based(rule, only=frozenset({_a_product()})),
    "paid_in_units": lambda rule: _based(rule, paid_in_units=True),
    "pause": lambda rule: replace(rule, pause_minutes=60),
    "quota": lambda rule: replace(rule, quotas=(Quota(1, "times", "day"),)),
    "rounding": lambda rule: replace(rule, rounding="up"),
    "without": lambda rule: _based(rule, without=frozenset({pgettext("example of a product", "tobacco")})),
}
_LEFT_OUT: dict[str, Callable[[Rule], Rule]] = {
    "discount": lambda rule: _based(rule, discount=False),
    "fixed": lambda rule: replace(rule, multiplied=True),
    "from_item": lambda rule: replace(rule, from_item=1),
    "goal": lambda rule: replace(rule, goal=None),
    "keeps_change": lambda rule: replace(rule, keeps_change=False),
    "most_at_once": lambda rule: replace(rule, most_at_once=0),
    "multiplied": lambda rule: replace(rule, multiplied=False),
    "named": lambda rule: replace(rule, names={}),
    "only": lambda rule: _based(rule, only=frozenset()),
    "paid_in_units": lambda rule: _based(rule, paid_in_units=False),
    "pause": lambda rule: replace(rule, pause_minutes=0),
    "quota": lambda rule: replace(rule, quotas=()),
    "rounding": lambda rule: replace(rule, rounding="down"),
    "without": lambda rule: _based(rule, without=frozenset()),
}

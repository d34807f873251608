"""The blanks of a reward's sentences: the fields of each, and the offer with what was written in them. One line of a table each.

Those of its conditions are the ones that rules have (`web.dashboard.sentences.asking`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from core.languages import reader_language
from loyalty.rules.types import Condition
from loyalty.wording.sentences import sentence
from rewards.checking import LONGEST_NAME, LONGEST_TERMS
from rewards.offers import CONDITIONS, Offer
from rewards.suggesting import PLAIN_COST, kinds_for
from rewards.wording import KIND_NAMES
from web.dashboard.forms import MoneyField, UnitsField, typed_money
from web.dashboard.rewards.asking import Known, asked_as
from web.dashboard.rewards.values import value_fields, value_of
from web.dashboard.sentences import fields, labels
from web.dashboard.sentences.asking import ASKED, given_of, is_asked
from web.dashboard.sentences.policy_blanks import MaybeMoney

Data = Mapping[str, Any]
LABELS: dict[str, Any] = {
    "names": _("What it is called"),
    "kind": _("What kind it is"),
    "value": _("What it brings"),
    "cost": _("What it takes"),
    "unit": _("Which unit it takes"),
    "costs": _("What it takes, by tier"),
    "seen_from": _("From when it is seen"),
    "stock": _("How many there are"),
    "most": _("How many one member may take"),
    "most_in": _("How often one member may take it"),
    "money": _("What it is worth in money"),
    "auto": _("How members come by it"),
    "valid_days": _("How long a voucher is good"),
    "terms": _("Small print"),
}
COMES = {
    "none": gettext_noop("members take it themselves"),
    "at_balance": gettext_noop("it comes by itself as soon as there are units enough"),
    "on_tier": gettext_noop("it comes by itself with its tier"),
}
PERIODS = [*labels.PERIODS[:-1], ("year", _("a year"))]


@dataclass(frozen=True, slots=True)
class Blank:
    """`ask` gives the fields of its form, `fill` the offer with what was written in them. `at`: the field that a problem is about,
    by the end of its path."""

    ask: Callable[[Offer, Known], fields.Fields]
    fill: Callable[[Offer, Data, Known], Offer]
    at: Mapping[str, str] = field(default_factory=dict)


def blank_of(name: str, offer: Offer, known: Known) -> Blank:
    """The blank of that name. Raises LookupError where this reward has none."""
    if name in ASKED and ASKED[name].kind in CONDITIONS:
        return _of_condition(name, offer)
    lacking = {
        "value": not value_fields(offer, known.version, reader_language()),
        "unit": len(known.version.units) < 2,
        "costs": not known.version.tiers,
    }
    if lacking.get(name):
        raise LookupError(name)
    return BLANKS[name]


def _of_condition(name: str, offer: Offer) -> Blank:
    asking, rule = ASKED[name], asked_as(offer)
    if not is_asked(name, rule):
        raise LookupError(name)

    def fill(offer: Offer, data: Data, _known: Known) -> Offer:
        given = asking.fill(given_of(asking.kind, rule), data)
        conditions = (
            Condition(one.kind, given) if one.kind == asking.kind else one for one in offer.conditions
        )
        return replace(offer, conditions=tuple(conditions))

    return Blank(
        lambda _offer, known: asking.fields(given_of(asking.kind, rule), known.version, known.places), fill
    )


def _ask_kind(offer: Offer, known: Known) -> fields.Fields:
    offered = {*kinds_for(known.version), offer.kind}
    words = [
        (kind, sentence(text, reader_language())) for kind, text in KIND_NAMES.items() if kind in offered
    ]
    return {"kind": fields.one_of(LABELS["kind"], words, offer.kind)}


def _fill_kind(offer: Offer, data: Data, known: Known) -> Offer:
    kind = data["kind"]
    if kind == offer.kind:
        return offer
    return replace(
        offer, kind=kind, value=dict(kinds_for(known.version)[kind].value(known.kit, known.version))
    )


def _texts(name: str, longest: int, widget: Callable[[], forms.Widget]) -> Blank:
    """A text in every language."""
    words = {"en": labels.IN_ENGLISH, "fr": labels.IN_FRENCH}

    def ask(offer: Offer, _known: Known) -> fields.Fields:
        said: Mapping[str, str] = getattr(offer, name)
        return {
            f"{name}_{language}": forms.CharField(
                label=label,
                initial=said.get(language, ""),
                max_length=longest,
                required=False,
                widget=widget(),
            )
            for language, label in words.items()
        }

    def fill(offer: Offer, data: Data, _known: Known) -> Offer:
        said = {language: data[f"{name}_{language}"] for language in words if data[f"{name}_{language}"]}
        return _with(offer, name, said)

    at = {f"{name}.{language}": f"{name}_{language}" for language in words} | {name: f"{name}_en"}
    return Blank(ask, fill, at)


def _units(label: Any, count: int | None, offer: Offer, known: Known, *, needed: bool = True) -> forms.Field:
    """So many of its unit; of credit, so much money."""
    unit, currency = known.version.unit(offer.unit), known.version.currency
    if unit is None or unit.kind != "credit":
        return UnitsField(label=label, initial=count, required=needed)
    typed = typed_money(count, currency) if count is not None else None
    if needed:
        return MoneyField(label=label, currency=currency, initial=typed)
    return MaybeMoney(label=label, currency=currency, initial=typed, zero=True)


def _ask_costs(offer: Offer, known: Known) -> fields.Fields:
    found = {}
    for place, tier in enumerate(known.version.tiers):
        label = _("For %(tier)s") % {"tier": tier.name}
        found[f"tier_{place}"] = _units(label, offer.costs.get(tier.id), offer, known, needed=False)
    return found


def _fill_costs(offer: Offer, data: Data, known: Known) -> Offer:
    said = {tier.id: data[f"tier_{place}"] for place, tier in enumerate(known.version.tiers)}
    return replace(offer, costs={tier: cost for tier, cost in said.items() if cost is not None})


def _ask_money(offer: Offer, known: Known) -> fields.Fields:
    asked = {"cost_minor": _("What one costs you"), "price_minor": _("What members would pay")}
    currency = known.version.currency
    return {
        name: MaybeMoney(
            label=label,
            currency=currency,
            zero=True,
            initial=typed_money(getattr(offer, name), currency) if getattr(offer, name) else None,
        )
        for name, label in asked.items()
    }


def _with(offer: Offer, name: str, value: Any) -> Offer:
    said: dict[str, Any] = {name: value}
    return replace(offer, **said)


def _ask_auto(offer: Offer, known: Known) -> fields.Fields:
    fitting = [auto for auto in COMES if auto != "on_tier" or known.version.tiers or auto == offer.auto]
    words = [(auto, capfirst(sentence(COMES[auto], reader_language()))) for auto in fitting]
    return {"auto": fields.one_of(LABELS["auto"], words, offer.auto)}


def _fill_auto(offer: Offer, data: Data, _known: Known) -> Offer:
    """What comes with a tier takes nothing; what is taken again takes something."""
    if data["auto"] == "on_tier":
        return replace(offer, auto="on_tier", cost=0, costs={}, seen_from=0)
    return replace(offer, auto=data["auto"], cost=offer.cost or PLAIN_COST)


def _count(name: str) -> Blank:
    """A whole number, or none."""
    label = capfirst(LABELS[name])
    return Blank(
        lambda offer, _known: {
            name: UnitsField(
                label=label,
                required=False,
                initial=getattr(offer, name) or None,
                help_text=_("Empty: no limit."),
            )
        },
        lambda offer, data, _known: _with(offer, name, data[name] if name == "stock" else data[name] or 0),
    )


BLANKS: dict[str, Blank] = {
    "names": _texts("names", LONGEST_NAME, lambda: forms.TextInput(attrs={"autocomplete": "off"})),
    "kind": Blank(_ask_kind, _fill_kind),
    "value": Blank(
        lambda offer, known: value_fields(offer, known.version, reader_language()),
        lambda offer, data, _known: replace(offer, value=value_of(offer, data)),
    ),
    "cost": Blank(
        lambda offer, known: {"cost": _units(LABELS["cost"], offer.cost, offer, known)},
        lambda offer, data, _known: replace(offer, cost=data["cost"]),
    ),
    "unit": Blank(
        lambda offer, known: {
            "unit": fields.one_of(
                LABELS["unit"], [(one.id, fields.unit_words(one)) for one in known.version.units], offer.unit
            )
        },
        lambda offer, data, _known: replace(offer, unit=data["unit"]),
    ),
    "costs": Blank(_ask_costs, _fill_costs),
    "seen_from": Blank(
        lambda offer, known: {
            "seen_from": _units(LABELS["seen_from"], offer.seen_from or None, offer, known, needed=False)
        },
        lambda offer, data, _known: replace(offer, seen_from=data["seen_from"] or 0),
    ),
    "stock": _count("stock"),
    "most": _count("most"),
    "most_in": Blank(
        lambda offer, _known: {
            "most_in": UnitsField(
                label=LABELS["most"],
                required=False,
                initial=offer.most_in or None,
                help_text=_("Empty: no limit."),
            ),
            "period": fields.one_of(labels.IN_WHICH_TIME, PERIODS, offer.period),
        },
        lambda offer, data, _known: replace(offer, most_in=data["most_in"] or 0, period=data["period"]),
    ),
    "auto": Blank(_ask_auto, _fill_auto),
    "valid_days": Blank(
        lambda offer, _known: {
            "valid_days": UnitsField(
                label=LABELS["valid_days"],
                required=False,
                initial=offer.valid_days or None,
                help_text=_("In days. Empty: no voucher, it is handed over at the counter."),
            )
        },
        lambda offer, data, _known: replace(offer, valid_days=data["valid_days"] or 0),
    ),
    "money": Blank(
        _ask_money,
        lambda offer, data, _known: replace(
            offer, cost_minor=data["cost_minor"] or 0, price_minor=data["price_minor"] or 0
        ),
    ),
    "terms": _texts("terms", LONGEST_TERMS, lambda: forms.Textarea(attrs={"rows": 3})),
}

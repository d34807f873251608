"""The fields of each kind of reward: what it brings, as it is kept and as one types it."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from loyalty.rules.types import Version
from loyalty.wording import unit_name
from rewards.offers import Offer
from web.dashboard.forms import MoneyField, UnitsField, typed_money, typed_multiplier
from web.dashboard.sentences import fields
from web.dashboard.sentences.policy_blanks import MaybeMoney

Kept = Mapping[str, Any]


def value_fields(offer: Offer, version: Version, language: str) -> fields.Fields:
    """What is asked of this kind; nothing for one that its name says all about."""
    return ASK[offer.kind](offer.value, version, language) if offer.kind in ASK else {}


def value_of(offer: Offer, data: Mapping[str, Any]) -> dict[str, Any]:
    """What was written, as the kind keeps it: what was left empty is not said."""
    return {name: value for name, value in data.items() if value not in (None, "", [])}


def _money(label: Any, minor: int, version: Version) -> MoneyField:
    return MoneyField(label=label, currency=version.currency, initial=typed_money(minor, version.currency))


def _day(label: Any, kept: str) -> fields.DayField:
    day = fields.DayField(label=label, day=kept)
    day.required = True
    return day


def _percent_off(kept: Kept, version: Version, _language: str) -> fields.Fields:
    most, currency = kept.get("most_minor"), version.currency
    return {
        "basis_points": fields.PercentField(
            label=_("Percent off"), initial=typed_multiplier(kept["basis_points"])
        ),
        "most_minor": MaybeMoney(
            label=_("At most"),
            currency=currency,
            zero=True,
            initial=typed_money(most, currency) if most else None,
            help_text=_("Empty: no limit."),
        ),
    }


def _free_product(kept: Kept, _version: Version, _language: str) -> fields.Fields:
    products = fields.NamesField(label=_("Products or categories"), names=kept.get("any", ()))
    products.required, products.help_text = False, _("Several with a comma between. Empty: any.")
    many = UnitsField(
        label=_("Of how many the cheapest"),
        initial=kept.get("of", 1),
        help_text=_("1: one for nothing. 3: three for the price of two."),
    )
    return {"any": products, "of": many}


def _credit(kept: Kept, version: Version, language: str) -> fields.Fields:
    units = [(unit.id, unit_name(unit, 2, language)) for unit in version.units if unit.kind == "credit"]
    return {
        "amount": _money(_("How much is given"), kept["amount"], version),
        "unit": fields.one_of(_("Unit"), units, kept["unit"]),
    }


def _donation(kept: Kept, version: Version, _language: str) -> fields.Fields:
    to = fields.text(_("To whom"), kept["to"])
    to.required = True
    return {"minor": _money(_("How much you give"), kept["minor"], version), "to": to}


ASK: dict[str, Callable[[Kept, Version, str], fields.Fields]] = {
    "amount_off": lambda kept, version, _language: {
        "minor": _money(_("How much less"), kept["minor"], version)
    },
    "percent_off": _percent_off,
    "free_product": _free_product,
    "credit": _credit,
    "donation": _donation,
    "early_access": lambda kept, _version, _language: {
        "opens_on": _day(_("From which day it is open for everybody"), kept["opens_on"])
    },
    "draw_entry": lambda kept, _version, _language: {
        "drawn_on": _day(_("The day of the draw"), kept["drawn_on"])
    },
}

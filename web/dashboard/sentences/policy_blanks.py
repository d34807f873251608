"""The blanks of units and policies: the fields of each, and the version with what was written in them. One line of a table each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from core.languages import reader_language
from loyalty.rules.editing import changed_unit, with_least_in_money, with_returns
from loyalty.rules.expiring import wrongs
from loyalty.rules.types import Expiry, Unit, Version, Worth
from loyalty.wording.sentences import sentence
from web.dashboard.forms import MoneyField, UnitsField, typed_money
from web.dashboard.sentences import fields

PROGRAMME = "programme"  # stands where a unit's id does
Data = Mapping[str, Any]

NAMES: dict[str, Any] = {
    "names": _("What members collect"),
    "kind": _("How it counts"),
    "worth": _("What it pays for"),
    "least": _("How much of a bill units pay"),
    "vesting": _("From when it can be used"),
    "expiry": _("When it expires"),
    "returns": _("What a refund takes back"),
}
KINDS = {
    "points": gettext_noop("a number that grows"),
    "stamps": gettext_noop("a row of stamps that fills"),
    "credit": gettext_noop("money to spend here"),
}
RETURNS = {
    "debt": gettext_noop("everything; what is used already is owed"),
    "within_balance": gettext_noop("what the member still has"),
    "only_pending": gettext_noop("only what cannot be used yet"),
}
VESTING = {
    "at_once": gettext_noop("at once"),
    "days": gettext_noop("after some days"),
    "on_confirmation": gettext_noop("once they are confirmed"),
}
EXPIRING = {
    "never": gettext_noop("never"),
    "days": gettext_noop("after so many days"),
    "months": gettext_noop("after so many months"),
    "end_of_month": gettext_noop("after months, at the end of a month"),
    "end_of_quarter": gettext_noop("after months, at the end of a quarter"),
    "end_of_year": gettext_noop("after months, at the end of a year"),
    "inactivity": gettext_noop("after days without a purchase"),
}


@dataclass(frozen=True, slots=True)
class PolicyBlank:
    """The fields of a blank's form, and the version with what was written in them. `places`: which field a problem is about, by
    the end of its path."""

    fields: Callable[[Version], fields.Fields]
    fill: Callable[[Version, Data], Version]
    places: Mapping[str, str] = field(default_factory=dict)


class MaybeMoney(MoneyField):
    """An amount of money, or none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def clean(self, value: Any) -> Any:
        """Minor units, or None."""
        return super().clean(value) if str(value or "").strip() else None


def policy_blank(line: str, name: str, version: Version) -> PolicyBlank:
    """The blank of that name, of a unit or of the programme. Raises LookupError where there is none."""
    if line == PROGRAMME:
        return _OF_ALL[name]
    unit = version.unit(line)
    if unit is None or (name == "worth" and unit.kind == "credit"):
        raise LookupError(line)
    return _OF_A_UNIT[name](unit)


def _of_names(unit: Unit) -> PolicyBlank:
    labels = {
        "en": (_("One, in English"), _("Several, in English")),
        "fr": (_("One, in French"), _("Several, in French")),
    }

    def ask(_version: Version) -> fields.Fields:
        asked = {}
        for language, (one, several) in labels.items():
            singular, plural = unit.names.get(language, ("", ""))
            asked[f"one_{language}"] = fields.text(one, singular)
            asked[f"many_{language}"] = fields.text(several, plural)
        return asked

    def fill(version: Version, data: Data) -> Version:
        pairs = {language: (data[f"one_{language}"], data[f"many_{language}"]) for language in labels}
        said = {language: pair for language, pair in pairs.items() if any(pair)}
        return changed_unit(version, unit.id, names=said)

    places = {f"names.{language}": f"one_{language}" for language in labels}
    return PolicyBlank(ask, fill, places)


def _of_kind(unit: Unit) -> PolicyBlank:
    def fill(version: Version, data: Data) -> Version:
        worth = None if data["kind"] == "credit" else unit.worth
        return changed_unit(version, unit.id, kind=data["kind"], worth=worth)

    return PolicyBlank(
        lambda _version: {"kind": fields.one_of(NAMES["kind"], _words(KINDS), unit.kind)}, fill
    )


def _of_worth(unit: Unit) -> PolicyBlank:
    def ask(version: Version) -> fields.Fields:
        worth = unit.worth
        of = UnitsField(label=_("How many"), required=False, initial=worth.units if worth else None)
        paid = MaybeMoney(
            label=_("Are worth"),
            currency=version.currency,
            initial=typed_money(worth.minor, version.currency) if worth else None,
            help_text=_("Both empty: one cannot pay with them."),
        )
        return {"units": of, "minor": paid}

    def fill(version: Version, data: Data) -> Version:
        units, minor = data["units"], data["minor"]
        worth = None if units is None and minor is None else Worth(units or 0, minor or 0)
        return changed_unit(version, unit.id, worth=worth)

    return PolicyBlank(ask, fill, {"worth.units": "units", "worth.minor": "minor"})


def _of_vesting(unit: Unit) -> PolicyBlank:
    def ask(_version: Version) -> fields.Fields:
        offered = {kind: words for kind, words in VESTING.items() if _is_offered(unit, kind)}
        return {
            "vesting": fields.one_of(NAMES["vesting"], _words(offered), unit.vesting),
            "vesting_days": _count(_("How many days, where it is some"), unit.vesting_days),
        }

    def fill(version: Version, data: Data) -> Version:
        days = data["vesting_days"] or 0
        return changed_unit(
            version,
            unit.id,
            vesting=data["vesting"],
            vesting_days=days if data["vesting"] == "days" else 0,
        )

    return PolicyBlank(ask, fill, {"vesting_days": "vesting_days"})


def _of_expiry(unit: Unit) -> PolicyBlank:
    def ask(_version: Version) -> fields.Fields:
        return {
            "expiry": fields.one_of(NAMES["expiry"], _words(EXPIRING), unit.expiry.kind),
            "count": _count(_("How many days or months"), unit.expiry.count),
        }

    def fill(version: Version, data: Data) -> Version:
        count = 0 if data["expiry"] == "never" else data["count"] or 0
        return changed_unit(version, unit.id, expiry=Expiry(data["expiry"], count))

    return PolicyBlank(ask, fill, {"expiry.count": "count", "vesting_days": "count"})


def _is_offered(unit: Unit, vesting: str) -> bool:
    """Whether units may vest so; what the unit says already is offered in any case."""
    asked = replace(unit, vesting=vesting, vesting_days=1, expiry=Expiry())  # type: ignore[arg-type]
    return vesting == unit.vesting or not list(wrongs(asked))


def _count(label: Any, count: int) -> UnitsField:
    return UnitsField(label=label, required=False, initial=count or None)


def _words(few: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(kind, sentence(text, reader_language())) for kind, text in few.items()]


_OF_A_UNIT: dict[str, Callable[[Unit], PolicyBlank]] = {
    "names": _of_names,
    "kind": _of_kind,
    "worth": _of_worth,
    "vesting": _of_vesting,
    "expiry": _of_expiry,
}


def _of_least() -> PolicyBlank:
    def ask(version: Version) -> fields.Fields:
        least = version.least_in_money_minor
        asked = MaybeMoney(
            label=_("Of each bill, to be paid in money"),
            currency=version.currency,
            initial=typed_money(least, version.currency) if least else None,
            help_text=_("Empty: units may pay all of it."),
        )
        return {"least": asked}

    return PolicyBlank(ask, lambda version, data: with_least_in_money(version, data["least"] or 0))


_OF_ALL = {
    "least": _of_least(),
    "returns": PolicyBlank(
        lambda version: {"returns": fields.one_of(NAMES["returns"], _words(RETURNS), version.returns)},
        lambda version, data: with_returns(version, data["returns"]),
    ),
}

"""The form fields of blanks: what a rule says now, and what people may write instead."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from babel.dates import get_day_names
from django import forms
from django.utils.translation import gettext_lazy as _

from core.languages import reader_language
from loyalty.rules.types import Rule, Unit, Version
from loyalty.wording.conditions import CHANNELS, METHODS
from loyalty.wording.reader import Places
from loyalty.wording.sentences import sentence
from web.dashboard.forms import MoneyField, MultiplierField, UnitsField, typed_money
from web.dashboard.sentences import labels
from web.places import batches_known

Fields = dict[str, forms.Field]


class NamesField(forms.CharField):
    """A few names with commas between: "coffee, tea". `small`: in small letters, as bills have them."""

    def __init__(self, *, names: Iterable[str], small: bool = True, **kwargs: Any) -> None:
        self.small = small
        super().__init__(
            max_length=2000,
            initial=", ".join(names),
            help_text=_("Several with a comma between."),
            **kwargs,
        )
        self.widget.attrs.setdefault("autocomplete", "off")

    def clean(self, value: Any) -> Any:
        """The names in their order, each once."""
        names = (" ".join(name.split()) for name in super().clean(value).split(","))
        return list(dict.fromkeys(name.lower() if self.small else name for name in names if name))


class PercentField(MultiplierField):
    """ "7.5 %" as 750 hundredths of a percent."""

    def clean(self, value: Any) -> Any:
        """Hundredths of a percent."""
        return super().clean(str(value or "").replace("%", "").strip())


class ClockField(forms.TimeField):
    """An hour of the day, as "14:30"."""

    def __init__(self, *, clock: str, **kwargs: Any) -> None:
        initial = dt.time.fromisoformat(clock)
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        super().__init__(initial=initial, widget=widget, **kwargs)

    def clean(self, value: Any) -> Any:
        """As rules keep it."""
        return super().clean(value).strftime("%H:%M")


class DayField(forms.DateField):
    """A day, or none; as "2026-06-01"."""

    def __init__(self, *, day: str | None, **kwargs: Any) -> None:
        initial = dt.date.fromisoformat(day) if day else None
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(initial=initial, widget=widget, required=False, **kwargs)

    def clean(self, value: Any) -> Any:
        """As rules keep it; empty for none."""
        day = super().clean(value)
        return day.isoformat() if day else ""


def several(label: Any, choices: Iterable[tuple[str, Any]], chosen: Iterable[str]) -> forms.Field:
    """Some of a few. What is chosen already and is not offered any more stays on the list until it is taken out."""
    known = list(choices)
    gone = [(value, value) for value in chosen if value not in dict(known)]
    return forms.MultipleChoiceField(
        label=label, choices=[*known, *gone], initial=list(chosen), widget=forms.CheckboxSelectMultiple
    )


def one_of(label: Any, choices: Iterable[tuple[str, Any]], chosen: str) -> forms.Field:
    """One of a few; none of them, where the empty one is among them."""
    few = list(choices)
    return forms.ChoiceField(label=label, choices=few, initial=chosen, required="" not in dict(few))


def yes_or_no(label: Any, words: Mapping[bool, Any], *, chosen: bool) -> forms.Field:
    """One of two."""
    choices = [("yes", words[True]), ("", words[False])]
    return forms.ChoiceField(
        label=label,
        choices=choices,
        initial="yes" if chosen else "",
        required=False,
        widget=forms.RadioSelect,
    )


def whole(label: Any, value: int) -> forms.Field:
    """A whole number."""
    return UnitsField(label=label, initial=value)


def text(label: Any, value: str) -> forms.Field:
    """A name, or none."""
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, initial=value, max_length=80, required=False, widget=widget)


def money(label: Any, minor: int, currency: str) -> forms.Field:
    """An amount of money."""
    return MoneyField(label=label, currency=currency, initial=typed_money(minor, currency))


def award(label: Any, rule: Rule, version: Version) -> forms.Field:
    """So many units of the rule's; of credit, so much money."""
    unit = unit_of(rule, version)
    if unit is not None and unit.kind == "credit":
        return money(label, rule.amount, version.currency)
    return whole(label, rule.amount)


def units_fields(rule: Rule, version: Version) -> Fields:
    """Which unit, where there are several of a kind: of money and of points the numbers mean something else."""
    own = unit_of(rule, version)
    is_money = own is not None and own.kind == "credit"
    alike = [unit for unit in version.units if (unit.kind == "credit") == is_money]
    if len(alike) < 2:
        return {}
    choices = [(unit.id, unit_words(unit)) for unit in alike]
    unit = one_of(_("Unit"), choices, rule.unit)
    unit.required = False  # the same as before
    return {"unit": unit}


def unit_of(rule: Rule, version: Version) -> Unit | None:
    """The unit that a rule gives."""
    return next((unit for unit in version.units if unit.id == rule.unit), None)


def unit_words(unit: Unit) -> str:
    """ "points"."""
    names = unit.names.get(reader_language()) or unit.names.get("en") or next(iter(unit.names.values()))
    return names[1]


def weekdays(label: Any, chosen: Iterable[int]) -> forms.Field:
    """Days of the week, Monday first."""
    names = get_day_names("wide", context="stand-alone", locale=reader_language())
    choices = [(str(day), names[day - 1].capitalize()) for day in range(1, 8)]
    return several(label, choices, [str(day) for day in chosen])


def methods(label: Any, chosen: Iterable[str]) -> forms.Field:
    """Ways to pay."""
    words = [(method, sentence(text, reader_language())) for method, text in METHODS.items()]
    return several(label, words, chosen)


def channels(label: Any, chosen: Iterable[str]) -> forms.Field:
    """Doors that a purchase comes through; the demonstration's is nobody's."""
    words = [(door, sentence(text, reader_language())) for door, text in CHANNELS.items() if door != "seed"]
    return several(label, words, chosen)


def addresses(label: Any, chosen: Iterable[str], places: Places) -> forms.Field:
    """Locations of the merchant."""
    words = [*places.items(), *((one, _("An address that is gone")) for one in chosen if one not in places)]
    return several(label, words, chosen)


def segments(label: Any, chosen: Sequence[str]) -> Fields:
    """Groups that every shop has, and tags of this one's."""
    groups = several(label, labels.SEGMENTS.items(), [name for name in chosen if name in labels.SEGMENTS])
    groups.required = False
    tags = NamesField(
        label=labels.TAGS, names=[name for name in chosen if name not in labels.SEGMENTS], required=False
    )
    return {"segment": groups, "tags": tags}


def batches(label: Any, chosen: Iterable[str], places: Places) -> forms.Field:
    """Codes by the name of their batch, newest first; those that a rule asks for stay, whatever became of them."""
    known = batches_known(places)
    asked = {name.lower() for name in chosen}
    words = [
        (name, name)
        for name in [*known, *(one for one in chosen if one.lower() not in map(str.lower, known))]
    ]
    return several(label, words, [name for name, _same in words if name.lower() in asked])


def tiers(label: Any, chosen: Iterable[str], version: Version) -> forms.Field:
    """Tiers, highest first."""
    words = [(tier.id, tier.name) for tier in reversed(version.tiers)]
    gone = [(one, _("A tier that is gone")) for one in chosen if version.tier(one) is None]
    return several(label, [*words, *gone], chosen)

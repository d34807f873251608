"""What a tier brings besides units, and its season, as one form: a line for each perk, and one more to add another."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from babel.dates import get_month_names
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.languages import reader_language
from loyalty.programme.problems import ProgrammeWrong
from loyalty.rules.checking import LONGEST_PERK
from loyalty.rules.tiers import Perk, Season, Tier
from web.dashboard.forms import UnitsField, typed_multiplier
from web.dashboard.sentences.fields import PercentField

KINDS = {
    "gift": gettext_lazy("A gift on reaching it"),
    "birthday_gift": gettext_lazy("A gift for the birthday"),
    "percent_off": gettext_lazy("A percentage off"),
    "free_delivery": gettext_lazy("Free delivery"),
    "early_access": gettext_lazy("Early access"),
    "text": gettext_lazy("Something else"),
}
LANGUAGES = ("en", "fr")
MOST_SHARE = 10_000


class ShareField(PercentField):
    """A percentage off, or nothing: hundredths of a percent."""

    def clean(self, value: Any) -> int:
        """What is no percentage is told as one, not as a multiplier."""
        if not (value or "").strip():
            return 0
        try:
            share = int(super().clean(value))
        except forms.ValidationError:
            share = 0
        if not 1 <= share <= MOST_SHARE:
            raise forms.ValidationError(_("Write a percentage, 100 at most."))
        return share


class PerksForm(forms.Form):
    """Of one tier. Once it is valid, `changed` is the tier with what was written."""

    def __init__(self, tier: Tier, data: Any = None) -> None:
        super().__init__(data, auto_id="perks_%s")
        self.tier = tier
        for number, perk in enumerate([*tier.perks, None]):
            self._add_perk(number, perk)
        self._add_season(tier.season)

    def _add_perk(self, number: int, perk: Perk | None) -> None:
        none = _("None") if perk is None else _("Take it out")
        self.fields[f"kind_{number}"] = forms.ChoiceField(
            label=_("A perk") if perk else _("One more perk"),
            choices=[("", none), *KINDS.items()],
            initial=perk.kind if perk else "",
            required=False,
        )
        words = {"en": _("In your words, in English"), "fr": _("In your words, in French")}
        for language in LANGUAGES:
            self.fields[f"{language}_{number}"] = forms.CharField(
                label=words[language],
                initial=perk.names.get(language, "") if perk else "",
                max_length=LONGEST_PERK,
                required=False,
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )
        self.fields[f"percent_{number}"] = ShareField(
            label=_("Percent"),
            initial=typed_multiplier(perk.basis_points) if perk and perk.basis_points else "",
            required=False,
        )

    def _add_season(self, season: Season | None) -> None:
        names = get_month_names("wide", context="stand-alone", locale=reader_language())
        months = [("", _("all year round")), *((str(month), names[month]) for month in range(1, 13))]
        ends = {"first": (_("Day"), _("From")), "last": (_("Day"), _("To"))}
        for end, (day_label, month_label) in ends.items():
            kept = getattr(season, end) if season else ""
            month, _hyphen, day = kept.partition("-")
            self.fields[f"{end}_day"] = UnitsField(label=day_label, initial=day.lstrip("0"), required=False)
            self.fields[f"{end}_month"] = forms.ChoiceField(
                label=month_label, choices=months, initial=month.lstrip("0"), required=False
            )

    @property
    def lines(self) -> Iterator[list[forms.BoundField]]:
        """The fields, perk by perk."""
        for number in range(len(self.tier.perks) + 1):
            yield [self[f"{name}_{number}"] for name in ("kind", *LANGUAGES, "percent")]

    @property
    def season(self) -> list[forms.BoundField]:
        """The fields of the season."""
        return [self[name] for name in ("first_day", "first_month", "last_day", "last_month")]

    @property
    def changed(self) -> Tier:
        """The tier as it is written here."""
        said = self.cleaned_data
        perks = [self._perk(number) for number in range(len(self.tier.perks) + 1) if said[f"kind_{number}"]]
        has_season = said["first_month"] and said["last_month"]
        season = Season(self._day("first"), self._day("last")) if has_season else None
        return replace(self.tier, perks=tuple(perks), season=season)

    def clean(self) -> dict[str, Any]:
        """A percentage needs its number, a day its month."""
        said = self.cleaned_data
        for number in range(len(self.tier.perks) + 1):
            if said.get(f"kind_{number}") == "percent_off" and not said.get(f"percent_{number}"):
                self.add_error(f"percent_{number}", _("Write a percentage, 100 at most."))
        if bool(said.get("first_month")) != bool(said.get("last_month")):
            empty = "last_month" if said.get("first_month") else "first_month"
            self.add_error(empty, _("A season begins and ends."))
        return said

    def show(self, refusal: ProgrammeWrong) -> None:
        """Each refusal at its field: `tiers.2.perks.0.names.fr`, `tiers.2.season.first`."""
        _tiers, _place, *path = (refusal.field or "").split(".")
        if path[:1] == ["season"]:
            self.add_error(f"{path[1]}_day", refusal.detail)
        elif path[:1] == ["perks"]:
            numbers = range(len(self.tier.perks) + 1)
            kept = [number for number in numbers if self.cleaned_data[f"kind_{number}"]]
            language = path[3] if len(path) > 3 else "en"
            name = {"basis_points": "percent", "names": language}.get(path[2], "kind")
            self.add_error(f"{name}_{kept[int(path[1])]}", refusal.detail)
        else:
            self.add_error(None, refusal.detail)

    def _perk(self, number: int) -> Perk:
        said = self.cleaned_data
        names = {lang: said[f"{lang}_{number}"] for lang in LANGUAGES if said[f"{lang}_{number}"]}
        kind = said[f"kind_{number}"]
        share = said[f"percent_{number}"] if kind == "percent_off" else 0
        return Perk(kind, names, share)

    def _day(self, end: str) -> str:
        day = self.cleaned_data[f"{end}_day"]
        month = int(self.cleaned_data[f"{end}_month"])
        usual = 1 if end == "first" else (dt.date(2023, month % 12 + 1, 1) - dt.timedelta(days=1)).day
        return f"{month:02}-{day or usual:02}"

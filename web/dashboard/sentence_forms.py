"""The sentences of the programme itself: its name, and how often a purchase counts."""

from dataclasses import asdict
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from loyalty.rules.limits import Limits
from loyalty.rules.types import Version
from web.dashboard.forms import UnitsField


class NameForm(forms.Form):
    """What the programme is called."""

    name = forms.CharField(
        max_length=80, widget=forms.TextInput(attrs={"aria-label": _("Name of the programme")})
    )


class LimitsForm(forms.Form):
    """The sentences of how often a member may buy."""

    cool_down_minutes = UnitsField(required=False)
    purchases_a_day = UnitsField(required=False)
    static_a_day = UnitsField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "cool_down_minutes": _("Minutes between two purchases"),
            "purchases_a_day": _("Purchases a day"),
            "static_a_day": _("Purchases a day by printed card"),
        }
        for name, label in labels.items():
            self.fields[name].widget.attrs["aria-label"] = label

    @property
    def limits(self) -> Limits:
        """What was typed; a blank is no limit."""
        return Limits(**{name: value or 0 for name, value in self.cleaned_data.items()})


def limits_form(version: Version) -> LimitsForm:
    """The sentences as they are in force."""
    return LimitsForm(initial=asdict(version.limits), auto_id="limits_%s")

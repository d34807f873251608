"""The programme's sentences with blanks: its name, and what purchases and joining give."""

from dataclasses import asdict
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from loyalty.rules.limits import Limits
from loyalty.rules.types import Version
from merchants.models import Merchant
from web.dashboard.forms import MoneyField, UnitsField, typed_money


class NameForm(forms.Form):
    """What the programme is called."""

    name = forms.CharField(
        max_length=80, widget=forms.TextInput(attrs={"aria-label": _("Name of the programme")})
    )


class EarningForm(forms.Form):
    """The two sentences of how members earn."""

    def __init__(self, *args: Any, merchant: Merchant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"] = UnitsField()
        self.fields["money"] = MoneyField(currency=merchant.currency)
        self.fields["welcome"] = UnitsField(required=False, help_text=_("0 gives nothing."))
        labels = {"amount": _("Points given"), "money": _("Money spent"), "welcome": _("Points on joining")}
        for name, label in labels.items():
            self.fields[name].widget.attrs["aria-label"] = label

    def values(self) -> dict[str, int]:
        """As the verb takes them."""
        data = self.cleaned_data
        return {"amount": data["amount"], "per_minor": data["money"], "welcome": data["welcome"] or 0}


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


def earning_form(merchant: Merchant, version: Version) -> EarningForm:
    """The sentences as they are in force."""
    rules = {rule.trigger: rule for rule in version.rules}
    initial = {
        "amount": rules["purchase"].amount,
        "money": typed_money(rules["purchase"].per_minor, version.currency),
        "welcome": rules["joining"].amount if "joining" in rules else 0,
    }
    return EarningForm(initial=initial, merchant=merchant, auto_id="earning_%s")

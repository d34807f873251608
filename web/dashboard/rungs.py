"""The ladder as the programme's page shows it: each tier with its own form."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from loyalty.rules.types import Tier, Version
from merchants.models import Merchant
from web.dashboard.forms import MoneyField, MultiplierField, typed_money, typed_multiplier
from web.tiers import pip_at

NEW = "new"  # prefix of the fields of a tier that is not there yet


def prefix_of(tier_id: object) -> str:
    """The fields of all tiers stand on one page, and travel together to the preview."""
    return f"tier-{tier_id}"


class TierForm(forms.Form):
    """A tier: what it is called, from how much, and how points count."""

    name = forms.CharField(
        label=_("Name"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, merchant: Merchant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["threshold"] = MoneyField(
            currency=merchant.currency, zero=True, label=_("From, in spend")
        )
        self.fields["multiplier"] = MultiplierField(label=_("Points count"))

    def values(self) -> dict[str, Any]:
        """As the verbs of `loyalty.tiers` take them."""
        data = self.cleaned_data
        return {
            "name": data["name"],
            "threshold_minor": data["threshold"],
            "multiplier_percent": data["multiplier"],
        }


@dataclass(frozen=True)
class Rung:
    """A tier of the ladder with its form: the row itself, as fields."""

    tier: Tier
    pip: str
    form: TierForm
    zero: bool  # its threshold is read as "on joining" until it is touched
    highest: bool
    lowest: bool


def rungs_of(version: Version, merchant: Merchant, refused: dict[str, TierForm]) -> list[Rung]:
    """The ladder, highest first."""
    count = len(version.tiers)
    return [
        Rung(
            tier=tier,
            pip=pip_at(place),
            form=refused.get(tier.id) or _form(tier, merchant),
            zero=not tier.threshold_minor and tier.id not in refused,
            highest=place == count - 1,
            lowest=place == 0,
        )
        for place, tier in reversed(list(enumerate(version.tiers)))
    ]


def _form(tier: Tier, merchant: Merchant) -> TierForm:
    initial = {
        "name": tier.name,
        "threshold": typed_money(tier.threshold_minor, merchant.currency),
        "multiplier": typed_multiplier(tier.multiplier_percent),
    }
    return TierForm(initial=initial, merchant=merchant, prefix=prefix_of(tier.id), auto_id="%s")

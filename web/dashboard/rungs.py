"""The ladder as the programme's page shows it: each tier with its own form."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.languages import reader_language
from loyalty.rules.editing import without_tier
from loyalty.rules.ladder import counts_the_same, tier_in
from loyalty.rules.tiers import Tier
from loyalty.rules.types import Version
from loyalty.wording import unit_name
from loyalty.wording.policies import say_perk, say_season
from loyalty.wording.reader import Reader
from web.dashboard.forms import (
    MoneyField,
    MultiplierField,
    UnitsField,
    currency_sign,
    typed_money,
    typed_multiplier,
)
from web.tiers import pip_of

NEW = "new"  # prefix of the fields of a tier that is not there yet


def prefix_of(tier_id: object) -> str:
    """The fields of all tiers stand on one page, and travel together to the preview."""
    return f"tier-{tier_id}"


class TierForm(forms.Form):
    """A tier: what it is called, from how much, and how points count."""

    name = forms.CharField(
        label=_("Name"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, version: Version, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        climbing = version.ladder.climbing
        self.fields["threshold"] = (
            MoneyField(currency=version.currency, zero=True, label=_("From, in spend"))
            if climbing == "spend"
            else UnitsField(label=_("From, in visits") if climbing == "visits" else _("From, in units"))
        )
        self.fields["multiplier"] = MultiplierField(label=_("Points count"))

    def values(self) -> dict[str, Any]:
        """As the verbs of `loyalty.programme.tiers` take them."""
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
    brings: str  # its perks and its season, in words
    removal: str  # what becomes of its members once it is removed


def ladder_of(version: Version, in_force: Version, refused: dict[str, TierForm]) -> dict[str, Any]:
    """What the ladder's part of the page shows of the draft `version`; `refused` are forms by their tier's id, that of a new tier by nothing."""
    return {
        "rungs": rungs_of(version, in_force, refused),
        "new_tier": refused.get("") or TierForm(version=version, prefix=NEW, auto_id="%s"),
        "adding": "" in refused,
        "sign": sign_of(version),
    }


def rungs_of(version: Version, in_force: Version, refused: dict[str, TierForm]) -> list[Rung]:
    """The ladder, highest first."""
    count = len(version.tiers)
    return [
        Rung(
            tier=tier,
            pip=pip_of(tier, version.tiers),
            form=refused.get(tier.id) or tier_form(tier, version),
            zero=not tier.threshold_minor and tier.id not in refused,
            highest=place == count - 1,
            lowest=place == 0,
            brings=_brings(tier, version),
            removal=_removal(tier, version, in_force),
        )
        for place, tier in reversed(list(enumerate(version.tiers)))
    ]


def _removal(tier: Tier, version: Version, in_force: Version) -> str:
    """What publishing the draft without this tier does to those who have it now."""
    if in_force.tier(tier.id) is None:
        return gettext("Nobody has it yet. Points stay as they are.")
    after = without_tier(version, tier.id)
    if not counts_the_same(after, in_force):
        return _counted_anew(after)
    heir = tier_in(after, tier.id, in_force)
    if heir is None:
        return gettext(
            "Once that is published, its members have no tier until they reach one. Points stay as they are."
        )
    return gettext("Once that is published, its members are %(tier)s. Points stay as they are.") % {
        "tier": heir.name
    }


def _counted_anew(version: Version) -> str:
    """Where the ladder counts something else, nobody's place is taken: they have what they reach."""
    everybodys = next((tier for tier in version.tiers if not tier.threshold_minor and not tier.season), None)
    if everybodys is None:
        return gettext(
            "Once that is published, its members have the tier that they reach by the new count, if any. "
            "Points stay as they are."
        )
    return gettext(
        "Once that is published, its members have the tier that they reach by the new count, at least %(tier)s. "
        "Points stay as they are."
    ) % {"tier": everybodys.name}


def tier_form(tier: Tier, version: Version, data: QueryDict | None = None) -> TierForm:
    """The form of a tier that is there, bound to what was sent, if anything was."""
    initial = {
        "name": tier.name,
        "threshold": typed_threshold(tier, version),
        "multiplier": typed_multiplier(tier.multiplier_percent),
    }
    return TierForm(data, initial=initial, version=version, prefix=prefix_of(tier.id), auto_id="%s")


def typed_threshold(tier: Tier, version: Version) -> str:
    """As somebody would type it: money, or a number of visits or units."""
    if version.ladder.climbing == "spend":
        return typed_money(tier.threshold_minor, version.currency)
    return str(tier.threshold_minor)


def sign_of(version: Version) -> dict[str, str]:
    """What stands before or after the amounts of the ladder: the sign of the money, "visits", "points"."""
    if version.ladder.climbing == "spend":
        return currency_sign(version.currency)
    if version.ladder.climbing == "visits":
        return {"after": str(_("visits"))}
    return {"after": unit_name(version.units[0], 2, reader_language())}


def _brings(tier: Tier, version: Version) -> str:
    """ "free delivery · early access · from 1 June to 31 August"."""
    reader = Reader(reader_language(), version.currency, version)
    said = [say_perk(perk, reader) for perk in tier.perks]
    return " · ".join([*said, say_season(tier.season, reader)] if tier.season else said)

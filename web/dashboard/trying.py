""" "Try it": a basket, a member or a tier, a moment, and what every rule of the draft says to it. Nothing is recorded."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import DomainError
from core.languages import reader_language
from core.money import decimal_text, exponent
from loyalty.programme.trying import Basket, try_for_member, try_for_tier
from loyalty.rules.types import Version
from loyalty.rules.verdicts import Reason, Verdict
from loyalty.wording import say_reason, say_rule, say_units
from members.cards import read
from merchants.models import Merchant
from web.dashboard.example import LUNCH
from web.dashboard.forms import MoneyField, UnitsField, typed_money
from web.templatetags.habitue import short_money, signed


class TryForm(forms.Form):
    """A purchase as a sentence. What no rule of the draft asks for is not asked here."""

    def __init__(
        self, *args: Any, merchant: Merchant, version: Version, places: dict[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.merchant, self.version = merchant, version
        self.places = places
        tiers = [(tier.id, tier.name) for tier in reversed(version.tiers)]
        self.fields["amount"] = MoneyField(currency=version.currency, label=gettext_lazy("Amount"))
        self.fields["tier"] = _choice(gettext_lazy("Tier"), [*tiers, ("", _("no tier"))])
        self.fields["day"] = _typed(forms.DateField, gettext_lazy("Day"), "date")
        self.fields["clock"] = _typed(forms.TimeField, gettext_lazy("Time of day"), "time")
        self.fields["place"] = _choice(gettext_lazy("Location"), list(self.places.items()))
        self.fields["card"] = forms.CharField(
            label=gettext_lazy("Card or phone of a member"), required=False, max_length=40,
            widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": _("card or phone")}),
        )  # fmt: skip
        for name in _wanted(version):
            self.fields[name] = _OFFERED[name]()
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = field.label

    @property
    def basket(self) -> Basket:
        """What was typed, by the shop's clocks."""
        data = self.cleaned_data
        moment = dt.datetime.combine(data["day"], data["clock"], timezone.get_current_timezone())
        items = []
        if data.get("product"):
            items = [{"category": data["product"].lower(), "quantity": data.get("quantity") or 1}]
            items[0]["amount"] = decimal_text(data["amount"], self.version.currency)
        return Basket(
            amount_minor=data["amount"],
            moment=moment,
            location_id=data["place"] or None,
            items=items,
            bill={"payment": data["payment"].lower()} if data.get("payment") else {},
        )


def _choice(label: Any, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False)


def _typed(kind: type[forms.Field], label: Any, of: str) -> forms.Field:
    form = {"date": "%Y-%m-%d", "time": "%H:%M"}[of]
    widget = {"date": forms.DateInput, "time": forms.TimeInput}[of](format=form, attrs={"type": of})
    return kind(label=label, widget=widget)


def _words(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "…"}),
    )  # fmt: skip


# What a basket may also say, where a rule asks for it.
_OFFERED: dict[str, Callable[[], forms.Field]] = {
    "product": lambda: _words(gettext_lazy("Product or category")),
    "quantity": lambda: UnitsField(label=gettext_lazy("How many"), required=False),
    "payment": lambda: _words(gettext_lazy("Way of paying")),
}


def _wanted(version: Version) -> list[str]:
    wanted: list[str] = []
    kinds = {condition.kind for rule in version.rules for condition in rule.conditions}
    basis = any(rule.basis.only or rule.basis.without for rule in version.rules)
    if "product" in kinds or basis or any(rule.gives == "per_item" for rule in version.rules):
        wanted += ["product", "quantity"]
    return [*wanted, "payment"] if "payment" in kinds else wanted


def try_form(merchant: Merchant, version: Version, places: dict[str, str], asked: QueryDict) -> TryForm:
    """What somebody asked, or a lunch now, in the highest tier."""
    now = timezone.localtime()
    usual = {
        "amount": typed_money(LUNCH * 10 ** exponent(version.currency), version.currency),
        "day": now.date().isoformat(),
        "clock": f"{now:%H:%M}",
        "tier": version.tiers[-1].id if version.tiers else "",
        "place": next(iter(places), ""),
        "quantity": "1",
    }
    said = asked.dict() if "clock" in asked else usual
    return TryForm(said, merchant=merchant, version=version, places=places, auto_id="try_%s")


def tried(form: TryForm) -> dict[str, Any] | None:
    """What every rule says, as a receipt; None where something cannot be read, which stands at its field then."""
    if not form.is_valid():
        return None
    version, card = form.version, form.cleaned_data["card"]
    try:
        if card:
            who = read(card, form.merchant)
            name, verdict = try_for_member(
                merchant=form.merchant, version=version, basket=form.basket, who=who
            )
        else:
            tier = version.tier(form.cleaned_data["tier"])
            name = tier.name if tier else ""
            verdict = try_for_tier(version=version, basket=form.basket, tier_id=tier.id if tier else None)
    except DomainError as refusal:
        form.add_error("card", refusal.detail)
        return None
    return _receipt(name, verdict, form)


def _receipt(name: str, verdict: Verdict, form: TryForm) -> dict[str, Any]:
    money = short_money(form.cleaned_data["amount"], form.version.currency)
    moved = verdict.tier.name if verdict.moved_up and verdict.tier else ""
    return {
        "title": f"{name} · {money}" if name else money,
        "lines": [_line(reason, form) for reason in verdict.reasons],
        "total": _total(verdict, form.version),
        "moved_up": _("Moves up to %(tier)s.") % {"tier": moved} if moved else "",
    }


def _line(reason: Reason, form: TryForm) -> dict[str, str]:
    version, language = form.version, reader_language()
    rule = version.rule(reason.rule)
    return {
        "label": say_rule(rule, version, language, form.places, is_desk=True) if rule else "",
        "note": say_reason(reason.as_json(), version.currency, language, version, form.places, is_desk=True),
        "amount": signed(reason.units) if reason.units else "–",
    }


def _total(verdict: Verdict, version: Version) -> str:
    given = {unit.id: 0 for unit in version.units}
    for award in verdict.awards:
        given[award.unit] += award.amount
    said = [say_units(unit, given[unit.id], reader_language()) for unit in version.units if given[unit.id]]
    return " + ".join(said) or say_units(version.units[0], 0, reader_language())

"""The programme as it is being typed: the draft, with whatever on the page can be read. Nothing is kept.

It answers the preview beside the forms and the line that says what a change would do.
"""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.ids import new_id
from loyalty.foreseeing import members_who_would_rise
from loyalty.rules.types import Tier, Version
from merchants.models import Merchant
from web.dashboard.earning import EarningForm, NameForm
from web.dashboard.rungs import NEW, TierForm, prefix_of
from web.templatetags.habitue import number, short_money


def typed_version(request: HttpRequest, version: Version, merchant: Merchant) -> Version:
    """`version` as it would be with what was typed; a field that cannot be read stays as it was."""
    tiers = [_typed_tier(request, tier, merchant) for tier in version.tiers]
    added = TierForm(request.POST, merchant=merchant, prefix=NEW)
    if added.is_valid():
        tiers.append(Tier(str(new_id()), **added.values()))
    tiers.sort(key=lambda tier: tier.threshold_minor)
    draft = replace(version, tiers=tuple(tiers))
    name = NameForm(request.POST)
    if name.is_valid():
        draft = replace(draft, name=name.cleaned_data["name"])
    return _with_earning(draft, EarningForm(request.POST, merchant=merchant))


def _typed_tier(request: HttpRequest, tier: Tier, merchant: Merchant) -> Tier:
    form = TierForm(request.POST, merchant=merchant, prefix=prefix_of(tier.id))
    return replace(tier, **form.values()) if form.is_valid() else tier


def _with_earning(version: Version, form: EarningForm) -> Version:
    if not form.is_valid() or not form.cleaned_data["amount"]:
        return version
    data, rules = form.cleaned_data, []
    for rule in version.rules:
        if rule.trigger == "purchase":
            rules.append(replace(rule, amount=data["amount"], per_minor=data["money"]))
        elif data["welcome"]:
            rules.append(replace(rule, amount=data["welcome"]))
    if data["welcome"] and len(rules) == 1:
        rules.append(replace(rules[0], id="new", trigger="joining", amount=data["welcome"], per_minor=0))
    return replace(version, rules=tuple(rules))


def consequences_of(draft: Version, version: Version) -> list[str]:
    """What saving would do to members, in a sentence each; nothing when no amount of the ladder changes."""
    moved = [
        (tier, was)
        for tier in draft.tiers
        if (was := version.tier(tier.id)) and was.threshold_minor != tier.threshold_minor
    ]
    added = [tier for tier in draft.tiers if version.tier(tier.id) is None]
    if not moved and not added:
        return []
    rising = members_who_would_rise(draft.tiers)
    effect = _("nobody would move") if not rising else _effect(rising)
    if len(moved) + len(added) > 1:
        return [_("With these amounts %(effect)s") % {"effect": effect}]
    if added:
        return [_("%(tier)s is new: %(effect)s") % {"tier": added[0].name, "effect": effect}]
    [(tier, was)] = moved
    known: dict[str, Any] = {
        "tier": tier.name,
        "money": short_money(was.threshold_minor, version.currency),
        "effect": effect,
    }
    return [_("%(tier)s was %(money)s: %(effect)s") % known]


def _effect(rising: int) -> str:
    words = ngettext("%(count)s member would move up", "%(count)s members would move up", rising)
    return words % {"count": number(rising)}

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
from loyalty.rules.editing import with_rule
from loyalty.rules.types import Tier, Version
from merchants.models import Merchant
from web.dashboard.rungs import NEW, TierForm, prefix_of
from web.dashboard.sentence_forms import NameForm
from web.dashboard.sentences import blank_form
from web.templatetags.habitue import number, short_money


def typed_version(
    request: HttpRequest, version: Version, merchant: Merchant, places: dict[str, str]
) -> Version:
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
    return _with_blank(draft, request, places)


def _typed_tier(request: HttpRequest, tier: Tier, merchant: Merchant) -> Tier:
    form = TierForm(request.POST, merchant=merchant, prefix=prefix_of(tier.id))
    return replace(tier, **form.values()) if form.is_valid() else tier


def _with_blank(version: Version, request: HttpRequest, places: dict[str, str]) -> Version:
    """With the blank that is open, as far as it can be read."""
    rule = version.rule(request.POST.get("rule", ""))
    if rule is None:
        return version
    try:
        form = blank_form(request.POST.get("blank", ""), rule, version, places, request.POST)
    except LookupError:
        return version
    return with_rule(version, form.rule) if form.is_valid() else version


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

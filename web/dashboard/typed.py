"""The programme as it is being typed: the draft, with whatever on the page can be read. Nothing is kept.

It answers the preview beside the forms and the line that says what a change would do.
"""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.ids import new_id
from core.languages import reader_language
from loyalty.rules.editing import with_rule
from loyalty.rules.tiers import Tier
from loyalty.rules.types import Version
from loyalty.standings.foretelling import Moves, counts_alike, moves_under
from loyalty.wording.policies import say_progress
from loyalty.wording.reader import Reader
from web.dashboard.ladder_terms import ladder_consequences
from web.dashboard.rungs import NEW, TierForm, prefix_of
from web.dashboard.sentence_forms import NameForm
from web.dashboard.sentences import blank_form
from web.templatetags.habitue import number


def typed_version(request: HttpRequest, version: Version, places: dict[str, str]) -> Version:
    """`version` as it would be with what was typed; a field that cannot be read stays as it was."""
    tiers = [_typed_tier(request, tier, version) for tier in version.tiers]
    added = TierForm(request.POST, version=version, prefix=NEW)
    if added.is_valid():
        tiers.append(Tier(str(new_id()), **added.values()))
    tiers.sort(key=lambda tier: tier.threshold_minor)
    draft = replace(version, tiers=tuple(tiers))
    name = NameForm(request.POST)
    if name.is_valid():
        draft = replace(draft, name=name.cleaned_data["name"])
    return _with_blank(draft, request, places)


def _typed_tier(request: HttpRequest, tier: Tier, version: Version) -> Tier:
    form = TierForm(request.POST, version=version, prefix=prefix_of(tier.id))
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
    """What saving would do to members, in a sentence each; nothing when nothing of the ladder changes."""
    found = list(ladder_consequences(draft, version))
    if counts_alike(draft, version):
        return found + _of_amounts(draft, version)
    moves = moves_under(draft, version, timezone.get_current_timezone_name())
    said = [_effect(moves.rising)] if moves.rising else []
    said += _to_earn_again(moves, draft)
    return found + [_("With this ladder %(effect)s") % {"effect": words} for words in said]


def _of_amounts(draft: Version, version: Version) -> list[str]:
    moved = [
        (tier, was)
        for tier in draft.tiers
        if (was := version.tier(tier.id)) and was.threshold_minor != tier.threshold_minor
    ]
    added = [tier for tier in draft.tiers if version.tier(tier.id) is None]
    if not moved and not added:
        return []
    moves = moves_under(draft, version, timezone.get_current_timezone_name())
    effect = _("nobody would move") if not moves.rising else _effect(moves.rising)
    ahead = _to_earn_again(moves, draft)
    if len(moved) + len(added) > 1:
        return [_("With these amounts %(effect)s") % {"effect": words} for words in (effect, *ahead)]
    if added:
        return [_("%(tier)s is new: %(effect)s") % {"tier": added[0].name, "effect": effect}]
    [(tier, was)] = moved
    known: dict[str, Any] = {
        "tier": tier.name,
        "money": say_progress(was, Reader(reader_language(), version.currency, version)),
        "effect": effect,
    }
    said = [_("%(tier)s was %(money)s: %(effect)s") % known]
    return said + [_("With this amount %(effect)s") % {"effect": words} for words in ahead]


def _to_earn_again(moves: Moves, draft: Version) -> list[str]:
    """Who would not come by a tier that she has: it is hers for a whole window, and then to be earned."""
    if not (moves.ahead and draft.ladder.can_lose):
        return []
    words = ngettext(
        "%(count)s member has a tier to earn again",
        "%(count)s members have a tier to earn again",
        moves.ahead,
    )
    return [words % {"count": number(moves.ahead)}]


def _effect(rising: int) -> str:
    words = ngettext("%(count)s member would move up", "%(count)s members would move up", rising)
    return words % {"count": number(rising)}

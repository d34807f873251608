"""How the programme works, for those who are in it: what earns, the tiers, and what changed when."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from core.languages import reader_language
from loyalty.programme import changelog
from loyalty.programme.changelog import Logged
from loyalty.queries import standing_of
from loyalty.rules.calendar import local_day
from loyalty.rules.segments import for_everybody
from loyalty.rules.tiers import Tier
from loyalty.rules.types import Version
from loyalty.wording import say_multiplier, say_rule
from web.card.session import CardRequest, member_view
from web.changes import say_changes, say_perks, say_start
from web.places import names_by_id
from web.templatetags.habitue import full_date
from web.tiers import pip_of

CHANGES_SHOWN = 10


@member_view
@require_safe
def show_programme(request: CardRequest) -> HttpResponse:
    """The rules in force, the ladder, and the change log; rules for chosen members are nobody else's business."""
    standing = standing_of(request.member.id)
    version, places = for_everybody(standing.version), names_by_id()
    context = {
        "merchant": request.merchant,
        "member": request.member,
        "nav_current": "card",
        "programme": version.name,
        "rules": [
            say_rule(rule, version, reader_language(), places) for rule in version.rules if rule.active
        ],
        "tiers": [_tier(tier, version, standing.tier) for tier in reversed(version.tiers)],
        "log": [_entry(logged, places, request.merchant.time_zone) for logged in _log()],
    }
    return render(request, "card/programme.html", context)


def _log() -> list[Logged]:
    return changelog.versions(limit=CHANGES_SHOWN, with_withdrawn=False)


def _tier(tier: Tier, version: Version, held: Tier | None) -> dict[str, Any]:
    perks = say_perks(tier, version)
    times = say_multiplier(tier.multiplier_percent, reader_language())
    return {
        "name": tier.name,
        "pip": pip_of(tier, version.tiers),
        "held": held is not None and held.id == tier.id,
        "starts": say_start(tier, version),
        "brings": ", ".join(
            [gettext("points × %(times)s") % {"times": times}, *perks]
            if tier.multiplier_percent > 100
            else perks
        ),
    }


def _entry(logged: Logged, places: dict[str, str], zone: str) -> dict[str, Any]:
    day = full_date(local_day(logged.effective_at, zone))
    return {
        "when": gettext("From %(day)s on") % {"day": day} if logged.state == "to_come" else day,
        "note": logged.note,
        "changes": say_changes(for_everybody(logged.before), for_everybody(logged.version), places)
        if logged.before
        else [],
        "is_first": logged.before is None,
    }

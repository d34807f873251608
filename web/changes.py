"""What differs between two versions, a line for each change, in the reader's language: for the desk and for members."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, ngettext

from core.languages import reader_language
from loyalty.rules.comparing import Difference, differences
from loyalty.rules.types import Rule, Tier, Unit, Version
from loyalty.wording import say_multiplier, say_number, say_rule, say_units, unit_name
from web.templatetags.habitue import short_money

Places = Mapping[str, str]  # names of locations, by their id
NO_PLACES: Places = {}


def say_changes(before: Version, after: Version, places: Places = NO_PLACES) -> list[str]:
    """A line for each thing that differs: what was, and what is to be."""
    return [_change(change, before, after, places) for change in differences(before, after)]


def say_start(tier: Tier, version: Version) -> str:
    """Where a tier begins: "on joining", "from €250", "from 10 visits"."""
    threshold = tier.threshold_minor
    if not threshold:
        return gettext("on joining")
    if version.ladder.climbing == "visits":
        words = ngettext("from %(count)s visit", "from %(count)s visits", threshold)
        return words % {"count": say_number(threshold, reader_language())}
    if version.ladder.climbing == "units":
        units = say_units(version.units[0], threshold, reader_language())
        return gettext("from %(money)s") % {"money": units}
    return gettext("from %(money)s") % {"money": short_money(threshold, version.currency)}


def _change(change: Difference, before: Version, after: Version, places: Places) -> str:
    if change.what == "limits":
        return gettext("How often purchases count has changed")
    if change.what == "stacking":
        return gettext("How several multipliers count together has changed")
    if change.what == "ladder":
        return gettext("How tiers are kept and lost has changed")
    said = (_thing(change.before, before, places), _thing(change.after, after, places))
    if change.how == "added":
        return gettext("New: %(words)s") % {"words": said[1]}
    if change.how == "removed":
        return gettext("No longer: %(words)s") % {"words": said[0]}
    if said[0] == said[1]:
        return gettext("%(words)s: details have changed") % {"words": said[1]}
    return " → ".join(said)


def _thing(thing: Any, version: Version, places: Places) -> str:
    language = reader_language()
    if isinstance(thing, Tier):
        times = say_multiplier(thing.multiplier_percent, language)
        return f"{thing.name}, {say_start(thing, version)}, × {times}"
    if isinstance(thing, Rule):
        words = say_rule(thing, version, language, places)
        return words if thing.active else gettext("%(words)s (switched off)") % {"words": words}
    return unit_name(thing, 2, language) if isinstance(thing, Unit) else str(thing or "–")

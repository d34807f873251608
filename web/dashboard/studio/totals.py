"""What came of links, added up: by partner, by campaign, by location. It asks the database nothing."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from studio.counting import Figures
from studio.models import Link
from web.dashboard.studio.words import figures_in_words
from web.templatetags.habitue import number

NAMES: dict[str, Callable[[Link], str]] = {
    "partner": lambda link: link.partner,
    "campaign": lambda link: link.campaign,
    "location": lambda link: link.location.name if link.location else "",
}


def ways_of(links: Sequence[Link]) -> list[str]:
    """Of `NAMES` those by which there is something to add up."""
    return [way for way, name in NAMES.items() if any(map(name, links))]


def totals_of(links: Sequence[Link], came: Mapping[UUID, Figures], way: str) -> list[dict[str, Any]]:
    """A line for each name, who brought most first; last what has none. `way` is of `NAMES`; small and capital letters are one."""
    groups = defaultdict[str, list[Link]](list)
    for link in links:
        groups[NAMES[way](link).casefold()].append(link)
    summed = {key: sum((came[link.id] for link in mine), Figures()) for key, mine in groups.items()}
    order = sorted(groups, key=lambda key: (not key, -summed[key].joined, -summed[key].scans, key))
    return [_line(NAMES[way](groups[key][0]) or _nameless(way), groups[key], summed[key]) for key in order]


def _line(name: str, links: Sequence[Link], came: Figures) -> dict[str, Any]:
    many = ngettext("%(count)s code", "%(count)s codes", len(links)) % {"count": number(len(links))}
    return {"name": name, "detail": many, **figures_in_words(came)}


def _nameless(way: str) -> str:
    return {
        "partner": _("Without a partner"),
        "campaign": _("Without a campaign"),
        "location": _("No location in particular"),
    }[way]

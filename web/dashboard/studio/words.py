"""Links as their pages tell of them. It asks the database nothing: links come with their location and reward."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.languages import reader_language
from rewards.offers import say_in
from studio.counting import Figures
from studio.links import Kind
from studio.models import Link
from web.dashboard.figures import say_percent
from web.templatetags.habitue import full_date, number, weekday

DAYS = 7  # of the chart, as on the home page
NOTHING = "–"


def detail_of(link: Link) -> str:
    """What it is printed on, where, for whom."""
    kind = pgettext("printed code", "Poster") if link.is_poster else str(Kind(link.kind).label)
    reward = say_in(link.reward.names, reader_language()) if link.reward else ""
    place = link.location.name if link.location and link.location.name != link.label else ""
    return " · ".join(word for word in (kind, reward, place, link.partner, link.campaign) if word)


def row_of(link: Link, came: Figures) -> dict[str, Any]:
    """A line of the list."""
    return {"link": link, "detail": detail_of(link), **figures_in_words(came)}


def figures_in_words(came: Figures) -> dict[str, str]:
    """The figures of a line, by the names of `heads`."""
    return {
        "scans": number(came.scans),
        "joined": number(came.joined),
        "bought": number(came.bought),
        "rate": share(came.joined, came.scans),
    }


def heads() -> dict[str, str]:
    """What the figures of a line are called."""
    return {
        "scans": pgettext("how many people", "Scans"),
        "joined": pgettext("how many people", "Joined"),
        "bought": _("First purchase"),
        "rate": pgettext("of scans to joining", "Rate"),
    }


def stats_of(came: Figures) -> list[dict[str, str]]:
    """The way from the scan to the first purchase; each with its share of those who scanned."""
    steps = (
        (pgettext("how many people", "Scans"), came.scans),
        (_("Page opened"), came.opened),
        (pgettext("how many people", "Joined"), came.joined),
        (_("First purchase"), came.bought),
    )
    return [
        {
            "label": label,
            "value": number(many),
            "note": _("%(share)s of scans") % {"share": share(many, came.scans)}
            if place and many and came.scans
            else "",
        }
        for place, (label, many) in enumerate(steps)
    ]


def bars_of(days: dict[dt.date, Figures]) -> list[dict[str, Any]]:
    """Scans of the last seven days; empty where there were none."""
    today = timezone.localdate()
    shown = [today - dt.timedelta(days=before) for before in reversed(range(DAYS))]
    scans = {day: days.get(day, Figures()).scans for day in shown}
    most = max(scans.values())
    if most == 0:
        return []
    best = max(shown, key=lambda day: (scans[day], day))
    return [
        {
            "label": weekday(day),
            "value": number(scans[day]),
            "percent": round(100 * scans[day] / most, 1),
            "best": day == best,
        }
        for day in shown
    ]


def facts_of(link: Link) -> list[dict[str, str]]:
    """What was said of it when it was made."""
    known = {
        _("Printed on"): pgettext("printed code", "Poster") if link.is_poster else str(Kind(link.kind).label),
        _("Leads to"): _leads_to(link),
        _("Location"): link.location.name if link.location else "",
        _("Partner"): link.partner,
        _("Campaign"): link.campaign,
        _("Made on"): full_date(link.made_at),
        _("Stopped on"): full_date(link.stopped_at) if link.stopped_at else "",
    }
    return [{"label": label, "value": value} for label, value in known.items() if value]


def share(part: int, of: int) -> str:
    """In percent; nothing of nothing is a dash."""
    if not of:
        return NOTHING
    return f"< {say_percent(1)}" if 0 < part * 100 < of else say_percent(round(100 * part / of))


def _leads_to(link: Link) -> str:
    if link.reward:
        return _("The reward “%(name)s” on the card") % {"name": say_in(link.reward.names, reader_language())}
    return _("The join form, or the card of who has one")

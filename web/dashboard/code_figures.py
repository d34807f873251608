"""Codes as their pages tell of them: what a batch is, gives and came to. It reads nothing but what it is given."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.languages import reader_language
from loyalty.codes.queries import Source, rules_for
from loyalty.models import CodeBatch, CodeUse
from loyalty.rules.types import Version
from loyalty.wording import say_rule
from web.dashboard.figures import say_percent
from web.templatetags.habitue import brief, full_date, number, weekday

DAYS = 7  # of the chart, as on the home page


@dataclass(frozen=True)
class State:
    """Whether codes of a batch count today: a word for it and how it is shown; nothing to say where they do."""

    counts: bool
    label: str = ""
    kind: str = "neutral"


def state_of(batch: CodeBatch) -> State:
    """Today, by the shop's clock."""
    today = timezone.localdate()
    if batch.stopped_at is not None:
        return State(counts=False, label=_("stopped"), kind="bad")
    if batch.last_on and batch.last_on < today:
        return State(counts=False, label=_("over"))
    if batch.used >= batch.size:
        return State(counts=False, label=_("used up"))
    if batch.first_on and batch.first_on > today:
        return State(counts=False, label=_("from %(day)s") % {"day": full_date(batch.first_on)}, kind="warn")
    return State(counts=True)


def row_of(batch: CodeBatch, version: Version) -> dict[str, Any]:
    """A line of the list."""
    state = state_of(batch)
    return {
        "batch": batch,
        "state": state,
        "what": " · ".join(word for word in (batch.source, batch.word, _days(batch)) if word),
        "used": _of(batch),
        "percent": round(100 * batch.used / batch.size, 1),
        "gives_nothing": state.counts and not rules_for(batch, version),
    }


def sources_of(found: list[Source]) -> dict[str, Any] | None:
    """The table by partner; None where no batch has one."""
    if not found:
        return None
    heads = [_("Partner"), _("Codes"), _("Entered"), _("Share")]
    return {
        "columns": [{"label": label, "figure": place > 0} for place, label in enumerate(heads)],
        "rows": [
            {"cells": [one.name, number(one.size), number(one.used), _share(one.used, one.size)]}
            for one in found
        ],
    }


def stats_of(batch: CodeBatch, members: int) -> list[dict[str, str]]:
    """Made, entered, left, and by how many people."""
    made = _("May be entered") if batch.word else _("Made")
    share = _share(batch.used, batch.size) if batch.used else ""
    return [
        {"label": made, "value": number(batch.size)},
        {"label": _("Entered"), "value": number(batch.used), "note": share},
        {"label": _("Left"), "value": number(batch.size - batch.used)},
        {"label": _("Members"), "value": number(members)},
    ]


def bars_of(days: dict[dt.date, int]) -> list[dict[str, Any]]:
    """The last seven days; empty where nothing was entered in them."""
    today = timezone.localdate()
    shown = [today - dt.timedelta(days=before) for before in reversed(range(DAYS))]
    most = max(days.get(day, 0) for day in shown)
    if most == 0:
        return []
    best = max(shown, key=lambda day: (days.get(day, 0), day))
    return [
        {
            "label": weekday(day),
            "value": number(days.get(day, 0)),
            "percent": round(100 * days.get(day, 0) / most, 1),
            "best": day == best,
        }
        for day in shown
    ]


def facts_of(batch: CodeBatch) -> list[dict[str, str]]:
    """What was said of it when it was made."""
    times = ngettext("%(times)s time in all", "%(times)s times in all", batch.size)
    once = times % {"times": number(batch.size)} if batch.word else _("once each")
    known = {
        _("Counts"): once,
        _("For one member"): _most(batch),
        _("Days"): _days(batch) or _("from now on"),
        _("Made on"): full_date(batch.made_at),
        _("Stopped on"): full_date(batch.stopped_at) if batch.stopped_at else "",
    }
    return [{"label": label, "value": value} for label, value in known.items() if value]


def gives_of(batch: CodeBatch, version: Version) -> list[str]:
    """The sentences that look at it, by the version in force."""
    return [say_rule(rule, version, reader_language()) for rule in rules_for(batch, version)]


def uses_of(found: list[CodeUse]) -> list[dict[str, Any]]:
    """Who entered one last."""
    return [
        {"member": use.member.survivor, "name": str(use.member.survivor), "when": brief(use.used_at)}
        for use in found
    ]


def _of(batch: CodeBatch) -> str:
    known = {"used": number(batch.used), "size": number(batch.size)}
    return _("%(used)s of %(size)s") % known


def _share(used: int, size: int) -> str:
    return f"< {say_percent(1)}" if 0 < used * 100 < size else say_percent(100 * used // size)


def _most(batch: CodeBatch) -> str:
    if batch.per_member is None:
        return _("any number")
    most = ngettext("%(most)s at most", "%(most)s at most", batch.per_member)
    return most % {"most": number(batch.per_member)}


def _days(batch: CodeBatch) -> str:
    first = full_date(batch.first_on) if batch.first_on else ""
    last = full_date(batch.last_on) if batch.last_on else ""
    if first and last:
        return _("%(first)s to %(last)s") % {"first": first, "last": last}
    if first:
        return _("from %(day)s") % {"day": first}
    return _("until %(day)s") % {"day": last} if last else ""

"""The home's figures as components want them: formatted, with how they moved. It counts nothing: see `analytics.kpis`."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext as _

from analytics.kpis import PERIODS, Figures, HomeFigures, TierShare
from core.languages import reader_language
from loyalty.models import Purchase
from loyalty.wording import say_reason
from members.models import Member
from web.templatetags.habitue import brief, money, number, short_date, signed, weekday
from web.tiers import pips_of

SPARK_WIDTH, SPARK_HEIGHT = 72, 22
SPOTS = 7  # of a line beside a figure


def period_of(figures: HomeFigures) -> dict[str, Any]:
    """The period in numbers for the sentence above, and the choice of another."""
    days = len(figures.days)
    visits, before = figures.period.purchases, figures.before.purchases
    words = {7: _("Last 7 days"), 28: _("Last 28 days")}
    return {
        "is_week": days == PERIODS[0],
        "label": words[days],
        "choices": [
            {"label": word, "href": f"?days={length}", "current": length == days}
            for length, word in words.items()
        ],
        "visits": visits,
        "more": visits - before,
        "fewer": before - visits,
        "came_back": figures.period.came_back_percent,
    }


def stats_of(figures: HomeFigures, members: int) -> list[dict[str, Any]]:
    """Five figures of the period, each beside the period before, with the line it drew."""
    now, before = figures.period, figures.before
    steps = _steps(figures)
    # Who joined later was not there yet. Those who joined and were erased since are counted as joined only.
    joined = accumulate([members - now.joined, *(step.joined for step in steps)])
    grown = [max(0, count) for count in joined]
    return [
        {"label": _("Members"), "value": number(members)}
        | _moved(now.joined)
        | _line(grown, is_told=now.joined > 0),
        {"label": _("Visits"), "value": number(now.purchases)}
        | _moved(now.purchases - before.purchases)
        | _line([step.purchases for step in steps]),
        _came_back(figures),
        {"label": _("Points given"), "value": number(now.units_given)}
        | _moved_percent(now.units_given, before.units_given)
        | _line([step.units_given for step in steps]),
        {"label": _("Points used"), "value": number(now.units_used)}
        | _moved_percent(now.units_used, before.units_used)
        | _line([step.units_used for step in steps]),
    ]


def _came_back(figures: HomeFigures) -> dict[str, Any]:
    """The share of visitors who had come in the thirty days before; or that it is too early to tell."""
    label = _("Came back")
    now, before = figures.period.came_back_percent, figures.before.came_back_percent
    if now is None:
        return {"label": label, "value": "–", "note": _("Not enough visits yet")}
    places = range(len(figures.days) // SPOTS - 1, len(figures.days), len(figures.days) // SPOTS)
    course = [figures.ending(place).came_back_percent for place in places]
    told = [percent for percent in course if percent is not None]
    moved = _moved(now - before) if before is not None else {}
    if moved:
        moved["delta"] = _("%(points)s pts") % {"points": moved["delta"]}
    return {"label": label, "value": say_percent(now)} | moved | _line(told, is_told=len(told) > 1)


def _steps(figures: HomeFigures) -> list[Figures]:
    """The period in SPOTS equal parts, oldest first: what a line this small can tell."""
    length = len(figures.days) // SPOTS
    return [
        sum(figures.days[start : start + length], Figures()) for start in range(0, len(figures.days), length)
    ]


def _line(values: list[int], *, is_told: bool = True) -> dict[str, Any]:
    return {"spark": spark(values)} if is_told and any(values) else {}


def spark(values: list[int]) -> dict[str, Any]:
    """The line beside a figure: its points, and where it ends; as text, for a drawing knows no decimal comma."""
    top, bottom = max(values), min(values)
    step = (SPARK_WIDTH - 6) / (len(values) - 1)
    height = SPARK_HEIGHT - 6
    spots = [
        (round(2 + index * step, 1), round(3 + height - height * (value - bottom) / ((top - bottom) or 1), 1))
        for index, value in enumerate(values)
    ]
    return {"points": " ".join(f"{x},{y}" for x, y in spots), "x": str(spots[-1][0]), "y": str(spots[-1][1])}


def bars_of(figures: HomeFigures) -> list[dict[str, Any]]:
    """Visits by day, or by week in the longer period, each beside the same one before; empty when there was none."""
    length = 1 if len(figures.days) == PERIODS[0] else 7
    starts = range(0, len(figures.days), length)
    visits = [sum(figures.days[start : start + length], Figures()).purchases for start in starts]
    before = [sum(figures.days_before[start : start + length], Figures()).purchases for start in starts]
    most = max(*visits, *before)
    if most == 0:
        return []
    # Of two equals the newer: one red thing on the page.
    best = max(range(len(visits)), key=lambda place: (visits[place], place))
    days = [figures.first_day + dt.timedelta(days=start) for start in starts]
    return [
        {
            "label": weekday(day) if length == 1 else short_date(day),
            "value": number(count),
            "percent": round(100 * count / most, 1),
            "before": round(100 * earlier / most, 1) if earlier else None,
            "best": place == best,
            # The figure stands clear of the tick of the time before.
            "top": round(100 * max(count, earlier) / most, 1),
        }
        for place, (day, count, earlier) in enumerate(zip(days, visits, before, strict=True))
    ]


@dataclass(frozen=True)
class Slice:
    """A tier's part of all members. `x` and `width` are percent of the bar."""

    name: str
    members: str
    pip: str
    href: str
    x: float
    width: float


def mix_of(shares: list[TierShare], members_page: str) -> list[Slice]:
    """Members by tier, lowest first, as the bar is read."""
    total = sum(share.members for share in shares)
    ladder = [share for share in reversed(shares) if share.name is not None]
    pips = pips_of([str(share.name) for share in ladder])
    slices, x = [], 0.0
    for share in [*(share for share in shares if share.name is None), *ladder]:
        width = 100 * share.members / total if total else 0
        pip = pips[ladder.index(share)] if share.name else "none"
        slices.append(
            Slice(
                share.name or _("No tier yet"),
                number(share.members),
                pip,
                f"{members_page}?{urlencode({'tier': share.tier_id})}" if share.tier_id else members_page,
                round(x, 2),
                round(max(width - 0.4, 0), 2),
            )
        )
        x += width
    return slices


def till_lines(
    purchases: list[Purchase], newcomers: list[Member], welcomes: Mapping[UUID, int], limit: int
) -> list[dict[str, Any]]:
    """Purchases and newcomers as lines of a receipt, newest first. Where, when not all were at one place."""
    language = reader_language()
    is_one_place = bool(one_location(purchases))
    rows = [
        (purchase.occurred_at, _purchase_line(purchase, language, tells_where=not is_one_place))
        for purchase in purchases
    ]
    rows += [(member.joined_at, _joining_line(member, welcomes.get(member.id, 0))) for member in newcomers]
    rows.sort(key=lambda row: row[0], reverse=True)
    return [{"time": brief(moment), **line} for moment, line in rows[:limit]]


def one_location(purchases: list[Purchase]) -> str:
    """The name of the one place where all of these were made; empty if there are several, or none is told."""
    names = {purchase.location.name if purchase.location else "" for purchase in purchases}
    return names.pop() if len(names) == 1 else ""


def _joining_line(member: Member, welcome: int) -> dict[str, Any]:
    label = _("%(name)s joined") % {"name": member}
    return {
        "label": label,
        "note": _("Welcome") if welcome else "",
        "amount": signed(welcome) if welcome else "",
    }


def _purchase_line(purchase: Purchase, language: str, *, tells_where: bool) -> dict[str, Any]:
    reasons = sorted(purchase.told, key=lambda reason: -reason["units"])
    note = (
        say_reason(reasons[0], purchase.currency, language)
        if reasons
        else money(purchase.amount_minor, purchase.currency)
    )
    if tells_where and purchase.location:
        note = f"{note}\u00a0· {purchase.location.name}"
    return {"label": str(purchase.member.survivor), "note": note, "amount": signed(purchase.awarded)}


def _moved(difference: int) -> dict[str, Any]:
    return {"delta": signed(difference), "up": difference > 0} if difference else {}


def _moved_percent(now: int, before: int) -> dict[str, Any]:
    if before == 0:  # no percentage of nothing
        return {}
    percent = round(100 * (now - before) / before)
    return {"delta": say_percent(percent, is_move=True), "up": percent > 0} if percent else {}


def say_percent(percent: int, *, is_move: bool = False) -> str:
    """ "43%", in French with its thin space; "+9%" as a move."""
    space = "\u202f" if reader_language() == "fr" else ""
    return f"{signed(percent) if is_move else number(percent)}{space}%"

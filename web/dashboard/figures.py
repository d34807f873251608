"""The home's figures as components want them: formatted, with how they moved. It counts nothing: see `analytics.kpis`."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from analytics.kpis import Day, HomeFigures, TierShare
from core.languages import reader_language
from core.money import exponent
from loyalty.models import Purchase
from loyalty.wording import say_reason
from members.models import Member
from web.templatetags.habitue import brief, money, number, short_money, signed, weekday
from web.tiers import pip_at

SPARK_WIDTH, SPARK_HEIGHT = 72, 22


def stats_of(figures: HomeFigures, currency: str) -> list[dict[str, Any]]:
    """Five figures of the last seven days, each beside the week before."""
    now, before = figures.this_week, figures.week_before
    visits = [day.purchases for day in figures.days]
    spend = short_money(round_money(now.spend_minor, currency), currency)
    given, used = number(now.units_given), number(now.units_used)
    line = {"spark": spark(visits)} if any(visits) else {}
    return [
        {"label": _("Members"), "value": number(figures.members)} | _moved(now.joined),
        {"label": _("Visits"), "value": number(now.purchases)}
        | _moved(now.purchases - before.purchases)
        | line,
        {"label": _("Spend"), "value": spend} | _moved_percent(now.spend_minor, before.spend_minor),
        {"label": _("Points given"), "value": given} | _moved_percent(now.units_given, before.units_given),
        {"label": _("Points used"), "value": used} | _moved_percent(now.units_used, before.units_used),
    ]


def round_money(minor: int, currency: str) -> int:
    """Whole euros once cents say nothing: from a hundred upwards."""
    whole: int = 10 ** exponent(currency)
    return minor if minor < 100 * whole else (minor + whole // 2) // whole * whole


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


def bars_of(days: list[Day]) -> list[dict[str, Any]]:
    """Visits of seven days beside the same days a week before; empty when there was none at all."""
    most = max(max(day.purchases, day.purchases_week_before) for day in days)
    best = max(
        reversed(days), key=lambda day: day.purchases
    )  # of two equals the newer: one red thing on the page
    if most == 0:
        return []
    return [
        {
            "label": weekday(day.day),
            "value": number(day.purchases),
            "percent": round(100 * day.purchases / most, 1),
            "before": round(100 * day.purchases_week_before / most, 1) if day.purchases_week_before else None,
            "best": day is best,
            # The figure stands clear of the tick of the week before.
            "top": round(100 * max(day.purchases, day.purchases_week_before) / most, 1),
        }
        for day in days
    ]


@dataclass(frozen=True)
class Slice:
    """A tier's part of all members. `x` and `width` are percent of the bar."""

    name: str
    members: str
    pip: str
    x: float
    width: float


def mix_of(shares: list[TierShare]) -> list[Slice]:
    """Members by tier, lowest first, as the bar is read."""
    total = sum(share.members for share in shares)
    ladder = [share for share in reversed(shares) if share.name is not None]
    slices, x = [], 0.0
    for share in [*(share for share in shares if share.name is None), *ladder]:
        width = 100 * share.members / total if total else 0
        pip = pip_at(ladder.index(share)) if share.name else "none"
        slices.append(
            Slice(
                share.name or _("No tier yet"),
                number(share.members),
                pip,
                round(x, 2),
                round(max(width - 0.4, 0), 2),
            )
        )
        x += width
    return slices


def till_lines(purchases: list[Purchase], newcomers: list[Member], limit: int) -> list[dict[str, Any]]:
    """Purchases and newcomers as lines of a receipt, newest first."""
    language = reader_language()
    rows = [(purchase.occurred_at, _purchase_line(purchase, language)) for purchase in purchases]
    rows += [
        (member.joined_at, {"label": _("%(name)s joined") % {"name": member}, "note": "", "amount": ""})
        for member in newcomers
    ]
    rows.sort(key=lambda row: row[0], reverse=True)
    return [{"time": brief(moment), **line} for moment, line in rows[:limit]]


def _purchase_line(purchase: Purchase, language: str) -> dict[str, Any]:
    reasons = sorted(purchase.reasons, key=lambda reason: -reason["units"])
    note = (
        say_reason(reasons[0], purchase.currency, language)
        if reasons
        else money(purchase.amount_minor, purchase.currency)
    )
    return {"label": str(purchase.member), "note": note, "amount": signed(purchase.awarded)}


def _moved(difference: int) -> dict[str, Any]:
    return {"delta": signed(difference), "up": difference > 0} if difference else {}


def _moved_percent(now: int, before: int) -> dict[str, Any]:
    if before == 0:  # no percentage of nothing
        return {}
    percent = round(100 * (now - before) / before)
    language = reader_language()
    space = "\u202f" if language == "fr" else ""
    return {"delta": f"{signed(percent)}{space}%", "up": percent > 0} if percent else {}

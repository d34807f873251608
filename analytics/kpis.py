"""What the dashboard shows, each figure defined once, here.

visits       purchases recorded with a card
this week    the last seven local days, today included; the week before, the seven before those
"""

import datetime as dt
from dataclasses import dataclass, fields

from django.db.models import Count
from django.utils import timezone

from analytics.models import DailyFigure
from analytics.rollups import local_day
from loyalty.models import Standing
from loyalty.programme import version_in_force
from members.models import Member
from merchants.models import Merchant


@dataclass(frozen=True)
class Figures:
    """Sums over some days."""

    purchases: int = 0
    spend_minor: int = 0
    units_given: int = 0
    units_used: int = 0
    joined: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            *(getattr(self, column.name) + getattr(other, column.name) for column in fields(Figures))
        )


@dataclass(frozen=True)
class Day:
    """One local day beside the same weekday a week before."""

    day: dt.date
    purchases: int
    purchases_week_before: int


@dataclass(frozen=True)
class HomeFigures:
    """The dashboard's home in numbers."""

    members: int
    today: Figures
    this_week: Figures
    week_before: Figures
    days: list[Day]


@dataclass(frozen=True)
class TierShare:
    """How many members hold a tier; `name` is None for those below the first."""

    name: str | None
    members: int


def home_figures(merchant: Merchant, *, now: dt.datetime | None = None) -> HomeFigures:
    """Two queries, however long the history."""
    today = local_day(now or timezone.now(), merchant)
    first = today - dt.timedelta(days=13)
    rows = {
        row.day: Figures(*(getattr(row, column.name) for column in fields(Figures)))
        for row in DailyFigure.objects.filter(day__range=(first, today))
    }
    days = [rows.get(first + dt.timedelta(days=index), Figures()) for index in range(14)]
    return HomeFigures(
        members=Member.objects.count(),
        today=days[13],
        this_week=sum(days[7:], Figures()),
        week_before=sum(days[:7], Figures()),
        days=[
            Day(first + dt.timedelta(days=7 + index), days[7 + index].purchases, days[index].purchases)
            for index in range(7)
        ],
    )


def figures_today(merchant: Merchant, *, now: dt.datetime | None = None) -> Figures:
    """Today's sums alone, for what asks every few seconds. One query."""
    row = DailyFigure.objects.filter(day=local_day(now or timezone.now(), merchant)).first()
    return Figures(*(getattr(row, column.name) for column in fields(Figures))) if row else Figures()


def tier_mix() -> list[TierShare]:
    """Members by tier, highest tier first, those without one last."""
    counts = {row["tier_id"]: row["n"] for row in Standing.objects.values("tier_id").annotate(n=Count("id"))}
    tiers = version_in_force().tiers
    known = {tier.id for tier in tiers}
    shares = [
        TierShare(tier.name, sum(n for tier_id, n in counts.items() if str(tier_id) == tier.id))
        for tier in reversed(tiers)
    ]
    others = sum(n for tier_id, n in counts.items() if str(tier_id) not in known)
    return [*shares, TierShare(None, others)] if others else shares

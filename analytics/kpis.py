"""What the dashboard shows, each figure defined once, here.

members      who has joined and was neither erased nor merged into another: one person counts once
visits       purchases recorded with a card, of which something is left: neither cancelled nor refunded whole
spend        what was not refunded of them, on the day of the purchase
period       the last seven (or twenty-eight) local days, today included; before it, as many
came back    of those who came in the period, how many in a hundred had come on another day of the thirty before.
             A member counts once for each day on which it came, so days add up: the rollups hold `visitors` and
             `returned` of each day, and nobody reads purchases for it. Below ENOUGH_VISITORS nothing is said:
             a share of a handful is chance.
missing      a member who has come, and not in the last thirty days
points       units of every kind, given and used. What was taken back or given back counts on the day of what it undoes;
             a correction by hand on its own, as given. What waits, vests or expires changes neither
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields

from django.db.models import Count, Q
from django.utils import timezone

from analytics.models import DailyFigure
from core import tenancy
from loyalty.membership.member_list import MONTH
from loyalty.models import Standing
from loyalty.rules.calendar import local_day
from loyalty.rules.types import Version
from members.queries import gone_ids
from merchants.models import Merchant

PERIODS = (7, 28)  # days; whole weeks, so that weekdays weigh alike
ENOUGH_VISITORS = 20


@dataclass(frozen=True)
class Figures:
    """Sums over some days."""

    purchases: int = 0
    spend_minor: int = 0
    units_given: int = 0
    units_used: int = 0
    joined: int = 0
    visitors: int = 0
    returned: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            *(getattr(self, column.name) + getattr(other, column.name) for column in fields(Figures))
        )

    @property
    def came_back_percent(self) -> int | None:
        """None while too few came for a share to mean anything."""
        return round(100 * self.returned / self.visitors) if self.visitors >= ENOUGH_VISITORS else None


@dataclass(frozen=True)
class HomeFigures:
    """The dashboard's home in numbers: the days of the period, oldest first, and the days before it."""

    first_day: dt.date
    days: Sequence[Figures]
    days_before: Sequence[Figures]
    rows: Sequence[DailyFigure] = ()  # as they are kept, from as far back as was asked for

    @property
    def today(self) -> Figures:
        """The newest day."""
        return self.days[-1]

    @property
    def period(self) -> Figures:
        """All days of the period."""
        return sum(self.days, Figures())

    @property
    def before(self) -> Figures:
        """All days before it."""
        return sum(self.days_before, Figures())

    def ending(self, place: int) -> Figures:
        """As many days as the period has, of which the newest is the period's `place`th, from 0."""
        length = len(self.days)
        return sum([*self.days_before, *self.days][place + 1 : place + 1 + length], Figures())


@dataclass(frozen=True)
class TierShare:
    """How many members hold a tier, and how many of them are missing; `name` is None for those below the first."""

    name: str | None
    tier_id: str | None
    members: int
    missing: int
    never_came: int


def home_figures(
    merchant: Merchant, *, days: int = 7, since: dt.date | None = None, now: dt.datetime | None = None
) -> HomeFigures:
    """One query, however long the history. Its rows reach back to `since`, if that is farther than the period before."""
    today = local_day(now or timezone.now(), merchant.time_zone)
    first = today - dt.timedelta(days=2 * days - 1)
    rows = list(DailyFigure.objects.filter(day__range=(min(first, since or first), today)))
    known = {row.day: _figures(row) for row in rows}
    found = [known.get(first + dt.timedelta(days=index), Figures()) for index in range(2 * days)]
    return HomeFigures(first + dt.timedelta(days=days), found[days:], found[:days], rows)


def figures_today(merchant: Merchant, *, now: dt.datetime | None = None) -> Figures:
    """Today's sums alone, for what asks every few seconds. One query."""
    row = DailyFigure.objects.filter(day=local_day(now or timezone.now(), merchant.time_zone)).first()
    return _figures(row) if row else Figures()


def _figures(row: DailyFigure) -> Figures:
    # Below zero for the moment in which a cancellation is counted and its purchase is not.
    return Figures(*(max(0, getattr(row, column.name)) for column in fields(Figures)))


def tier_mix(version: Version, *, now: dt.datetime | None = None) -> list[TierShare]:
    """Every member once, by tier, highest first, those without one last. One query."""
    month_ago = (now or timezone.now()) - MONTH
    counts = (
        tenancy.all_rows(Standing.objects.all())
        .exclude(member_id__in=gone_ids())
        .values_list("tier_id")
        .annotate(
            members=Count("id"),
            missing=Count("id", filter=Q(last_purchase_at__lt=month_ago)),
            never_came=Count("id", filter=Q(last_purchase_at=None)),
        )
    )
    found = {str(tier_id): tuple(numbers) for tier_id, *numbers in counts}
    shares = [
        TierShare(tier.name, tier.id, *found.pop(tier.id, (0, 0, 0))) for tier in reversed(version.tiers)
    ]
    others = [sum(numbers) for numbers in zip(*found.values(), strict=True)]
    return [*shares, TierShare(None, None, *others)] if others else shares

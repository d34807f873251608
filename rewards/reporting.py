"""What became of rewards in a period: taken, handed over, let go, run out, given back, and what that cost the shop.

Each counts on the day on which it came about: one that was taken in May and handed over in June is taken in May and used in June.
The cost is that of what was handed over and not given back, in minor units, as the reward said when it was taken; where it did not
say then, what it takes off or gives in money, else as it says now. Of what was used on a purchase that was refunded in part, that part
of it is given back, as its units are.
"""

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, Case, Count, F, Q, QuerySet, Sum, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, NullIf

from rewards.models import Redemption

Status = Redemption.Status
IN_A_FILE_AT_ONCE = 1000


def _kept(path: str) -> Cast:
    return Cast(KT(f"what__{path}"), BigIntegerField())


# As `rewards.worth.shop_cost` has it.
_COST = Coalesce(
    NullIf(_kept("cost_minor"), 0), _kept("value__minor"), _kept("value__amount"), F("reward__cost_minor")
)
# Rounded down as units are (`loyalty.rules.shares`). Of one that is given back whole, all is, whatever it was used on.
_BACK = Case(
    When(status=Status.VOIDED, then=_COST),
    When(
        purchase__refunded_minor__gt=0,
        then=_COST * F("purchase__refunded_minor") / F("purchase__amount_minor"),
    ),
    default=Value(0),
    output_field=BigIntegerField(),
)


@dataclass(frozen=True)
class Came:
    """How many, and what it cost in minor units."""

    taken: int = 0
    used: int = 0
    released: int = 0
    expired: int = 0
    voided: int = 0
    cost_minor: int = 0

    def __add__(self, other: "Came") -> "Came":
        return Came(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Came)))


@dataclass(frozen=True)
class Period:
    """From one moment up to another, which is not in it any more."""

    since: dt.datetime
    until: dt.datetime

    def of(self, moment: str) -> Q:
        """What has its `moment` (a column) within."""
        return Q(**{f"{moment}__gte": self.since, f"{moment}__lt": self.until})


def by_reward(period: Period) -> dict[UUID, Came]:
    """What became of each reward of which anything did. One query."""
    return _by("reward_id", period)


def by_location(period: Period) -> dict[UUID | None, Came]:
    """Where it was handed over; None where nobody said, or it never was. One query."""
    return _by("location_id", period)


def by_hand(period: Period) -> dict[UUID | None, Came]:
    """Who handed it over, a staff member or an API key; None where it never was. One query."""
    return _by("captured_by", period)


def redemptions_in(period: Period, after: UUID | None = None) -> list[Redemption]:
    """Those of which anything became in the period, oldest first, so many at a time: the first, or those after one. For a file."""
    rows = _touched(period).select_related("reward", "unit").annotate(cost_minor=_COST - _BACK)
    return list((rows.filter(id__gt=after) if after else rows).order_by("id")[:IN_A_FILE_AT_ONCE])


def _by(column: str, period: Period) -> dict[Any, Came]:
    closed = period.of("closed_at")
    used = period.of("captured_at")
    told = (
        _touched(period)
        .annotate(key=F(column))
        .values("key")
        .annotate(
            taken=Count("id", filter=period.of("held_at")),
            used=Count("id", filter=used),
            released=Count("id", filter=closed & Q(status=Status.RELEASED)),
            expired=Count("id", filter=closed & Q(status=Status.EXPIRED)),
            voided=Count("id", filter=closed & Q(status=Status.VOIDED)),
            cost_minor=Coalesce(Sum(_COST - _BACK, filter=used), 0),
        )
    )
    counted = told.order_by().values_list("key", *(one.name for one in fields(Came)))
    return {key: Came(*counts) for key, *counts in counted}


def _touched(period: Period) -> QuerySet[Redemption]:
    return Redemption.objects.filter(period.of("held_at") | period.of("captured_at") | period.of("closed_at"))

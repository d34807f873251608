"""Plays what happened lately through another version, beside what it gave then. It reads in batches and writes nothing.

Purchases that were cancelled or refunded whole count for neither side; of one refunded in part, its share. Members begin
with the progress they had, in the tier that they would be in, had the version come into force on the first day.
"""

import dataclasses
import datetime as dt
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Count, DateField, F, QuerySet, Sum, Value
from django.db.models.functions import TruncDate

from loyalty.models import Happening, Purchase, Standing
from loyalty.rules.facts import Facts, Who
from loyalty.rules.playing import Budgets, Life
from loyalty.rules.types import Tier, Version
from loyalty.rules.verdicts import Verdict
from loyalty.rules.weighing import Basket, Scale, share_left
from loyalty.telling import bill_of, local
from members.models import Member
from merchants.models import Merchant

BATCH = 2000  # events read in one trip: a second of work, so that a progress bar moves
LOOK_BACK = dt.timedelta(days=2 * 366)  # for ladders that count a year: the one that runs and the one before

Ref = tuple[dt.datetime, type[Purchase] | type[Happening], UUID]  # when it was judged, what, which


@dataclass(frozen=True, slots=True)
class Known:
    """What was known of a member on the first day. `dated` is what had been added to the progress, by day."""

    who: Who
    tier_id: UUID | None = None
    dated: tuple[tuple[dt.date, int], ...] = ()


@dataclass
class Replay:
    """A version, a span of days, and everybody who lived through it. Each method but `scale_of` is in the merchant's scope."""

    merchant: Merchant
    version: Version
    since: dt.datetime
    until: dt.datetime
    lives: dict[UUID, Life] = field(default_factory=dict)
    scales: dict[str, Scale] = field(default_factory=dict)  # by unit
    budgets: Budgets = field(default_factory=dict)
    purchases: int = 0
    happenings: int = 0

    def __post_init__(self) -> None:
        # Nobody is warned in a rehearsal, and to look for it takes its time.
        ladder = dataclasses.replace(self.version.ladder, warn_days=0)
        self.version = dataclasses.replace(self.version, ladder=ladder)

    def events(self) -> list[Ref]:
        """All of the span, in the order in which they were judged."""
        lived = {"occurred_at__gte": self.since, "occurred_at__lt": self.until}
        bought = Purchase.objects.filter(ended_at=None, **lived).values_list("recorded_at", "id")
        others = Happening.objects.filter(**lived).values_list("recorded_at", "id")
        found: list[Ref] = [(at, Purchase, id_) for at, id_ in bought]
        found += [(at, Happening, id_) for at, id_ in others]
        return sorted(found, key=lambda ref: (ref[0], ref[2]))

    def play(self, refs: Sequence[Ref]) -> None:
        """These, in their order."""
        rows: dict[UUID, Purchase | Happening] = {}
        for kind in (Purchase, Happening):
            rows |= kind.objects.in_bulk([id_ for _at, model, id_ in refs if model is kind])
        for _at, _model, id_ in refs:
            row = rows.get(id_)
            if isinstance(row, Purchase):
                self._buy(row)
            elif row is not None:
                self._happen(row)

    def scale_of(self, unit: str) -> Scale:
        """What was given of a unit, and what would have been."""
        return self.scales.setdefault(unit, Scale())

    def tiers(self, held: Mapping[UUID, UUID | None]) -> dict[UUID, Tier | None]:
        """The tier that each member would hold on the last day. `held`: what they hold; to some nothing has happened."""
        today = local(self.until, self.merchant.time_zone).date()
        for life in self.lives.values():
            life.live_until(today)
        return {
            member_id: (self.lives.get(member_id) or self._born(member_id, held.get(member_id))).tier
            for member_id in self._known
            if member_id not in self._survivors
        }

    def life_of(self, member_id: UUID) -> Life:
        """The member's, or that of the member into whom it was merged."""
        owner_id = self.owner_of(member_id)
        life = self.lives.get(owner_id)
        if life is None:
            life = self.lives[owner_id] = self._born(owner_id, self._known[owner_id].tier_id)
        return life

    def owner_of(self, member_id: UUID) -> UUID:
        """The member itself, or the one into whom it was merged."""
        return self._survivors.get(member_id, member_id)

    def _buy(self, row: Purchase) -> None:
        life = self.life_of(row.member_id)
        moment = local(row.occurred_at, self.merchant.time_zone)
        facts = Facts(
            "purchase",
            row.amount_minor,
            moment=moment,
            bill=bill_of(row.bill, row.items, self.merchant.currency),
            location=str(row.location_id) if row.location_id else "",
            channel=row.channel,
            payment=row.bill.get("payment", ""),
            draw=str(row.id),
        )
        verdict = life.judge(facts)
        if row.refunded_minor and self.version.ladder.climbing == "spend":
            life.climb.add(moment.date(), -row.refunded_minor)
        life.bought.clear()  # nothing goes back in a rehearsal but what went back by now
        self.purchases += 1
        self._weigh(row, verdict, row.amount_minor, row.refunded_minor)

    def _happen(self, row: Happening) -> None:
        moment = local(row.occurred_at, self.merchant.time_zone)
        trigger: Any = row.trigger
        facts = Facts(trigger, moment=moment, name=row.name, draw=str(row.id))
        verdict = self.life_of(row.member_id).judge(facts)
        self.happenings += 1
        self._weigh(row, verdict, 0, 0)

    def _weigh(
        self, row: Purchase | Happening, verdict: Verdict, amount_minor: int, refunded_minor: int
    ) -> None:
        was = _sums((reason["unit"], reason["units"]) for reason in row.reasons if reason.get("units"))
        would = _sums((award.unit, award.amount) for award in verdict.awards)
        basket = Basket(str(row.id), str(self.owner_of(row.member_id)), row.occurred_at, amount_minor)
        for unit in was.keys() | would.keys():
            both = (share_left(side.get(unit, 0), refunded_minor, amount_minor) for side in (was, would))
            self.scale_of(unit).weigh(basket, *both)

    def _born(self, member_id: UUID, tier_id: UUID | None) -> Life:
        known = self._known[member_id]
        life = Life(self.version, known.who, self.budgets)
        for day, added in known.dated:
            life.climb.add(day, added)
        first = local(self.since, self.merchant.time_zone).date()
        held = self.version.tier(str(tier_id))
        reached = self.version.tier_reached(life.progress_on(first), first)
        life.tier = max(filter(None, (held, reached)), key=lambda tier: tier.threshold_minor, default=None)
        life.tier_since = first
        return life

    @cached_property
    def _survivors(self) -> dict[UUID, UUID]:
        merged = Member.objects.filter(merged_into__isnull=False)
        return dict(merged.values_list("id", "merged_into_id"))

    @cached_property
    def _known(self) -> dict[UUID, Known]:
        """Every member, in four queries."""
        zone = self.merchant.time_zone
        earlier = Purchase.objects.filter(ended_at=None, occurred_at__lt=self.since)
        tiers = earlier.order_by("member_id", "-recorded_at", "-id").distinct("member_id")
        tier_of = dict(tiers.values_list("member_id", "tier_id"))
        visits = dict(earlier.order_by().values_list("member_id").annotate(Count("id")))
        ordinals = dict(Standing.objects.values_list("member_id", "ordinal"))
        dated: dict[UUID, list[tuple[dt.date, int]]] = {}
        for member_id, day, added in self._climbed(earlier):
            dated.setdefault(self.owner_of(member_id), []).append((day, added))
        return {
            member_id: Known(
                Who(
                    visits=visits.get(member_id, 0),
                    ordinal=ordinals.get(member_id, 0),
                    joined_on=local(joined_at, zone).date(),
                    birthday=birthday,
                ),
                tier_of.get(member_id),
                tuple(dated.get(member_id, ())),
            )
            for member_id, joined_at, birthday in Member.objects.values_list("id", "joined_at", "birthday")
        }

    def _climbed(self, earlier: QuerySet[Purchase]) -> Iterable[tuple[UUID, dt.date, int]]:
        ladder, zone = self.version.ladder, zoneinfo.ZoneInfo(self.merchant.time_zone)
        counted: Mapping[str, Any] = {
            "spend": Sum(F("amount_minor") - F("refunded_minor")),
            "visits": Count("id"),
            "units": Sum("awarded"),
        }
        day: Any = TruncDate("occurred_at", tzinfo=zone)
        if ladder.window == "lifetime":
            day = Value(local(self.since, zone.key).date() - dt.timedelta(days=1), output_field=DateField())
        else:
            earlier = earlier.filter(occurred_at__gte=self.since - LOOK_BACK)
        rows: QuerySet[Any] = earlier.order_by().annotate(day=day).values_list("member_id", "day")
        return rows.annotate(added=counted[ladder.climbing])


def batches(refs: Sequence[Ref]) -> Iterator[Sequence[Ref]]:
    """As many at once as one trip reads."""
    for start in range(0, len(refs), BATCH):
        yield refs[start : start + BATCH]


def _sums(rows: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for unit, units in rows:
        found[unit] = found.get(unit, 0) + units
    return found

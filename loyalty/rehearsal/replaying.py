"""Plays what happened lately through another version, beside what it gave then. It reads in batches and writes nothing.

Members begin as they were on the first day (`recalling`), in the tier that they would be in, had the version come into force
then. What went back goes back on the day it did: on one side what was taken really, on the other what the version takes.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, NamedTuple
from uuid import UUID

from loyalty.ledger import statements
from loyalty.models import Happening, Purchase, Refund
from loyalty.programme.versions import version_in_force
from loyalty.purchases.telling import bill_of
from loyalty.rehearsal.recalling import Recall
from loyalty.rules import playing
from loyalty.rules.calendar import local
from loyalty.rules.facts import Facts
from loyalty.rules.ladder import rose, tier_in
from loyalty.rules.playing import Budgets, Life
from loyalty.rules.tiers import Tier
from loyalty.rules.types import Version
from loyalty.rules.verdicts import Verdict, by_unit
from loyalty.rules.weighing import Scale, Weighed
from merchants.models import Merchant

BATCH = 2000  # events read in one trip: a second of work, so that a progress bar moves

Kind = Literal["purchase", "happening", "refund", "cancellation"]
Ref = tuple[dt.datetime, UUID, Kind]  # when it was judged, which (of a cancellation: the purchase), what


class Bought(NamedTuple):
    """A purchase, as far as it is played."""

    id: UUID
    member_id: UUID
    amount_minor: int
    refunded_minor: int
    cancelled_at: dt.datetime | None
    bill: Mapping[str, Any]
    items: Sequence[Mapping[str, Any]]
    location_id: UUID | None
    channel: str
    actor_id: UUID | None
    reasons: Sequence[Mapping[str, Any]]
    occurred_at: dt.datetime


class Back(NamedTuple):
    """Money that went back of a purchase: by a refund, or with what was left of it."""

    purchase_id: UUID
    amount_minor: int
    at: dt.datetime


@dataclass(slots=True)
class Returned:
    """A purchase of which something goes back: what is left of its units, by unit, on both sides."""

    basket: Weighed
    owner_id: UUID
    was: dict[str, int]
    would: dict[str, int]
    left_minor: int


@dataclass
class Replay:
    """A version, a span of days, and everybody who lived through it. Each method but `scale_of` is in the merchant's scope."""

    merchant: Merchant
    version: Version
    since: dt.datetime
    until: dt.datetime
    lives: dict[UUID, Life] = field(default_factory=dict)
    scales: dict[str, Scale] = field(default_factory=dict)  # by unit
    purchases: int = 0
    happenings: int = 0
    done: int = 0  # of all events
    returned: dict[UUID, Returned] = field(default_factory=dict)  # by purchase

    def __post_init__(self) -> None:
        # Nobody is warned in a rehearsal, and to look for it takes its time.
        ladder = dataclasses.replace(self.version.ladder, warn_days=0)
        self.version = dataclasses.replace(self.version, ladder=ladder)

    def events(self) -> list[Ref]:
        """All of the span, in the order in which they were judged."""
        lived = {"occurred_at__gte": self.since, "occurred_at__lt": self.until}
        bought = Purchase.objects.filter(**lived)
        others = Happening.objects.filter(cancelled_at=None, **lived).values_list("recorded_at", "id")
        back = Refund.objects.filter(purchase__in=bought.values("id")).values_list("recorded_at", "id")
        gone = bought.filter(cancelled_at__isnull=False).values_list("cancelled_at", "id")
        found: list[Ref] = [(at, id_, "purchase") for at, id_ in bought.values_list("recorded_at", "id")]
        found += [(at, id_, "happening") for at, id_ in others]
        found += [(at, id_, "refund") for at, id_ in back]
        found += [(at, id_, "cancellation") for at, id_ in gone if at]
        return sorted(found)

    def play(self, refs: Sequence[Ref]) -> None:
        """These, in their order."""
        ids: dict[Kind, list[UUID]] = {"purchase": [], "happening": [], "refund": [], "cancellation": []}
        for _at, id_, kind in refs:
            ids[kind].append(id_)
        rows = Purchase.objects.filter(id__in=ids["purchase"]).values_list(*Bought._fields)
        bought = {row[0]: Bought(*row) for row in rows.iterator()}
        happened = Happening.objects.in_bulk(ids["happening"])
        refunds = Refund.objects.in_bulk(ids["refund"])
        known = [row.purchase_id for row in refunds.values()] + ids["cancellation"]
        books = Books(self, known) if known else None
        for at, id_, kind in refs:
            if kind == "purchase":
                self._buy(bought[id_])
            elif kind == "happening":
                self._happen(happened[id_])
            elif kind == "refund":
                row = refunds[id_]
                self._go_back(Back(row.purchase_id, row.amount_minor, at), books)
            else:
                self._go_back(Back(id_, self.returned[id_].left_minor, at), books)
        self.done += len(refs)

    def end(self) -> None:
        """Weigh what went back: it is the rest that counts, on both sides. Nothing is played after it."""
        for row in self.returned.values():
            for unit in row.was.keys() | row.would.keys():
                self.scale_of(unit).compare(row.basket, row.was.get(unit, 0), row.would.get(unit, 0))
        self.returned.clear()

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
            for member_id in self.recall.members
            if member_id not in self.recall.survivors
        }

    def life_of(self, member_id: UUID) -> Life:
        """The member's, or that of the member into whom it was merged."""
        owner_id = self.recall.owner_of(member_id)
        life = self.lives.get(owner_id)
        if life is None:
            life = self.lives[owner_id] = self._born(owner_id, self.recall.members[owner_id].tier_id)
        return life

    @cached_property
    def recall(self) -> Recall:
        """What was known on the first day."""
        return Recall(self.merchant, self.version, self.since)

    @cached_property
    def budgets(self) -> Budgets:
        """Of all of them together."""
        return dict(self.recall.budgets())

    def _buy(self, row: Bought) -> None:
        life = self.life_of(row.member_id)
        facts = Facts(
            "purchase",
            row.amount_minor,
            moment=local(row.occurred_at, self.merchant.time_zone),
            bill=bill_of(row.bill, row.items, self.merchant.currency),
            location=str(row.location_id) if row.location_id else "",
            channel=row.channel,
            payment=row.bill.get("payment", ""),
            staff=str(row.actor_id or ""),
            draw=str(row.id),
        )
        verdict = life.judge(facts)
        self.purchases += 1
        was, would = _sides(row.reasons, verdict)
        owner_id = self.recall.owner_of(row.member_id)
        basket = Weighed(str(row.id), str(owner_id), row.occurred_at, row.amount_minor)
        goes_back = bool(row.refunded_minor or row.cancelled_at)
        if goes_back:
            self.returned[row.id] = Returned(basket, owner_id, was, would, row.amount_minor)
        else:
            life.bought.pop(facts.draw, None)
        self._weigh(basket, was, would, compared=not goes_back)

    def _happen(self, row: Happening) -> None:
        moment = local(row.occurred_at, self.merchant.time_zone)
        trigger: Any = row.trigger
        facts = Facts(
            trigger,
            moment=moment,
            name=row.name,
            location=str(row.location_id) if row.location_id else "",
            channel=row.channel,
            staff=str(row.actor_id or ""),
            draw=str(row.id),
        )
        verdict = self.life_of(row.member_id).judge(facts)
        self.happenings += 1
        owner_id = self.recall.owner_of(row.member_id)
        basket = Weighed(str(row.id), str(owner_id), row.occurred_at, 0)
        self._weigh(basket, *_sides(row.reasons, verdict), compared=True)

    def _go_back(self, back: Back, books: "Books | None") -> None:
        row = self.returned.get(back.purchase_id)
        if row is None or books is None:
            return  # of a purchase that was refunded while the rehearsal was played
        life, member = self.life_of(row.owner_id), row.basket.member
        has = books.had(row.owner_id, back.at)
        usable = {unit: has.get(unit, 0) + self.scale_of(unit).more_of(member) for unit in row.would}
        moment = local(back.at, self.merchant.time_zone)
        would = life.refund(playing.Refund(row.basket.id, back.amount_minor, moment), usable)
        row.left_minor -= back.amount_minor
        was = books.taken(back)
        for side, gone in ((row.was, was), (row.would, would)):
            for unit, units in gone.items():
                side[unit] = side.get(unit, 0) - units
        for unit in was.keys() | would.keys():
            self.scale_of(unit).add(member, -was.get(unit, 0), -would.get(unit, 0))

    def _weigh(self, basket: Weighed, was: dict[str, int], would: dict[str, int], *, compared: bool) -> None:
        for unit in was.keys() | would.keys():
            scale, units = self.scale_of(unit), (was.get(unit, 0), would.get(unit, 0))
            scale.add(basket.member, *units)
            if compared:
                scale.compare(basket, *units)

    def _born(self, member_id: UUID, tier_id: UUID | None) -> Life:
        known = self.recall.members[member_id]
        life = Life(self.version, known.who, self.budgets, memory=dict(known.memory))
        for day, added in known.dated:
            life.climb.add(day, added)
        first = local(self.since, self.merchant.time_zone).date()
        held, before = tier_in(self.version, str(tier_id), self._in_force), self._in_force
        reached = self.version.tier_reached(life.progress_on(first), first)
        there = (tier for tier in (held, reached) if tier and tier.is_there(first))
        life.tier = max(there, key=lambda tier: tier.threshold_minor, default=None)
        # Under another ladder than the one in force, or where more is asked, nobody loses what is held before a whole window.
        is_same = held == life.tier and before.ladder == self.version.ladder
        is_same = is_same and not (held and rose(held, before))
        life.tier_since = (known.tier_since if is_same else None) or first
        return life

    @cached_property
    def _in_force(self) -> Version:
        version = version_in_force()
        return dataclasses.replace(version, ladder=dataclasses.replace(version.ladder, warn_days=0))


class Books:
    """What the books say of purchases of which something goes back: what was taken of them, and what their members had."""

    def __init__(self, replay: Replay, purchase_ids: Sequence[UUID]) -> None:
        rows = Purchase.objects.filter(id__in=purchase_ids).values_list("id", "member_id")
        members = {member_id for _id, member_id in rows}
        members |= {replay.recall.owner_of(member_id) for member_id in members}
        self._taken = statements.taken_back(members, purchase_ids)
        # Asked only where a refund takes no more than is there.
        asks = replay.version.returns == "within_balance"
        self._had = statements.balances_through(members) if asks else {}

    def taken(self, back: Back) -> dict[str, int]:
        """What went back with that money really, by unit."""
        return self._taken.get((back.purchase_id, back.at), {})

    def had(self, member_id: UUID, at: dt.datetime) -> dict[str, int]:
        """What a member had just before, by unit; nothing is known where it is not asked for."""
        before = (row for row in self._had.get(member_id, ()) if row[0] < at)
        return {unit: available for _at, unit, available in before}


def batches(refs: Sequence[Ref]) -> Iterator[Sequence[Ref]]:
    """As many at once as one trip reads."""
    for start in range(0, len(refs), BATCH):
        yield refs[start : start + BATCH]


def _sides(reasons: Sequence[Mapping[str, Any]], verdict: Verdict) -> tuple[dict[str, int], dict[str, int]]:
    """What was given, and what would have been, by unit."""
    was = by_unit((reason["unit"], reason["units"]) for reason in reasons if reason.get("units"))
    return was, verdict.given

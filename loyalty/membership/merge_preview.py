"""What merging two members, or parting them, would do: in figures, before anybody says yes. It changes nothing."""

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone

from core.errors import DomainError
from core.ids import key_within
from loyalty.ledger import holds, postings, statements
from loyalty.membership.merging import refuse, refuse_parting
from loyalty.membership.merging_standings import best_tier
from loyalty.models import Merge, Purchase
from loyalty.programme.versions import version_in_force
from loyalty.queries import MemberStanding, standings_of
from loyalty.rules.calendar import local_day
from loyalty.rules.tiers import Tier
from loyalty.rules.types import Unit, Version
from loyalty.standings.climbing import progress_together
from members.merging import narrowed_by, taken_by
from members.models import Member


@dataclass(frozen=True)
class Column:
    """One figure of both, and of the one who stays afterwards."""

    stays: int
    goes: int
    after: int


@dataclass(frozen=True)
class UnitForeseen:
    """One unit: what can be used, what is still to vest, what is set aside, and what is owed, which what can be used repays."""

    unit: Unit
    usable: Column
    pending: Column
    held: Column
    debt: Column


@dataclass(frozen=True)
class MergeForeseen:
    """Both as they stand, and what would be. With `refusal` nothing would."""

    stays: MemberStanding
    goes: MemberStanding
    units: list[UnitForeseen]
    tier: Tier | None
    spent_minor: int
    purchases: int
    taken: list[str]  # fields that the one who stays lacks and takes over
    narrowed: list[str]  # purposes of e-mails that end
    refusal: DomainError | None


class UnitParted(NamedTuple):
    """Of `moved` that came along `left` would go back, set aside what still is."""

    unit: Unit
    moved: int
    left: int


@dataclass(frozen=True)
class PartingForeseen:
    """What would go back: of each unit of which anything came along, and this much spend."""

    units: list[UnitParted]
    spent_minor: int
    refusal: DomainError | None


def foresee_merge(*, stays: Member, goes: Member, now: dt.datetime) -> MergeForeseen:
    """What `merging.merge_members` would do with these two now."""
    refusal = None
    try:
        refuse(stays=stays, goes=goes)
    except DomainError as declined:
        refusal = declined
    standings = standings_of([stays.id, goes.id])
    mine, theirs = standings[stays.id], standings[goes.id]
    spent_minor = mine.spent_minor + theirs.spent_minor
    return MergeForeseen(
        stays=mine,
        goes=theirs,
        units=[_unit(unit, mine, theirs) for unit in mine.version.units],
        tier=best_tier(
            (mine.tier, theirs.tier),
            _progress(stays, goes, spent_minor, mine.version),
            mine.version,
            local_day(now, stays.merchant.time_zone),
        ),
        spent_minor=spent_minor,
        purchases=mine.purchases + theirs.purchases,
        taken=taken_by(stays, goes),
        narrowed=narrowed_by(stays, goes),
        refusal=refusal,
    )


def _progress(stays: Member, goes: Member, spent_minor: int, version: Version) -> int:
    if version.ladder.counts_all_spend:
        return spent_minor
    zone = stays.merchant.time_zone
    return progress_together([stays, goes], version, zone, local_day(timezone.now(), zone))


def foresee_parting(*, merge: Merge, now: dt.datetime) -> PartingForeseen:
    """What `merging.part_members` would do now. `merge` has both members read along."""
    refusal = None
    try:
        refuse_parting(merge=merge, stays=merge.into, goes=merge.merged, now=now)
    except DomainError as declined:
        refusal = declined
    own = Purchase.objects.filter(member_id=merge.merged_id, ended_at=None)
    return PartingForeseen(
        units=_units_parted(merge),
        spent_minor=sum(purchase.left_minor for purchase in own),
        refusal=refusal,
    )


def _units_parted(merge: Merge) -> list[UnitParted]:
    keys = {key_within(merge.id, str(UUID(unit.id))): unit for unit in version_in_force().units}
    parted = []
    for key, moved in statements.posted_amounts(keys).items():
        came_by = postings.merge_entry_into(key)
        left = statements.left_of(came_by) + holds.carried_by(came_by)
        parted.append(UnitParted(keys[key], moved, left))
    return parted


def _unit(unit: Unit, mine: MemberStanding, theirs: MemberStanding) -> UnitForeseen:
    has = [each.balances.get(unit.code, {}) for each in (mine, theirs)]
    usable, pending, held, debt = (
        [int(balance.get(name, 0)) for balance in has] for name in ("available", "pending", "held", "debt")
    )
    left = sum(usable) - sum(debt)
    return UnitForeseen(
        unit,
        usable=Column(usable[0], usable[1], after=max(0, left)),
        pending=Column(pending[0], pending[1], after=sum(pending)),
        held=Column(held[0], held[1], after=sum(held)),
        debt=Column(debt[0], debt[1], after=max(0, -left)),
    )

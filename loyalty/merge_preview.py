"""What merging two members, or parting them, would do: in figures, before anybody says yes. It changes nothing."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from core.errors import DomainError
from core.ids import key_within
from loyalty.ledger import postings, statements
from loyalty.merging import refuse, refuse_parting
from loyalty.merging_standings import tier_after
from loyalty.models import Merge, Purchase
from loyalty.queries import MemberStanding, standings_of
from loyalty.rules.types import Tier, Unit
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
    """One unit: what can be used, what is still to vest, and what is owed, which what can be used repays."""

    unit: Unit
    usable: Column
    pending: Column
    debt: Column


@dataclass(frozen=True)
class MergeForeseen:
    """Both as they stand, and what would be. With `refusal` nothing would."""

    stays: MemberStanding
    goes: MemberStanding
    units: list[UnitForeseen]
    tier: Tier | None
    progress_minor: int
    purchases: int
    taken: list[str]  # fields that the one who stays lacks and takes over
    narrowed: list[str]  # purposes of e-mails that end
    refusal: DomainError | None


@dataclass(frozen=True)
class PartingForeseen:
    """What would go back: of `moved` units of the programme's first kind `left`, and this much spend."""

    moved: int
    left: int
    spent_minor: int
    refusal: DomainError | None


def foresee_merge(*, stays: Member, goes: Member, now: dt.datetime) -> MergeForeseen:
    """What `merging.merge_members` would do with these two now."""
    refusal = None
    try:
        refuse(stays=stays, goes=goes, now=now)
    except DomainError as declined:
        refusal = declined
    standings = standings_of([stays.id, goes.id])
    mine, theirs = standings[stays.id], standings[goes.id]
    progress_minor = mine.progress_minor + theirs.progress_minor
    return MergeForeseen(
        stays=mine,
        goes=theirs,
        units=[_unit(unit, mine, theirs) for unit in mine.version.units],
        tier=tier_after((mine.tier, theirs.tier), progress_minor, mine.version),
        progress_minor=progress_minor,
        purchases=mine.purchases + theirs.purchases,
        taken=taken_by(stays, goes),
        narrowed=narrowed_by(stays, goes),
        refusal=refusal,
    )


def foresee_parting(*, merge: Merge, now: dt.datetime) -> PartingForeseen:
    """What `merging.part_members` would do now. `merge` has both members read along."""
    refusal = None
    try:
        refuse_parting(merge=merge, stays=merge.into, goes=merge.merged, now=now)
    except DomainError as declined:
        refusal = declined
    unit = next(iter(standings_of([merge.merged_id])[merge.merged_id].version.units))
    moved_by = key_within(merge.id, str(UUID(unit.id)))
    own = Purchase.objects.filter(member_id=merge.merged_id, ended_at=None)
    return PartingForeseen(
        moved=statements.posted_amount(moved_by) or 0,
        left=statements.left_of(postings.merge_entry_into(moved_by)),
        spent_minor=sum(purchase.left_minor for purchase in own),
        refusal=refusal,
    )


def _unit(unit: Unit, mine: MemberStanding, theirs: MemberStanding) -> UnitForeseen:
    has = [each.balances.get(unit.code, {}) for each in (mine, theirs)]
    usable, pending, debt = (
        [int(balance.get(name, 0)) for balance in has] for name in ("available", "pending", "debt")
    )
    left = sum(usable) - sum(debt)
    return UnitForeseen(
        unit,
        usable=Column(usable[0], usable[1], after=max(0, left)),
        pending=Column(pending[0], pending[1], after=sum(pending)),
        debt=Column(debt[0], debt[1], after=max(0, -left)),
    )

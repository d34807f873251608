"""What would follow if a purchase, or a part of it, were taken back. It changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from loyalty.ledger import statements
from loyalty.ledger.models import Entry
from loyalty.models import Purchase, Standing
from loyalty.programme.versions import version_in_force
from loyalty.purchases.undoing import climbed, still_to_return
from loyalty.queries import MemberStanding
from loyalty.rules.calendar import local_day
from loyalty.rules.ladder import step_back
from loyalty.rules.shares import share_of
from loyalty.rules.tiers import Tier
from loyalty.rules.types import Unit
from loyalty.standings.stepping import tier_without
from members.models import Member

Undoable = Sequence[tuple[Entry, UUID, int]]  # of which unit, and how much of it is undone


@dataclass(frozen=True)
class UnitConsequence:
    """What taking back does in one unit."""

    unit: Unit
    taken_back: int
    given_back: int
    debt: int  # of the member, after it


@dataclass(frozen=True)
class Consequence:
    """What taking back a purchase, or a part of it, does: in each unit of the programme, in its order, and to the tier."""

    units: tuple[UnitConsequence, ...]
    tier: Tier | None


def foresee_undoing(*, purchase: Purchase, standing: MemberStanding, by_minor: int) -> Consequence:
    """What a refund of `by_minor`, no more than is left, would do; of all that is left: a cancellation.

    `standing` is that of the member for whom the purchase counts. Two queries at most, and one for each unit that goes back.
    """
    kinds = ("award", "spend", "capture")
    entries = statements.entries_and_undone(purchase.member_id, purchase.id, kinds)
    return Consequence(
        units=tuple(_in_unit(unit, entries, purchase, standing, by_minor) for unit in standing.version.units),
        tier=_tier_without(purchase, standing, by_minor),
    )


def _in_unit(
    unit: Unit, found: Undoable, purchase: Purchase, standing: MemberStanding, by_minor: int
) -> UnitConsequence:
    up_to = purchase.refunded_minor + by_minor
    balance = standing.balances.get(unit.code, {"available": 0, "debt": 0})
    has, account_id = balance["available"] - balance["debt"], standing.accounts.get(unit.id)
    entries = [(entry, undone) for entry, unit_id, undone in found if unit_id == UUID(unit.id)]
    given = [(entry, undone) for entry, undone in entries if entry.kind == "award"]
    used = [(entry, undone) for entry, undone in entries if entry.kind != "award"]
    taken_back = _still_to_take(given, up_to, purchase.refunded_minor, purchase.amount_minor)
    given_back = sum(units for _entry, units in still_to_return(used, up_to, purchase.amount_minor))
    waiting = 0
    if taken_back and account_id:
        awards = [entry for entry, _undone in given]
        waiting = statements.waiting_of(awards, account_id, timezone.now())
        returns = version_in_force(purchase.programme_version).returns
        if returns != "debt":
            usable = max(0, has + given_back)
            taken_back = min(taken_back, waiting + (usable if returns == "within_balance" else 0))
    # As the books do it: what comes back repays first, what is taken is taken where it waits first.
    left = has + given_back - max(0, taken_back - waiting)
    return UnitConsequence(unit, taken_back, given_back, debt=max(0, -left))


def _tier_without(purchase: Purchase, standing: MemberStanding, by_minor: int) -> Tier | None:
    version, held = standing.version, standing.tier
    if version.ladder.counts_all_spend:
        zone = purchase.merchant.time_zone
        today = local_day(timezone.now(), zone)
        owner_id = purchase.member.merged_into_id or purchase.member_id
        theirs = Member.objects.filter(Q(id=owner_id) | Q(merged_into_id=owner_id)).values("id")
        counting = Purchase.objects.filter(member_id__in=theirs, ended_at=None)
        # Read where the tier is in question, and then only.
        left = climbed(counting, zone, without=(purchase.id, by_minor))
        return step_back(held, standing.progress, by_minor, version, left, today=today)
    row = Standing.objects.select_related("member", "merchant").get(member=purchase.member.survivor)
    return tier_without(purchase, by_minor, row, version, zone=row.merchant.time_zone, is_noted=False)


def _still_to_take(
    found: Sequence[tuple[Entry, int]], up_to_minor: int, refunded_minor: int, amount_minor: int
) -> int:
    units, undone = sum(entry.amount for entry, _undone in found), sum(undone for _entry, undone in found)
    before = max(undone, share_of(units, refunded_minor, amount_minor))  # as the books ask for it
    return max(0, share_of(units, up_to_minor, amount_minor) - before)

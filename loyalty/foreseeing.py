"""What would follow: of a changed ladder before it is published, of a purchase before it is taken back. It changes nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from core.tenancy import current_merchant_id
from loyalty.ledger import statements
from loyalty.ledger.models import Entry
from loyalty.models import Purchase
from loyalty.programme import version_in_force
from loyalty.queries import MemberStanding
from loyalty.rules.ladder import step_back
from loyalty.rules.types import Tier, Version
from loyalty.undoing import share_of
from members.models import Member

# As `lifting.LIFT` would move them: up to what their progress earns, a season's tiers left out, and never down. Both sides are
# thresholds, −1 for none, so that a hundred thousand standings are read once and compared without looking anything up.
WOULD_RISE = """
SELECT count(*) FROM loyalty_standing
WHERE merchant_id = %(merchant)s
  AND coalesce((%(lifting)s::bigint[])[width_bucket(progress_minor, %(lifting)s::bigint[])], -1)
    > coalesce((%(thresholds)s::bigint[])[array_position(%(ids)s::uuid[], tier_id)], -1)
"""


def members_who_would_rise(ladder: Sequence[Tier]) -> int:
    """How many members of the current merchant this ladder, lowest first, would lift. One statement."""
    values: dict[str, Any] = {
        "ids": [UUID(tier.id) for tier in ladder],
        "thresholds": [tier.threshold_minor for tier in ladder],
        "lifting": [tier.threshold_minor for tier in ladder if tier.season is None],
        "merchant": current_merchant_id(),
    }
    with connection.cursor() as cursor:
        cursor.execute(WOULD_RISE, values)
        row = cursor.fetchone()
    return int(row[0])


@dataclass(frozen=True)
class Consequence:
    """What taking back a purchase, or a part of it, does: in the programme's first unit, and to the tier."""

    taken_back: int
    given_back: int
    debt: int  # of the member, after it
    tier: Tier | None


def foresee_undoing(*, purchase: Purchase, standing: MemberStanding, by_minor: int) -> Consequence:
    """What a refund of `by_minor`, no more than is left, would do; of all that is left: a cancellation.

    `standing` is that of the member for whom the purchase counts. Three queries at most.
    """
    unit_id, up_to = UUID(standing.version.units[0].id), purchase.refunded_minor + by_minor
    kinds = ("award", "spend", "capture")
    entries = statements.entries_and_undone(purchase.member_id, purchase.id, kinds, unit_id)
    given = [(entry, undone) for entry, undone in entries if entry.kind == "award"]
    used = [(entry, undone) for entry, undone in entries if entry.kind != "award"]
    taken_back, given_back = (
        _still(found, up_to, purchase.refunded_minor, purchase.amount_minor) for found in (given, used)
    )
    waiting = 0
    if taken_back and standing.account_id:
        awards = [entry for entry, _undone in given]
        waiting = statements.waiting_of(awards, standing.account_id, timezone.now())
        returns = version_in_force(purchase.programme_version).returns
        if returns != "debt":
            usable = max(0, standing.points - standing.debt + given_back)
            taken_back = min(taken_back, waiting + (usable if returns == "within_balance" else 0))
    # As the books do it: what comes back repays first, what is taken is taken where it waits first.
    balance = standing.points - standing.debt + given_back - max(0, taken_back - waiting)
    return Consequence(
        taken_back=taken_back,
        given_back=given_back,
        debt=max(0, -balance),
        tier=step_back(
            standing.tier,
            standing.progress_minor,
            by_minor,
            standing.version,
            _climbed_without(purchase, by_minor),
        ),
    )


def _still(
    found: Sequence[tuple[Entry, int]], up_to_minor: int, refunded_minor: int, amount_minor: int
) -> int:
    units, undone = sum(entry.amount for entry, _undone in found), sum(undone for _entry, undone in found)
    before = max(undone, share_of(units, refunded_minor, amount_minor))  # as the books ask for it
    return max(0, share_of(units, up_to_minor, amount_minor) - before)


def _climbed_without(purchase: Purchase, by_minor: int) -> Iterator[tuple[int, Version]]:
    """As `undoing` asks for it, had the refund been made; read only where the tier is in question."""
    owner_id = purchase.member.merged_into_id or purchase.member_id
    theirs = Member.objects.filter(Q(id=owner_id) | Q(merged_into_id=owner_id)).values("id")
    counting = Purchase.objects.filter(member_id__in=theirs, ended_at=None).order_by("id")
    progress_minor = 0
    for row in counting.only("id", "amount_minor", "refunded_minor", "programme_version"):
        left_minor = row.amount_minor - row.refunded_minor - (by_minor if row.id == purchase.id else 0)
        progress_minor += left_minor
        if left_minor:
            yield progress_minor, version_in_force(row.programme_version)

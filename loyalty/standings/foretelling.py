"""What a changed ladder would mean to members, before it is published. It changes nothing."""

from typing import NamedTuple
from uuid import UUID

from django.db import connection

from loyalty.rules.ladder import counts_the_same, rose, tier_in
from loyalty.rules.tiers import Tier
from loyalty.rules.types import Version
from loyalty.standings.lifting import progress_in, values_of

# As `lifting.LIFT` would move them: up to what their progress earns, a season's tiers left out, and never down. Both sides are
# thresholds, −1 for none, so that a hundred thousand standings are read once and compared without looking anything up. Who
# holds what another ladder's members reach anew is neither above nor below: NULL.
WOULD_MOVE = """
WITH progress AS ({progress})
SELECT count(*) FILTER (WHERE reached > held),
    count(*) FILTER (WHERE reached < held AND s.tier_id = ANY(%(asking_more)s))
FROM loyalty_standing s JOIN progress p ON p.member_id = s.member_id
CROSS JOIN LATERAL (SELECT
    coalesce((%(lifting)s::bigint[])[width_bucket(p.progress, %(lifting)s::bigint[])], -1) AS reached,
    CASE WHEN s.tier_id IS NULL THEN -1
         ELSE (%(thresholds)s::bigint[])[array_position(%(ids)s::uuid[], s.tier_id)] END AS held) tier
WHERE s.merchant_id = %(merchant)s
"""


class Moves(NamedTuple):
    """How many members a ladder would lift, and how many hold a tier above what they have reached by it: by another count, or
    because their tier asks for more than before."""

    rising: int
    ahead: int


def moves_under(version: Version, before: Version, zone: str) -> Moves:
    """What the ladder of this version would mean to members of the current merchant, in the place of that in force `before`.
    One statement. `zone` is the shop's."""
    heirs = {tier.id: tier_in(version, tier.id, before) for tier in before.tiers}
    none = -1 if counts_the_same(version, before) else None
    values = values_of(version, zone) | {
        "ids": [UUID(tier_id) for tier_id in heirs],
        "thresholds": [heir.threshold_minor if heir else none for heir in heirs.values()],
        "asking_more": [
            UUID(tier_id) for tier_id, heir in heirs.items() if _asks_more(heir, version, before)
        ],
        "lifting": [tier.threshold_minor for tier in version.tiers if tier.season is None],
    }
    with connection.cursor() as cursor:
        cursor.execute(WOULD_MOVE.format(progress=progress_in(version.ladder)), values)
        return Moves(*cursor.fetchone())


def counts_alike(version: Version, before: Version) -> bool:
    """Whether the two ladders count the same things over the same time."""
    now, was = version.ladder, before.ladder
    return (now.climbing, now.window) == (was.climbing, was.window)


def _asks_more(heir: Tier | None, version: Version, before: Version) -> bool:
    return heir is not None and (not counts_alike(version, before) or rose(heir, before))

"""What a changed ladder would do to members, counted before it is published. It changes nothing."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from core.tenancy import current_merchant_id
from loyalty.rules.types import Tier

# As `tiers.LIFT` would move them: up to what their progress earns, and never down.
WOULD_RISE = """
WITH ladder AS (SELECT * FROM unnest(%(ids)s::uuid[], %(thresholds)s::bigint[]) AS rung (id, threshold))
SELECT count(*)
FROM loyalty_standing s
LEFT JOIN ladder held ON held.id = s.tier_id
CROSS JOIN LATERAL (SELECT max(threshold) AS threshold FROM ladder WHERE threshold <= s.progress_minor) due
WHERE s.merchant_id = %(merchant)s AND due.threshold > coalesce(held.threshold, -1)
"""


def members_who_would_rise(ladder: Sequence[Tier]) -> int:
    """How many members of the current merchant this ladder would lift. One statement, all standings read once."""
    values = {
        "ids": [UUID(tier.id) for tier in ladder],
        "thresholds": [tier.threshold_minor for tier in ladder],
        "merchant": current_merchant_id(),
    }
    with connection.cursor() as cursor:
        cursor.execute(WOULD_RISE, values)
        row = cursor.fetchone()
    return int(row[0])

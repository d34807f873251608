"""What a changed ladder would do to members, counted before it is published. It changes nothing."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from core.tenancy import current_merchant_id
from loyalty.rules.types import Tier

# As `tiers.LIFT` would move them: up to what their progress earns, and never down. Both sides are places in the ladder,
# 0 for none, so that a hundred thousand standings are read once and compared without looking anything up.
WOULD_RISE = """
SELECT count(*) FROM loyalty_standing
WHERE merchant_id = %(merchant)s
  AND width_bucket(progress_minor, %(thresholds)s::bigint[]) > coalesce(array_position(%(ids)s::uuid[], tier_id), 0)
"""


def members_who_would_rise(ladder: Sequence[Tier]) -> int:
    """How many members of the current merchant this ladder, lowest first, would lift. One statement."""
    values: dict[str, Any] = {
        "ids": [UUID(tier.id) for tier in ladder],
        "thresholds": [tier.threshold_minor for tier in ladder],
        "merchant": current_merchant_id(),
    }
    with connection.cursor() as cursor:
        cursor.execute(WOULD_RISE, values)
        row = cursor.fetchone()
    return int(row[0])

"""Standings follow the ladder upwards: when a version comes into force, and once more when that has been told."""

from uuid import UUID

from django.db import connection

from core.models import Event
from core.tenancy import current_merchant_id
from loyalty.models import Programme
from loyalty.versions import version_in_force

# Where a purchase or a cancellation came in between, the progress is not the one that was judged: the next lift sees it.
LIFT = """
WITH due AS (
    SELECT s.id, s.progress_minor,
           (SELECT t.id FROM loyalty_tier t WHERE t.merchant_id = s.merchant_id
              AND t.threshold_minor <= s.progress_minor AND t.id <> ALL (%(seasonal)s) ORDER BY t.threshold_minor DESC LIMIT 1) AS tier_id
    FROM loyalty_standing s WHERE s.merchant_id = %(merchant)s
)
UPDATE loyalty_standing s SET tier_id = due.tier_id, version = s.version + 1
FROM due
LEFT JOIN loyalty_tier new ON new.merchant_id = %(merchant)s AND new.id = due.tier_id
WHERE s.merchant_id = %(merchant)s AND s.id = due.id AND s.tier_id IS DISTINCT FROM due.tier_id
  AND coalesce(new.threshold_minor, -1) > coalesce(
      (SELECT old.threshold_minor FROM loyalty_tier old
       WHERE old.merchant_id = %(merchant)s AND old.id = s.tier_id), -2)
  AND s.progress_minor = due.progress_minor
"""


def lift_standings() -> int:
    """Members whose progress earns a higher tier than they hold get it; nobody goes down but from a removed tier.

    A tier of a season is reached by a purchase in its season, and not by this. Returns how many moved.
    """
    number = Programme.objects.values_list("version", flat=True).get()  # the one whose ladder the table has
    seasonal = [UUID(tier.id) for tier in version_in_force(number).tiers if tier.season]
    with connection.cursor() as cursor:
        cursor.execute(LIFT, {"merchant": current_merchant_id(), "seasonal": seasonal})
        return int(cursor.rowcount)


def lift_after_publishing(_event: Event) -> None:
    """`programme.published`: once more, for those whose purchase or joining was under way while the ladder changed."""
    lift_standings()

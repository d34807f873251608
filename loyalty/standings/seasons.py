"""Tiers of a season that begins: on its first day where the shop is, for those whose progress reaches them.

Whose day it is says the programme (`season_on`). Seasons end as `reviewing` has it.
"""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import connection

from core import tenancy
from core.models import Event
from loyalty.clock import today_there
from loyalty.models import Programme
from loyalty.programme.versions import version_in_force
from loyalty.rules.seasons import season_begins
from loyalty.rules.types import Version
from loyalty.rules.windows import first_look
from loyalty.standings.lifting import progress_in, values_of
from loyalty.standings.telling import tier_changed

AT_ONCE = 1000
# As `Version.tier_held` has it of one member. Where something came in between, the standing is not the one that was read.
BEGIN = """
WITH progress AS ({progress}), due AS (
    SELECT s.id, s.member_id, s.version, s.tier_id AS before, reached.id AS tier_id, running.over
    FROM loyalty_standing s
    JOIN progress p ON p.member_id = s.member_id
    JOIN members_member m ON m.merchant_id = s.merchant_id AND m.id = s.member_id
         AND m.merged_into_id IS NULL AND m.erased_at IS NULL
    LEFT JOIN loyalty_tier held ON held.merchant_id = s.merchant_id AND held.id = s.tier_id
    CROSS JOIN LATERAL (
        SELECT t.id, t.threshold_minor FROM loyalty_tier t
        WHERE t.merchant_id = s.merchant_id AND t.threshold_minor <= p.progress AND t.id <> ALL (%(away)s)
        ORDER BY t.threshold_minor DESC LIMIT 1) reached
    JOIN unnest(%(running)s::uuid[], %(overs)s::date[]) running (id, over) ON running.id = reached.id
    WHERE s.merchant_id = %(merchant)s AND reached.threshold_minor > coalesce(held.threshold_minor, -1)
    ORDER BY s.member_id FOR UPDATE OF s -- as whoever holds several members has them
)
UPDATE loyalty_standing s
SET tier_id = due.tier_id, tier_since = CASE WHEN due.before IS NULL THEN %(today)s ELSE coalesce(s.tier_since, %(today)s) END,
    review_on = due.over, warned_for = NULL, version = s.version + 1
FROM due
WHERE s.merchant_id = %(merchant)s AND s.id = due.id AND s.version = due.version
RETURNING s.member_id, due.tier_id, due.before
"""


def begin_seasons(merchant_id: UUID) -> int:
    """Begin the seasons that are due at one shop. Returns how many members hold another tier by that.

    Repeating it does nothing more.
    """
    with tenancy.scope(merchant_id):
        if not Programme.objects.filter(season_on__lte=today_there()).exists():
            return 0
        # Before any standing, as publishing has it; and no other version comes into force meanwhile.
        programme = Programme.objects.select_for_update().get()
        version = version_in_force(programme.version)  # the one whose ladder the table has
        values = values_of(version)
        today: dt.date = values["today"]
        if programme.season_on is None or programme.season_on > today:
            return 0
        seasonal = [tier for tier in version.tiers if tier.season]
        running = [tier for tier in seasonal if tier.is_there(today)]
        values |= {
            "away": [UUID(tier.id) for tier in seasonal if tier not in running],
            "running": [UUID(tier.id) for tier in running],
            "overs": [first_look(version, tier, today, today) for tier in running],
        }
        query = BEGIN.format(progress=progress_in(version.ladder))
        # Twice: the second is for those to whom something happened meanwhile.
        moved = _begin(query, values, version) + _begin(query, values, version) if running else 0
        Programme.objects.update(season_on=season_begins(version, today))
    return moved


def _begin(query: str, values: dict[str, Any], version: Version) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        moved = cursor.fetchall()
    tiers = {UUID(tier.id): tier for tier in version.tiers}
    told = (tier_changed(member, tiers.get(before), tiers[tier]) for member, tier, before in moved)
    Event.objects.bulk_create(told, batch_size=AT_ONCE)
    return len(moved)

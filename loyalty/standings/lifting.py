"""Standings follow the ladder upwards: when a version comes into force, and once more when that has been told."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from core.models import Event
from core.tenancy import current_merchant_id
from loyalty.clock import today_there, zone_there
from loyalty.models import Programme, Standing
from loyalty.programme.versions import version_in_force
from loyalty.rules.calendar import local_day
from loyalty.rules.ladder import tier_in
from loyalty.rules.tiers import Ladder
from loyalty.rules.types import Version
from loyalty.standings.telling import tier_changed

# Where something came in between, the standing is not the one that was judged: the next lift sees it.
LIFT = """
WITH progress AS ({progress}), due AS (
    SELECT s.id, s.version, new.id AS tier_id, s.tier_id AS before,
           new.id IS NOT NULL AND (old.id IS NOT NULL OR s.tier_id IS NULL) -- not down from one that was removed
               AND m.merged_into_id IS NULL AND m.erased_at IS NULL AS is_lifted
    FROM loyalty_standing s JOIN progress p ON p.member_id = s.member_id
    JOIN members_member m ON m.merchant_id = s.merchant_id AND m.id = s.member_id
    LEFT JOIN LATERAL (
        SELECT t.id, t.threshold_minor FROM loyalty_tier t
        WHERE t.merchant_id = s.merchant_id AND t.threshold_minor <= p.progress AND t.id <> ALL (%(seasonal)s)
        ORDER BY t.threshold_minor DESC LIMIT 1) new ON true
    LEFT JOIN loyalty_tier old ON old.merchant_id = s.merchant_id AND old.id = s.tier_id
    WHERE s.merchant_id = %(merchant)s AND s.tier_id IS DISTINCT FROM new.id
      AND coalesce(new.threshold_minor, -1) > coalesce(old.threshold_minor, -2)
    ORDER BY s.member_id FOR UPDATE OF s -- as whoever holds several members has them
)
UPDATE loyalty_standing s
SET tier_id = due.tier_id, tier_since = %(today)s, review_on = %(review_on)s, warned_for = NULL, version = s.version + 1
FROM due
WHERE s.merchant_id = %(merchant)s AND s.id = due.id AND s.version = due.version
RETURNING s.member_id, due.tier_id, due.before, due.is_lifted
"""
AT_ONCE = 1000  # events in one trip
KEPT = "SELECT member_id, progress_minor AS progress FROM loyalty_standing WHERE merchant_id = %(merchant)s"
KEPT_VISITS = (
    "SELECT member_id, purchases + visits AS progress FROM loyalty_standing WHERE merchant_id = %(merchant)s"
)
COUNTED = """
    SELECT found.member_id, found.progress
    FROM (SELECT array_agg(member_id) AS ids, array_agg(%(today)s::date) AS days FROM loyalty_standing
          WHERE merchant_id = %(merchant)s) everybody,
         LATERAL loyalty_progress(
             %(merchant)s, everybody.ids, everybody.days, %(climbing)s, %(window)s, %(unit)s, %(zone)s) found
"""


def lift_standings() -> int:
    """Members whose progress earns a higher tier than they hold get it; nobody goes down but from a removed tier.

    A tier of a season begins by `seasons`, and not by this. Whoever is lifted, and is somebody still, is told of. Returns how
    many moved.
    """
    number = Programme.objects.values_list("version", flat=True).get()  # the one whose ladder the table has
    version = version_in_force(number)
    with connection.cursor() as cursor:
        cursor.execute(LIFT.format(progress=progress_in(version.ladder)), values_of(version))
        moved = cursor.fetchall()
    tiers = {UUID(tier.id): tier for tier in version.tiers}
    told = (
        tier_changed(member_id, tiers.get(before), tiers[tier_id], why="lifted")
        for member_id, tier_id, before, is_lifted in moved
        if is_lifted
    )
    Event.objects.bulk_create(told, batch_size=AT_ONCE)
    return len(moved)


def look_again(version: Version, *, is_new: bool, raised: Collection[UUID] = ()) -> None:
    """The tiers of this version are others than before, or (`is_new`) its ladder is: whoever holds one is looked at again,
    today where it can be lost. Under a new ladder a tier is held from today on: it is safe for a whole window. So is one of
    those whose threshold was `raised`."""
    may_go = version.ladder.can_lose or any(tier.season for tier in version.tiers)
    if not (may_go or is_new):
        return
    today = today_there()
    anew = {"tier_since": today, "warned_for": None} if is_new else {}
    _held().update(review_on=today if may_go else None, version=F("version") + 1, **anew)
    _held().filter(tier__in=raised).update(tier_since=today, warned_for=None)


def hand_on(before: Version, version: Version) -> None:
    """Whoever holds a tier that is in this version no more holds the one that takes its place, since when it held that."""
    for tier in before.tiers:
        heir = tier_in(version, tier.id, before)
        if heir is not None and heir.id != tier.id:
            gone = UUID(tier.id)
            Standing.objects.filter(tier=gone).update(tier_id=UUID(heir.id), version=F("version") + 1)


def lift_after_publishing(_event: Event) -> None:
    """`programme.published`: once more, for those whose purchase or joining was under way while the ladder changed."""
    lift_standings()
    _look_at_the_newest()


def _look_at_the_newest() -> None:
    """Whoever reached a tier while the ladder changed was judged by the one before: no day was set, or that of another
    ladder. They are looked at today, with all who reached theirs today, for nobody knows which of them it was."""
    version = version_in_force(Programme.objects.values_list("version", flat=True).get())
    today = today_there()
    held = _held()
    if not version.ladder.can_lose:
        held = held.filter(tier__in=[tier.id for tier in version.tiers if tier.season])
    newest = held.filter(Q(review_on=None) | Q(tier_since__gte=today, review_on__gt=today))
    newest.update(review_on=today, version=F("version") + 1)


def progress_in(ladder: Ladder) -> str:
    """SQL for how far everybody is up this ladder today; it takes what `values_of` has."""
    if ladder.counts_all_spend:
        return KEPT
    return KEPT_VISITS if (ladder.climbing, ladder.window) == ("visits", "lifetime") else COUNTED


def values_of(version: Version, zone: str = "") -> dict[str, Any]:
    """Of a version, for SQL. `zone` is the shop's, asked for where it is not given."""
    zone = zone or zone_there()
    today = local_day(timezone.now(), zone)
    return {
        "merchant": current_merchant_id(),
        "seasonal": [UUID(tier.id) for tier in version.tiers if tier.season],
        "today": today,
        "review_on": today if version.ladder.can_lose else None,
        "climbing": version.ladder.climbing,
        "window": version.ladder.window,
        "unit": version.units[0].id,
        "zone": zone,
    }


def _held() -> QuerySet[Standing]:
    """Of everybody who has a tier, and is not somebody else by now, or nobody."""
    return Standing.objects.exclude(tier=None).filter(member__merged_into=None, member__erased_at=None)

"""Tiers that are not earned again: lost on their day where the shop is, after a warning; and seasons, as they begin and end.

Whose day it is says the standing (`review_on`). A purchase, a happening or a refund that finds it due asks first; for members
to whom nothing happens a sweep does. After a silence each day that was due is gone through in its order, so that it comes
to the same.
"""

import logging
from typing import Any
from uuid import UUID

from django.db.models import Exists, F
from django.utils import timezone

from core import tenancy
from core.jobs import jobs_connection
from loyalty.clock import today_there
from loyalty.locking import TooBusy, lock_member
from loyalty.models import Standing
from loyalty.models import Tier as TierRow
from loyalty.programme.publishing import put_due_in_force
from loyalty.programme.versions import version_in_force
from loyalty.rules.calendar import local_day
from loyalty.rules.tiers import Tier
from loyalty.rules.types import Version
from loyalty.rules.windows import Held, Looked, look
from loyalty.standings.climbing import climb_of
from loyalty.standings.seasons import begin_seasons
from loyalty.standings.telling import tier_changed, tier_warned
from members.queries import ids_of

logger = logging.getLogger(__name__)

# Of one shop in one go, some seconds of a worker's: where a new ladder makes everybody due, other shops have their turn too.
MOST_AT_ONCE = 500
MOST_FAILING = (
    20  # of one shop in one go: each may have waited for a lock as long as a lock may be waited for
)
DUE = """
SELECT m.id FROM merchants_merchant m
WHERE EXISTS (SELECT FROM loyalty_standing s
              WHERE s.merchant_id = m.id AND s.review_on <= (%(now)s::timestamptz AT TIME ZONE m.time_zone)::date)
   OR EXISTS (SELECT FROM loyalty_programme p
              WHERE p.merchant_id = m.id AND p.season_on <= (%(now)s::timestamptz AT TIME ZONE m.time_zone)::date)
ORDER BY random()
"""


def review_all(*, most: int = MOST_AT_ONCE) -> int:
    """Look at tiers whose day has come, at every shop and `most` of each, and begin seasons.

    Returns how many members hold another tier, or were warned.

    The others are for the next time. Doing it twice at once does nothing more.
    """
    with jobs_connection() as jobs:
        due = [row[0] for row in jobs.execute(DUE, {"now": timezone.now()})]
    done = 0
    for merchant_id in due:
        try:
            done += review_shop(merchant_id, most=most)
        except Exception:  # the edge: the shops behind this one must not wait for it
            logger.exception("no tier was looked at at merchant %s", merchant_id)
    return done


def review_shop(merchant_id: UUID, *, most: int = MOST_AT_ONCE) -> int:
    """The same at one shop, each member once and in a transaction of its own, whoever's turn chance says.

    Who fails holds up nobody behind; where MOST_FAILING do, the others are for the next time, too.
    """
    put_due_in_force(merchant_id)
    with tenancy.scope(merchant_id):
        due = Standing.objects.filter(review_on__lte=today_there()).order_by("?")
        ids = list(due.values_list("member_id", flat=True)[: most + MOST_FAILING])
    done = looked = failed = 0
    for member_id in ids:
        if looked == most or failed == MOST_FAILING:
            break
        try:
            with tenancy.scope(merchant_id):
                done += review_tier(member_id)
            looked += 1
        except Exception:  # the edge: the members behind this one must not wait for it
            failed += 1
            if failed == 1:
                logger.exception("the tier of member %s was not looked at", member_id)
    if failed > 1:
        logger.error("%s more tiers were not looked at at merchant %s", failed - 1, merchant_id)
    return done + begin_seasons(merchant_id)


def review_first(merchant_id: UUID, member_id: UUID) -> None:
    """For who is about to judge by a tier whose day has come: look at it in a transaction of its own."""
    with tenancy.scope(merchant_id):
        review_tier(member_id)


def review_tier(member_id: UUID) -> bool:
    """Look at a member's tier, if its day has come. Returns whether it was lost, or its member is to be warned.

    Locks the member. Repeating it does nothing more. Raises TooBusy.
    """
    owner_id = lock_member(member_id)
    if owner_id != member_id:  # who was merged has no tier of their own
        Standing.objects.filter(member_id=member_id).update(review_on=None, warned_for=None)
    standing = Standing.objects.select_related("member", "merchant").get(member_id=owner_id)
    zone = standing.merchant.time_zone
    today = local_day(timezone.now(), zone)
    if standing.review_on is None or standing.review_on > today:
        return False
    version = version_in_force()
    tier = version.tier(str(standing.tier_id))
    if tier is None or standing.member.erased_at:
        Standing.objects.filter(id=standing.id).update(review_on=None, warned_for=None)
        return False
    held = Held(tier, standing.tier_since or today, local_day(standing.member.joined_at, zone))
    climb = climb_of(ids_of(standing.member_id), version, zone)
    found = look(held, climb, version, due=standing.review_on, day=today)
    _write(standing, found)
    return _tell(standing, tier, found, version)


def _write(standing: Standing, found: Looked) -> None:
    """Only a tier that is another one makes whoever judged meanwhile judge again. Raises TooBusy."""
    there = Standing.objects.filter(id=standing.id)
    values: dict[str, Any] = {
        "review_on": found.next_on,
        "warned_for": found.warning.on if found.warning else None,
    }
    tier_id = UUID(found.held.tier.id) if found.held else None
    if tier_id != standing.tier_id:
        values |= {"tier_id": tier_id, "version": F("version") + 1}
    if found.held:
        values["tier_since"] = found.held.since
        there = there.filter(
            Exists(TierRow.objects.filter(id=found.held.tier.id))
        )  # publishing takes them away without our lock
    if not there.update(**values):
        raise TooBusy


def _tell(standing: Standing, before: Tier, found: Looked, version: Version) -> bool:
    """One event for what is new: lost, or in danger."""
    tier, warning = found.held.tier if found.held else None, found.warning
    if tier != before:
        tier_changed(standing.member_id, before, tier).save()
        return True
    if warning is None or warning.on in {None, standing.warned_for}:
        return False
    tier_warned(standing.member_id, before, warning, version.ladder).save()
    return True

"""From one tier to another: up to what was reached, and back when what counted is taken away.

In the scope of the merchant.
"""

import datetime as dt
from uuid import UUID

from django.db.models import Exists, F
from django.utils import timezone

from loyalty.locking import TooBusy
from loyalty.models import Happening, Purchase, Standing
from loyalty.models import Tier as TierRow
from loyalty.rules.calendar import local_day
from loyalty.rules.ladder import step_back_within
from loyalty.rules.tiers import Tier
from loyalty.rules.types import Version
from loyalty.rules.windows import first_look
from loyalty.standings.climbing import climb_of, units_in
from members.models import Member
from members.queries import ids_of


def tier_without(
    purchase: Purchase,
    by_minor: int,
    standing: Standing,
    version: Version,
    *,
    zone: str,
    is_noted: bool,
) -> Tier | None:
    """The tier to hold once `by_minor` of a purchase is taken back, by a ladder that is not all spend. One query.

    `standing` is that of the member for whom it counts, read with the member. `is_noted`: it was taken back already, and
    `purchase` is as before.
    """
    joined_on = local_day(standing.member.joined_at, zone)
    climb = climb_of(ids_of(standing.member_id), version, zone)
    day, gone = local_day(purchase.occurred_at, zone), _gone(purchase, by_minor, version)
    held = version.tier(str(standing.tier_id))
    climbs = (climb.plus(day, gone), climb) if is_noted else (climb, climb.plus(day, -gone))
    today = local_day(timezone.now(), zone)
    return step_back_within(held, standing.tier_since or day, version, joined_on, climbs, today=today)


def tier_without_happening(
    happening: Happening, standing: Standing, version: Version, zone: str
) -> Tier | None:
    """The same of what is no purchase, once it is noted that it was taken back."""
    held, ladder = version.tier(str(standing.tier_id)), version.ladder
    units = units_in(happening.reasons, version.units[0].id)
    gone = {"visits": int(happening.trigger == "visit"), "units": units}.get(ladder.climbing, 0)
    if not gone:
        return held
    climb, day = climb_of(ids_of(standing.member_id), version, zone), local_day(happening.occurred_at, zone)
    joined_on, today = (local_day(at, zone) for at in (standing.member.joined_at, timezone.now()))
    climbs = (climb.plus(day, gone), climb)
    return step_back_within(held, standing.tier_since or day, version, joined_on, climbs, today=today)


def look_after(
    standing: Standing, left: Tier | None, version: Version, zone: str
) -> dict[str, dt.date | None]:
    """What to write beside the tier that is `left` where less counts now: when it is looked at again.

    Today where it can be lost: what is left may have become too little before the day that was set.
    """
    today, held = local_day(timezone.now(), zone), str(standing.tier_id or "")
    if held and version.ladder.can_lose:
        return {"review_on": today}
    if held == (left.id if left else ""):
        return {}
    return {"review_on": first_look(version, left, today, local_day(standing.member.joined_at, zone))}


def _gone(purchase: Purchase, by_minor: int, version: Version) -> int:
    """How much less it counts, as `loyalty_steps` has it."""
    climbing = version.ladder.climbing
    is_over = by_minor == purchase.left_minor
    if climbing == "spend":
        return by_minor
    if climbing == "visits":
        return int(is_over)
    gave = units_in(purchase.reasons, version.units[0].id)
    before, after = (
        gave * refunded // purchase.amount_minor
        for refunded in (purchase.refunded_minor, purchase.refunded_minor + by_minor)
    )
    return (gave if is_over else after) - before


def reach_tier(standing: Standing, tier: Tier, version: Version, day: dt.date, member: Member) -> None:
    """Write that the member reached the tier on this day, today or before. The caller has the member's lock. Raises TooBusy.

    Publishing takes tiers away without that lock.
    """
    zone = member.merchant.time_zone
    joined_on, today = (local_day(at, zone) for at in (member.joined_at, timezone.now()))
    there = Standing.objects.filter(Exists(TierRow.objects.filter(id=tier.id)), id=standing.id)
    if not there.update(
        tier_id=UUID(tier.id),
        tier_since=day,
        review_on=first_look(version, tier, day, joined_on, today),
        warned_for=None,
        version=F("version") + 1,
    ):
        raise TooBusy

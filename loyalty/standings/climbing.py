"""How far members are up the ladder: what the standing keeps, or summed up from what happened.

In the scope of the merchant. `loyalty/sql/climbing.sql` says what counts.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from core.tenancy import current_merchant_id
from loyalty.models import Standing
from loyalty.rules.calendar import local_day
from loyalty.rules.climb import Climb, counts_until, first_day
from loyalty.rules.types import Version
from loyalty.rules.windows import keep_by
from members.models import Member
from members.queries import ids_of

PROGRESS = "SELECT member_id, progress FROM loyalty_progress(%s, %s, %s, %s, %s, %s, %s)"
STEPS = """
SELECT member.id, step.day, sum(step.amount)::bigint
FROM unnest(%s::uuid[]) member (id), LATERAL loyalty_steps(%s, member.id, %s, %s, %s, NULL) step
GROUP BY member.id, step.day ORDER BY step.day
"""


def progress_of(standings: Sequence[Standing], version: Version, zone: str, day: dt.date) -> dict[UUID, int]:
    """By member, what the ladder of this version counts on a day: minor units of money, visits, or units.

    One query, and none where the standings themselves know.
    """
    ladder = version.ladder
    if ladder.counts_all_spend:
        return {standing.member_id: standing.progress_minor for standing in standings}
    if ladder.climbing == "visits" and ladder.window == "lifetime":
        return {standing.member_id: standing.purchases + standing.visits for standing in standings}
    return progress_on({standing.member_id: day for standing in standings}, version, zone)


def progress_on(days: Mapping[UUID, dt.date], version: Version, zone: str) -> dict[UUID, int]:
    """The same, counted from what happened, each on a day of their own. One query; none for nobody."""
    if not days:
        return {}
    ladder = version.ladder
    counted = (ladder.climbing, ladder.window, version.units[0].id, zone)
    with connection.cursor() as cursor:
        cursor.execute(PROGRESS, [current_merchant_id(), list(days), list(days.values()), *counted])
        return dict(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class Warned:
    """A tier that is lost unless `short` more of what the ladder counts is added until the end of the day `by`."""

    short: int
    by: dt.date


def late_progress(
    member_id: UUID, joined_at: dt.datetime, day: dt.date, version: Version, zone: str
) -> int | None:
    """What the ladder counts with something that is brought late, of a day before today; None where the day is all one.

    One query, if any.
    """
    today = local_day(timezone.now(), zone)
    if day >= today or version.ladder.window == "lifetime":
        return None
    until = counts_until(version.ladder.window, day, today, local_day(joined_at, zone))
    return progress_on({member_id: until}, version, zone)[member_id]


def warnings_of(
    standings: Sequence[Any], progress: Mapping[UUID, int], version: Version, zone: str, day: dt.date
) -> dict[UUID, Warned]:
    """Of those of these standings, read with `joined_at`, that were warned and have not made it good since.

    `progress` is today's. One query more where twelve rolling months count.
    """
    warned = {each.member_id: each for each in standings if each.warned_for and each.tier_id}
    if version.ladder.window == "rolling_12_months":
        progress = progress_on({id_: each.warned_for for id_, each in warned.items()}, version, zone)
    found = {}
    for member_id, each in warned.items():
        tier = version.tier(str(each.tier_id))
        short = tier.threshold_minor - progress[member_id] if tier else 0
        by = keep_by(version.ladder, each.warned_for, day, local_day(each.joined_at, zone))
        if short > 0 and by >= day:
            found[member_id] = Warned(short, by)
    return found


def climb_of(member_ids: Iterable[UUID], version: Version, zone: str) -> Climb:
    """All that these members, who are one person, ever climbed by the ladder of this version. One query."""
    climb = Climb()
    for _member_id, day, amount in _steps(member_ids, version, zone):
        climb.add(day, amount)
    return climb


def climbs_of(member_ids: Iterable[UUID], version: Version, zone: str) -> dict[UUID, Climb]:
    """The same, of each by itself. One query."""
    climbs = {member_id: Climb() for member_id in member_ids}
    for member_id, day, amount in _steps(climbs, version, zone):
        climbs[member_id].add(day, amount)
    return climbs


def _steps(member_ids: Iterable[UUID], version: Version, zone: str) -> list[tuple[UUID, dt.date, int]]:
    counted = (version.ladder.climbing, version.units[0].id, zone)
    with connection.cursor() as cursor:
        cursor.execute(STEPS, [list(member_ids), current_merchant_id(), *counted])
        return cursor.fetchall()


def progress_together(members: Sequence[Member], version: Version, zone: str, day: dt.date) -> int:
    """What the ladder counts on a day of all of these, as if they were the first of them. One query at most."""
    ids = [member_id for member in members for member_id in ids_of(member.id)]
    first = first_day(version.ladder.window, day, local_day(members[0].joined_at, zone))
    return climb_of(ids, version, zone).between(first, day if first else dt.date.max)


def units_in(reasons: Iterable[Mapping[str, Any]], unit: str) -> int:
    """How many of a unit something gave, by the reasons that are kept beside it."""
    return sum(reason["units"] for reason in reasons if reason.get("unit") == unit)

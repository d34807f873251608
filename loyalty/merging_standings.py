"""Two standings made one, and two again: progress is the sum of purchases, a tier the best of what is earned and held.

The caller holds both standings.
"""

import datetime as dt
import zoneinfo
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, Exists, F, Max, Sum

from loyalty.locking import TRIES_UNDER_LOCK, TooBusy
from loyalty.models import Happening, Merge, Purchase, Standing, Tier
from loyalty.programme import version_in_force
from loyalty.rules.calendar import end_of_day
from loyalty.rules.memory import joined, parted
from loyalty.rules.types import Tier as Rung
from loyalty.rules.types import Version
from members.models import Member
from members.queries import ids_of


def tier_after(tiers: Iterable[Rung | None], progress_minor: int, version: Version) -> Rung | None:
    """The highest of what was held and what the progress earns."""
    known = [tier for tier in (*tiers, version.tier_reached(progress_minor)) if tier is not None]
    return max(known, key=lambda tier: tier.threshold_minor, default=None)


def unite_standings(stays: Member, goes: Member) -> UUID | None:
    """The one who stays has the sum of both and the best tier of both. Returns the tier it held before.

    The other keeps its tier and what is remembered of it, for the day they are parted, and nothing else.
    """
    mine, theirs = (Standing.objects.get(member=member) for member in (stays, goes))
    progress_minor = mine.progress_minor + theirs.progress_minor
    same_day = mine.counted_on == theirs.counted_on
    newest = max((mine, theirs), key=lambda each: each.counted_on or dt.date.min)
    _set(
        mine,
        (mine.tier_id, theirs.tier_id),
        progress_minor=progress_minor,
        purchases=mine.purchases + theirs.purchases,
        last_purchase_at=max(filter(None, (mine.last_purchase_at, theirs.last_purchase_at)), default=None),
        counted_on=newest.counted_on,
        counted=mine.counted + theirs.counted if same_day else newest.counted,
        counted_static=mine.counted_static + theirs.counted_static if same_day else newest.counted_static,
        visits=mine.visits + theirs.visits,
        memory=joined(mine.memory, theirs.memory),
    )
    Standing.objects.filter(id=theirs.id).update(
        progress_minor=0,
        purchases=0,
        last_purchase_at=None,
        counted_on=None,
        counted=0,
        counted_static=0,
        visits=0,
        version=F("version") + 1,
    )
    return mine.tier_id


def part_standings(merge: Merge) -> None:
    """Each has its own purchases again, counted anew, those of its newest day for the limits too; its tier is the higher of what they earn and what it held before."""
    zone = merge.merchant.time_zone
    mine, theirs = (Standing.objects.get(member_id=each) for each in (merge.into_id, merge.merged_id))
    memory = {rule: row for rule, row in parted(mine.memory, theirs.memory).items() if row}
    counted = _counted(ids_of(merge.into_id), zone, mine.counted_static)
    _set(mine, (merge.tier_before,), memory=memory, **counted)
    _set(theirs, (theirs.tier_id,), **_counted([merge.merged_id], zone, mine.counted_static))


def _counted(member_ids: list[UUID], zone: str, most_static: int) -> dict[str, object]:
    """What the purchases that hold add up to. Which of a day's were by a printed code, none of them says: no more than
    there are, and than both had together."""
    holding = Purchase.objects.filter(member_id__in=member_ids, ended_at=None)
    sums = holding.aggregate(
        spent=Sum(F("amount_minor") - F("refunded_minor")), times=Count("id"), last=Max("occurred_at")
    )
    day = sums["last"].astimezone(zoneinfo.ZoneInfo(zone)).date() if sums["last"] else None
    begins = end_of_day(day - dt.timedelta(days=1), zone) if day else None
    today = holding.filter(occurred_at__gte=begins).count() if begins else 0
    return {
        "counted_on": day,
        "counted": today,
        "counted_static": min(most_static, today),
        "visits": Happening.objects.filter(member_id__in=member_ids, trigger="visit").count(),
        "progress_minor": sums["spent"] or 0,
        "purchases": sums["times"],
        "last_purchase_at": sums["last"],
    }


def _set(standing: Standing, held: Iterable[UUID | None], **values: object) -> None:
    """Write a standing with the tier that follows. Publishing may take a tier away meanwhile: then it is judged again."""
    for _again in range(TRIES_UNDER_LOCK):
        version = version_in_force()
        tiers = [version.tier(str(tier_id)) for tier_id in held if tier_id]
        progress_minor = values["progress_minor"]
        assert isinstance(progress_minor, int)
        tier = tier_after(tiers, progress_minor, version)
        there = Standing.objects.filter(id=standing.id)
        if tier is not None:
            there = there.filter(Exists(Tier.objects.filter(id=tier.id)))
        if there.update(tier_id=tier.id if tier else None, version=F("version") + 1, **values):
            return
    raise TooBusy

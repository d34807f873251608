"""Two standings made one, and two again: progress is the sum of purchases, a tier the best of what is earned and held.

The caller holds both standings.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db.models import Count, Exists, F, Max, Sum
from django.utils import timezone

from loyalty.locking import TRIES_UNDER_LOCK, TooBusy
from loyalty.models import Merge, ProgrammeVersion, Purchase, Standing
from loyalty.models import Tier as TierRow
from loyalty.programme.versions import version_in_force
from loyalty.purchases.velocity import on_day, told_of
from loyalty.rules.calendar import end_of_day, local_day
from loyalty.rules.ladder import tier_in
from loyalty.rules.memory import joined, parted
from loyalty.rules.tiers import Tier
from loyalty.rules.types import Version
from loyalty.standings.climbing import progress_together
from members.models import Member
from members.queries import ids_of


def best_tier(tiers: Iterable[Tier | None], progress: int, version: Version, today: dt.date) -> Tier | None:
    """The highest of what was held and what the progress earns today."""
    known = [tier for tier in (*tiers, version.tier_reached(progress, today)) if tier is not None]
    return max(known, key=lambda tier: tier.threshold_minor, default=None)


def unite_standings(stays: Member, goes: Member) -> UUID | None:
    """The one who stays has the sum of both and the best tier of both. Returns the tier it held before.

    The other keeps its tier and what is remembered of it, for the day they are parted, and nothing else.
    """
    mine, theirs = (Standing.objects.get(member=member) for member in (stays, goes))
    zone = stays.merchant.time_zone
    same_day = mine.counted_on == theirs.counted_on
    newest = max((mine, theirs), key=lambda each: each.counted_on or dt.date.min)
    _set(
        mine,
        {theirs.tier_id: theirs.tier_since, mine.tier_id: mine.tier_since},
        [stays, goes],
        zone,
        progress_minor=mine.progress_minor + theirs.progress_minor,
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
        review_on=None,
        warned_for=None,
        version=F("version") + 1,
    )
    return mine.tier_id


def part_standings(merge: Merge) -> None:
    """Each has its own purchases again, counted anew, those of its newest day for the limits too; its tier is the higher of what they earn and what it held before.

    Who was lifted by merging came by that date through the other: the tier below is held from today on.
    """
    zone = merge.merchant.time_zone
    mine, theirs = (Standing.objects.get(member_id=each) for each in (merge.into_id, merge.merged_id))
    memory = {rule: row for rule, row in parted(mine.memory, theirs.memory).items() if row}
    counted = _counted(ids_of(merge.into_id), zone)
    before = _handed_on(merge)
    since = mine.tier_since if mine.tier_id == before else None
    _set(mine, {before: since}, [merge.into], zone, memory=memory, **counted)
    theirs_counted = _counted([merge.merged_id], zone)
    _set(theirs, {theirs.tier_id: theirs.tier_since}, [merge.merged], zone, **theirs_counted)


def _handed_on(merge: Merge) -> UUID | None:
    """The tier that was held before a merge, or the one that has taken its place since, as `lifting.hand_on` has it."""
    were = ProgrammeVersion.objects.filter(withdrawn_at=None, effective_at__lte=timezone.now())
    first = were.filter(effective_at__lte=merge.merged_at).order_by("effective_at", "number").last()
    since = were.filter(effective_at__gt=merge.merged_at).order_by("effective_at", "number")
    held = str(merge.tier_before) if merge.tier_before else ""
    if first is None or not held:
        return merge.tier_before
    before = version_in_force(first.number)
    for number in since.values_list("number", flat=True):
        version = version_in_force(number)
        heir = tier_in(version, held, before)
        held, before = heir.id if heir else held, version
    return UUID(held)


def _counted(member_ids: list[UUID], zone: str) -> dict[str, object]:
    """What the purchases that hold add up to; and of the newest day, what was told by a printed code."""
    holding, told = Purchase.objects.filter(member_id__in=member_ids, ended_at=None), told_of(member_ids)
    sums = holding.aggregate(
        spent=Sum(F("amount_minor") - F("refunded_minor")), times=Count("id"), last=Max("occurred_at")
    )
    printed = told.filter(is_static=True)
    newest = max(
        filter(None, (sums["last"], printed.aggregate(last=Max("occurred_at"))["last"])), default=None
    )
    day = local_day(newest, zone) if newest else None
    begins = end_of_day(day - dt.timedelta(days=1), zone) if day else None
    today = holding.filter(occurred_at__gte=begins) if begins else holding.none()
    by_code = on_day(printed, day, zone).count() if day else 0
    return {
        "counted_on": day,
        "counted": today.count(),
        "counted_static": today.filter(bill__static=True).count() + by_code,
        "visits": told.filter(trigger="visit").count(),
        "progress_minor": sums["spent"] or 0,
        "purchases": sums["times"],
        "last_purchase_at": sums["last"],
    }


def _set(
    standing: Standing,
    held: Mapping[UUID | None, dt.date | None],
    people: Sequence[Member],
    zone: str,
    **values: object,
) -> None:
    """Write a standing with the tier that follows: of those that were `held`, and since when, and of what these people, who
    are one, have climbed. It is looked at again today. Publishing may take a tier away meanwhile: then it is judged again."""
    today = local_day(timezone.now(), zone)
    for _again in range(TRIES_UNDER_LOCK):
        version = version_in_force()
        tiers = [version.tier(str(tier_id)) for tier_id in held if tier_id]
        spent = values["progress_minor"]
        assert isinstance(spent, int)
        is_kept = version.ladder.counts_all_spend
        progress = spent if is_kept else progress_together(people, version, zone, today)
        tier = best_tier(tiers, progress, version, today)
        there = Standing.objects.filter(id=standing.id)
        if tier is not None:
            there = there.filter(Exists(TierRow.objects.filter(id=tier.id)))
        if there.update(
            tier_id=tier.id if tier else None,
            tier_since=(held.get(UUID(tier.id)) if tier else None) or today,
            review_on=today if tier and (tier.season or version.ladder.can_lose) else None,
            version=F("version") + 1,
            **values,
        ):
            return
    raise TooBusy

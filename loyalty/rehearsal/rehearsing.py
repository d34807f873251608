"""Rehearsing a draft: the last ninety days once more, by its rules, beside what was. The books are read, never written.

What is asked for is a row, and so is its result: a worker finds the row, shows how far it is, and may be replaced by
another. A result is JSON:

    {"since", "until": days, "purchases", "happenings", "members": how many were played,
     "units": [{"id", "code", "was", "would": given in the span, "gaining", "losing": {"members", "most": [[id, more]]},
                "baskets": the ten that change most, "liability": {"now", "would"}: units that members have,
                "reach": [{"reward", "cost", "now", "would"}]: members who have enough for it}],
     "tiers": [{"from", "to": names or null, "members"}]}

Members are ids, so that an erased one is nobody there too. Everybody whom it changes is kept beside it, in `changes`.
"""

import datetime as dt
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, Sum
from django.utils import timezone

from core import jobs, tenancy
from loyalty.ledger import statements
from loyalty.models import Rehearsal, Standing
from loyalty.models import Tier as TierRow
from loyalty.programme.drafting import DraftMissing
from loyalty.programme.revisions import newest_revision
from loyalty.rehearsal.replaying import Replay, batches
from loyalty.rules.calendar import end_of_day, local_day
from loyalty.rules.definition import read_definition
from loyalty.rules.types import Version
from loyalty.rules.weighing import moved
from merchants.models import Merchant, StaffMember

logger = logging.getLogger(__name__)

DAYS = 90
LEASE = dt.timedelta(seconds=60)  # a worker that shows no sign for so long is gone
MOST_AT_ONCE = 2  # in the whole house: the other workers are for what cannot wait


class Prize(NamedTuple):
    """What can be had for units: how many of them."""

    name: str
    cost: int


Prizes = Mapping[UUID, Sequence[Prize]]  # by unit, the cheapest first
Move = tuple[str, str | None, str | None]  # a member, and the names of two tiers


def begin_rehearsal(*, merchant: Merchant, actor: StaffMember | None, days: int = DAYS) -> Rehearsal:
    """Ask for the draft to be rehearsed over so many days and today until now. One that is not finished is dropped.

    Raises DraftMissing.
    """
    draft = newest_revision()
    if draft is None:
        raise DraftMissing
    now = timezone.now()
    today = local_day(now, merchant.time_zone)
    since = end_of_day(today - dt.timedelta(days=days + 1), merchant.time_zone)
    Rehearsal.objects.filter(finished_at=None).delete()
    return Rehearsal.objects.create(
        definition=draft.definition, revision=draft.revision, since=since, until=now, asked_by=actor
    )


def newest_rehearsal() -> Rehearsal | None:
    """The one that was asked for last, whatever became of it."""
    return Rehearsal.objects.order_by("-id").first()


def lease_waiting(most: int = MOST_AT_ONCE) -> list[tuple[UUID, UUID, dt.datetime]]:
    """Merchant, rehearsal and when it was leased, of those at which nobody works: so many as make `most` under way.

    Nobody else gets them for the length of a lease.
    """
    return jobs.lease_waiting(Rehearsal._meta.db_table, lease=LEASE, most=most)


def claim(rehearsal_id: UUID, leased_at: dt.datetime | None = None) -> bool:
    """Whether it is the caller's to play: once for each lease. In the merchant's scope."""
    mine = Rehearsal.objects.filter(id=rehearsal_id, finished_at=None, seen_at=leased_at)
    return bool(mine.update(seen_at=timezone.now()))


def rehearse(
    *, merchant: Merchant, rehearsal_id: UUID, prizes: Prizes, leased_at: dt.datetime | None = None
) -> None:
    """Play it and keep the result, if it is still as it was leased. Call it outside any scope. If it was dropped, it stops.

    `prizes` are what the shop offers now.
    """
    with tenancy.scope(merchant.id):
        if not claim(rehearsal_id, leased_at):
            return
        rehearsal = Rehearsal.objects.get(id=rehearsal_id)
        version = read_definition(0, rehearsal.definition)
        replay = Replay(merchant, version, rehearsal.since, rehearsal.until)
        refs = replay.events()
    try:
        for part in batches(refs):
            with tenancy.scope(merchant.id):
                if not _show(rehearsal_id, replay, total=len(refs)):
                    return
                replay.play(part)
        with tenancy.scope(merchant.id):
            replay.end()
            moves = _moves(replay)
            _finish(rehearsal_id, _result(replay, version, prizes, moves), _changes(replay, version, moves))
    except Exception:  # the edge: whoever waits for it is told, and the worker goes on
        logger.exception("rehearsal %s failed", rehearsal_id)
        with tenancy.scope(merchant.id):
            _finish(rehearsal_id, None)


def _show(rehearsal_id: UUID, replay: Replay, *, total: int) -> bool:
    """Whether anybody still waits for it."""
    mine = Rehearsal.objects.filter(id=rehearsal_id, finished_at=None)
    return bool(mine.update(done=replay.done, total=total, seen_at=timezone.now()))


def _finish(rehearsal_id: UUID, result: dict[str, Any] | None, changes: dict[str, Any] | None = None) -> None:
    mine = Rehearsal.objects.filter(id=rehearsal_id, finished_at=None)
    mine.update(finished_at=timezone.now(), result=result, changes=changes, done=F("total"))


def _changes(replay: Replay, version: Version, moves: Sequence[Move]) -> dict[str, Any]:
    return {"units": {unit.id: replay.scale_of(unit.id).members for unit in version.units}, "tiers": moves}


def _result(replay: Replay, version: Version, prizes: Prizes, moves: Sequence[Move]) -> dict[str, Any]:
    zone = replay.merchant.time_zone
    return {
        "since": local_day(replay.since, zone).isoformat(),
        "until": local_day(replay.until, zone).isoformat(),
        "purchases": replay.purchases,
        "happenings": replay.happenings,
        "members": len(replay.lives),
        "units": [
            {"id": unit.id, "code": unit.code} | _unit(replay, unit.id, prizes.get(UUID(unit.id), ()))
            for unit in version.units
        ],
        "tiers": [
            {"from": was, "to": would, "members": members}
            for (was, would), members in Counter(move[1:] for move in moves).most_common()
        ],
    }


def _unit(replay: Replay, unit: str, prizes: Sequence[Prize]) -> dict[str, Any]:
    scale = replay.scale_of(unit)
    accounts = statements.accounts().filter(unit_id=unit)
    alive = F("available") + F("pending") + F("held") - F("debt")
    now = int(accounts.aggregate(sum=Sum(alive))["sum"] or 0)
    reach = []
    if prizes:
        has: Counter[str] = Counter()
        for member_id, available in accounts.values_list("member_id", "available"):
            has[str(replay.recall.owner_of(member_id))] += available
        would = [units + scale.more_of(member) for member, units in has.items()]
        reach = [
            {
                "reward": prize.name,
                "cost": prize.cost,
                "now": sum(units >= prize.cost for units in has.values()),
                "would": sum(units >= prize.cost for units in would),
            }
            for prize in prizes
        ]
    liability = {"now": now, "would": now + scale.would - scale.was}
    return scale.as_json() | {"liability": liability, "reach": reach}


def _moves(replay: Replay) -> list[Move]:
    """Between what members hold now and what they would hold."""
    names = {str(tier_id): name for tier_id, name in TierRow.objects.values_list("id", "name")}
    names |= {tier.id: tier.name for tier in replay.version.tiers}
    held = dict(Standing.objects.values_list("member_id", "tier_id"))
    before = {str(member_id): str(tier_id) if tier_id else None for member_id, tier_id in held.items()}
    after = {str(member_id): tier.id if tier else None for member_id, tier in replay.tiers(held).items()}
    return [
        (member, names.get(was or ""), names.get(would or "")) for member, was, would in moved(before, after)
    ]

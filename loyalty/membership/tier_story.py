"""What became of a member's tier without a purchase: lost, in danger of it, begun with a season; and of what had come with it. As
the audit keeps it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from django.db.models import Q

from core.models import AuditRow
from loyalty.rules.tiers import Climbing
from loyalty.standings.telling import UP, Why

TOLD = Q(name__in=("tier.changed", "tier.warned")) | Q(name="voucher.voided", payload__reason="tier_lost")


@dataclass(frozen=True)
class TierTurn:
    """`tier` is held since, `before` was: names as they were then, each empty where there was none or none is known.

    `voucher`: what came with a tier and was taken back with it, language → what it is called; then there is nothing else.
    `why` is empty of what was told without a cause. `lost_on`: of a warning, the day on which the tier is lost unless
    `short` more of what the ladder counted is added.
    """

    occurred_at: dt.datetime
    tier: str
    before: str = ""
    why: Why | Literal[""] = ""
    lost_on: dt.date | None = None
    short: int = 0
    climbing: Climbing = "spend"
    voucher: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_up(self) -> bool:
        """Whether it is a higher one than before."""
        return self.why in UP


def tier_turns(
    member_ids: Iterable[UUID],
    *,
    since: dt.datetime | None,
    before: dt.datetime | None,
    limit: int,
) -> list[TierTurn]:
    """Newest first, of these members: what happened at `since` or later, and earlier than `before`. One query."""
    rows = AuditRow.objects.filter(TOLD, member_id__in=member_ids)
    if since is not None:
        rows = rows.filter(occurred_at__gte=since)
    if before is not None:
        rows = rows.filter(occurred_at__lt=before)
    return [_read(row) for row in rows.order_by("-occurred_at", "-id")[:limit]]


def _read(row: AuditRow) -> TierTurn:
    told = row.payload
    lost_on = told.get("on")
    return TierTurn(
        row.occurred_at,
        told.get("tier_name") or "",
        told.get("before_name") or "",
        told.get("why", ""),
        dt.date.fromisoformat(lost_on) if lost_on else None,
        told.get("short", 0),
        told.get("climbing", "spend"),
        told.get("names", {}),
    )

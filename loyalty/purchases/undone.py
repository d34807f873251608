"""What went back when something was taken back: kept beside it, told by the event and by the answer."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.ids import public_id
from loyalty import queries
from loyalty.models import Purchase
from members.models import Member


@dataclass(frozen=True)
class Undone:
    """What went back, by unit code: units that are not 0 only. `lost_since`: where the member loses a tier by this, the day of
    what is undone, a day of the shop's: no older voucher can have come by it. None where it loses none.
    """

    taken_back: dict[str, int]
    given_back: dict[str, int]
    lost_since: dt.date | None

    @property
    def moved_down(self) -> bool:
        """Whether the member moved down a tier."""
        return self.lost_since is not None

    @property
    def lost_text(self) -> str | None:
        """That day as an event tells it."""
        return self.lost_since.isoformat() if self.lost_since else None

    @property
    def units_taken_back(self) -> int:
        """All kinds together."""
        return sum(self.taken_back.values())

    @property
    def units_given_back(self) -> int:
        """All kinds together."""
        return sum(self.given_back.values())


def fact_of(purchase: Purchase, undone: Undone, amount_minor: int, actor_id: UUID | None) -> dict[str, Any]:
    """What the event of either tells: how much of the purchase went back, and which units with it."""
    return {
        "purchase": str(purchase.id),
        "member": str(purchase.member_id),
        "amount_minor": amount_minor,
        "taken_back": undone.units_taken_back,
        "given_back": undone.units_given_back,
        "occurred_at": purchase.occurred_at.isoformat(),
        "tier_lost_since": undone.lost_text,
        "actor": str(actor_id) if actor_id else None,
    }


def answer_of(member: Member, undone: Undone) -> dict[str, Any]:
    """What the answers of both tell: whose it is, what went back, and where the member stands now."""
    standing = queries.standing_of(member.id)
    return {
        "member": {"id": public_id("mem", member.id), "name": member.name},
        "taken_back": _units(undone.taken_back),
        "given_back": _units(undone.given_back),
        "balances": standing.balances,
        "tier": standing.tier_answer(),
        "moved_down": undone.moved_down,
        "events": ["points.returned"] * bool(undone.given_back)
        + ["points.taken_back"] * bool(undone.taken_back),
    }


def _units(units: dict[str, int]) -> list[dict[str, Any]]:
    return [{"unit": code, "amount": amount} for code, amount in units.items()]

"""What is answered about rewards: one shape for the API and the stored answer."""

import datetime as dt
import zoneinfo
from typing import Any

from core.ids import public_id
from loyalty import queries
from members.models import Member
from merchants.models import Merchant
from rewards.models import Redemption, Reward


def say_reward(reward: Reward, usable: int | None) -> dict[str, Any]:
    """A reward; with the units that a member could use, also whether it is in reach and how many are missing."""
    said = {
        "id": public_id("rwd", reward.id),
        "name": reward.name,
        "cost": {"unit": reward.unit.code, "amount": reward.cost},
        "left": None if reward.stock is None else reward.stock - reward.taken,
    }
    if usable is None:
        return said
    missing = max(0, reward.cost - usable)
    return said | {"in_reach": missing == 0, "missing": missing}


def say_redemption(redemption: Redemption, member: Member, merchant: Merchant) -> dict[str, Any]:
    """A redemption, and the balances after it of the member for whom it counts today."""
    zone = zoneinfo.ZoneInfo(merchant.time_zone)

    def moment(at: dt.datetime | None) -> str | None:
        return at.astimezone(zone).isoformat(timespec="seconds") if at else None

    return {
        "id": public_id("red", redemption.id),
        "status": redemption.status,
        "reward": {"id": public_id("rwd", redemption.reward_id), "name": redemption.reward.name},
        "member": {"id": public_id("mem", member.id), "name": member.name},
        "cost": {"unit": redemption.reward.unit.code, "amount": redemption.cost},
        "held_until": moment(redemption.held_until),
        "closed_at": moment(redemption.closed_at),
        "balances": queries.standing_of(member.id).balances,
    }

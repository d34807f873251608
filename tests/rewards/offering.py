"""Rewards in the catalogue, for tests that need one: by the verb that pages use."""

from typing import Any
from uuid import UUID

from loyalty.rules.types import Condition
from merchants.models import StaffMember
from rewards.catalogue import offer_reward
from rewards.models import Reward
from rewards.offers import Offer

# One that says something of everything, and that anybody may take any day.
A_BUNCH: dict[str, Any] = {
    "name": "A bunch",
    "cost": 5,
    "terms": {"en": "No roses."},
    "kind": "donation",
    "value": {"to": "The lifeboats", "minor": 100},
    "conditions": (Condition("weekday", {"any": [1, 2, 3, 4, 5, 6, 7]}),),
}


def offered(*, name: str, unit_id: UUID, cost: int, actor: StaffMember | None = None, **said: Any) -> Reward:
    """One that is there for everybody, but for what is said."""
    return offer_reward(
        offer=Offer(**{"names": {"en": name}} | said, unit=str(unit_id), cost=cost), actor=actor
    )


def left(reward: Reward) -> int:
    """How many of them there are still, now."""
    found = Reward.objects.get(id=reward.id)
    assert found.stock is not None  # or there is no end of them
    return found.stock - found.taken

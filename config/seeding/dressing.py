"""What makes a seeded programme one to look at: perks of its tiers, codes on a partner's packets with their sentence, rewards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from core.ids import new_id
from loyalty.codes import batches
from loyalty.programme import publishing
from loyalty.programme.versions import version_in_force
from loyalty.rules.editing import with_rule
from loyalty.rules.tiers import Perk
from loyalty.rules.types import Condition, Rule, Version
from merchants.models import Merchant
from rewards.catalogue import offer_reward
from rewards.kinds import RewardKind
from rewards.offers import Offer, Status

Words = Mapping[str, str]  # language → text


@dataclass(frozen=True, slots=True)
class Packet:
    """Codes that a partner prints: so many, so many units each."""

    name: str
    source: str
    size: int
    units: int


@dataclass(frozen=True, slots=True)
class Ticket:
    """A reward for so many of the programme's first unit; money in cents. `tier` names the one that it is for, if not for all."""

    names: Words
    cost: int
    kind: RewardKind
    value: Mapping[str, Any] = field(default_factory=dict)
    terms: Words = field(default_factory=dict)
    cost_minor: int = 0
    price_minor: int = 0
    stock: int | None = None
    tier: str = ""
    most: int = 0
    status: Status = "live"


def offer_rewards(tickets: Sequence[Ticket]) -> None:
    """In their order. In the merchant's scope, its tiers made."""
    version = version_in_force()
    tiers = {tier.name: tier.id for tier in version.tiers}
    for ticket in tickets:
        asked = (Condition("tier", {"any": [tiers[ticket.tier]]}),) if ticket.tier else ()
        offer = Offer(
            names=ticket.names,
            unit=version.units[0].id,
            cost=ticket.cost,
            terms=ticket.terms,
            kind=ticket.kind,
            value=ticket.value,
            conditions=asked,
            stock=ticket.stock,
            most=ticket.most,
            cost_minor=ticket.cost_minor,
            price_minor=ticket.price_minor,
            status=ticket.status,
        )
        offer_reward(offer=offer, actor=None)


def dress_programme(*, merchant: Merchant, perks: Mapping[str, Sequence[Words]], packet: Packet) -> None:
    """Publish the perks (by the names of their tiers) and the sentence of the packet, and make its codes. In the
    merchant's scope.
    """

    def change(version: Version) -> Version:
        tiers = (
            replace(tier, perks=tuple(Perk("text", words) for words in perks.get(tier.name, ())))
            for tier in version.tiers
        )
        given = Rule(
            str(new_id()),
            "code",
            version.units[0].id,
            packet.units,
            gives="flat",
            conditions=(Condition("batch", {"any": [packet.name]}),),
        )
        return with_rule(replace(version, tiers=tuple(tiers)), given)

    batches.make_batch(
        asked=batches.NewBatch(name=packet.name, source=packet.source, size=packet.size, per_member=5),
        actor_id=None,
    )
    publishing.change_programme(merchant=merchant, change=change, actor=None)

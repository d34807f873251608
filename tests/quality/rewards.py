"""Rewards for the pages that show some: for everybody, asking for much, a draft; and one that waits to be handed over."""

import datetime as dt
from uuid import UUID

import orjson
import pytest

from core.ids import new_id, read_id
from loyalty.programme.versions import version_in_force
from loyalty.rules.types import Condition
from rewards import taking
from rewards.models import Reward
from tests.rewards.offering import offered
from tests.world import World

HELD_FOR = dt.timedelta(days=7)  # a run of browsers, and a house that is kept, last longer than a queue
PASTRY = {"en": "A pastry, on the house", "fr": "Une pâtisserie offerte"}


def some_rewards(world: World) -> tuple[UUID, UUID]:
    """The one that asks for much, and what Mia took; in the shop's scope. A house that is kept has them already."""
    made = {reward.names.get("en"): reward for reward in Reward.objects.all()}
    if PASTRY["en"] not in made:
        _for_the_desk()
        _for_the_card()
        made = {reward.names.get("en"): reward for reward in Reward.objects.all()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(taking, "HELD_FOR", HELD_FOR)
        taken = taking.take_reward(
            merchant=world.aroma,
            reward_id=made["A pain au chocolat"].id,
            member_id=world.mia.id,
            key=new_id(),
            actor_id=None,
        )
    return made[PASTRY["en"]].id, read_id("red", orjson.loads(taken.body)["id"])


def _for_the_desk() -> None:
    version = version_in_force()
    unit, gold = UUID(version.units[0].id), version.tiers[-1].id
    offered(
        name="A coffee, on the house",
        unit_id=unit,
        cost=1500,
        cost_minor=60,
        price_minor=280,
        kind="free_product",
    )
    offered(name="Ten off", unit_id=unit, cost=5000, kind="amount_off", value={"minor": 1000}, status="draft")
    offered(
        name="A pastry, on the house",
        names=PASTRY,
        unit_id=unit,
        cost=3000,
        costs={gold: 2500},
        stock=40,
        most_in=1,
        period="week",
        cost_minor=120,
        price_minor=420,
        terms={"en": "Not on market days. One a table.", "fr": "Pas les jours de marché. Une par table."},
        conditions=(Condition("weekday", {"any": [2, 3, 4]}), Condition("tier", {"any": [gold]})),
    )


def _for_the_card() -> None:
    unit = UUID(version_in_force().units[0].id)
    offered(
        name="A pain au chocolat",
        names={"en": "A pain au chocolat", "fr": "Un pain au chocolat"},
        unit_id=unit,
        cost=120,
        kind="free_product",
        terms={
            "en": "Baked in the morning, as long as there are some.",
            "fr": "Cuits le matin, tant qu’il y en a.",
        },
    )
    offered(
        name="A bag of beans",
        names={"en": "A bag of beans", "fr": "Un paquet de café"},
        unit_id=unit,
        cost=300,
        stock=3,
        kind="gift",
    )
    offered(
        name="Breakfast for two",
        names={"en": "Breakfast for two", "fr": "Le petit-déjeuner pour deux"},
        unit_id=unit,
        cost=1500,
        seen_from=100,
        kind="experience",
        conditions=(Condition("weekday", {"any": [6, 7]}),),
    )

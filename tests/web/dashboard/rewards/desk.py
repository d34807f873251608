"""Rewards at Aroma's desk, for tests: some that are there, and the forms that change them."""

import re
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.test import Client

from core import tenancy
from loyalty.programme.versions import version_in_force
from merchants.models import Merchant
from rewards.catalogue import all_rewards
from rewards.models import Reward
from tests.rewards.offering import offered
from tests.web.desk import HOME, text_of

REWARDS = f"{HOME}rewards/"


def a_reward(merchant: Merchant, name: str = "A coffee", cost: int = 150, **said: Any) -> Reward:
    """One that is offered, but for what is said."""
    with tenancy.scope(merchant.id):
        return offered(name=name, unit_id=UUID(version_in_force().units[0].id), cost=cost, **said)


def rewards_of(merchant: Merchant) -> list[Reward]:
    """All there are, in the shop's order."""
    with tenancy.scope(merchant.id):
        return list(all_rewards())


def now(reward: Reward) -> Reward:
    """As it is kept now."""
    assert reward.merchant_id
    with tenancy.scope(reward.merchant_id):
        return Reward.objects.get(id=reward.id)


def seen(client: Client, reward: Reward, field: str) -> str:
    """The mark of what the page shows beside this blank."""
    found = re.search(
        r'name="seen" value="(\w+)"', text_of(client.get(f"{REWARDS}{reward.id}/?blank={field}"))
    )
    assert found, field
    return found[1]


def fill_in(client: Client, reward: Reward, field: str, **said: str) -> HttpResponse:
    """Fill in a blank, as the page asks to, and look at what comes back."""
    path = f"{REWARDS}{reward.id}/blanks/{field}/"
    return client.post(path, said | {"seen": said.get("seen") or seen(client, reward, field)}, follow=True)  # type: ignore[return-value]

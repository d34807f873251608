"""What there is for units: offered, found, counted."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core import events
from core.errors import DomainError
from core.text import read_text
from loyalty.models import Unit
from loyalty.programme import LARGEST_AWARD
from merchants.models import StaffMember
from merchants.onboarding import NameMissing
from rewards.models import Reward


class RewardUnknown(DomainError):
    """No such reward of this merchant's."""

    code = "reward_not_found"
    message = _("There is no such reward.")


class CostOutOfRange(DomainError):
    """For nothing, or for more than anyone has."""

    code = "cost_out_of_range"
    message = _("A reward costs between 1 and %(largest)d.")
    field = "cost"


def offer_reward(
    *, name: str, unit_id: UUID, cost: int, stock: int | None, actor: StaffMember | None
) -> Reward:
    """A new reward, to be taken from now on. Raises NameMissing, TextTooLong, CostOutOfRange."""
    name = read_text(name, limit=80, field="name")
    if not name:
        raise NameMissing
    if not 1 <= cost <= LARGEST_AWARD:
        raise CostOutOfRange(largest=LARGEST_AWARD)
    reward = Reward.objects.create(name=name, unit=Unit.objects.get(id=unit_id), cost=cost, stock=stock)
    events.record("reward.offered", {"reward": str(reward.id), "actor": str(actor.id) if actor else None})
    return reward


def live_rewards() -> QuerySet[Reward]:
    """What can be taken, the cheapest first."""
    return Reward.objects.filter(live=True).select_related("unit").order_by("cost", "id")


def costs_by_unit() -> dict[UUID, list[int]]:
    """What live rewards cost, by unit, the lowest first."""
    found: dict[UUID, list[int]] = {}
    for unit_id, cost in (
        Reward.objects.filter(live=True).order_by("cost", "id").values_list("unit_id", "cost")
    ):
        found.setdefault(unit_id, []).append(cost)
    return found


def find_reward(reward_id: UUID) -> Reward:
    """Raises RewardUnknown."""
    reward = Reward.objects.select_related("unit").filter(id=reward_id).first()
    if reward is None:
        raise RewardUnknown
    return reward

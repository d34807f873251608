"""A voucher for the stage: see `stage`."""

from uuid import UUID

from members.models import Member
from merchants.models import Merchant
from rewards.models import Crossing, Reward
from rewards.voucher_codes import code_of
from rewards.vouchers import give_voucher


def voucher_for(member: Member, reward: Reward, merchant: Merchant, actor_id: UUID) -> tuple[UUID, str]:
    """The id and the code of a new one, which came by a crossing. In the merchant's scope."""
    given = give_voucher(reward, member, merchant, actor_id=actor_id)
    assert given.serial is not None  # it is a voucher
    Crossing.objects.create(member=member, reward=reward, ordinal=0)
    return given.id, code_of(merchant.id, given.serial)

"""Whether a free product fits the bill on which it is used: too few of it there, and it is refused with what is missing."""

from uuid import UUID

from core import tenancy
from loyalty.programme.versions import version_in_force
from merchants.models import Merchant
from rewards.basket import Freed
from rewards.declines import BasketShort
from rewards.models import Redemption
from rewards.pieces import free_product_of, freed_on
from rewards.saying import name_of, reader_of
from rewards.wording import say_missing


def refuse_short(redemption: Redemption, purchase_id: UUID | None, merchant: Merchant) -> Freed | None:
    """Which piece is free, as `freed_on` has it. Declines with BasketShort."""
    freed, value = freed_on(redemption, purchase_id, merchant), free_product_of(redemption)
    if freed and value and freed.missing:
        with tenancy.scope(merchant.id):
            why = say_missing(value, freed.missing, reader_of(merchant, version_in_force()))
        raise BasketShort(name=name_of(redemption), why=why, member_id=redemption.member_id)
    return freed

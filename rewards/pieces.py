"""Which piece is free where a free product is used on a purchase of which the items were told."""

from typing import Any
from uuid import UUID

from core import tenancy
from core.money import decimal_text
from loyalty.models import Purchase
from loyalty.purchases.telling import bill_of
from merchants.models import Merchant
from rewards.basket import Freed, freed_of
from rewards.kinds import FreeProduct, read_value
from rewards.models import Redemption


def free_product_of(redemption: Redemption) -> FreeProduct | None:
    """What was taken, where it is a free product."""
    value = read_value(redemption.what["kind"], redemption.what["value"])
    return value if isinstance(value, FreeProduct) else None


def freed_on(redemption: Redemption, purchase_id: UUID | None, merchant: Merchant) -> Freed | None:
    """What of that purchase is free, or missing; None of anything but a free product, and where nobody told what was bought:
    whoever hands over sees it. No query but for a free product on a purchase.
    """
    value = free_product_of(redemption)
    if purchase_id is None or value is None:
        return None
    with tenancy.scope(merchant.id):
        items = Purchase.objects.filter(id=purchase_id).values_list("items", flat=True).first()
        return freed_of(value, bill_of({}, items, merchant.currency).items) if items else None


def piece_answer(freed: Freed | None, currency: str) -> dict[str, Any] | None:
    """One piece of an item, as the API tells it: each is None that was not told."""
    if freed is None or freed.item is None:
        return None
    amount = decimal_text(freed.minor, currency) if freed.minor else None
    return {"sku": freed.item.sku or None, "category": freed.item.category or None, "amount": amount}

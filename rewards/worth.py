"""What a reward is to a shop, in money: what one costs it, what a member would pay, what lies between. Pure; minor units."""

from rewards.kinds import AmountOff, Credit, Donation, read_value
from rewards.offers import Offer


def shop_cost(offer: Offer) -> int:
    """What one costs the shop: as it says; else what it gives in money; 0 where nobody said."""
    return offer.cost_minor or _in_money(offer)


def member_price(offer: Offer) -> int:
    """What a member would pay for it: as the shop says; else what it takes off in money; 0 where nobody said."""
    return offer.price_minor or _in_money(offer)


def margin_percent(offer: Offer) -> int | None:
    """How much of what a member would pay the shop does not pay itself: (price - cost) / price. None where it did not say both."""
    cost, price = offer.cost_minor, member_price(offer)
    return round(100 * (price - cost) / price) if cost and price else None


def _in_money(offer: Offer) -> int:
    match read_value(offer.kind, offer.value):
        case AmountOff(minor) | Donation(_, minor):
            return minor
        case Credit(_, amount):
            return amount
        case _:
            return 0

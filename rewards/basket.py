"""What a free product is on one bill: which piece of what was bought, and how many are missing where there are too few. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from loyalty.rules.basis import GIFT_CARD
from loyalty.rules.facts import Item
from rewards.kinds import FreeProduct


@dataclass(frozen=True, slots=True)
class Freed:
    """One piece of `item`, for `minor` less; None where `missing` more would have to be bought.

    `minor` is 0 where no price was told.
    """

    item: Item | None = None
    minor: int = 0
    missing: int = 0


def freed_of(value: FreeProduct, items: Sequence[Item]) -> Freed:
    """The cheapest piece of those that it is about, once there are `of` of them; of equal ones that of the first line.

    What costs nothing is a gift already, unless nothing that it is about has a price. A gift card is no product.
    """
    about = [item for item in items if _is_about(value, item)]
    lines = [item for item in about if item.amount_minor > 0] or about
    pieces = sum(item.quantity for item in lines)
    if pieces < value.of:
        return Freed(missing=value.of - pieces)
    cheapest = min(lines, key=_of_one)
    return Freed(cheapest, _of_one(cheapest))


def _is_about(value: FreeProduct, item: Item) -> bool:
    names = {item.category, item.sku} - {""}
    if item.amount_minor < 0 or GIFT_CARD in names:
        return False
    return not value.any or bool(names & set(value.any))


def _of_one(item: Item) -> int:
    """The price of one piece, rounded down: no more is given than one costs."""
    return item.amount_minor // item.quantity

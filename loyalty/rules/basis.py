"""Which part of a bill counts for a rule: without tax, tips or what was paid in units, of some products only."""

from loyalty.rules.facts import Bill, Facts, Item
from loyalty.rules.types import WHOLE_BILL, Basis

GIFT_CARD = "gift_card"  # earns nothing when it is sold, for it earns when it is spent


def counted_minor(basis: Basis, facts: Facts, within: Basis = WHOLE_BILL) -> int:
    """What of the purchase counts, in minor units; never below zero, and at most the amount plus what was taken off.

    Where only some lines count, tax, discount and the part paid in units are theirs in proportion, rounded down. Of the
    lines, those count that `within` counts too.
    """
    bill = facts.bill
    goods = counted = facts.amount_minor - bill.tip_minor
    if not basis.tax:
        counted -= bill.tax_minor
    if not basis.paid_in_units:
        counted -= bill.paid_in_units_minor
    if basis.discount:
        counted += bill.discount_minor
    only_some = basis.only or within.only
    if bill.items:
        part, whole = _lines(basis, within, bill, goods)
        counted = counted * part // whole if whole else 0
    elif only_some:
        return 0  # nobody said what was bought
    if basis.tip and not only_some:
        counted += bill.tip_minor
    return max(0, counted)


def counts(basis: Basis, item: Item) -> bool:
    """Whether this line of a bill counts."""
    names = {item.category, item.sku}
    if GIFT_CARD in names or names & basis.without:
        return False
    return not basis.only or bool(names & basis.only)


def has_only_gift_cards(bill: Bill) -> bool:
    """Whether a bill says what was bought, and that was gift cards."""
    return bool(bill.items) and all(GIFT_CARD in (item.category, item.sku) for item in bill.items)


def _lines(basis: Basis, within: Basis, bill: Bill, goods: int) -> tuple[int, int]:
    """What the lines that count are together, and of how much.

    Prices may be with tax or without. Lines that cost more than what was paid had something taken off, from all of them
    alike, as has a line below zero without a name. What no line explains counts, unless only some products do.
    """
    named = [item for item in bill.items if item.amount_minor > 0 or item.category or item.sku]
    whole = max(goods - bill.tax_minor, sum(item.amount_minor for item in named), 0)
    counting = [counts(basis, item) and counts(within, item) for item in named]
    some = bool(basis.only or within.only)
    part = sum(item.amount_minor for item, yes in zip(named, counting, strict=True) if yes == some)
    return min(whole, max(0, part if some else whole - part)), whole

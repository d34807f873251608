"""Which part of a bill counts for a rule: without tax, tips or what was paid in units, of some products only."""

from loyalty.rules.facts import Bill, Facts, Item
from loyalty.rules.types import Basis

GIFT_CARD = "gift_card"  # earns nothing when it is sold, for it earns when it is spent


def counted_minor(basis: Basis, facts: Facts) -> int:
    """What of the purchase counts, in minor units; never below zero, and at most the amount plus what was taken off.

    Where only some lines count, tax, discount and the part paid in units are theirs in proportion, rounded down.
    """
    bill = facts.bill
    goods = facts.amount_minor - bill.tip_minor
    counted = goods - _left_out(basis, bill)
    if bill.items:
        lines = sum(item.amount_minor for item in bill.items if counts(basis, item))
        if basis.only:
            counted = counted * lines // goods if goods > 0 else 0
        else:
            others = sum(item.amount_minor for item in bill.items) - lines
            counted = counted * max(0, goods - others) // goods if goods > 0 else 0
    elif basis.only:
        return 0  # nobody said what was bought
    return max(0, counted + (bill.tip_minor if basis.tip and not basis.only else 0))


def counts(basis: Basis, item: Item) -> bool:
    """Whether this line of a bill counts."""
    names = {item.category, item.sku}
    if GIFT_CARD in names or names & basis.without:
        return False
    return not basis.only or bool(names & basis.only)


def _left_out(basis: Basis, bill: Bill) -> int:
    tax = 0 if basis.tax else bill.tax_minor
    units = 0 if basis.paid_in_units else bill.paid_in_units_minor
    return tax + units - (bill.discount_minor if basis.discount else 0)

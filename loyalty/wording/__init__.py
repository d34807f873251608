"""The programme in words, in the reader's language: rules, reasons, changes, entries of the books.

    say_rule(rule, version, "en", places)      "Double points on Saturdays before 11:00, at Rue Cler"
    say_reason(reason, "EUR", "en", version)   "€3.00 short of “Lunch bonus”"
    say_climbed(3, version, "en")              "€3", "3 visits", "3 points": what the ladder counts
    say_change(difference, before, after, "en")  "Silver: from €250 instead of €300"

`places` are names of locations by their id; without them a rule for some is for "chosen addresses". It asks no database.
"""

from loyalty.wording.balances import say_all, say_expiring, say_moved, say_others, say_owed
from loyalty.wording.changes import say_change
from loyalty.wording.entries import say_debt, say_entry, say_own_debt
from loyalty.wording.numbers import say_figure, say_multiplier, say_number, say_units, unit_name
from loyalty.wording.policies import say_climbed, say_counted, say_keeping
from loyalty.wording.reasons import say_reason
from loyalty.wording.rules import say_rule

__all__ = [
    "say_all",
    "say_change",
    "say_climbed",
    "say_counted",
    "say_debt",
    "say_entry",
    "say_expiring",
    "say_figure",
    "say_keeping",
    "say_moved",
    "say_multiplier",
    "say_number",
    "say_others",
    "say_owed",
    "say_own_debt",
    "say_reason",
    "say_rule",
    "say_units",
    "unit_name",
]

"""What the engine is told: what happened, to whom, and what is remembered of both. Money in minor units."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from loyalty.rules.types import Trigger

# Where no moment matters. The engine has no clock: whoever judges by days and hours says when it happened.
NO_MOMENT = dt.datetime(2000, 1, 1, 12, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a bill. `amount_minor` is for all `quantity` of it; names of products and categories in small letters."""

    amount_minor: int
    quantity: int = 1
    sku: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class Bill:
    """What of an amount is what. Tax, tip and the part paid in units are within it; the discount is off it already."""

    tax_minor: int = 0
    tip_minor: int = 0
    discount_minor: int = 0
    paid_in_units_minor: int = 0
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Who:
    """What rules may ask about a member. `visits` are those before this one; the first to join has `ordinal` 1.

    `segments` are the tags that staff gave; the others follow from the rest: see `segments.py`.
    """

    visits: int = 0
    ordinal: int = 0
    joined_on: dt.date | None = None
    birthday: dt.date | None = None
    last_on: dt.date | None = None  # the day of the newest purchase before this
    segments: frozenset[str] = frozenset()


NOBODY_KNOWN = Who()
NO_BILL = Bill()


@dataclass(frozen=True, slots=True)
class Facts:
    """What happened. `amount_minor` is 0 where nothing was bought.

    `moment` is by the shop's own clocks; `today` the day on which it is told, where that is a later one. `memory` is what `memory.py` keeps of the member, `budgets` what all members
    together had of a rule: (rule, period's key) → (units, times). `draw` is what chance is drawn from: the same for
    the same event, unknown before it.
    """

    trigger: Trigger
    amount_minor: int = 0
    tier_id: str | None = None
    progress_minor: int = 0
    moment: dt.datetime = NO_MOMENT
    today: dt.date | None = None
    bill: Bill = NO_BILL
    who: Who = NOBODY_KNOWN
    location: str = ""
    channel: str = ""
    payment: str = ""
    name: str = ""  # of a custom event, a code's batch, an occasion
    staff: str = ""  # who told it: a staff member or an API key; nobody, where it happens by itself
    draw: str = ""
    memory: Mapping[str, Any] = field(default_factory=dict)
    budgets: Mapping[tuple[str, str], tuple[int, int]] = field(default_factory=dict)

    @property
    def triggers(self) -> tuple[Trigger, ...]:
        """Of which rules are set off."""
        return ("purchase", "visit") if self.trigger == "purchase" else (self.trigger,)

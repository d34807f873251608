"""What a published programme says. Amounts of money are minor units, awards whole units, ids plain text."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from loyalty.rules.limits import Limits
from loyalty.rules.tiers import LADDER, Ladder, Tier

NO_LIMITS = Limits()

# What sets a rule off. A purchase is a visit too: it sets off the rules of both.
Trigger = Literal[
    "purchase",
    "visit",
    "joining",
    "profile",
    "birthday",
    "anniversary",
    "referrer",
    "friend",
    "review",
    "newsletter",
    "survey",
    "share",
    "attendance",
    "code",
    "custom",
    "gift",
]
# What a rule gives. `badge` gives none of a unit, but its name.
Gives = Literal["per_amount", "per_item", "flat", "share", "multiplier", "badge"]
Period = Literal["day", "week", "month", "ever"]
Counted = Literal["units", "times"]
Rounding = Literal["down", "half_up", "up"]
# Of several multipliers on one purchase, the highest counts, or what each adds to the single amount is added up.
Stacking = Literal["best", "sum"]
# Credit is money: one of it is a minor unit of the programme's currency.
UnitKind = Literal["points", "stamps", "credit"]
# When units die that nobody used: so many days or months after they were given, at the end of the month, quarter or year
# in which so many months are over, or so many days after their member's last visit.
Expiring = Literal["never", "days", "months", "end_of_month", "end_of_quarter", "end_of_year", "inactivity"]
# When units can be used: at once, from the day on that is so many days later, or once somebody says so.
Vesting = Literal["at_once", "days", "on_confirmation"]
# What a refund takes of what the purchase gave: only what is still to vest, what the member still has, or all of it, and
# what is used already is owed.
Returns = Literal["only_pending", "within_balance", "debt"]


@dataclass(frozen=True, slots=True)
class Expiry:
    """When units die. `count` are months after the day on which they were given; days for "days" and "inactivity"."""

    kind: Expiring = "never"
    count: int = 0


@dataclass(frozen=True, slots=True)
class Worth:
    """What units are worth where one pays with them: "100 points = €5" is 100 and 500."""

    units: int
    minor: int


NEVER = Expiry()


@dataclass(frozen=True, slots=True)
class Unit:
    """What is counted; `names` is language → (singular, plural). `vesting_days` are of the vesting by days."""

    id: str
    code: str
    names: Mapping[str, tuple[str, str]]
    kind: UnitKind = "points"
    expiry: Expiry = NEVER
    vesting: Vesting = "at_once"
    vesting_days: int = 0
    worth: Worth | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must hold. `kind` is a name in `conditions.CONDITIONS`, `given` what that one asks for."""

    kind: str
    given: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Basis:
    """Which part of a bill counts. Gift cards never do: they earn when they are spent.

    `only` and `without` name categories or products, in small letters; of a line in `without` nothing counts.
    """

    tax: bool = True
    tip: bool = False
    discount: bool = False  # whether what was taken off counts, as if it had been paid
    paid_in_units: bool = False
    only: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Quota:
    """How much of a rule may be given in a period of the shop's calendar: to one member, to all, or by each of the staff."""

    most: int
    counted: Counted
    period: Period
    whose: Literal["member", "programme", "staff"] = "member"


@dataclass(frozen=True, slots=True)
class Goal:
    """The rule gives at every `times`-th match within one period; or, `in_a_row`, when so many periods without a gap have a
    match each, and then the row begins again.
    """

    times: int
    period: Period
    in_a_row: bool = False


WHOLE_BILL = Basis()


@dataclass(frozen=True)  # without slots: what follows from a rule is worked out once, not at each purchase
class Rule:
    """When this happens, award that.

    `amount` units: for each whole `per_minor` of the basis, for each item from the `from_item`-th, or once. A share is
    `basis_points` of the basis, in hundredths of a percent; a multiplier makes what others give for the purchase
    `percent` / 100 times as much.
    """

    id: str
    trigger: Trigger
    unit: str
    amount: int = 0
    per_minor: int = 0
    gives: Gives = "per_amount"
    basis_points: int = 0
    percent: int = 100
    from_item: int = 1
    multiplied: bool = False  # whether multipliers count for it, the tier's and those of rules
    conditions: tuple[Condition, ...] = ()
    quotas: tuple[Quota, ...] = ()
    goal: Goal | None = None
    most_at_once: int = 0  # units for one purchase or event; 0 is no limit
    pause_minutes: int = 0  # between two awards of it to one member, or two matches where it has a goal
    basis: Basis = WHOLE_BILL
    rounding: Rounding = "down"
    keeps_change: bool = False  # what is too little for a unit is kept for the next time
    names: Mapping[str, str] = field(default_factory=dict)  # language → what the merchant calls it
    active: bool = True  # one that is switched off is not asked

    @cached_property
    def chance(self) -> Condition | None:
        """By which it is drawn who gets it, if it is. An undo puts back what was drawn: nobody tries twice."""
        return next((condition for condition in self.conditions if condition.kind == "chance"), None)

    @cached_property
    def remembers(self) -> bool:
        """Whether what it gives leaves something behind: in the member's memory, in a budget, on the card."""
        return bool(
            self.keeps_change
            or self.quotas
            or self.goal
            or self.pause_minutes
            or self.gives == "badge"
            or self.chance
        )

    @cached_property
    def periods_had(self) -> Sequence[Period]:
        """Those under which a member's memory counts what it gave: a row begins again after an award, a badge is had for good."""
        periods = {quota.period for quota in self.quotas if quota.whose == "member"}
        if self.goal and self.goal.in_a_row:
            periods.add(self.goal.period)
        if self.gives == "badge":
            periods.add("ever")
        return tuple(periods)


@dataclass(frozen=True, slots=True)
class Version:
    """A published programme, whole: what purchases are judged by. Tiers stand lowest first."""

    number: int
    name: str
    currency: str
    units: tuple[Unit, ...]
    rules: tuple[Rule, ...]
    tiers: tuple[Tier, ...]
    limits: Limits = NO_LIMITS
    stacking: Stacking = "best"
    ladder: Ladder = LADDER
    returns: Returns = "debt"
    least_in_money_minor: int = 0  # of each bill, where units pay for the rest

    def unit(self, unit_id: str) -> Unit | None:
        """The unit of that id, if this version has it."""
        return next((unit for unit in self.units if unit.id == unit_id), None)

    def rule(self, rule_id: str) -> Rule | None:
        """The rule of that id, if this version has it."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)

    def tier(self, tier_id: str | None) -> Tier | None:
        """The tier of that id, if this version has it."""
        return next((tier for tier in self.tiers if tier.id == tier_id), None)

    def tier_reached(self, progress_minor: int, *days: dt.date) -> Tier | None:
        """The highest tier within reach of this progress, and there on each of these days; on none, it is one of no season."""
        near = (tier for tier in reversed(self.tiers) if tier.threshold_minor <= progress_minor)
        return next((tier for tier in near if all(map(tier.is_there, days or (None,)))), None)

    def tier_held(self, tier_id: str | None, progress_minor: int, *days: dt.date) -> Tier | None:
        """On the last of these days, the tier of that id; where its season is over, or that of a higher one has begun, the
        one that is reached: it is there on all of them."""
        tier, reached = self.tier(tier_id), self.tier_reached(progress_minor, *days)
        if tier and not tier.is_there(days[-1]):
            return reached
        floor = tier.threshold_minor if tier else -1
        return reached if reached and reached.season and reached.threshold_minor > floor else tier

    def tier_after(self, tier: Tier | None) -> Tier | None:
        """The next tier above, or None at the top."""
        floor = -1 if tier is None else tier.threshold_minor
        return next((other for other in self.tiers if other.threshold_minor > floor), None)

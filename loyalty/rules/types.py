"""What a published programme says. Amounts of money are minor units, awards whole units, ids plain text."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from loyalty.rules.limits import Limits

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
# What brings a member up the ladder: money spent, units of the programme's first unit given by rules, or visits.
Climbing = Literal["spend", "units", "visits"]
# Over which days it counts. From joining, each anniversary of it begins anew.
Window = Literal["lifetime", "calendar_year", "rolling_12_months", "from_joining"]
# What becomes of a tier that is not earned again: kept, one tier less, or what was earned instead.
Downgrade = Literal["never", "one_step", "by_standing"]
PerkKind = Literal["gift", "birthday_gift", "percent_off", "free_delivery", "early_access", "text"]


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
    """How much of a rule may be given in a period of the shop's calendar: to one member, or to all of them together."""

    most: int
    counted: Counted
    period: Period
    whose: Literal["member", "programme"] = "member"


@dataclass(frozen=True, slots=True)
class Goal:
    """The rule gives at every `times`-th match within one period; or, `in_a_row`, when so many periods without a gap have a
    match each, and then the row begins again.
    """

    times: int
    period: Period
    in_a_row: bool = False


WHOLE_BILL = Basis()


@dataclass(frozen=True, slots=True)
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

    @property
    def remembers(self) -> bool:
        """Whether what it gives leaves something behind: in the member's memory, in a budget, on the card."""
        return bool(
            self.keeps_change or self.quotas or self.goal or self.pause_minutes or self.gives == "badge"
        )


@dataclass(frozen=True, slots=True)
class Perk:
    """What a tier brings besides units: told, not reckoned. `basis_points` are the hundredths of a percent taken off."""

    kind: PerkKind
    names: Mapping[str, str] = field(default_factory=dict)  # language → in the merchant's words
    basis_points: int = 0


@dataclass(frozen=True, slots=True)
class Season:
    """A part of every year, both days within: "06-01" to "08-31", or over the new year."""

    first: str
    last: str

    def has(self, day: dt.date) -> bool:
        """Whether this day lies in it."""
        name = f"{day:%m-%d}"
        if self.first <= self.last:
            return self.first <= name <= self.last
        return name >= self.first or name <= self.last


@dataclass(frozen=True, slots=True)
class Tier:
    """From `threshold_minor` of progress, awards count `multiplier_percent` / 100 times.

    Progress is money, or whatever else the ladder counts. One of a season is there in its season only.
    """

    id: str
    name: str
    threshold_minor: int
    multiplier_percent: int
    perks: tuple[Perk, ...] = ()
    season: Season | None = None

    def is_there(self, day: dt.date | None) -> bool:
        """Whether it can be held on this day; without a day, whether on any."""
        return self.season is None or (day is not None and self.season.has(day))


@dataclass(frozen=True, slots=True)
class Ladder:
    """How tiers are climbed, and lost. A tier is safe for the first whole window after it was reached.

    Then it is lost `grace_days` after a window in which it was not earned again, and its member is told `warn_days`
    before such a window ends.
    """

    climbing: Climbing = "spend"
    window: Window = "lifetime"
    downgrade: Downgrade = "never"
    grace_days: int = 0
    warn_days: int = 0


LADDER = Ladder()


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

    def unit(self, unit_id: str) -> Unit | None:
        """The unit of that id, if this version has it."""
        return next((unit for unit in self.units if unit.id == unit_id), None)

    def rule(self, rule_id: str) -> Rule | None:
        """The rule of that id, if this version has it."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)

    def tier(self, tier_id: str | None) -> Tier | None:
        """The tier of that id, if this version has it."""
        return next((tier for tier in self.tiers if tier.id == tier_id), None)

    def tier_reached(self, progress_minor: int, day: dt.date | None = None) -> Tier | None:
        """The highest tier within reach of this progress. Without a day, those of a season are left out."""
        for tier in reversed(self.tiers):
            if tier.threshold_minor <= progress_minor and (tier.season is None or tier.is_there(day)):
                return tier
        return None

    def tier_held(self, tier_id: str | None, progress_minor: int, day: dt.date) -> Tier | None:
        """The tier of that id; where its season is over, the one that the progress reaches without it."""
        tier = self.tier(tier_id)
        if tier is None or tier.season is None or tier.is_there(day):
            return tier
        return self.tier_reached(progress_minor, day)

    def tier_after(self, tier: Tier | None) -> Tier | None:
        """The next tier above, or None at the top."""
        floor = -1 if tier is None else tier.threshold_minor
        return next((other for other in self.tiers if other.threshold_minor > floor), None)

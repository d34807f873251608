"""Tiers, and the ladder that they make: what a published programme says of them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

# What brings a member up the ladder: money spent, units of the programme's first unit given by rules, or visits.
Climbing = Literal["spend", "units", "visits"]
# Over which days it counts. From joining, each anniversary of it begins anew.
Window = Literal["lifetime", "calendar_year", "rolling_12_months", "from_joining"]
# What becomes of a tier that is not earned again: kept, one tier less, or what was earned instead.
Downgrade = Literal["never", "one_step", "by_standing"]
PerkKind = Literal["gift", "birthday_gift", "percent_off", "free_delivery", "early_access", "text"]


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

    @property
    def counts_all_spend(self) -> bool:
        """Whether progress is all that was ever spent: the one sum that a standing keeps."""
        return self.climbing == "spend" and self.window == "lifetime"

    @property
    def can_lose(self) -> bool:
        """Whether a tier that is not earned again is lost."""
        return self.downgrade != "never" and self.window != "lifetime"


LADDER = Ladder()

"""What the engine is told and what it answers. Amounts of money are minor units, awards whole units, ids plain text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from loyalty.rules.limits import Limits

NO_LIMITS = Limits()
Trigger = Literal["purchase", "joining"]


@dataclass(frozen=True, slots=True)
class Unit:
    """What is counted; `names` is language → (singular, plural)."""

    id: str
    code: str
    names: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Rule:
    """`amount` units: for each whole `per_minor` spent, or once when `per_minor` is 0."""

    id: str
    trigger: Trigger
    unit: str
    amount: int
    per_minor: int


@dataclass(frozen=True, slots=True)
class Tier:
    """From `threshold_minor` of progress, awards count `multiplier_percent` / 100 times."""

    id: str
    name: str
    threshold_minor: int
    multiplier_percent: int


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

    def tier(self, tier_id: str | None) -> Tier | None:
        """The tier of that id, if this version has it."""
        return next((tier for tier in self.tiers if tier.id == tier_id), None)

    def tier_reached(self, progress_minor: int) -> Tier | None:
        """The highest tier within reach of this progress."""
        return next((tier for tier in reversed(self.tiers) if tier.threshold_minor <= progress_minor), None)

    def tier_after(self, tier: Tier | None) -> Tier | None:
        """The next tier above, or None at the top."""
        floor = -1 if tier is None else tier.threshold_minor
        return next((other for other in self.tiers if other.threshold_minor > floor), None)


@dataclass(frozen=True, slots=True)
class Facts:
    """What happened, to whom. `amount_minor` is 0 when joining."""

    trigger: Trigger
    amount_minor: int = 0
    tier_id: str | None = None
    progress_minor: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a rule gave what it gave, or nothing: a code and the figures a sentence needs. Kept as JSON for ever."""

    code: Literal["per_amount", "short_of", "welcome"]
    rule: str
    unit: str
    units: int
    figures: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """As kept beside the purchase and in the books: no personal data."""
        return {"code": self.code, "rule": self.rule, "unit": self.unit, "units": self.units, **self.figures}


@dataclass(frozen=True, slots=True)
class Award:
    """Units given by one rule for one event."""

    unit: str
    amount: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Verdict:
    """Everything that follows from the facts. `reasons` has a line for every rule asked, fired or not."""

    awards: Sequence[Award]
    reasons: Sequence[Reason]
    tier: Tier | None
    moved_up: bool
    progress_minor: int

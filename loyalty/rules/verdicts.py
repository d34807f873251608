"""What the engine answers: awards, the reason of every rule, and what is to be remembered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from loyalty.rules.tiers import Tier


class Reason(NamedTuple):
    """Why a rule gave what it gave, or nothing: a code and the figures a sentence needs. Kept as JSON for ever.

    `is_near`: it gave nothing, and a cashier would say so, for a little more would have done.
    """

    code: str
    rule: str
    unit: str
    units: int
    figures: Mapping[str, Any]
    is_near: bool = False

    def as_json(self) -> dict[str, Any]:
        """As kept beside the purchase and in the books: no personal data."""
        return {"code": self.code, "rule": self.rule, "unit": self.unit, "units": self.units, **self.figures}


class Award(NamedTuple):
    """Units given by one rule for one event."""

    unit: str
    amount: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a rule took of what all members together may have: refused where that would be more than `most`."""

    rule: str
    key: str  # of the period
    units: int
    times: int
    most_units: int | None
    most_times: int | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Everything that follows from the facts. `reasons` has a line for every rule asked, fired or not.

    `memory` has what is new in it: rule → what to remember of it. `badges` are names of rules.
    """

    awards: Sequence[Award]
    reasons: Sequence[Reason]
    tier: Tier | None
    moved_up: bool
    progress_minor: int
    memory: Mapping[str, Any] = field(default_factory=dict)
    budgets: Sequence[Drawn] = ()
    badges: Sequence[str] = ()

    @property
    def given(self) -> dict[str, int]:
        """How much of each unit, by all awards together."""
        return by_unit((award.unit, award.amount) for award in self.awards)

    @property
    def told(self) -> Sequence[Reason]:
        """What is worth keeping: what was given, what nearly was, and what left something in the memory."""
        return [
            reason
            for reason in self.reasons
            if reason.units > 0 or reason.is_near or "trace" in reason.figures
        ]


def by_unit(rows: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Units and how much of each, added up unit by unit."""
    found: dict[str, int] = {}
    for unit, units in rows:
        found[unit] = found.get(unit, 0) + units
    return found

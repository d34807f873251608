"""Two things measured in turns, one then the other, the other then the one: a machine that gets slower favours neither."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Turns:
    """Pairs of rates."""

    ones: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)

    def take(self, number: int, one: Callable[[], float], other: Callable[[], float]) -> None:
        """One pair; in odd rounds the other goes first."""
        if number % 2:
            self.others.append(other())
            self.ones.append(one())
        else:
            self.ones.append(one())
            self.others.append(other())

    @property
    def ratio(self) -> float:
        """One to the other: the median of each pair's own ratio."""
        return statistics.median(one / other for one, other in zip(self.ones, self.others, strict=True))

    def told(self, one: str, other: str) -> dict[str, Any]:
        """For the result."""
        return {
            f"{one}_per_s": round(statistics.median(self.ones)),
            f"{other}_per_s": round(statistics.median(self.others)),
            "ratio": round(self.ratio, 3),
            "pairs": [round(mine / theirs, 3) for mine, theirs in zip(self.ones, self.others, strict=True)],
        }

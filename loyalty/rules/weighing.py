"""Weighs what was given against what would have been, by unit: sums, who gains and loses, which baskets change most. Pure."""

import datetime as dt
import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MOST_CHANGED = 10


@dataclass(frozen=True, slots=True)
class Basket:
    """A purchase, or something else that was judged; `amount_minor` is 0 where nothing was bought."""

    id: str
    member: str
    occurred_at: dt.datetime
    amount_minor: int


@dataclass(slots=True)
class Scale:
    """Of one unit: on one side what was given, on the other what would have been."""

    was: int = 0
    would: int = 0
    _members: dict[str, int] = field(default_factory=dict)  # what each has more
    _changed: list[tuple[int, int, Basket, int, int]] = field(default_factory=list)
    _weighed: int = 0

    def weigh(self, basket: Basket, was: int, would: int) -> None:
        """One more of them; of two that changed alike the earlier one is shown."""
        self.was += was
        self.would += would
        more = would - was
        if not more:
            return
        self._members[basket.member] = self._members.get(basket.member, 0) + more
        self._weighed += 1
        row = (abs(more), -self._weighed, basket, was, would)
        if len(self._changed) < MOST_CHANGED:
            heapq.heappush(self._changed, row)
        else:
            heapq.heappushpop(self._changed, row)

    def more_of(self, member: str) -> int:
        """What a member has more than it had, below zero for less."""
        return self._members.get(member, 0)

    @property
    def gaining(self) -> list[tuple[str, int]]:
        """Members who would have more, and how much; most first."""
        return sorted(((m, more) for m, more in self._members.items() if more > 0), key=_by_size)

    @property
    def losing(self) -> list[tuple[str, int]]:
        """Members who would have less, and how much; most first."""
        return sorted(((m, more) for m, more in self._members.items() if more < 0), key=_by_size)

    def as_json(self) -> dict[str, Any]:
        """What is kept of it: sums, how many gain and lose and the first of them, and the baskets that change most."""
        sides = {"gaining": self.gaining, "losing": self.losing}
        return {
            "was": self.was,
            "would": self.would,
            **{name: {"members": len(side), "most": side[:MOST_CHANGED]} for name, side in sides.items()},
            "baskets": [
                {
                    "id": basket.id,
                    "member": basket.member,
                    "occurred_at": basket.occurred_at.isoformat(),
                    "amount_minor": basket.amount_minor,
                    "was": was,
                    "would": would,
                }
                for _size, _place, basket, was, would in sorted(self._changed, reverse=True)
            ],
        }


def share_left(units: int, refunded_minor: int, amount_minor: int) -> int:
    """What is left of units when a part of the money went back, as a refund leaves it."""
    return units - units * refunded_minor // amount_minor if amount_minor else units


def moves(
    before: Mapping[str, str | None], after: Mapping[str, str | None]
) -> dict[tuple[str | None, str | None], int]:
    """How many members went from which tier to which: tiers by member, before and after. Only those who moved."""
    found: dict[tuple[str | None, str | None], int] = {}
    for member, tier in after.items():
        was = before.get(member)
        if was != tier:
            found[was, tier] = found.get((was, tier), 0) + 1
    return found


def _by_size(row: tuple[str, int]) -> tuple[int, str]:
    return -abs(row[1]), row[0]
